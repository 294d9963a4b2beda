import assert from "node:assert/strict";
import {it} from "node:test";
import {distinctFirst} from "./distinct-traces.ts";
import type {MemoryAccess, Trace, TraceStep} from "./verdict.ts";

function trace(
  schedule: string,
  steps: readonly (readonly [lane: number, memory?: MemoryAccess])[],
): Trace {
  return {
    lanes: [0, 1].map((cpu) => ({cpu, title: `CPU ${cpu}`})),
    steps: steps.map(
      ([lane, memory], at): TraceStep => ({
        number: at + 1,
        lane,
        cpu: lane,
        actor: "x",
        kind: "other",
        text: memory === undefined ? "step" : `${memory.access} ${memory.location}`,
        buffer: [],
        ...(memory === undefined ? {} : {memory}),
      }),
    ),
    intervals: [],
    arrows: [],
    switches: 0,
    schedule,
  };
}

const store: MemoryAccess = {access: "store", location: "a", value: "1"};
const load = (from?: number): MemoryAccess => ({
  access: "load",
  location: "a",
  value: from === undefined ? "0" : "1",
  ...(from === undefined ? {} : {from}),
});

it("puts what differs in the stores that loads find before what differs in the order of unrelated steps", () => {
  const first = trace("first", [[0], [0, store], [1], [1, load(2)]]);
  const reordered = trace("reordered", [[1], [0], [0, store], [1, load(3)]]);
  const missed = trace("missed", [[1], [1, load()], [0], [0, store]]);
  const order = (most: number): string[] =>
    distinctFirst([first, reordered, missed], most).map(({schedule}) => schedule);
  assert.deepEqual(order(2), ["first", "missed"]);
  assert.deepEqual(order(3), ["first", "missed", "reordered"]);
});

it("tells orders of two stores to one variable apart, not of stores to two", () => {
  const other: MemoryAccess = {...store, location: "b"};
  const twice = (a: MemoryAccess, b: MemoryAccess): string[] =>
    distinctFirst(
      [
        trace("ab", [
          [0, a],
          [1, b],
        ]),
        trace("ba", [
          [1, b],
          [0, a],
        ]),
        trace("more", [[0]]),
      ],
      2,
    ).map(({schedule}) => schedule);
  assert.deepEqual(twice(store, store), ["ab", "ba"]);
  assert.deepEqual(twice(store, other), ["ab", "more"]);
});
