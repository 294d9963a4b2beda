import assert from "node:assert/strict";
import {it} from "node:test";
import {forEachCombination} from "./combine-runs.ts";
import {type Event, tag} from "./event.ts";
import {TooManyRuns} from "./recorder.ts";

/** `r0=1` reads 1 from location 0, `w0=1` writes it. */
function run(...accesses: readonly string[]): {readonly events: readonly Event[]} {
  const events = accesses.map(
    (access): Event => ({
      tags: access.startsWith("r") ? tag.read : tag.write,
      location: Number(access[1]),
      value: Number(access.slice(3)),
      address: [],
      data: [],
      control: [],
      rmwRead: -1,
      text: access,
      mark: 0,
    }),
  );
  return {events};
}

function combined(traces: readonly (readonly ReturnType<typeof run>[])[]): string[] {
  const found: string[] = [];
  forEachCombination(traces, [0, 0], 100, (combination) => {
    found.push(combination.map(({events}) => events.map(({text}) => text).join(" ")).join(" | "));
    return true;
  });
  return found;
}

it("combines runs whose loads find their values at the start, in their own last store or in another thread", () => {
  assert.deepEqual(
    combined([
      [run("r0=0", "w1=5"), run("r0=1", "w1=5")],
      [run("r1=5", "w0=1"), run("r1=0"), run("w1=2", "r1=2"), run("w1=2", "r1=0")],
    ]),
    ["r0=0 w1=5 | r1=5 w0=1", "r0=0 w1=5 | r1=0", "r0=0 w1=5 | w1=2 r1=2", "r0=1 w1=5 | r1=5 w0=1"],
  );
});

it("does not let a run need what only itself stores later", () => {
  assert.deepEqual(combined([[run("r0=3", "w0=3")], [run("w1=1")]]), []);
});

it("stops where it is told to, and at its limit", () => {
  let seen = 0;
  const traces = [
    [run("w0=1"), run("w0=2")],
    [run("w1=1"), run("w1=2")],
  ];
  forEachCombination(traces, [0, 0], 100, () => ++seen < 3);
  assert.equal(seen, 3);
  assert.throws(() => forEachCombination(traces, [0, 0], 3, () => true), TooManyRuns);
});
