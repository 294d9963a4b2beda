// One figure of every kind, for the tests that ask the same of all: golden files, Plotly's schema, pictures in both themes.

import type {CheckResult, Trace as Run, Verdict} from "../explore/verdict.ts";
import type {Measure} from "../plan/measure.ts";
import type {Column, PlotKind} from "../plan/plan.ts";
import {
  hurtMeasure,
  syncMeasure,
  syntheticRun,
  syntheticTimeline,
} from "../table/synthetic-run.contract.ts";
import {counterexampleFigure} from "./counterexample-figure.ts";
import type {Figure} from "./figure.ts";
import {figuresFor, type PlotOutput} from "./figure-for.ts";

export const measure = (of: Measure): Column => ({kind: "measure", measure: of});
export const axis = (path: string): Column => ({kind: "axis", path});
export const metric = (entity: string, name: string): Column => ({
  kind: "metric",
  entity,
  metric: name,
});

export function plot(y: Column, as: PlotKind, rest: Partial<PlotOutput> = {}): PlotOutput {
  return {kind: "plot", y: [y], by: [], as, options: {}, ...rest};
}

const policies = ["broadcast_ipi", "targeted_ipi", "rcu_sync", "rcu_expedited"];

/** Name of the golden file, figure. */
export function everyFigure(): [string, Figure][] {
  const run = syntheticRun({policies, readers: [1, 4, 16, 64, 128], samples: 40});
  const wide = syntheticRun({
    policies,
    readers: [8, 32, 128, 512],
    gaps: [1e4, 1e5, 1e6, 1e7],
    samples: 20,
  });
  const unsafe = {
    ...wide,
    points: wide.points.map((point) => ({
      ...point,
      replications: point.replications.map((samples) =>
        wide.plan.points[point.point].at[0] === 1 && wide.plan.points[point.point].at[1] > 1
          ? {...samples, violationCounts: {I1: 3}}
          : samples,
      ),
    })),
  };
  const timed = syntheticRun({timeline: syntheticTimeline(8, 14)});
  const only = (output: PlotOutput, of = run): Figure => figuresFor(output, of)[0];
  return [
    ["line", only(plot(measure(syncMeasure), "line", {x: axis("readers"), by: ["policy"]}))],
    [
      "line-facets",
      only(
        plot(measure(syncMeasure), "line", {x: axis("gap"), by: ["policy"], facet: "readers"}),
        wide,
      ),
    ],
    ["bar", only(plot(measure(syncMeasure), "bar", {x: axis("policy")}))],
    ["bar-series", only(plot(measure(hurtMeasure), "bar", {x: axis("policy"), by: ["readers"]}))],
    ["box", only(plot(metric("thp", "sync"), "box", {x: axis("policy")}))],
    ["violin", only(plot(metric("thp", "sync"), "violin", {x: axis("policy")}))],
    ["ecdf", only(plot(metric("gup", "latency"), "ecdf", {by: ["policy"]}))],
    ["histogram", only(plot(metric("thp", "sync"), "histogram", {by: ["policy"]}))],
    [
      "heatmap",
      only(plot(measure(syncMeasure), "heatmap", {x: axis("readers"), by: ["gap"]}), unsafe),
    ],
    [
      "heatmap-value",
      only(plot(measure(hurtMeasure), "heatmap", {x: axis("readers"), by: ["policy"]})),
    ],
    [
      "scatter",
      only(plot(measure(hurtMeasure), "scatter", {x: measure(syncMeasure), by: ["policy"]})),
    ],
    ["scatter-many", only(plot(measure(hurtMeasure), "scatter", {x: measure(syncMeasure)}))],
    ["bill", only(plot(measure(syncMeasure), "bill", {by: ["policy"]}))],
    ["timeline", only(plot(measure(syncMeasure), "timeline"), timed)],
    ["tornado", only(plot(measure(syncMeasure), "tornado"), wide)],
    [
      "convergence",
      only(
        plot(measure(syncMeasure), "convergence", {by: ["policy"]}),
        syntheticRun({policies, readers: [16], replications: 25}),
      ),
    ],
    [
      "counterexample",
      counterexampleFigure(syntheticVerdict, {
        provenance: "quiesce 0.1.0 · check safety of tiny · tracked_v4 · TSO, 2 CPUs",
      }),
    ],
  ];
}

const step = (
  number: number,
  lane: number,
  kind: Run["steps"][number]["kind"],
  text: string,
  buffer: string[] = [],
): Run["steps"][number] => ({
  number,
  lane,
  cpu: lane,
  actor: lane === 0 ? "writer u" : "walker w",
  kind,
  text,
  buffer,
});

const run: Run = {
  lanes: [
    {cpu: 0, title: "CPU 0: writer u"},
    {cpu: 1, title: "CPU 1: walker w"},
  ],
  steps: [
    step(1, 0, "store", "store pmd[m] = none", ["pmd[m] = none"]),
    step(2, 0, "fence", "rmb", ["pmd[m] = none"]),
    step(3, 0, "load", "load walking[1] -> none", ["pmd[m] = none"]),
    step(4, 0, "choice", "nobody walks: no interrupt", ["pmd[m] = none"]),
    step(5, 0, "free", "free table", ["pmd[m] = none", "free table"]),
    step(6, 1, "irq", "irq off"),
    step(7, 1, "store", "store walking[1] = m", ["walking[1] = m"]),
    step(8, 1, "commit", "commit walking[1] = m"),
    step(9, 1, "fence", "mb"),
    step(10, 1, "load", "load pmd[m] -> table"),
    step(11, 0, "commit", "commit pmd[m] = none", ["free table"]),
    step(12, 0, "commit", "commit free table"),
    {...step(13, 1, "deref", "read the table: it was freed"), violation: "I1"},
  ],
  intervals: [
    {kind: "store-buffer", lane: 0, from: 1, to: 11, text: "pmd[m] = none"},
    {kind: "store-buffer", lane: 0, from: 5, to: 12, text: "free table"},
    {kind: "irq-off", lane: 1, from: 6, to: 13, text: ""},
    {kind: "store-buffer", lane: 1, from: 7, to: 8, text: "walking[1] = m"},
  ],
  arrows: [{kind: "bad", from: 12, to: 13, text: "freed, then read"}],
  switches: 3,
  schedule: "",
};

export const syntheticVerdict: Verdict = {
  label: "tracked_v4",
  property: "safety",
  model: "tso",
  scope: {cpus: 2, exactCpus: false, writes: 1, nmis: 0, preemptions: 0, migrations: 0},
  outcome: "sometimes",
  vacuous: [],
  bound: "TSO, 2 CPUs, 1 walk, 1 write, sync alone, 194 states, complete",
  path: "sync",
  states: 194,
  transitions: 400,
  depth: 13,
  complete: true,
  violated: "I1",
  reason:
    "CPU 1 reads the table that CPU 0 freed: CPU 0 looked at walking[1] while its own store to pmd[m] was still in its store buffer.",
  counterexamples: [run],
  explanation: [
    "safe under SC, unsafe from TSO on",
    "repair: mb on CPU 0 between `store pmd[m]` and `load walking[1]`",
  ],
  findings: [],
  bytesPerState: 24,
  memory: 4656,
  expect: "unsafe",
  met: "pass",
};

export const syntheticCheck: CheckResult = {
  format: 1,
  property: "safety",
  scenario: "tiny",
  scope: syntheticVerdict.scope,
  model: "tso",
  verdicts: [syntheticVerdict],
};
