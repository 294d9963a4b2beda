// A mean made more precise by a second quantity of the same replications whose true mean is known in closed form: where the control came
// out too high, the estimate is lowered in proportion to their regression. With correlation r the variance falls by 1 - r^2.
// Source: Lavenberg and Welch, "A perspective on the use of control variables", 1981, https://doi.org/10.1287/mnsc.27.3.322

import type {Estimate} from "./estimate.ts";
import {momentsOf} from "./moments.ts";
import {tQuantile} from "./student-t.ts";

export interface ControlledEstimate extends Estimate {
  /** Variance of the plain mean over that of this one; below 1 if the control was useless. */
  readonly gain: number;
}

/** `values[i]` and `controls[i]` belong to one replication; `known` is the control's true mean. Wants at least 3 replications. */
export function controlledMean(
  values: ArrayLike<number>,
  controls: ArrayLike<number>,
  known: number,
  confidence: number,
): ControlledEstimate {
  const y = momentsOf(values);
  const x = momentsOf(controls);
  const {n} = y;
  if (n !== x.n) throw new RangeError(`Expected pairs, got ${n} and ${x.n} values`);
  if (n < 3 || x.variance === 0) {
    return {mean: y.mean, lo: Number.NaN, hi: Number.NaN, n, gain: Number.NaN};
  }
  let product = 0;
  for (let i = 0; i < n; i++) {
    product += ((values[i] as number) - y.mean) * ((controls[i] as number) - x.mean);
  }
  const spread = x.variance * (n - 1);
  const slope = product / spread;
  const excess = x.mean - known;
  const mean = y.mean - slope * excess;
  const residual = Math.max(0, y.variance * (n - 1) - slope * product) / (n - 2);
  const variance = residual * (1 / n + (excess * excess) / spread);
  const half = tQuantile((1 + confidence) / 2, n - 2) * Math.sqrt(variance);
  return {mean, lo: mean - half, hi: mean + half, n, gain: y.variance / n / variance};
}
