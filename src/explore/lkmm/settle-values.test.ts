import assert from "node:assert/strict";
import {it} from "node:test";
import {enumerate} from "./enumerate.ts";
import {addressOf, type Recorder, type Thread} from "./recorder.ts";
import {settleValues} from "./settle-values.ts";

const x = addressOf(0);
const y = addressOf(1);

/** `*x = *x + 1`, as often as told; returns what it read last. */
const counting =
  (times: number): Thread<number> =>
  (recorder: Recorder) => {
    let read = 0;
    for (let i = 0; i < times; i++) {
      const {value, taint} = recorder.load(x, "once");
      read = value;
      recorder.store(x, {value: value + 1, taint}, "once");
    }
    return read;
  };

/** The values that another thread may read. */
function valuesOf(threads: readonly Thread<unknown>[], location: number): number[] {
  const reader: Thread<number> = (recorder) => recorder.load(addressOf(location), "once").value;
  const runs = settleValues([...threads, reader], [0, 0], 20_000)[threads.length];
  return runs.map(({result}) => result as number).sort((a, b) => a - b);
}

it("lets a thread that alone writes a variable read what it wrote last, and nothing else", () => {
  assert.equal(settleValues([counting(5), () => 0], [0, 0], 100)[0].length, 1);
});

it("counts as far as every counting store happens once", () => {
  assert.deepEqual(valuesOf([counting(1), counting(1)], 0), [0, 1, 2]);
  assert.deepEqual(valuesOf([counting(2), counting(2)], 0), [0, 1, 2, 3, 4]);
  const four = [counting(1), counting(1), counting(1), counting(1)];
  assert.deepEqual(valuesOf(four, 0), [0, 1, 2, 3, 4]);
});

it("follows a value through several threads and back into the first", () => {
  const pass =
    (from: typeof x, to: typeof x, more: number): Thread<void> =>
    (recorder) => {
      const {value, taint} = recorder.load(from, "once");
      recorder.store(to, {value: value + more, taint}, "once");
    };
  const threads: Thread<void>[] = [
    (recorder) => {
      recorder.load(x, "once");
      recorder.store(x, {value: 7, taint: []}, "once");
      pass(y, x, 10)(recorder);
    },
    pass(x, y, 1),
  ];
  // The second thread stores once: what it made of 0 or 7 comes back as 11 or 18, and is not made 12 or 19 by it.
  assert.deepEqual(valuesOf(threads, 1), [0, 1, 8, 11]);
  assert.deepEqual(valuesOf(threads, 0), [0, 7, 10, 11, 18]);
});

it("runs a thread again when what it reads from a lock has changed", () => {
  const threads: Thread<number>[] = [
    (recorder) => {
      const {value, taint} = recorder.isLocked(y);
      recorder.store(x, {value, taint}, "once");
      return value;
    },
    (recorder) => {
      recorder.lock(y);
      recorder.unlock(y);
      return 0;
    },
    (recorder) => recorder.load(x, "once").value,
  ];
  const seen = new Set<number>();
  enumerate({threads, initial: [0, 0]}, {model: "lkmm"}, ({results}) => {
    seen.add(results[2]);
    return true;
  });
  assert.deepEqual([...seen].sort(), [0, 1]);
});

it("refuses more threads than it can keep apart", () => {
  const many = Array.from({length: 32}, () => counting(1));
  assert.throws(() => settleValues(many, [0, 0], 100), /at most 31 threads/);
});
