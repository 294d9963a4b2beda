// Queues and waits whose laws are neither constant nor exponential, one with several workers, and a small closed one, against closed forms
// and integrals.
import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import {normalCdf} from "../random/normal-law.ts";
import type {Samples, Series} from "../record/samples.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  broadcastPolicy,
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const idlePolicy: Policy = {
  name: "empty",
  states: [],
  hooks: {op: []},
  covers: ["free", "unshare", "collapse"],
};

function seriesOf(samples: Samples, entity: string, metric: string): Series {
  const found = samples.series.find((row) => row.entity === entity && row.metric === metric);
  assert.ok(found, `${entity}.${metric}`);
  return found;
}

/** Independent estimates of a number: their mean is within five standard errors of it, and those are below `precision` of it. */
function near(estimates: readonly number[], expected: number, precision: number): void {
  const mean = estimates.reduce((a, b) => a + b) / estimates.length;
  const squares = estimates.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const error = Math.sqrt(squares / (estimates.length - 1) / estimates.length);
  const told = `${mean} +- ${error}, expected ${expected}`;
  assert.ok(Math.abs(mean - expected) < 5 * error, told);
  assert.ok(error < precision * expected, told);
}

it("shares a lock among six writers as the machine-repairman model says: thinking 2000, holding 200", () => {
  const names = Array.from({length: 6}, (_, on) => `writer${on}`);
  const system = systemOf({
    machine: freeMachine(6),
    policies: [idlePolicy],
    duration: 9e6,
    warmup: 1e5,
    writers: names.map((name, on) =>
      writerOf({
        name,
        on,
        cadence: {kind: "closed", think: exponentially(2000)},
        work: exponentially(200),
        holds: "mmap_lock",
        policy: "empty",
      }),
    ),
  });
  const runs = Array.from({length: 12}, (_, replication) => {
    const samples = simulate(system, {seed: 7, replication});
    const sum = (metric: string) =>
      names.reduce((all, name) => all + seriesOf(samples, name, metric).sum, 0);
    const operations = sum("count");
    return {
      response: sum("latency") / operations,
      free: 1 - sum("hold") / samples.measured,
      waiting: sum("queue") / samples.measured,
    };
  });
  near(
    runs.map(({response}) => response),
    327.90435,
    0.005,
  );
  near(
    runs.map(({free}) => free),
    0.4845149,
    0.005,
  );
  near(
    runs.map(({waiting}) => waiting),
    0.32966394,
    0.02,
  );
});

it("queues operations for four workers as Erlang says: M/M/4 at 0.9 of its capacity", () => {
  const system = systemOf({
    machine: freeMachine(5),
    policies: [idlePolicy],
    duration: 3e7,
    warmup: 2e6,
    writers: [
      writerOf({
        on: 1,
        workers: 4,
        cadence: {kind: "open", gap: exponentially(1000 / 3.6)},
        work: exponentially(1000),
        policy: "empty",
      }),
    ],
  });
  const waits = Array.from({length: 24}, (_, replication) => {
    const samples = simulate(system, {seed: 7, replication});
    const latency = seriesOf(samples, "writer", "latency");
    const busy = samples.accounts.find(({cpuClass}) => cpuClass === "writer");
    assert.equal(busy?.cpus, 4);
    return latency.sum / latency.count - 1000;
  });
  near(waits, 1969.3832, 0.04);
});

it("queues operations whose work has a squared coefficient of variation of 4 as Pollaczek and Khinchine say", () => {
  const sigma = Math.sqrt(Math.log(5));
  const laws: readonly Distribution[] = [
    {kind: "gamma", shape: 0.25, scale: 2000},
    {kind: "lognormal", mu: Math.log(500) - (sigma * sigma) / 2, sigma},
  ];
  for (const work of laws) {
    const system = systemOf({
      machine: freeMachine(1),
      policies: [idlePolicy],
      duration: 4e7,
      warmup: 1e6,
      writers: [
        writerOf({cadence: {kind: "open", gap: exponentially(1000)}, work, policy: "empty"}),
      ],
    });
    const waits = Array.from({length: 16}, (_, replication) => {
      const samples = simulate(system, {seed: 7, replication});
      const latency = seriesOf(samples, "writer", "latency");
      return latency.sum / latency.count - 500;
    });
    near(waits, 2.5 * 500, 0.04);
  }
});

it("waits for the longest of n residual lognormal walks", () => {
  const sigma = 0.8;
  const mean = 200;
  const mu = Math.log(mean) - (sigma * sigma) / 2;
  const walking = mean / (mean + 2000);
  // A walk met at a random instant is length-biased; the rest of it exceeds x with probability E[(W - x)+] / E[W].
  const exceeds = (x: number): number =>
    normalCdf((mu + sigma * sigma - Math.log(x)) / sigma) -
    (x / mean) * normalCdf((mu - Math.log(x)) / sigma);
  for (const [n, duration] of [
    [8, 1e8],
    [64, 4e7],
    [1024, 1.5e7],
  ] as const) {
    let longest = 0;
    for (let x = 0.5; x < 50_000; x++) longest += 1 - (1 - walking * exceeds(x)) ** n;
    const system = systemOf({
      machine: freeMachine(n + 1, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150}),
      policies: [broadcastPolicy()],
      duration,
      warmup: 1e5,
      mms: [mmOf("app", [[1, n]])],
      walkers: [
        walkerOf({
          on: [[1, n]],
          cadence: {kind: "closed", think: exponentially(2000)},
          hold: {kind: "lognormal", mu, sigma},
        }),
      ],
      writers: [writerOf({cadence: {kind: "closed", think: exponentially(50_000)}})],
    });
    const sync = seriesOf(simulate(system, {seed: 7, replication: 0}), "writer", "sync");
    const wait = sync.sum / sync.count;
    const error = Math.sqrt(sync.m2 / sync.count / sync.count);
    const told = `n=${n}: ${wait} +- ${error}, expected ${650 + longest}`;
    assert.ok(Math.abs(wait - 650 - longest) < 4 * error, told);
    assert.ok(error < 0.02 * wait, told);
  }
});
