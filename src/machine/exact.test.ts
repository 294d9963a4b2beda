// Cases whose answer is known in closed form. Each compares a mean over independent syncs, operations or walks with the exact value, and
// allows four standard errors.
import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import type {System} from "../plan/system.ts";
import type {Samples, Series} from "../record/samples.ts";
import {quantileOf} from "../record/statistic.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  broadcastPolicy,
  constant,
  exponentially,
  flushImpliesPolicy,
  freeMachine,
  gracePolicy,
  mmOf,
  nonePolicy,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {runWorld, simulate} from "./simulate.ts";
import {World} from "./world.ts";

const run = (system: System, replication = 0): Samples => simulate(system, {seed: 42, replication});

function seriesOf(samples: Samples, entity: string, metric: string): Series {
  const found = samples.series.find((row) => row.entity === entity && row.metric === metric);
  assert.ok(found, `${entity}.${metric}`);
  return found;
}

function near(series: Series, expected: number): void {
  const mean = series.sum / series.count;
  const error = Math.sqrt(series.m2 / series.count / series.count);
  assert.ok(
    Math.abs(mean - expected) < 4 * error + 1e-3,
    `${series.entity}.${series.metric}: ${mean} +- ${error}, expected ${expected}`,
  );
}

/** n CPUs that walk and think, one writer beside them that broadcasts: arrival 500 ns, handler 150 ns. */
function broadcasting(n: number, hold: Distribution, think: number, duration: number): System {
  return systemOf({
    machine: freeMachine(n + 1, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150}),
    policies: [broadcastPolicy()],
    duration,
    warmup: 1e5,
    mms: [mmOf("app", [[1, n]])],
    walkers: [
      walkerOf({on: [[1, n]], cadence: {kind: "closed", think: exponentially(think)}, hold}),
    ],
    writers: [writerOf({cadence: {kind: "closed", think: exponentially(50_000)}})],
  });
}

it("walks in a closed loop as often as renewal theory says", () => {
  const system = systemOf({
    machine: freeMachine(16),
    policies: [],
    duration: 5e7,
    walkers: [
      walkerOf({
        on: [[0, 15]],
        cadence: {kind: "closed", think: {kind: "gamma", shape: 2, scale: 1000}},
        hold: {kind: "uniform", lo: 100, hi: 300},
      }),
    ],
  });
  const count = seriesOf(run(system), "gup", "count").sum;
  // Cycle 2200 ns, variance of a cycle 2 * 1000^2 + 200^2 / 12: the number of renewals is nearly normal.
  const expected = (16 * 5e7) / 2200;
  const variance = (16 * 5e7 * (2e6 + 4e4 / 12)) / 2200 ** 3;
  assert.ok(
    Math.abs(count - expected) < 4 * Math.sqrt(variance) + 16,
    `${count} against ${expected}`,
  );
});

const p = 1 / 11;
const harmonic = (n: number) =>
  Array.from({length: n}, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);

for (const n of [1, 8, 64, 1024]) {
  it(`waits in a broadcast to ${n} exponential walkers for the largest residual`, () => {
    const wait = seriesOf(
      run(broadcasting(n, exponentially(200), 2000, n > 500 ? 1e7 : 1e8)),
      "writer",
      "sync",
    );
    let expected = 650;
    for (let k = 1; k <= n; k++) expected += (200 * (1 - (1 - p) ** k)) / k;
    near(wait, expected);
    // P(wait - 650 <= x) = (1 - p e^(-x/200))^n
    const median = 650 - 200 * Math.log((1 - 0.5 ** (1 / n)) / p);
    if (n >= 8) assert.ok(Math.abs(quantileOf(wait, 0.5) / median - 1) < 0.05);
  });
}

it("finds Bin(64, 1/11) CPUs walking at a Poisson instant", () => {
  const system = systemOf({
    machine: freeMachine(65),
    policies: [targetedPolicy()],
    duration: 2e8,
    warmup: 1e5,
    mms: [mmOf("app", [[1, 64]])],
    walkers: [
      walkerOf({
        on: [[1, 64]],
        cadence: {kind: "closed", think: exponentially(2000)},
        hold: exponentially(200),
      }),
    ],
    writers: [writerOf({policy: "targeted", cadence: {kind: "open", gap: exponentially(20_000)}})],
  });
  const targets = seriesOf(run(system), "sync", "targets");
  near(targets, 64 * p);
  // Variance n p (1 - p) = 5.289256; its standard error is about that times sqrt(2 / count).
  const variance = targets.m2 / targets.count;
  assert.ok(Math.abs(variance / 5.289256 - 1) < 5 * Math.sqrt(2 / targets.count), `${variance}`);
});

