import {adjusted, type ControlVariate} from "./adjusted.ts";
import {momentsOf} from "./moments.ts";
import {tTail} from "./student-t.ts";

/** One-sided evidence about the mean of independent values: the p-values of the t-test. */
export interface SignTest {
  /** P-value against "the mean is >= 0": small when it is below. */
  readonly below: number;
  /** P-value against "the mean is <= 0": small when it is above. */
  readonly above: number;
}

/**
 * On which side of 0 the mean of the values lies. Values that do not vary decide with certainty (p-values 0 and 1; both 1 when all
 * are 0); fewer than two values decide nothing. What `controls` explain is taken out first.
 */
export function signTest(
  values: ArrayLike<number>,
  controls: readonly ControlVariate[] = [],
): SignTest {
  const {values: rest, df, worth} = adjusted(values, controls);
  const {n, mean, variance} = momentsOf(rest);
  if (n < 2 || Number.isNaN(mean)) return {below: 1, above: 1};
  if (variance === 0) return {below: mean < 0 ? 0 : 1, above: mean > 0 ? 0 : 1};
  const t = mean / Math.sqrt((variance * ((n - 1) / df)) / worth);
  return {below: tTail(-t, df), above: tTail(t, df)};
}

/**
 * Two one-sided tests of whether mean(x) / mean(y) lies within 1 - tolerance .. 1 + tolerance, for pairs. `within` is the p-value against
 * "it lies outside", `outside` that against "it lies within".
 * Source: Schuirmann, 1987, https://doi.org/10.1007/BF01068419
 */
export function equivalenceTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  tolerance: number,
  controls: readonly ControlVariate[] = [],
): {readonly within: number; readonly outside: number} {
  // On x - (1 ± tolerance) y no ratio has to be formed; a negative reference turns both around.
  const sign = momentsOf(y).mean < 0 ? -1 : 1;
  const gap = (bound: number): SignTest =>
    signTest(
      Float64Array.from(x, (value, i) => sign * (value - bound * (y[i] as number))),
      controls,
    );
  const upper = gap(1 + tolerance);
  const lower = gap(1 - tolerance);
  return {
    within: Math.max(upper.below, lower.above),
    outside: Math.min(upper.above, lower.below),
  };
}
