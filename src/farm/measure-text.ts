// Measures in the language's own words, for the reports of expectations.

import type {MeasureExpr, MeasureUnit} from "../plan/measure.ts";
import {metricTable} from "../plan/metrics.ts";
import {numberText, quantityText} from "../plan/quantity-text.ts";

/** `p99(thp.sync)`, `rate(sync.ipis) / readers`; numbers are printed in `unit`. */
export function measureText(expr: MeasureExpr, unit: MeasureUnit = "1"): string {
  switch (expr.op) {
    case "number":
      return quantityText(expr.value, unit);
    case "axis":
      return expr.path;
    case "stat": {
      const of = `${expr.entity}.${expr.metric}`;
      if (expr.aggregator === "quantile") return quantileText(of, expr.q ?? 0.5);
      if (expr.aggregator !== "frac") return `${expr.aggregator}(${of})`;
      const bound = quantityText(expr.bound ?? 0, metricUnit(expr.metric));
      return `frac(${of} ${expr.compare ?? "<"} ${bound})`;
    }
    case "at": {
      const select = Object.entries(expr.select).map(([path, label]) => `${path}: ${label}`);
      return `${measureText(expr.of, unit)} at (${select.join(", ")})`;
    }
    case "negate":
      return `-${operandText(expr.of, unit)}`;
    case "abs":
    case "sqrt":
    case "log":
      return `${expr.op}(${measureText(expr.of, unit)})`;
    case "min":
    case "max":
      return `${expr.op}(${measureText(expr.left, unit)}, ${measureText(expr.right, unit)})`;
    default: {
      // A factor is a plain number, whatever the other has for a unit.
      const inside = expr.op === "*" || expr.op === "/" ? "1" : unit;
      return `${operandText(expr.left, inside)} ${expr.op} ${operandText(expr.right, inside)}`;
    }
  }
}

/** The unit of a measure's values; `undefined` for a number, which takes that of what it stands beside. */
export function measureUnit(expr: MeasureExpr): MeasureUnit | undefined {
  switch (expr.op) {
    case "number":
      return undefined;
    case "axis":
    case "log":
    case "sqrt":
      return "1";
    case "stat":
      if (expr.aggregator === "frac") return "ratio";
      if (expr.aggregator === "rate") return "1/s";
      return expr.aggregator === "count" ? "1" : metricUnit(expr.metric);
    case "at":
    case "negate":
    case "abs":
      return measureUnit(expr.of);
    case "*":
    case "/": {
      const left = measureUnit(expr.left);
      const right = measureUnit(expr.right);
      if (right === undefined || right === "1") return left;
      return expr.op === "*" && (left === undefined || left === "1") ? right : "1";
    }
    default:
      return measureUnit(expr.left) ?? measureUnit(expr.right);
  }
}

/** The unit in which both sides of a comparison are printed. */
export function comparisonUnit(left: MeasureExpr, right: MeasureExpr | undefined): MeasureUnit {
  return measureUnit(left) ?? (right === undefined ? undefined : measureUnit(right)) ?? "1";
}

/** Whether the measure is the same in every replication whatever is simulated. */
export function isConstant(expr: MeasureExpr): boolean {
  if (expr.op === "number" || expr.op === "axis") return true;
  if (expr.op === "stat") return false;
  if ("of" in expr) return isConstant(expr.of);
  return isConstant(expr.left) && isConstant(expr.right);
}

/** `5%`, `0.1%`. */
export function shareText(share: number): string {
  return `${numberText(100 * share, 2)}%`;
}

function quantileText(of: string, q: number): string {
  const digits = numberText(q, 12).slice(2);
  if (q >= 0.1 && digits.length <= 4)
    return `p${digits.length === 1 ? `${digits}0` : digits}(${of})`;
  return `quantile(${of}, ${numberText(100 * q, 12)}%)`;
}

function operandText(expr: MeasureExpr, unit: MeasureUnit): string {
  const text = measureText(expr, unit);
  return ["+", "-", "*", "/"].includes(expr.op) ? `(${text})` : text;
}

function metricUnit(metric: string): MeasureUnit {
  return metricTable.find((row) => row.metric === metric)?.unit ?? "1";
}
