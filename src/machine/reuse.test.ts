import assert from "node:assert/strict";
import test from "node:test";
import type {System} from "../plan/system.ts";
import {openStream} from "../random/stream.ts";
import type {Samples} from "../record/samples.ts";
import {
  constant,
  exponentially,
  first,
  freeMachine,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {randomSystem} from "./random-system.ts";
import {runWorld, simulate, worldOf} from "./simulate.ts";

function arraysIn(value: unknown, found: ArrayBufferView[] = []): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) found.push(value);
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) arraysIn(part, found);
  }
  return found;
}

const thinking = {kind: "closed", think: exponentially(2000)} as const;
const busy = systemOf({
  machine: freeMachine(9),
  policies: [targetedPolicy()],
  duration: 3e7,
  mms: [mmOf("app", first(8))],
  walkers: [
    walkerOf({
      on: first(8),
      cadence: {kind: "open", gap: exponentially(2000)},
      hold: exponentially(1500),
    }),
  ],
  writers: [
    writerOf({
      on: 8,
      policy: "targeted",
      cadence: {kind: "open", gap: exponentially(20_000)},
      work: constant(18_000),
    }),
  ],
});

test("samples keep their numbers while later runs take back the memory of earlier ones", () => {
  const run = (replication: number): Samples => simulate(busy, {seed: 3, replication});
  const early = run(0);
  assert.ok(early.series.some(({metric, histogram}) => metric === "backlog" && histogram));
  assert.ok(early.series.some(({metric, histogram}) => metric === "blocked" && histogram));
  const copy = structuredClone(early);
  const buffers = new Set(arraysIn(early).map(({buffer}) => buffer));
  for (let replication = 1; replication < 4; replication++) {
    for (const {buffer} of arraysIn(run(replication))) assert.ok(!buffers.has(buffer));
  }
  assert.deepEqual(early, copy);
  assert.deepEqual(run(0), copy);
});

/** As its options ask for, in every way that what one run leaves could show in another. */
const ways = [
  {},
  {executor: "closed"},
  {executor: "equilibrium"},
  {executor: "reference"},
  {shuffleTies: 4},
  {ticks: "skewed"},
  {point: 3, streams: "independent"},
  {timeline: {from: 0, to: 100_000}},
] as const;

test("a replication does not depend on what ran before it", () => {
  const state = openStream(11, 0, "reuse", "systems");
  const systems = [
    ...Array.from({length: 16}, () => randomSystem(state)),
    // The closed form has something to do here.
    {...busy, walkers: busy.walkers.map((one) => ({...one, cadence: thinking}))},
  ];
  const alone = systems.map((system) =>
    ways.map((way) => simulate(structuredClone(system), {...way, seed: 5, replication: 2})),
  );
  for (const system of systems) {
    for (const way of ways) simulate(system, {...way, seed: 8, replication: 0});
  }
  for (const s of [...systems.keys()].reverse()) {
    const system = systems[s] as System;
    for (const w of [...ways.keys()].reverse()) {
      const again = simulate(system, {...ways[w], seed: 5, replication: 2});
      assert.deepEqual(again, alone[s]?.[w]);
    }
  }
});

test("costs that are drawn once a replication are drawn anew in the next", () => {
  const once = {kind: "once", of: exponentially(150)} as const;
  const {machine} = busy;
  const system = {...busy, machine: {...machine, costs: {...machine.costs, "ipi.handle": once}}};
  const run = (replication: number): Samples => simulate(system, {seed: 3, replication});
  const [first, second] = [run(0), run(1)];
  assert.notDeepEqual(first.accounts, second.accounts);
  assert.deepEqual(run(0), first);
  assert.deepEqual(simulate(structuredClone(system), {seed: 3, replication: 1}), second);
});

test("a run that ends in an exception leaves nothing to the next", () => {
  const options = {seed: 3, replication: 0, executor: "lazy"} as const;
  const alone = simulate(structuredClone(busy), options);
  const world = worldOf(busy, options);
  let steps = 0;
  world.watch = {
    step: () => {
      if (++steps === 500) throw new Error("enough");
    },
    violated: () => {},
  };
  assert.throws(() => runWorld(world, 0), /enough/);
  assert.deepEqual(simulate(busy, options), alone);
});
