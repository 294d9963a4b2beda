// A made-up run result for the tests of tables and figures: right in shape and plausible in size, wrong in every number. Its samples come
// from a fixed congruential generator, so golden files of what is drawn from it do not move.

import type {Estimate, MeasureResult, PointResult, RunResult} from "../farm/result.ts";
import type {Measure} from "../plan/measure.ts";
import type {Axis, Output, Plan} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Account, Arrow, Interval, Samples, Series, Timeline} from "../record/samples.ts";

export interface SyntheticOptions {
  readonly policies?: readonly string[];
  readonly readers?: readonly number[];
  readonly gaps?: readonly number[];
  readonly replications?: number;
  readonly samples?: number;
  readonly outputs?: readonly Output[];
  readonly timeline?: Timeline;
}

export const syncMeasure: Measure = {
  name: "sync",
  expr: {op: "stat", aggregator: "quantile", entity: "thp", metric: "sync", q: 0.99},
  unit: "ns",
};
export const taxMeasure: Measure = {
  name: "tax",
  expr: {
    op: "/",
    left: {op: "stat", aggregator: "mean", entity: "gup", metric: "overhead"},
    right: {op: "stat", aggregator: "mean", entity: "gup", metric: "latency"},
  },
  unit: "ratio",
};
const ipisMeasure: Measure = {
  name: "ipis",
  expr: {op: "stat", aggregator: "rate", entity: "sync", metric: "ipis"},
  unit: "1/s",
};
export const hurtMeasure: Measure = {
  name: "hurt",
  expr: {op: "stat", aggregator: "max", entity: "rt", metric: "disturbance"},
  unit: "ns",
};
const heldMeasure: Measure = {
  name: "held",
  expr: {op: "stat", aggregator: "mean", entity: "thp", metric: "retained"},
  unit: "bytes",
};

/** policies × readers × gaps, each with a handful of replications. */
export function syntheticRun(options: SyntheticOptions = {}): RunResult {
  const policies = options.policies ?? ["broadcast_ipi", "targeted_ipi", "rcu_sync"];
  const readers = options.readers ?? [1, 16, 64];
  const gaps = options.gaps ?? [10_000];
  const replications = options.replications ?? 5;
  const axes: Axis[] = [
    {path: "policy", unit: "name", values: policies.map((label) => ({label}))},
    {path: "readers", unit: "1", values: readers.map((value) => ({label: `${value}`, value}))},
    ...(gaps.length > 1
      ? [
          {
            path: "gap",
            unit: "ns" as const,
            values: gaps.map((value) => ({label: `${value}ns`, value})),
          },
        ]
      : []),
  ];
  const points = product(axes.map((axis) => axis.values.length)).map((at) => ({at, patches: []}));
  const measures = [syncMeasure, taxMeasure, ipisMeasure, hurtMeasure, heldMeasure];
  const plan: Plan = {
    format: 1,
    name: "which",
    base: {policies: []} as unknown as System,
    axes,
    points,
    seed: 42,
    replications: {min: replications, max: replications},
    confidence: 0.95,
    family: "holm",
    streams: "common",
    until: [],
    compare: [{axis: "policy", against: policies[0]}],
    measures,
    expectations: [],
    outputs: options.outputs ?? [],
    inputs: [],
    allow: [],
  };
  const random = congruential(12345);
  const results: MeasureResult[] = [];
  const pointResults: PointResult[] = points.map(({at}, point) => {
    const policy = policies[at[0]];
    const cpus = readers[at[1]];
    const gap = gaps[at[2] ?? 0];
    const typical = typicalSync(policy, cpus);
    const done = Array.from({length: replications}, (_, replication): Samples => {
      const sync = Float64Array.from(
        {length: options.samples ?? 200},
        () => typical * lognormal(random, 0.4),
      );
      const walk = Float64Array.from(
        {length: options.samples ?? 200},
        () => 900 * lognormal(random, 0.7),
      );
      const overhead = policy === "targeted_ipi" ? 21 : 0;
      return {
        point,
        replication,
        seed: 42 + replication,
        measured: 1e9,
        series: [
          series("thp", "sync", sync),
          series(
            "gup",
            "latency",
            walk.map((value) => value + overhead),
          ),
          series("thp", "retained", Float64Array.of(policy === "rcu_sync" ? 240_000 : 900)),
          series(
            "gup",
            "overhead",
            walk.map(() => overhead),
          ),
        ],
        counters: {},
        accounts: syntheticAccounts(policy, cpus, typical, 1e9 / gap),
        violations: [],
        violationCounts: {},
        fingerprint: "0123456789abcdef",
        events: 1000,
        phases: 9000,
        ...(options.timeline && replication === 0 ? {timeline: options.timeline} : {}),
      };
    });
    const rate = Math.min(1e9 / gap, 1e9 / typical);
    const value: Readonly<Record<string, (samples: Samples) => number>> = {
      sync: (samples) => quantile(samples.series[0].exact as Float64Array, 0.99),
      tax: (samples) =>
        (policy === "targeted_ipi" ? 0.031 : 0.001) *
        (1 + 0.02 * (random() - 0.5) + 0 * samples.events),
      ipis: () =>
        policy === "rcu_sync" ? 0 : rate * (policy === "targeted_ipi" ? 0.05 * cpus : 127),
      hurt: () => (policy === "broadcast_ipi" ? 4200 : 300) * (1 + 0.1 * random()),
      held: () =>
        policy === "rcu_sync"
          ? 4096 * typical * 1e-9 * rate * (1 + 0.05 * random())
          : 4096 * random(),
    };
    for (const measure of measures) {
      const perReplication = Float64Array.from(done, (samples) => value[measure.name](samples));
      results.push({
        measure: measure.name,
        point,
        perReplication,
        estimate: estimate(perReplication),
      });
    }
    return {point, replications: done, until: []};
  });
  return {
    plan,
    planHash: "5e0c1a9b7f3d2e44aa10b7c55d8f9e0012345678",
    version: "0.1.0",
    points: pointResults,
    measures: results,
    comparisons: points.flatMap(({at}, point) => {
      const against = points.findIndex(
        (other) => other.at[0] === 0 && other.at[1] === at[1] && other.at[2] === at[2],
      );
      if (against === point) return [];
      const here = results.find((r) => r.point === point && r.measure === "sync") as MeasureResult;
      const there = results.find(
        (r) => r.point === against && r.measure === "sync",
      ) as MeasureResult;
      return [
        {
          measure: "sync",
          point,
          against,
          difference: estimate(here.perReplication.map((x, i) => x - there.perReplication[i])),
          ratio: estimate(here.perReplication.map((x, i) => x / there.perReplication[i])),
        },
      ];
    }),
    expectations: [
      {
        text: "hurt < 5us",
        point: 0,
        where: "",
        outcome: "pass",
        confidence: 0.95,
        because: "max(rt.disturbance) = 4.4us ±0.2us (n=5)  <  5us  -> pass",
      },
    ],
    ended: "complete",
  };
}

