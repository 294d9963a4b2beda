import type {Estimate} from "./estimate.ts";
import {momentsOf} from "./moments.ts";
import {tQuantile} from "./student-t.ts";

/**
 * mean(a) - mean(b) of two independent samples of unequal variance and size, with its interval. `n` is that of the smaller sample.
 * Source: Welch, 1947, https://doi.org/10.1093/biomet/34.1-2.28
 */
export function welchDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  confidence: number,
): Estimate {
  const left = momentsOf(a);
  const right = momentsOf(b);
  const mean = left.mean - right.mean;
  const n = Math.min(left.n, right.n);
  if (n < 2) return {mean, lo: Number.NaN, hi: Number.NaN, n};
  const u = left.variance / left.n;
  const v = right.variance / right.n;
  if (u + v === 0) return {mean, lo: mean, hi: mean, n};
  const freedom = ((u + v) * (u + v)) / ((u * u) / (left.n - 1) + (v * v) / (right.n - 1));
  const half = tQuantile((1 + confidence) / 2, freedom) * Math.sqrt(u + v);
  return {mean, lo: mean - half, hi: mean + half, n};
}
