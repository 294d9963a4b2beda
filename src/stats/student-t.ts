// Student's t law. Its upper tail is half an incomplete beta function, I_x(df/2, 1/2) / 2 with x = df / (df + t^2), whose front factor is
// formed from a ratio of gamma functions directly, so that no digits are lost with many degrees of freedom.

import {exp, log1p} from "../random/elementary.ts";
import {gammaRatioOfHalf} from "../random/gamma-function.ts";
import {normalCdf, normalQuantile} from "../random/normal-law.ts";
import {betaFraction} from "./incomplete-beta.ts";

/** P(T > t) with `df` > 0 degrees of freedom, not necessarily an integer; `df` Infinity is the normal law. */
export function tTail(t: number, df: number): number {
  if (Number.isNaN(t)) return t;
  if (t < 0) return 1 - tTail(-t, df);
  if (df === Number.POSITIVE_INFINITY) return normalCdf(-t);
  if (t === Number.POSITIVE_INFINITY) return 0;
  const a = df / 2;
  const square = (t * t) / df;
  const x = 1 / (1 + square);
  const y = square / (1 + square);
  // x^a y^(1/2) / B(a, 1/2)
  const front = (exp(-a * log1p(square)) * Math.sqrt(y) * gammaRatioOfHalf(a)) / sqrtPi;
  return x < (a + 1) / (a + 2.5)
    ? (0.5 * front * betaFraction(x, a, 0.5)) / a
    : 0.5 - front * betaFraction(y, 0.5, a);
}

/** P(T <= t). */
export function tCdf(t: number, df: number): number {
  return t < 0 ? tTail(-t, df) : 1 - tTail(t, df);
}

/**
 * The t with P(T <= t) = p, relative error below 1e-12. Newton's method on the tail from the normal quantile's expansion (Abramowitz and
 * Stegun 26.7.5), kept within a bracket.
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0)) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (!(p < 1)) return p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p < 0.5) return -upperQuantile(p, df);
  return p === 0.5 ? 0 : upperQuantile(1 - p, df);
}

const sqrtPi = 1.7724538509055159;

/** The t > 0 with P(T > t) = q < 1/2. */
function upperQuantile(q: number, df: number): number {
  const z = -normalQuantile(q);
  if (df === Number.POSITIVE_INFINITY) return z;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = z + (z * z * z + z) / (4 * df);
  for (let step = 0; step < 200; step++) {
    const tail = tTail(t, df);
    if (tail > q) low = t;
    else high = t;
    // Newton on ln(tail): in a heavy tail the logarithm is nearly linear in ln t, so steps are in ln t too.
    const slope = (t * density(t, df)) / tail;
    let next = t * exp((tail / q - 1) / Math.max(slope, 1e-3) / Math.max(1, tail / q));
    if (!(next > low && next < high)) {
      next = high === Number.POSITIVE_INFINITY ? 2 * t : (low + high) / 2;
    }
    if (Math.abs(next - t) <= 2e-16 * t) return next;
    t = next;
  }
  return t;
}

function density(t: number, df: number): number {
  const front = gammaRatioOfHalf(df / 2) / (Math.sqrt(df) * sqrtPi);
  return front * exp(-((df + 1) / 2) * log1p((t * t) / df));
}
