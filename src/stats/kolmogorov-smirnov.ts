// Whether samples come from a given law, or two sets of samples from the same one: the greatest vertical distance of the distribution
// functions. P-values are from Kolmogorov's limit law with Stephens' correction for small n, good to some percent from n = 10 on.
// Source: Stephens, "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics", 1970,
// https://doi.org/10.1111/j.2517-6161.1970.tb00821.x

import {exp} from "../random/elementary.ts";

export interface KolmogorovSmirnov {
  /** Greatest distance, 0 to 1. */
  readonly distance: number;
  /** Probability of a distance at least this great if the laws are equal. With ties (discrete laws) it is too large. */
  readonly p: number;
}

/** Samples against a continuous distribution function. */
export function ksAgainst(
  samples: ArrayLike<number>,
  cdf: (x: number) => number,
): KolmogorovSmirnov {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const level = cdf(x);
    distance = Math.max(distance, (i + 1) / n - level, level - i / n);
  });
  return {distance, p: tail(distance, n)};
}

/** Two sets of samples against each other. Throws a RangeError for one that is no number. */
export function ksBetween(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  // Which are sorted last.
  if (Number.isNaN(x.at(-1)) || Number.isNaN(y.at(-1))) {
    throw new RangeError("Expected samples to be numbers, got NaN");
  }
  let distance = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const value = Math.min(x[i] as number, y[j] as number);
    while (i < x.length && (x[i] as number) <= value) i++;
    while (j < y.length && (y[j] as number) <= value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return {distance, p: tail(distance, (x.length * y.length) / (x.length + y.length))};
}

function tail(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const lambda = distance * (root + 0.12 + 0.11 / root);
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = exp(-2 * k * k * lambda * lambda);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, 2 * sum);
}
