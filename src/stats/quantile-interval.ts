// A distribution-free confidence interval for a quantile: between which order statistics it lies follows from the binomial law alone,
// since the number of samples below the true quantile is Bin(n, q). A t interval would be wrong here: the tail is neither normal nor
// smooth. Source: David and Nagaraja, "Order Statistics", 3rd ed., section 7.1, https://doi.org/10.1002/0471722162

import type {Estimate} from "./estimate.ts";
import {incompleteBeta} from "./incomplete-beta.ts";

export interface QuantileEstimate extends Estimate {
  /** The probability with which the interval covers the quantile, at least the confidence asked for where both ends are finite. */
  readonly coverage: number;
}

/**
 * The `q`-quantile of independent samples with an interval of at least the given confidence. An end is infinite when there are too few
 * samples to bound it: a 95 % interval for p99 needs 368 samples above and below. `samples` need not be sorted.
 */
export function quantileInterval(
  samples: ArrayLike<number>,
  q: number,
  confidence: number,
): QuantileEstimate {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  const tail = (1 - confidence) / 2;
  // The r-th smallest is a lower bound with error P(B < r), the s-th an upper bound with error P(B >= s).
  const r = greatest(n, (k) => atMost(k - 1, n, q) <= tail);
  const s = n + 1 - greatest(n, (k) => 1 - atMost(n - k, n, q) <= tail);
  return {
    mean: n === 0 ? Number.NaN : (sorted[Math.max(0, Math.ceil(q * n) - 1)] as number),
    lo: r === 0 ? Number.NEGATIVE_INFINITY : (sorted[r - 1] as number),
    hi: s === n + 1 ? Number.POSITIVE_INFINITY : (sorted[s - 1] as number),
    n,
    coverage: (s === n + 1 ? 1 : atMost(s - 1, n, q)) - (r === 0 ? 0 : atMost(r - 1, n, q)),
  };
}

/** P(Bin(n, q) <= k). */
export function atMost(k: number, n: number, q: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - q, n - k, k + 1);
}

/** The greatest k in 0..n for which `holds`, given that it holds for 0 and once false stays false. */
function greatest(n: number, holds: (k: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