/** A timeline of walks, IRQ-off sections, IPIs and a grace period; `per` intervals a CPU. */
export function syntheticTimeline(cpus: number, per: number): Timeline {
  const random = congruential(99);
  const intervals: Interval[] = [];
  const arrows: Arrow[] = [];
  const span = per * 1500;
  for (let cpu = 0; cpu < cpus; cpu++) {
    let now = random() * 1000;
    for (let i = 0; i < per; i++) {
      const busy = 200 + 900 * random();
      const state = ["walk", "irq_off", "handler", "idle", "user"][Math.floor(random() * 5)];
      intervals.push({cpu, from: now, to: now + busy, state});
      now += busy + 600 * random();
    }
  }
  for (let i = 0; i < Math.min(40, cpus - 1); i++) {
    const at = span * 0.3 + i * 90;
    arrows.push({from: at, fromCpu: 0, to: at + 620 + 300 * random(), toCpu: i + 1, kind: "ipi"});
  }
  intervals.push({cpu: -1, from: span * 0.45, to: span * 0.8, state: "grace period"});
  return {from: 0, to: span, intervals, arrows, dropped: 0};
}

/** Uniform numbers in [0, 1), the same sequence for the same seed. */
export function congruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function lognormal(random: () => number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

function typicalSync(policy: string, cpus: number): number {
  if (policy === "rcu_sync") return 18e6;
  if (policy === "rcu_expedited") return 60e3;
  if (policy === "targeted_ipi") return 2_500 + 320 * cpus;
  return 48_000 + 150 * cpus;
}

function syntheticAccounts(policy: string, cpus: number, sync: number, rate: number): Account[] {
  const busy = Math.min(0.9, sync * rate * 1e-9);
  const handler = policy === "broadcast_ipi" ? 0.012 : policy === "targeted_ipi" ? 0.001 : 0.0002;
  const tracker = policy === "targeted_ipi" ? 0.004 : 0;
  return [
    {
      cpuClass: "walking",
      cpus,
      time: {
        user: (0.6 - tracker - handler) * cpus * 1e9,
        walk: 0.3 * cpus * 1e9,
        tracker: tracker * cpus * 1e9,
        handler: handler * cpus * 1e9,
        idle: 0.1 * cpus * 1e9,
      },
    },
    {
      cpuClass: "isolated",
      cpus: 32,
      time: {user: (1 - handler) * 32e9, handler: handler * 32e9},
    },
    {
      cpuClass: "idle",
      cpus: 31,
      time: {idle: (1 - 2 * handler) * 31e9, handler: handler * 31e9, wakeup: handler * 31e9},
    },
    {cpuClass: "writer", cpus: 1, time: {kernel: (1 - busy) * 1e9, spin: busy * 1e9}},
  ];
}

function series(entity: string, metric: string, exact: Float64Array): Series {
  const sum = exact.reduce((total, value) => total + value, 0);
  const mean = sum / exact.length;
  return {
    entity,
    metric,
    count: exact.length,
    sum,
    m2: exact.reduce((total, value) => total + (value - mean) ** 2, 0),
    min: exact.reduce((a, b) => Math.min(a, b)),
    max: exact.reduce((a, b) => Math.max(a, b)),
    exact,
  };
}

function estimate(values: Float64Array): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return {mean, lo: Number.NaN, hi: Number.NaN, n};
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  // 2.776: the 97.5 % point of Student's t with 4 degrees of freedom, which the five replications of the tests have.
  const half = 2.776 * Math.sqrt(variance / n);
  return {mean, lo: mean - half, hi: mean + half, n};
}

function quantile(values: Float64Array, q: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function product(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((at) => Array.from({length: size}, (_, i) => [...at, i])),
    [[]],
  );
}
