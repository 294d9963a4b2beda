// The samples of one metric, as far as a run keeps them: all while they are few, an unbiased subset beyond that. `weight` says how many
// measured samples a row stands for, so that a weighted count is the true one either way.

import {type ColumnTable, table} from "arquero";
import type {RunResult} from "../farm/result.ts";
import type {MetricUnit} from "../plan/metrics.ts";
import {metricTable} from "../plan/metrics.ts";
import {middleOf} from "../record/histogram.ts";
import type {Series} from "../record/samples.ts";
import {axisColumns} from "./axis-columns.ts";
import {columnName} from "./column-name.ts";

/**
 * A row per kept sample of `entity.metric`. Columns: the axes, `point`, `replication`, the value under the metric's name with its unit,
 * `weight`. Throws a RangeError that lists what there is when the run has no such metric. Columns are filled whole, because a long run
 * keeps a million rows.
 */
export function samplesTable(result: RunResult, entity: string, metric: string): ColumnTable {
  const kept: {point: number; replication: number; series: Series; values: Float64Array}[] = [];
  for (const point of result.points) {
    for (const samples of point.replications) {
      for (const series of samples.series) {
        if (series.entity !== entity || series.metric !== metric) continue;
        const values = series.exact ?? series.reservoir ?? new Float64Array(0);
        kept.push({point: point.point, replication: samples.replication, series, values});
      }
    }
  }
  if (kept.length === 0) throw new RangeError(unknownMetric(result, entity, metric));
  const rows = kept.reduce((sum, {values}) => sum + values.length, 0);
  const axes = axisColumns(result.plan).map((axis) => ({...axis, data: new Array(rows)}));
  const point = new Uint32Array(rows);
  const replication = new Uint32Array(rows);
  const value = new Float64Array(rows);
  const weight = new Float64Array(rows);
  let start = 0;
  for (const part of kept) {
    const end = start + part.values.length;
    for (const axis of axes) axis.data.fill(axis.values[part.point], start, end);
    point.fill(part.point, start, end);
    replication.fill(part.replication, start, end);
    value.set(part.values, start);
    weight.fill(part.series.count / part.values.length, start, end);
    start = end;
  }
  return table([
    ...axes.map((axis) => [axis.name, axis.data] as [string, unknown[]]),
    ["point", point],
    ["replication", replication],
    [columnName(metric, metricUnit(metric)), value],
    ["weight", weight],
  ]);
}

/**
 * The same metric with all its samples in view, pooled over replications: those kept whole with weight 1, and of longer series the bins
 * of the histogram with their counts, each at the middle of its bin (within 0.4 %; the extremes are exact). Same columns as
 * `samplesTable` without `replication`. What figures of distributions are drawn from.
 */
export function distributionTable(result: RunResult, entity: string, metric: string): ColumnTable {
  const parts: {point: number; values: Float64Array; weights: Float64Array}[] = [];
  let found = false;
  for (const {point, replications} of result.points) {
    for (const {series} of replications) {
      for (const one of series) {
        if (one.entity !== entity || one.metric !== metric) continue;
        found = true;
        parts.push({point, ...weightedValues(one)});
      }
    }
  }
  if (!found) throw new RangeError(unknownMetric(result, entity, metric));
  const rows = parts.reduce((sum, part) => sum + part.values.length, 0);
  const axes = axisColumns(result.plan).map((axis) => ({...axis, data: new Array(rows)}));
  const points = new Uint32Array(rows);
  const values = new Float64Array(rows);
  const weights = new Float64Array(rows);
  let start = 0;
  for (const part of parts) {
    const end = start + part.values.length;
    for (const axis of axes) axis.data.fill(axis.values[part.point], start, end);
    points.fill(part.point, start, end);
    values.set(part.values, start);
    weights.set(part.weights, start);
    start = end;
  }
  return table([
    ...axes.map((axis) => [axis.name, axis.data] as [string, unknown[]]),
    ["point", points],
    [columnName(metric, metricUnit(metric)), values],
    ["weight", weights],
  ]);
}

function weightedValues(series: Series): {values: Float64Array; weights: Float64Array} {
  if (series.exact !== undefined) {
    return {values: series.exact, weights: new Float64Array(series.exact.length).fill(1)};
  }
  const {first, counts} = series.histogram ?? {first: 0, counts: new Float64Array(0)};
  const values: number[] = [];
  const weights: number[] = [];
  counts.forEach((count, index) => {
    if (count === 0) return;
    values.push(Math.min(series.max, Math.max(series.min, middleOf(first + index))));
    weights.push(count);
  });
  if (values.length > 0) {
    // One sample of the last bin is the maximum itself.
    const last = values.length - 1;
    weights[last] -= 1;
    values.push(series.max);
    weights.push(1);
    if (weights[last] === 0) {
      values.splice(last, 1);
      weights.splice(last, 1);
    }
  }
  return {values: Float64Array.from(values), weights: Float64Array.from(weights)};
}

/** The unit of a metric's samples, by its name. */
export function metricUnit(metric: string): MetricUnit {
  return metricTable.find((row) => row.metric === metric)?.unit ?? "1";
}

/** A message that names the metrics the run recorded. */
export function unknownMetric(result: RunResult, entity: string, metric: string): string {
  const known = new Set<string>();
  for (const point of result.points) {
    for (const samples of point.replications) {
      for (const series of samples.series) known.add(`${series.entity}.${series.metric}`);
    }
  }
  const list = known.size === 0 ? "nothing yet" : [...known].join(", ");
  return `The run recorded no samples of ${entity}.${metric}; it recorded: ${list}.`;
}
