// The ratio of two means from pairs. Fieller: theta belongs to the interval when the mean of x - theta y is not significantly different
// from 0, which is a quadratic inequality in theta. Unlike the delta method it stays right when the denominator is noisy; when the
// denominator cannot be told from 0 the interval is unbounded, and is reported so.
// Source: Fieller, "Some problems in interval estimation", 1954, https://doi.org/10.1111/j.2517-6161.1954.tb00159.x

import {adjusted, type ControlVariate} from "./adjusted.ts";
import type {Estimate} from "./estimate.ts";
import {momentsOf} from "./moments.ts";
import {tQuantile} from "./student-t.ts";

/**
 * mean(x) / mean(y) for pairs (x[i], y[i]), both adjusted by the same controls: x - theta y is then adjusted as well, whatever theta. Throws a
 * RangeError when the lengths differ.
 */
export function ratioInterval(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  confidence: number,
  controls: readonly ControlVariate[] = [],
): Estimate {
  if (x.length !== y.length) {
    throw new RangeError(`Expected pairs, got ${x.length} and ${y.length} values`);
  }
  const n = x.length;
  const {values: restX, df, worth} = adjusted(x, controls);
  const {values: restY} = adjusted(y, controls);
  const {mean: meanX, variance: varianceX} = momentsOf(restX);
  const {mean: meanY, variance: varianceY} = momentsOf(restY);
  const mean = meanX / meanY;
  if (n < 2) return {mean, lo: Number.NaN, hi: Number.NaN, n};
  let covariance = 0;
  for (let i = 0; i < n; i++) {
    covariance += (((restX[i] as number) - meanX) * ((restY[i] as number) - meanY)) / (n - 1);
  }
  const t = tQuantile((1 + confidence) / 2, df);
  const g = (t * t * ((n - 1) / df)) / worth;
  const a = meanY * meanY - g * varianceY;
  const b = meanX * meanY - g * covariance;
  const c = meanX * meanX - g * varianceX;
  if (!(a > 0)) return {mean, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, n};
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return {mean, lo: (b - root) / a, hi: (b + root) / a, n};
}