for (const [n, expected] of [
  [8, 59.22386],
  [64, 166.22287],
  [512, 195.7115],
] as const) {
  it(`waits in a broadcast to ${n} constant walkers for the largest uniform residual`, () => {
    near(
      seriesOf(run(broadcasting(n, constant(200), 2000, 5e7)), "writer", "sync"),
      650 + expected,
    );
  });
}

it("waits for length-biased residuals: a lognormal walk of coefficient 2 leaves 500 ns, not 100", () => {
  const sigma = Math.sqrt(Math.log(5));
  const hold: Distribution = {kind: "lognormal", mu: Math.log(200) - (sigma * sigma) / 2, sigma};
  near(seriesOf(run(broadcasting(1, hold, 2000, 4e8)), "writer", "sync"), 650 + 500 / 11);
});

it("waits for the slowest of n exponential deliveries: H_n", () => {
  for (const n of [2, 8, 64]) {
    const system = systemOf({
      machine: freeMachine(n + 1, {}, {"ipi.deliver.same_socket": exponentially(1000)}),
      policies: [broadcastPolicy()],
      duration: 1e8,
      writers: [writerOf({cadence: {kind: "closed", think: constant(10_000)}})],
    });
    near(seriesOf(run(system), "writer", "sync"), 1000 * harmonic(n));
  }
});

it("queues for a lock as the machine-repairman model says: 64 writers, thinking 2000, holding 50", () => {
  const system = systemOf({
    machine: freeMachine(64),
    policies: [emptyPolicy()],
    duration: 2e7,
    warmup: 1e6,
    writers: Array.from({length: 64}, (_, on) =>
      writerOf({
        name: `writer${on}`,
        on,
        cadence: {kind: "closed", think: exponentially(2000)},
        work: exponentially(50),
        holds: "mmap_lock",
        policy: "empty",
      }),
    ),
  });
  const samples = run(system);
  const operations = system.writers.map(({name}) => seriesOf(samples, name, "count").sum);
  const throughput = operations.reduce((a, b) => a + b) / samples.measured;
  assert.ok(Math.abs(throughput / 0.019997721 - 1) < 0.005, `throughput ${throughput}`);
  const latency = system.writers.map(({name}) => seriesOf(samples, name, "latency"));
  const mean = latency.reduce((sum, row) => sum + row.sum, 0) / operations.reduce((a, b) => a + b);
  assert.ok(Math.abs(mean / 1200.3647 - 1) < 0.01, `response ${mean}`);
});

it("queues operations as M/D/1 and M/M/1 say", () => {
  for (const [work, expected] of [
    [constant(800), 2 * 800],
    [exponentially(900), 9 * 900],
  ] as const) {
    const system = systemOf({
      machine: freeMachine(1),
      policies: [emptyPolicy()],
      duration: 4e8,
      warmup: 1e7,
      writers: [
        writerOf({cadence: {kind: "open", gap: exponentially(1000)}, work, policy: "empty"}),
      ],
    });
    const latency = seriesOf(run(system), "writer", "latency");
    const service = work.kind === "constant" ? 800 : 900;
    const wait = latency.sum / latency.count - service;
    // Successive waits are correlated: the variance constants of the mean delay give about 1 % and 5 % here.
    assert.ok(Math.abs(wait / expected - 1) < (work.kind === "constant" ? 0.04 : 0.15), `${wait}`);
    // Little's law, as an identity of the sample path up to what is in the queue at its ends.
    const backlog = seriesOf(run(system), "writer", "backlog");
    const rate = latency.count / backlog.count;
    const ratio = backlog.sum / backlog.count / ((rate * latency.sum) / latency.count);
    assert.ok(Math.abs(ratio - 1) < 0.001, `Little: ${ratio}`);
  }
});

