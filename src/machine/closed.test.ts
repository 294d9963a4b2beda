// The closed-form executor against theory, and against the lazy executor in law: seeds are fixed, so what passes once passes always; the
// bounds are those that a right program misses once in some ten thousand seeds.

import assert from "node:assert/strict";
import {it} from "node:test";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";
import {jumpOf} from "./jump.ts";
import {
  constant,
  exponentially,
  fencePolicy,
  gracePolicy,
  loadOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {modelW} from "./model-w.contract.ts";
import {assertSameLaw, type Measures, seriesOf} from "./same-law.contract.ts";
import {runWorld, simulate} from "./simulate.ts";
import {World} from "./world.ts";

for (const [n, duration, expected] of [
  [1, 6e8, 668.1818],
  [8, 4e8, 774.8933],
  [64, 1e8, 1119.2599],
  [512, 4e7, 1533.7243],
  [4096, 1e7, 1949.4417],
] as const) {
  it(`makes a broadcast to ${n} CPUs wait ${expected} ns on average`, () => {
    const wait = seriesOf(
      simulate(modelW(n, duration), {seed: 11, replication: 0, executor: "closed"}),
      "writer",
      "sync",
    );
    const error = Math.sqrt(wait.m2 / (wait.count - 1) / wait.count);
    assert.ok(Math.abs(wait.sum / wait.count - expected) < 4 * error);
  });
}

it("leaves the residual of walks of constant length uniform", () => {
  const system = modelW(64, 1e8, {hold: constant(200)});
  const wait = seriesOf(
    simulate(system, {seed: 12, replication: 0, executor: "closed"}),
    "writer",
    "sync",
  );
  const error = Math.sqrt(wait.m2 / (wait.count - 1) / wait.count);
  assert.ok(Math.abs(wait.sum / wait.count - 650 - 166.22287) < 4 * error);
});

const measures: Measures = {
  "mean wait": (s) => seriesOf(s, "writer", "sync").sum / seriesOf(s, "writer", "sync").count,
  "longest wait": (s) => seriesOf(s, "writer", "sync").max,
  "spread of waits": (s) => seriesOf(s, "writer", "sync").m2,
  syncs: (s) => seriesOf(s, "writer", "sync").count,
  walks: (s) => seriesOf(s, "gup", "count").sum,
  "walks with a latency": (s) => seriesOf(s, "gup", "latency").count,
  "mean latency": (s) => seriesOf(s, "gup", "latency").sum / seriesOf(s, "gup", "latency").count,
  overhead: (s) => seriesOf(s, "gup", "overhead").sum,
  blocked: (s) => seriesOf(s, "gup", "blocked").sum,
  targets: (s) => seriesOf(s, "sync", "targets").sum,
  interrupts: (s) => seriesOf(s, "sync", "interrupts").sum,
  stolen: (s) => seriesOf(s, "machine", "stolen").sum,
  "time walking": (s) => s.accounts.reduce((sum, {time}) => sum + (time["walk"] ?? 0), 0),
  "time in user mode": (s) => s.accounts.reduce((sum, {time}) => sum + (time["user"] ?? 0), 0),
  "time in hooks": (s) => s.accounts.reduce((sum, {time}) => sum + (time["tracker"] ?? 0), 0),
};

const cases: Readonly<Record<string, System>> = {
  broadcasts: modelW(6, 1e6),
  "rare broadcasts": modelW(2, 2e7, {think: 1_000_000}),
  "frequent broadcasts": modelW(4, 2e5, {think: 1000}),
  "targeted interrupts": modelW(6, 1e6, {policy: targetedPolicy()}),
  "walks of constant length": modelW(5, 1e6, {hold: constant(200)}),
  "Erlang walks": modelW(5, 1e6, {hold: {kind: "gamma", shape: 4, scale: 50}}),
  "unsteady walks": modelW(5, 1e6, {hold: {kind: "gamma", shape: 0.3, scale: 700}}),
  "walks of a least length": modelW(5, 1e6, {
    hold: {kind: "affine", of: exponentially(150), scale: 1, shift: 50},
  }),
  "grace periods": modelW(4, 2e7, {policy: gracePolicy(false)}),
  "expedited grace periods": modelW(4, 2e6, {policy: gracePolicy(true)}),
  "a walker that leaves interrupts on": modelW(4, 1e6, {
    given: {
      walkers: [
        walkerOf({
          on: [[1, 4]],
          protect: "rcu",
          cadence: {kind: "closed", think: exponentially(2000)},
          hold: exponentially(200),
        }),
      ],
    },
  }),
  "other work on the CPUs, and a warm-up": modelW(4, 1e6, {
    given: {
      warmup: 2e5,
      loads: [loadOf({on: [[1, 3]], irqOff: exponentially(3000), irqRate: 20_000})],
      writers: [
        writerOf({on: 1, cadence: {kind: "closed", think: exponentially(20_000)}}),
        writerOf({name: "second", on: 0, cadence: {kind: "open", gap: exponentially(30_000)}}),
      ],
    },
  }),
};

const replications = 300;
const runs = (system: System, run: (system: System, replication: number) => Samples): Samples[] =>
  Array.from({length: replications}, (_, replication) => run(system, replication));

const lazily = (system: System, replication: number): Samples =>
  simulate(system, {seed: 21, replication});
const inClosedForm = (system: System, replication: number): Samples =>
  simulate(system, {seed: 22, replication, executor: "closed"});
/** Stretches that nearly always reach beyond the look, and have to be taken apart. */
const overshooting = (system: System, replication: number): Samples => {
  const world = new World(system, {
    seed: 23,
    replication,
    executor: "closed",
    shuffleTies: 0,
    tickPhases: "aligned",
    earlySelfReport: false,
  });
  const {cadence, section, fixed} = world.sources;
  world.jumps.forEach((jump, i) => {
    if (jump !== undefined)
      world.jumps[i] = jumpOf(cadence[i], section[i], fixed[i], jump.hooks, jump.passed, -3);
  });
  return runWorld(world, 0);
};

for (const [name, system] of Object.entries(cases)) {
  const expected = runs(system, lazily);
  for (const [how, run] of [
    ["in closed form", inClosedForm],
    ["with stretches that overshoot", overshooting],
  ] as const) {
    it(`agrees in law with the lazy executor: ${name}, ${how}`, () => {
      const found = runs(system, run);
      assertSameLaw(expected, found, measures);
    });
  }
}

it("adds the time of every CPU up to the duration, to the picosecond", () => {
  for (const system of Object.values(cases)) {
    const samples = inClosedForm(system, 0);
    for (const {cpus, time} of samples.accounts) {
      const ticks = Object.values(time).reduce((sum, ns) => sum + Math.round(ns * 1000), 0);
      assert.equal(ticks, cpus * system.duration * 1000);
      for (const ns of Object.values(time)) assert.ok(ns >= 0);
    }
  }
});

it("tells a walker's latency by number and sum alone", () => {
  const latency = seriesOf(inClosedForm(modelW(6, 1e6), 0), "gup", "latency");
  assert.ok(latency.count > 1000);
  assert.ok(Number.isNaN(latency.m2) && Number.isNaN(latency.max));
  assert.equal(latency.histogram, undefined);
});

it("gives the same bytes for the same seed and replication", () => {
  const run = () => JSON.stringify(inClosedForm(modelW(6, 1e6), 4));
  assert.equal(run(), run());
});

it("says which walkers it passed over, and is the lazy executor, bit for bit, where hooks make walks be stepped", () => {
  const stepped = modelW(4, 1e6, {policy: fencePolicy()});
  for (const executor of ["closed", "equilibrium"] as const) {
    const options = {seed: 3, replication: 0, executor} as const;
    assert.deepEqual(simulate(modelW(4, 1e6), options).passed, ["gup"]);
    const lazy = simulate(stepped, {...options, executor: "lazy"});
    assert.deepEqual(simulate(stepped, options), lazy);
    assert.ok(seriesOf(lazy, "gup", "latency").max > 0);
  }
});

it("knows every length where another walker that thinks shares the CPU", () => {
  const shared = modelW(4, 1e6, {
    given: {
      walkers: ["gup", "db"].map((name, w) =>
        walkerOf({
          name,
          on: [[1, 1 + 3 * w]],
          cadence: {kind: "closed", think: exponentially(2000)},
          hold: exponentially(200),
        }),
      ),
    },
  });
  const options = {seed: 3, replication: 0};
  assert.deepEqual(simulate(shared, {...options, executor: "closed"}), simulate(shared, options));
});

it("is the lazy executor, bit for bit, where walks have no closed form", () => {
  const system = modelW(4, 1e6, {hold: {kind: "lognormal", mu: 5, sigma: 0.5}});
  const options = {seed: 3, replication: 0};
  assert.deepEqual(simulate(system, {...options, executor: "closed"}), simulate(system, options));
});
