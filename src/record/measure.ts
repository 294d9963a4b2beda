// The value of a measure in one replication of one point: a small tree over statistics of the recorded series. Evaluating the whole tree
// per replication, rather than once over means, is what gives ratios and differences of anything an honest confidence interval.

import type {MeasureExpr} from "../plan/measure.ts";
import {type MetricShape, metricTable} from "../plan/metrics.ts";
import {log} from "../random/elementary.ts";
import type {Samples, Series} from "./samples.ts";
import {fractionOf, meanOf, quantileOf, sdOf} from "./statistic.ts";

export type Statistic = Extract<MeasureExpr, {op: "stat"}>;

/** Where a measure is evaluated: one replication of one point. */
export interface MeasureScope {
  /** A statistic of this replication: `statisticOf` its samples, or what was kept of it. */
  statistic(expr: Statistic): number;
  /** The value of a numeric axis at this point; NaN where it has none. */
  axis(path: string): number;
  /** The same replication of the point that differs from this one in the selected axes; absent if it was not run. */
  at(select: Readonly<Record<string, string>>): MeasureScope | undefined;
}

/** The entity whose "metrics" are the policies' own counters (`count targets`). */
export const counterEntity = "counter";

/** NaN where the replication has no data for it: no samples of a stream, or a point that was not run. */
export function measureOf(expr: MeasureExpr, scope: MeasureScope): number {
  switch (expr.op) {
    case "number":
      return expr.value;
    case "axis":
      return scope.axis(expr.path);
    case "stat":
      return scope.statistic(expr);
    case "at": {
      const other = scope.at(expr.select);
      return other === undefined ? Number.NaN : measureOf(expr.of, other);
    }
    case "negate":
      return -measureOf(expr.of, scope);
    case "abs":
      return Math.abs(measureOf(expr.of, scope));
    case "sqrt":
      return Math.sqrt(measureOf(expr.of, scope));
    case "log":
      return log(measureOf(expr.of, scope));
    default: {
      const left = measureOf(expr.left, scope);
      const right = measureOf(expr.right, scope);
      switch (expr.op) {
        case "+":
          return left + right;
        case "-":
          return left - right;
        case "*":
          return left * right;
        case "/":
          return left / right;
        case "min":
          return Math.min(left, right);
        case "max":
          return Math.max(left, right);
      }
    }
  }
}

/** The shape of a metric; the names of metrics have the same shape whoever owns them. */
export function shapeOf(metric: string): MetricShape {
  return metricTable.find((row) => row.metric === metric)?.shape ?? "count";
}

/** The value of a statistic over the samples of one replication; NaN where it recorded no such series or no samples in it. */
export function statisticOf(expr: Statistic, samples: Samples): number {
  const seconds = samples.measured / 1e9;
  if (expr.entity === counterEntity) {
    const total = samples.counters[expr.metric] ?? 0;
    return expr.aggregator === "rate" ? total / seconds : total;
  }
  const series = samples.series.find(
    (one) => one.entity === expr.entity && one.metric === expr.metric,
  );
  if (series === undefined) return Number.NaN;
  const shape = shapeOf(expr.metric);
  switch (expr.aggregator) {
    case "mean":
      return meanOf(series);
    case "sd":
      return shape === "count" ? 0 : sdOf(series, shape);
    case "min":
      return series.min;
    case "max":
      return series.max;
    case "quantile":
      return quantileOf(series, expr.q ?? 0.5);
    case "count":
      return shape === "count" ? series.sum : series.count;
    case "sum":
      return series.sum;
    case "rate":
      return eventsOf(series, shape) / seconds;
    case "frac":
      return fractionOf(series, expr.compare ?? "<", expr.bound ?? 0);
  }
}

// Events of a stream, the number a count counted, the integral of a level: a second's worth of each is its rate.
function eventsOf(series: Series, shape: MetricShape): number {
  return shape === "stream" ? series.count : series.sum;
}