it("sends an interrupt for every request when one initiator works alone: 10,240 collapses on 64 CPUs", () => {
  const collapsing = (policy: Policy) =>
    systemOf({
      machine: freeMachine(
        64,
        {coresPerSocket: 32, sockets: 2},
        {"ipi.handle": 100, "tlb.full": 200},
      ),
      policies: [policy],
      duration: 1e9,
      mms: [mmOf("app", [[0, 0]])],
      writers: [
        writerOf({
          cadence: {kind: "closed", think: constant(20_000)},
          kind: "collapse",
          operations: 10_240,
          policy: policy.name,
        }),
      ],
    });
  const broadcast = run(collapsing(broadcastPolicy(true)));
  assert.equal(seriesOf(broadcast, "writer", "count").sum, 10_240);
  assert.equal(seriesOf(broadcast, "sync", "ipis").sum, 645_120);
  assert.equal(seriesOf(broadcast, "sync", "interrupts").sum, 645_120);
  assert.equal(seriesOf(broadcast, "sync", "flushes").sum, 0);
  const implied = run(collapsing(flushImpliesPolicy()));
  assert.equal(seriesOf(implied, "writer", "count").sum, 10_240);
  assert.equal(seriesOf(implied, "sync", "ipis").sum, 0);
  assert.equal(seriesOf(implied, "sync", "interrupts").sum, 0);
});

it("lets requests share an interrupt when initiators overlap, and loses none", () => {
  const system = systemOf({
    machine: freeMachine(
      16,
      {},
      {"ipi.deliver.same_socket": 500, "ipi.handle": 150, "ipi.entry": 300},
    ),
    policies: [broadcastPolicy()],
    duration: 2e7,
    writers: Array.from({length: 8}, (_, on) =>
      writerOf({name: `writer${on}`, on, cadence: {kind: "closed", think: exponentially(3000)}}),
    ),
  });
  const samples = run(system);
  const requests = seriesOf(samples, "sync", "ipis").sum;
  const interrupts = seriesOf(samples, "sync", "interrupts").sum;
  assert.ok(interrupts < 0.95 * requests, `${interrupts} for ${requests}`);
  const done = system.writers.reduce(
    (sum, {name}) => sum + seriesOf(samples, name, "sync").count,
    0,
  );
  // Every finished sync had 15 requests handled; at most one of each writer is under way.
  assert.ok(requests >= 15 * done && requests <= 15 * (done + 8));
});

it("ends a grace period of n busy CPUs with timers at random phases a tick after the last has noticed: 1 + n/(n+1)", () => {
  for (const n of [4, 64]) {
    const system = systemOf({
      // The caller's CPU is idle, and reports at once because the kthread runs there: only the busy ones hold out.
      machine: freeMachine(n + 1, {hz: 100}),
      policies: [gracePolicy(false)],
      duration: 9e7,
      mms: [mmOf("app", [[1, n]])],
      writers: [writerOf({policy: "rcu", cadence: {kind: "closed", think: constant(1e6)}})],
    });
    // Phases stay what they are for a whole run, so every replication is one sample of their maximum.
    const lengths = Array.from({length: 300}, (_, replication) => {
      const world = new World(system, {
        seed: 3,
        replication,
        executor: "lazy",
        shuffleTies: 0,
        tickPhases: "skewed",
        earlySelfReport: true,
      });
      const gps = seriesOf(runWorld(world, 0), "sync", "gps").sum;
      return world.grace.total / gps / 1e10;
    });
    const mean = lengths.reduce((sum, length) => sum + length) / lengths.length;
    const error = Math.sqrt(n / (n + 1) ** 2 / (n + 2) / lengths.length);
    assert.ok(Math.abs(mean - (1 + n / (n + 1))) < 4 * error, `${n}: ${mean}`);
  }
});

it("never reports a violation where the wait is sound, and does where there is none", () => {
  const walking = (policy: Policy) =>
    systemOf({
      machine: freeMachine(
        9,
        {},
        {
          "ipi.deliver.same_socket": 500,
          "ipi.handle": 150,
          xchg: 7,
          store: 1,
          mb: 8,
          load: 1,
          "tlb.full": 300,
        },
      ),
      policies: [policy],
      duration: 5e7,
      mms: [mmOf("app", [[0, 8]])],
      walkers: [
        walkerOf({
          on: [[1, 8]],
          cadence: {kind: "closed", think: exponentially(1000)},
          hold: exponentially(800),
        }),
      ],
      writers: [
        writerOf({cadence: {kind: "closed", think: exponentially(20_000)}, policy: policy.name}),
      ],
    });
  assert.equal(run(walking(broadcastPolicy())).violations.length, 0);
  assert.equal(run(walking(flushImpliesPolicy())).violations.length, 0);
  assert.equal(run(walking(gracePolicy(false))).violations.length, 0);
  const unsafe = run(walking(nonePolicy()));
  assert.ok((unsafe.violationCounts.I1 ?? 0) > 1000);
});

function emptyPolicy(): Policy {
  return {name: "empty", states: [], hooks: {op: []}, covers: ["free", "unshare", "collapse"]};
}
