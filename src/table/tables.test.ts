import assert from "node:assert/strict";
import {it} from "node:test";
import {histogramOf} from "../record/histogram.ts";
import {accountsTable} from "./accounts-table.ts";
import {comparisonsTable, expectationsTable} from "./comparisons-table.ts";
import {histogramTable} from "./histogram-table.ts";
import {replicationsTable, runsTable} from "./runs-table.ts";
import {distributionTable, samplesTable} from "./samples-table.ts";
import {estimatesTable, summaryTable} from "./summary-table.ts";
import {syntheticRun, syntheticTimeline} from "./synthetic-run.contract.ts";
import {arrowsTable, timelineTable} from "./timeline-table.ts";

const run = syntheticRun();

it("gives runs a row per point, replication and measure, axes first", () => {
  const table = runsTable(run);
  assert.equal(table.numRows(), 9 * 5 * 5);
  assert.deepEqual(table.columnNames(), [
    "policy",
    "readers",
    "point",
    "replication",
    "seed",
    "measure",
    "unit",
    "value",
  ]);
});

it("gives replications a column a measure, named with its unit", () => {
  const table = replicationsTable(run);
  assert.equal(table.numRows(), 9 * 5);
  assert.deepEqual(table.columnNames().slice(5), [
    "sync_ns",
    "tax_ratio",
    "ipis_per_s",
    "hurt_ns",
    "held_bytes",
  ]);
  const long = runsTable(run)
    .params({point: 4})
    .filter(
      (d: {point: number; measure: string}, $: {point: number}) =>
        d.point === $.point && d.measure === "sync",
    );
  const wide = table.filter("d => d.point === 4");
  assert.deepEqual([...long.array("value")], [...wide.array("sync_ns")]);
});

it("summarises every measure of every point with its interval and statistic", () => {
  const table = summaryTable(run);
  assert.equal(table.numRows(), 9 * 5);
  const first = table.object(0) as Record<string, unknown>;
  assert.equal(first.statistic, "p99");
  assert.ok(
    (first.lo as number) < (first.value as number) &&
      (first.value as number) < (first.hi as number),
  );
  assert.deepEqual(estimatesTable(run).columnNames().slice(0, 6), [
    "policy",
    "readers",
    "point",
    "sync_ns",
    "sync_lo_ns",
    "sync_hi_ns",
  ]);
});

it("leaves out points that were not begun", () => {
  const stopped = {
    ...run,
    points: run.points.map((p, i) => (i < 3 ? p : {...p, replications: []})),
    measures: run.measures.filter((m) => m.point < 3),
  };
  assert.equal(estimatesTable(stopped).numRows(), 3);
  assert.equal(runsTable(stopped).numRows(), 3 * 5 * 5);
});

it("weighs kept samples so that their weights add up to what was measured", () => {
  const thinned = {
    ...run,
    points: run.points.map((point) => ({
      ...point,
      replications: point.replications.map((samples) => ({
        ...samples,
        series: samples.series.map(({exact, ...rest}) => ({
          ...rest,
          reservoir: (exact as Float64Array).slice(0, 50),
        })),
      })),
    })),
  };
  const table = samplesTable(thinned, "thp", "sync");
  assert.deepEqual(table.columnNames(), [
    "policy",
    "readers",
    "point",
    "replication",
    "sync_ns",
    "weight",
  ]);
  assert.equal(table.numRows(), 9 * 5 * 50);
  const weight = [...(table.array("weight") as Iterable<number>)].reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(weight - 9 * 5 * 200) < 1e-6);
});

it("gives the whole distribution, from bins where samples were not kept", () => {
  const series = {
    entity: "w",
    metric: "sync",
    count: 1000,
    sum: 0,
    m2: 0,
    min: 10,
    max: 5000,
    histogram: histogramOf(Float64Array.from({length: 1000}, (_, i) => 10 + (4990 * i) / 999)),
  };
  const binned = {
    ...run,
    points: [
      {...run.points[0], replications: [{...run.points[0].replications[0], series: [series]}]},
    ],
  };
  const table = distributionTable(binned, "w", "sync");
  const weights = [...(table.array("weight") as Iterable<number>)];
  assert.equal(
    weights.reduce((a, b) => a + b, 0),
    1000,
  );
  assert.equal(Math.max(...(table.array("sync_ns") as Iterable<number>)), 5000);
  const bins = histogramTable(binned, "w", "sync");
  assert.equal(
    [...(bins.array("count") as Iterable<number>)].reduce((a, b) => a + b, 0),
    1000,
  );
  assert.equal(distributionTable(run, "thp", "sync").numRows(), 9 * 5 * 200);
});

it("names what was recorded when asked for a metric that was not", () => {
  assert.throws(
    () => samplesTable(run, "thp", "synch"),
    /no samples of thp\.synch; it recorded: thp\.sync, gup\.latency/,
  );
});

it("accounts for every CPU's time", () => {
  const totals = accountsTable(run)
    .groupby("point", "replication", "cpu_class")
    .rollup({share: "d => op.sum(d.share_ratio)"});
  for (const share of totals.array("share") as Iterable<number>)
    assert.ok(Math.abs(share - 1) < 1e-9);
});

it("lists comparisons against their baseline in words", () => {
  const table = comparisonsTable(run);
  assert.equal(table.numRows(), 6);
  assert.equal(table.get("against", 0), "policy: broadcast_ipi, readers: 1");
  assert.equal(expectationsTable(run).get("outcome", 0), "pass");
});

it("keeps intervals and arrows of a timeline", () => {
  const timeline = syntheticTimeline(4, 10);
  assert.equal(timelineTable(timeline).numRows(), 41);
  assert.equal(arrowsTable(timeline).numRows(), timeline.arrows.length);
});
