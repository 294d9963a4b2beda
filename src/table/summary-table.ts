// One estimate a row: the mean of a measure over the replications of a point, with its confidence interval.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import type {Measure, MeasureExpr} from "../plan/measure.ts";
import {axisColumns} from "./axis-columns.ts";
import {measureColumn, relatedColumn} from "./column-name.ts";
import {columns} from "./columns.ts";
import {measuresOf} from "./measures-of.ts";

/**
 * A row per point and measure. Columns: the axes, `point`, `measure`, `statistic` (what is estimated: `mean`, `p99`, `rate`, … or
 * `expression`), `unit`, `value`, `lo`, `hi` (NaN with fewer than two replications), `n` replications.
 */
export function summaryTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const measures = new Map(measuresOf(result).map((measure) => [measure.name, measure]));
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "measure",
    "statistic",
    "unit",
    "value",
    "lo",
    "hi",
    "n",
  ]);
  for (const measured of result.measures) {
    const measure = measures.get(measured.measure);
    rows.push({
      ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[measured.point]])),
      point: measured.point,
      measure: measured.measure,
      statistic: measure === undefined ? "expression" : statisticText(measure.expr),
      unit: measure?.unit ?? "1",
      value: measured.estimate.mean,
      lo: measured.estimate.lo,
      hi: measured.estimate.hi,
      n: measured.estimate.n,
    });
  }
  return rows.table();
}

/** A row per point: the axes, `point`, then for each measure `sync_ns`, `sync_lo_ns`, `sync_hi_ns`, and `n` replications at the end. */
export function estimatesTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const measures = measuresOf(result);
  const estimates = new Map(result.measures.map((m) => [`${m.point} ${m.measure}`, m.estimate]));
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    ...measures.flatMap((measure) => estimateColumns(measure)),
    "n",
  ]);
  for (const point of result.points) {
    if (point.replications.length === 0) continue;
    const row: Record<string, unknown> = {point: point.point, n: point.replications.length};
    for (const axis of axes) row[axis.name] = axis.values[point.point];
    for (const measure of measures) {
      const estimate = estimates.get(`${point.point} ${measure.name}`);
      const [value, lo, hi] = estimateColumns(measure);
      row[value] = estimate?.mean;
      row[lo] = estimate?.lo;
      row[hi] = estimate?.hi;
    }
    rows.push(row);
  }
  return rows.table();
}

/** The columns of a measure in `estimatesTable`: value, lower and upper end of its interval. */
export function estimateColumns(measure: Measure): [string, string, string] {
  const value = measureColumn(measure);
  return [value, relatedColumn(value, "lo"), relatedColumn(value, "hi")];
}

/** `p99` of a single statistic, `expression` of arithmetic over several. */
export function statisticText(expr: MeasureExpr): string {
  if (expr.op === "at") return statisticText(expr.of);
  if (expr.op !== "stat") return expr.op === "axis" ? "axis" : "expression";
  if (expr.aggregator !== "quantile") return expr.aggregator;
  return `p${String(Number(((expr.q ?? 0.5) * 100).toPrecision(8))).replace(".", "")}`;
}
