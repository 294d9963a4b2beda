import assert from "node:assert/strict";
import {it} from "node:test";
import type {System} from "../plan/system.ts";
import {openStream} from "../random/stream.ts";
import {randomSystem} from "./random-system.ts";
import {simulate} from "./simulate.ts";

for (let batch = 0; batch < 6; batch++) {
  it(`lets both executors agree in every sample and in the fingerprint, systems ${batch * 12}..${batch * 12 + 11}`, () => {
    for (let index = batch * 12; index < batch * 12 + 12; index++) {
      const system = randomSystem(openStream(17, index, "system", "shape"));
      const options = {seed: 5, replication: index};
      const lazy = simulate(system, options);
      const reference = simulate(system, {...options, executor: "reference"});
      assert.deepEqual(lazy, reference, `system ${index}`);
    }
  });
}

it("lets both executors agree where readers of mmap_lock take its line from one another", () => {
  for (let index = 0; index < 40; index++) {
    const drawn = randomSystem(openStream(20, index, "system", "shape"));
    const system: System = {
      ...drawn,
      // Every other one has walkers besides that do without the lock.
      walkers: drawn.walkers.map((walker, w) =>
        w === 0 || index % 2 === 0 ? {...walker, protect: "lock"} : walker,
      ),
      writers: drawn.writers.map((writer) => ({...writer, holds: "mmap_lock"})),
    };
    const options = {seed: 5, replication: index};
    const lazy = simulate(system, options);
    assert.deepEqual(lazy, simulate(system, {...options, executor: "reference"}), `${index}`);
    for (const {cpus, time} of lazy.accounts) {
      const ticks = Object.values(time).reduce((sum, ns) => sum + Math.round(ns * 1000), 0);
      assert.equal(ticks, cpus * system.duration * 1000, `system ${index}`);
    }
  }
});

it("adds the time of every CPU up to the duration, to the picosecond", () => {
  for (let index = 0; index < 60; index++) {
    const system = randomSystem(openStream(18, index, "system", "shape"));
    const samples = simulate(system, {seed: 6, replication: index});
    for (const {cpuClass, cpus, time} of samples.accounts) {
      const ticks = Object.values(time).reduce((sum, ns) => sum + Math.round(ns * 1000), 0);
      assert.equal(ticks, cpus * system.duration * 1000, `system ${index}, ${cpuClass}`);
      for (const [name, ns] of Object.entries(time)) assert.ok(ns >= 0, `system ${index}, ${name}`);
    }
  }
});

it("gives the same bytes for the same seed and replication, others for another", () => {
  const system = randomSystem(openStream(19, 3, "system", "shape"));
  const run = (seed: number, replication: number) =>
    JSON.stringify(simulate(system, {seed, replication}));
  assert.equal(run(1, 2), run(1, 2));
  assert.notEqual(run(1, 2), run(1, 3));
  assert.notEqual(run(1, 2), run(2, 2));
});
