import assert from "node:assert/strict";
import {it} from "node:test";
import type {MeasureExpr} from "../plan/measure.ts";
import {metricTable} from "../plan/metrics.ts";
import {countSeries} from "./count-series.ts";
import {type MeasureScope, measureOf, shapeOf, statisticOf} from "./measure.ts";
import type {Samples} from "./samples.ts";
import {StreamRecorder} from "./stream-recorder.ts";

function samples(...latencies: number[]): Samples {
  const recorder = new StreamRecorder("thp", "sync");
  recorder.reset(1, 0);
  for (const latency of latencies) recorder.record(latency);
  return {
    point: 0,
    replication: 0,
    seed: 1,
    measured: 2e9,
    series: [recorder.series(), countSeries("sync", "ipis", 630)],
    counters: {targets: 12},
    accounts: [],
    violations: [],
    violationCounts: {},
    fingerprint: "",
    events: 0,
    phases: 0,
  };
}

function scopeOf(of: Samples): MeasureScope {
  return {statistic: (expr) => statisticOf(expr, of), ...nowhere};
}

const nowhere = {
  axis: (path: string) => (path === "readers" ? 64 : Number.NaN),
  at: (): MeasureScope | undefined => undefined,
};

function stat(aggregator: string, of: string, extra: object = {}): MeasureExpr {
  const [entity, metric] = of.split(".");
  return {op: "stat", aggregator, entity, metric, ...extra} as MeasureExpr;
}

it("metrics of one name have one shape", () => {
  for (const row of metricTable) assert.equal(shapeOf(row.metric), row.shape, row.metric);
});

it("aggregators read streams and counts alike", () => {
  const of = (expr: MeasureExpr): number => measureOf(expr, scopeOf(samples(10, 20, 60)));
  assert.equal(of(stat("mean", "thp.sync")), 30);
  assert.equal(of(stat("max", "thp.sync")), 60);
  assert.equal(of(stat("quantile", "thp.sync", {q: 0.5})), 20);
  assert.equal(of(stat("count", "thp.sync")), 3);
  assert.equal(of(stat("rate", "thp.sync")), 1.5);
  assert.equal(of(stat("frac", "thp.sync", {compare: "<", bound: 20})), 1 / 3);
  assert.equal(of(stat("count", "sync.ipis")), 630);
  assert.equal(of(stat("rate", "sync.ipis")), 315);
  assert.equal(of(stat("rate", "counter.targets")), 6);
  assert.equal(of(stat("count", "counter.never_counted")), 0);
  assert.ok(Number.isNaN(of(stat("mean", "nobody.sync"))));
});

it("arithmetic, axes and other points compose", () => {
  const scope: MeasureScope = {
    ...scopeOf(samples(10)),
    at: (select) => (select["policy"] === "b" ? scopeOf(samples(40)) : undefined),
  };
  const other: MeasureExpr = {op: "at", select: {policy: "b"}, of: stat("mean", "thp.sync")};
  assert.equal(measureOf({op: "/", left: other, right: stat("mean", "thp.sync")}, scope), 4);
  assert.equal(
    measureOf({op: "*", left: other, right: {op: "axis", path: "readers"}}, scope),
    2560,
  );
  assert.equal(
    measureOf({op: "negate", of: {op: "sqrt", of: {op: "number", value: 9}}}, scope),
    -3,
  );
  assert.ok(Number.isNaN(measureOf({op: "at", select: {policy: "c"}, of: other}, scope)));
});
