// The mean of a measure at a point, from what the ledger holds; controlled where the plan says by what.

import type {MeasureExpr} from "../plan/measure.ts";
import {controlledMean} from "../stats/control-variate.ts";
import type {Estimate} from "../stats/estimate.ts";
import {meanInterval} from "../stats/mean-interval.ts";
import type {Ledger} from "./ledger.ts";

/** Over the replications below `end` that have data. With fewer than three of them, or a control that does not vary, nothing is controlled. */
export function estimateOf(
  ledger: Ledger,
  expr: MeasureExpr,
  point: number,
  confidence: number,
  end: number = Number.POSITIVE_INFINITY,
): Estimate {
  const all = ledger.valuesOf(expr, point, end);
  const known = all.filter((value) => !Number.isNaN(value));
  const {control} = ledger.plan;
  const mean = control?.known[point];
  if (control !== undefined && mean !== undefined && known.length > 2) {
    const controls = ledger
      .valuesOf(control.expr, point, end)
      .filter((_, i) => !Number.isNaN(all[i]));
    const {gain, ...estimate} = controlledMean(known, controls, mean, confidence);
    if (!Number.isNaN(gain)) return estimate;
  }
  return meanInterval(known, confidence);
}
