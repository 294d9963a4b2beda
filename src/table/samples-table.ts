// The samples of one metric, as far as a run keeps them: all while they are few, an unbiased subset beyond that. `weight` says how many
// measured samples a row stands for, so that a weighted count is the true one either way.

import {type ColumnTable, table} from "arquero";
import type {RunResult} from "../farm/result.ts";
import type {MetricUnit} from "../plan/metrics.ts";
import {metricTable} from "../plan/metrics.ts";
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
