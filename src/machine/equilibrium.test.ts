// The executor that finds walkers in equilibrium, against theory and against the lazy executor in law. Seeds are fixed, so what passes once
// passes always; the bounds are those that a right program misses once in some ten thousand seeds.

import assert from "node:assert/strict";
import {it} from "node:test";
import type {System} from "../plan/system.ts";
import type {Samples, Series} from "../record/samples.ts";
import type {Distribution} from "../units/distribution.ts";
import {type Equilibrium, equilibriumOf} from "./equilibrium.ts";
import {
  constant,
  exponentially,
  gracePolicy,
  loadOf,
  nonePolicy,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {modelW} from "./model-w.contract.ts";
import {assertSameLaw, type Measures, seriesOf} from "./same-law.contract.ts";
import {simulate} from "./simulate.ts";
import {lawOf} from "./streams.ts";

const find = (samples: Samples, entity: string, metric: string): Series | undefined =>
  samples.series.find((one) => one.entity === entity && one.metric === metric);

for (const [n, duration, expected] of [
  [1, 6e8, 668.1818],
  [8, 4e8, 774.8933],
  [64, 4e8, 1119.2599],
  [512, 1e8, 1533.7243],
  [4096, 4e7, 1949.4417],
] as const) {
  it(`makes a broadcast to ${n} CPUs wait ${expected} ns on average`, () => {
    const wait = seriesOf(
      simulate(modelW(n, duration), {seed: 11, replication: 0, executor: "equilibrium"}),
      "writer",
      "sync",
    );
    const error = Math.sqrt(wait.m2 / (wait.count - 1) / wait.count);
    assert.ok(Math.abs(wait.sum / wait.count - expected) < 4 * error);
  });
}

const measures: Measures = {
  "mean wait": (s) =>
    seriesOf(s, "writer", "sync").sum / Math.max(1, seriesOf(s, "writer", "sync").count),
  "longest wait": (s) => seriesOf(s, "writer", "sync").max || 0,
  "spread of waits": (s) => seriesOf(s, "writer", "sync").m2 || 0,
  syncs: (s) => seriesOf(s, "writer", "sync").count,
  targets: (s) => seriesOf(s, "sync", "targets").sum,
  interrupts: (s) => seriesOf(s, "sync", "interrupts").sum,
  stolen: (s) => seriesOf(s, "machine", "stolen").sum,
  violations: (s) => seriesOf(s, "safety", "violations").sum,
};

/** What is expected rather than drawn: its mean alone is right. */
const expectations: Measures = {
  "time walking": (s) => s.accounts.reduce((sum, {time}) => sum + (time["walk"] ?? 0), 0),
  "time in user mode": (s) => s.accounts.reduce((sum, {time}) => sum + (time["user"] ?? 0), 0),
  "time in hooks": (s) => s.accounts.reduce((sum, {time}) => sum + (time["tracker"] ?? 0), 0),
};

const cases: Readonly<Record<string, System>> = {
  broadcasts: modelW(6, 1e6),
  "frequent broadcasts": modelW(4, 2e5, {think: 1000}),
  "walks longer than what is between them": modelW(4, 1e6, {
    hold: exponentially(5000),
    thinks: 3000,
  }),
  "targeted interrupts": modelW(6, 1e6, {policy: targetedPolicy()}),
  "walks of constant length": modelW(5, 1e6, {hold: constant(200)}),
  "Erlang walks": modelW(5, 1e6, {hold: {kind: "gamma", shape: 4, scale: 50}}),
  "unsteady walks": modelW(5, 1e6, {hold: {kind: "gamma", shape: 0.3, scale: 700}}),
  "walks of a least length": modelW(5, 1e6, {
    hold: {kind: "affine", of: exponentially(150), scale: 1, shift: 50},
  }),
  "lognormal walks": modelW(5, 2e6, {
    hold: {kind: "lognormal", mu: Math.log(180), sigma: 0.3},
  }),
  "walks that may queue": modelW(6, 1e6, {every: 2000, hold: exponentially(500)}),
  "walks that often queue": modelW(6, 4e6, {
    every: 700,
    hold: exponentially(400),
    think: 150_000,
  }),
  "lognormal walks that may queue": modelW(6, 2e6, {
    every: 1500,
    hold: {kind: "lognormal", mu: Math.log(280), sigma: 0.3},
    think: 100_000,
  }),
  "grace periods": modelW(4, 2e7, {policy: gracePolicy(false)}),
  "expedited grace periods": modelW(4, 2e6, {policy: gracePolicy(true)}),
  "no waiting at all, and what comes of it": modelW(4, 1e6, {
    policy: nonePolicy(),
    every: 1500,
  }),
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
    every: 2000,
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
const runs = (run: (replication: number) => Samples): Samples[] =>
  Array.from({length: replications}, (_, replication) => run(replication));
for (const [name, system] of Object.entries(cases)) {
  it(`agrees in law with the lazy executor in all that others see of walkers: ${name}`, () => {
    const expected = runs((replication) => simulate(system, {seed: 31, replication}));
    const found = runs((replication) =>
      simulate(system, {seed: 32, replication, executor: "equilibrium"}),
    );
    assertSameLaw(expected, found, measures, expectations);
  });
}

it("passes over most walks of these cases", () => {
  for (const [name, system] of Object.entries(cases)) {
    // So frequent that there are fewer walks than looks.
    if (name === "frequent broadcasts") continue;
    const options = {seed: 33, replication: 0};
    const {phases} = simulate(system, {...options, executor: "equilibrium"});
    const walked = simulate(system, options).phases;
    assert.ok(phases < 0.75 * walked, `${name}: ${phases} of ${walked}`);
  }
});

it("adds the time of every CPU up to the duration, to the picosecond", () => {
  for (const system of Object.values(cases)) {
    const samples = simulate(system, {seed: 34, replication: 0, executor: "equilibrium"});
    for (const {cpus, time} of samples.accounts) {
      const ticks = Object.values(time).reduce((sum, ns) => sum + Math.round(ns * 1000), 0);
      assert.equal(ticks, cpus * system.duration * 1000);
      for (const ns of Object.values(time)) assert.ok(ns >= 0);
    }
  }
});

it("has no measures of the walkers that it finds in equilibrium", () => {
  const samples = simulate(modelW(6, 1e6), {seed: 3, replication: 0, executor: "equilibrium"});
  for (const metric of ["latency", "overhead", "blocked", "count", "aborts"])
    assert.equal(find(samples, "gup", metric), undefined);
});

it("is the lazy executor, bit for bit, where nothing is known of walks in equilibrium", () => {
  const system = modelW(4, 1e6, {hold: {kind: "uniform", lo: 100, hi: 300}});
  const options = {seed: 3, replication: 0};
  assert.deepEqual(
    simulate(system, {...options, executor: "equilibrium"}),
    simulate(system, options),
  );
});

it("gives the same bytes for the same seed and replication", () => {
  const run = () =>
    JSON.stringify(simulate(modelW(6, 1e6), {seed: 5, replication: 4, executor: "equilibrium"}));
  assert.equal(run(), run());
});

const known = (closed: boolean, gap: number, hold: Distribution): Equilibrium => {
  const found = equilibriumOf(closed, lawOf(exponentially(gap)), lawOf(hold), 0, 0);
  assert.ok(found);
  return found;
};

it("waits for no less than the slowest mode of a queue of exponential walks to die away", () => {
  // An M/M/1 queue forgets at the rate (sqrt(mu) - sqrt(lambda))^2 per ns, whatever else is in its bound.
  for (const load of [0.05, 0.3, 0.8]) {
    const {relaxation} = known(false, 1000 / load, exponentially(1000));
    const rate = (1 - Math.sqrt(load)) ** 2 / 1000;
    const least = (54 * Math.log(2)) / rate;
    assert.ok(relaxation / 1000 > least, `${relaxation / 1000} and ${least}`);
    assert.ok(relaxation / 1000 < 1.5 * least, `${relaxation / 1000} and ${least}`);
  }
});

it("knows no equilibrium of a queue that grows, nor of one whose walks have no bound", () => {
  const section = lawOf(exponentially(1000));
  assert.equal(equilibriumOf(false, lawOf(exponentially(1000)), section, 0, 0), undefined);
  assert.ok(equilibriumOf(false, lawOf(exponentially(1500)), section, 0, 0));
  // With what hooks add it is too much.
  assert.equal(equilibriumOf(false, lawOf(exponentially(1500)), section, 600_000, 0), undefined);
  const pareto = lawOf({kind: "pareto", min: 100, alpha: 3});
  assert.equal(equilibriumOf(false, lawOf(exponentially(1000)), pareto, 0, 0), undefined);
  // A chain of two states forgets, however much it walks.
  assert.equal(equilibriumOf(true, lawOf(exponentially(1000)), section, 0, 0)?.busy, 0.5);
});
