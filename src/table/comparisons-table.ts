// Paired comparisons and expectations of a run as tables.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import {pointText} from "../plan/point.ts";
import {axisColumns} from "./axis-columns.ts";
import {columns} from "./columns.ts";
import {measuresOf} from "./measures-of.ts";

/**
 * A row per point and measure that is compared with a baseline point under common random numbers. Columns: the axes, `point`, `against`
 * (in words), `measure`, `unit`, `difference` with `difference_lo`, `difference_hi`, `ratio` with `ratio_lo`, `ratio_hi`, `n`.
 */
export function comparisonsTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const units = new Map(measuresOf(result).map((measure) => [measure.name, measure.unit]));
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "against",
    "measure",
    "unit",
    "difference",
    "difference_lo",
    "difference_hi",
    "ratio",
    "ratio_lo",
    "ratio_hi",
    "n",
  ]);
  for (const comparison of result.comparisons) {
    rows.push({
      ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[comparison.point]])),
      point: comparison.point,
      against: pointText(result.plan, comparison.against),
      measure: comparison.measure,
      unit: units.get(comparison.measure) ?? "1",
      difference: comparison.difference.mean,
      difference_lo: comparison.difference.lo,
      difference_hi: comparison.difference.hi,
      // Against a baseline of zero there is no ratio.
      ratio: Number.isFinite(comparison.ratio.mean) ? comparison.ratio.mean : Number.NaN,
      ratio_lo: comparison.ratio.lo,
      ratio_hi: comparison.ratio.hi,
      n: comparison.difference.n,
    });
  }
  return rows.table();
}

/** A row per expectation and point: the axes, `point`, `expectation`, `outcome` (pass, fail, inconclusive), `confidence`, `because`. */
export function expectationsTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "expectation",
    "outcome",
    "confidence_ratio",
    "because",
  ]);
  for (const expectation of result.expectations) {
    rows.push({
      ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[expectation.point]])),
      point: expectation.point,
      expectation: expectation.text,
      outcome: expectation.outcome,
      confidence_ratio: expectation.confidence,
      because: expectation.because,
    });
  }
  return rows.table();
}
