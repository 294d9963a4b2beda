import assert from "node:assert/strict";
import test from "node:test";
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
import {simulate} from "./simulate.ts";

function arraysIn(value: unknown, found: ArrayBufferView[] = []): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) found.push(value);
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) arraysIn(part, found);
  }
  return found;
}

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

test("a replication does not depend on what ran before it", () => {
  const state = openStream(11, 0, "reuse", "systems");
  const systems = Array.from({length: 12}, () => randomSystem(state));
  const alone = systems.map((system) =>
    simulate(structuredClone(system), {seed: 5, replication: 2}),
  );
  for (const system of systems) simulate(system, {seed: 8, replication: 0});
  for (const s of [...systems.keys()].reverse()) {
    assert.deepEqual(
      simulate(systems[s] as (typeof systems)[number], {seed: 5, replication: 2}),
      alone[s],
    );
  }
});
