import {adjusted, type ControlVariate} from "./adjusted.ts";
import type {Estimate} from "./estimate.ts";
import {momentsOf} from "./moments.ts";
import {tQuantile} from "./student-t.ts";

/**
 * The mean of independent values (one a replication) with Student's t interval, which is exact for normal values and good for their
 * means otherwise unless n is small and the law skewed: see the coverage test. `confidence` in (0, 1). What `controls` explain is taken out.
 */
export function meanInterval(
  values: ArrayLike<number>,
  confidence: number,
  controls: readonly ControlVariate[] = [],
): Estimate {
  const {values: rest, df, worth} = adjusted(values, controls);
  const {n, mean, variance} = momentsOf(rest);
  if (n < 2) return {mean, lo: Number.NaN, hi: Number.NaN, n};
  const spread = variance * ((n - 1) / df);
  const half = tQuantile((1 + confidence) / 2, df) * Math.sqrt(spread / worth);
  return {mean, lo: mean - half, hi: mean + half, n};
}

/**
 * The mean of the differences a[i] - b[i] with its interval. Under common random numbers the pairs are positively correlated and the
 * interval is narrower than that of two independent means. Throws a RangeError when the lengths differ.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  confidence: number,
  controls: readonly ControlVariate[] = [],
): Estimate {
  return meanInterval(differences(a, b), confidence, controls);
}

export function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new RangeError(`Expected pairs, got ${a.length} and ${b.length} values`);
  }
  return Float64Array.from(a, (value, i) => value - (b[i] as number));
}
