// The mean of a measure at a point, from what the ledger holds; controlled where the plan says by what.

import type {MeasureExpr} from "../plan/measure.ts";
import type {Estimate} from "../stats/estimate.ts";
import {meanInterval} from "../stats/mean-interval.ts";
import type {Ledger} from "./ledger.ts";
import {sampleOf} from "./sample.ts";

/** Over the replications below `end` that have data. With fewer than three of them, or a control that does not vary, nothing is controlled. */
export function estimateOf(
  ledger: Ledger,
  expr: MeasureExpr,
  point: number,
  confidence: number,
  end: number = Number.POSITIVE_INFINITY,
): Estimate {
  const {values, controls} = sampleOf(ledger, expr, point, end);
  return meanInterval(values, confidence, controls);
}
