// Aggregators turn a metric into a statistic; `min max abs sqrt log` also work on statistics themselves.

import {dimensionName, none, sameDimension} from "../../grammar/units.ts";
import type {Aggregator, MeasureExpr} from "../plan/measure.ts";
import type {MetricRow} from "../plan/metrics.ts";
import type {Place} from "./diagnostic.ts";
import {asStat, metricDimension} from "./operate.ts";
import {tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import {errorValue, type StatValue, type Value} from "./value.ts";
import {type EvaluatedArgument, wrongType} from "./wrong-type.ts";

const quantiles: Readonly<Record<string, number>> = {
  p50: 0.5,
  p75: 0.75,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  p999: 0.999,
  p9999: 0.9999,
};

export const aggregators: ReadonlySet<string> = new Set([
  "mean",
  "sd",
  "min",
  "max",
  ...Object.keys(quantiles),
  "quantile",
  "count",
  "rate",
  "sum",
  "frac",
]);

/** Aggregators that make sense for a metric of this shape. */
export function aggregatorsFor(shape: MetricRow["shape"]): string[] {
  switch (shape) {
    case "stream":
      return [...aggregators];
    case "level":
      return ["mean", "min", "max"];
    case "count":
      return ["count", "rate", "sum", "mean"];
  }
}

/** The statistic that `name(args)` denotes. */
export function callMeasure(
  name: string,
  args: readonly EvaluatedArgument[],
  at: Place,
  calleeAt: Place,
  scope: Scope,
): Value {
  if (args.some((arg) => arg.value.t === "error")) return errorValue;
  const [first, second] = args;
  if (first === undefined) {
    tell(scope.context.report, "E306", `\`${name}\` needs a metric`, at, "of what?", {
      help: `\`${name}(thp.sync)\``,
    });
    return errorValue;
  }
  if (first.value.t === "metric" || first.value.t === "metricTest")
    return aggregate(name, first, second, at, calleeAt, scope);
  return ofStatistics(name, args, scope);
}

function aggregate(
  name: string,
  first: EvaluatedArgument,
  second: EvaluatedArgument | undefined,
  at: Place,
  calleeAt: Place,
  scope: Scope,
): Value {
  const value = first.value;
  if (value.t === "metricTest") {
    if (name !== "frac")
      return wrongType(
        "metric",
        value,
        first.at,
        scope,
        "only `frac` takes a condition: `frac(gup.latency > 1us)`",
      );
    const expr: MeasureExpr = {
      op: "stat",
      aggregator: "frac",
      entity: value.entity,
      metric: value.row.metric,
      compare: value.compare,
      bound: value.bound,
    };
    return {t: "stat", expr, dim: none, ratio: true};
  }
  if (value.t !== "metric") return errorValue;
  if (name === "frac")
    return wrongType(
      "condition",
      value,
      first.at,
      scope,
      "`frac` takes a condition: `frac(gup.latency > 1us)`",
    );
  const legal = aggregatorsFor(value.row.shape);
  const path = `${value.entity}.${value.row.metric}`;
  if (!legal.includes(name)) {
    const shape = {stream: "a stream of samples", level: "a level", count: "a count"}[
      value.row.shape
    ];
    tell(
      scope.context.report,
      "E301",
      `\`${name}\` does not apply to ${shape}`,
      calleeAt,
      `\`${path}\` is ${shape}`,
      {help: legal.map((one) => `\`${one}(${path})\``).join(" or ")},
    );
    return errorValue;
  }
  const stat = {op: "stat", entity: value.entity, metric: value.row.metric} as const;
  const dim = metricDimension(value.row.unit);
  const one = (aggregator: Aggregator, q?: number): StatValue => ({
    t: "stat",
    expr: {...stat, aggregator, ...(q === undefined ? {} : {q})},
    dim,
    ratio: false,
  });
  const q = quantiles[name];
  if (q !== undefined) return one("quantile", q);
  switch (name) {
    case "quantile": {
      const level = second?.value;
      if (second === undefined || level === undefined) {
        tell(scope.context.report, "E306", "`quantile` needs a level", at, "which quantile?", {
          help: `\`quantile(${path}, 99.9%)\``,
        });
        return errorValue;
      }
      if (
        level.t !== "number" ||
        !sameDimension(level.dim, none) ||
        level.value <= 0 ||
        level.value >= 1
      )
        return wrongType(
          "Ratio between 0 and 1",
          level,
          second.at,
          scope,
          `\`quantile(${path}, 99.9%)\``,
        );
      return one("quantile", level.value);
    }
    case "count":
      // The number of samples of a stream, whatever their unit; of a count metric its value.
      return value.row.shape === "count" ? one("sum") : {...one("count"), dim: none};
    case "rate": {
      if (value.row.shape !== "count" || value.row.unit === "1")
        return {...one("rate"), dim: {time: -1, bytes: 0, cycles: 0}};
      // A count of nanoseconds per second is a fraction of time.
      const expr: MeasureExpr = {
        op: "/",
        left: {...stat, aggregator: "rate"},
        right: {op: "number", value: 1e9},
      };
      return {t: "stat", expr, dim: none, ratio: true};
    }
    default:
      return one(name as Aggregator);
  }
}

function ofStatistics(name: string, args: readonly EvaluatedArgument[], scope: Scope): Value {
  const stats = args.map((arg) => asStat(arg.value));
  const wrong = stats.indexOf(undefined);
  if (wrong >= 0) {
    const arg = args[wrong] as EvaluatedArgument;
    return wrongType("metric", arg.value, arg.at, scope, `\`${name}(thp.sync)\``);
  }
  const a = stats[0] as StatValue;
  const b = stats[1];
  if (b !== undefined && (name === "min" || name === "max") && stats.length === 2) {
    if (!sameDimension(a.dim, b.dim)) {
      const place = (args[1] as EvaluatedArgument).at;
      tell(
        scope.context.report,
        "E303",
        `cannot compare ${dimensionName(a.dim)} and ${dimensionName(b.dim)}`,
        place,
        dimensionName(b.dim),
        {help: "only quantities of one dimension can be added or compared"},
      );
      return errorValue;
    }
    return folded(
      {
        t: "stat",
        expr: {op: name, left: a.expr, right: b.expr},
        dim: a.dim,
        ratio: a.ratio && b.ratio,
      },
      args,
    );
  }
  if (b === undefined && (name === "abs" || name === "sqrt" || name === "log")) {
    if (name !== "abs" && !sameDimension(a.dim, none)) {
      return wrongType(
        "a plain number",
        args[0]?.value as Value,
        args[0]?.at as Place,
        scope,
        `divide by a unit first: \`${name}(x / 1us)\``,
      );
    }
    return folded({t: "stat", expr: {op: name, of: a.expr}, dim: a.dim, ratio: a.ratio}, args);
  }
  const found = args[0] as EvaluatedArgument;
  return wrongType(
    "metric",
    found.value,
    found.at,
    scope,
    `an aggregator takes a metric: \`${name}(thp.sync)\``,
  );
}

/** A function of plain numbers is a number. */
function folded(stat: StatValue, args: readonly EvaluatedArgument[]): Value {
  if (args.some((arg) => arg.value.t !== "number")) return stat;
  const [a = 0, b = 0] = args.map((arg) => (arg.value.t === "number" ? arg.value.value : 0));
  const value = {
    min: Math.min(a, b),
    max: Math.max(a, b),
    abs: Math.abs(a),
    sqrt: Math.sqrt(a),
    log: Math.log(a),
  }[stat.expr.op as "min"];
  return {t: "number", value, dim: stat.dim};
}
