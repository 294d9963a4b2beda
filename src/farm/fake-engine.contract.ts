// An engine for the tests of the farm: a replication is a few exponential samples, and the machine's name tells it how to misbehave.

import type {Plan} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {countSeries} from "../record/count-series.ts";
import type {Samples} from "../record/samples.ts";
import {StreamRecorder} from "../record/stream-recorder.ts";
import type {SimulateOptions} from "./engine.ts";
import {firstPilot} from "./pilots.ts";

export const fakeEngine: string = import.meta.url;

/** The mean of `thp.sync` is the system's `duration`; `count(sync.ipis)` is its `warmup`, always. */
export function simulate(system: System, options: SimulateOptions): Samples {
  const {seed, replication, point = 0} = options;
  misbehave(system.machine.name, replication, point);
  const recorder = new StreamRecorder("thp", "sync");
  recorder.reset(seed, replication);
  const state = openStream(
    seed,
    replication,
    "thp",
    "sync",
    options.streams === "independent" ? point : undefined,
  );
  for (let i = 0; i < 400; i++) recorder.record(system.duration * exponential(state, 0));
  return {
    point,
    replication,
    seed,
    measured: 1e9,
    series: [recorder.series(), countSeries("sync", "ipis", system.warmup)],
    counters: {},
    accounts: [],
    violations: [],
    violationCounts: {},
    fingerprint: `${point}/${replication}`,
    events: 400,
    phases: 0,
  };
}

function misbehave(how: string, replication: number, point: number): void {
  if (how === "spin") for (;;);
  if (how === "slow") for (const from = performance.now(); performance.now() - from < 8; );
  if (replication % firstPilot !== 3 || point !== 1) return;
  if (how === "throw") throw new RangeError("the walkers have met");
  if (how === "exit") process.exit(7);
  if (how === "hoard")
    for (const hoard: unknown[] = []; ; ) hoard.push(new Array(1e5).fill(replication));
}

export function fakePlan(overrides: Partial<Plan> = {}, machine = "well"): Plan {
  const means = [100, 110, 300];
  return {
    format: 1,
    name: "which",
    base: {machine: {name: machine}, duration: 100, warmup: 63} as unknown as System,
    axes: [{path: "policy", unit: "name", values: means.map((mean) => ({label: `p${mean}`}))}],
    points: means.map((value, i) => {
      return {at: [i], patches: [{path: ["duration"], value}]};
    }),
    seed: 7,
    replications: {min: 8, max: 8},
    confidence: 0.95,
    family: "holm",
    streams: "common",
    until: [],
    compare: [],
    measures: [{name: "sync", expr: mean, unit: "ns"}],
    expectations: [],
    outputs: [],
    inputs: [],
    allow: [],
    ...overrides,
  };
}

/** `mean(thp.sync)`. */
export const mean = {op: "stat", aggregator: "mean", entity: "thp", metric: "sync"} as const;
/** `count(sync.ipis)`. */
export const ipis = {op: "stat", aggregator: "count", entity: "sync", metric: "ipis"} as const;
