// An interval for any statistic of independent values, by resampling them: bias-corrected and accelerated percentiles.
// Source: Efron, "Better bootstrap confidence intervals", 1987, https://doi.org/10.1080/01621459.1987.10478410

import {normalCdf, normalQuantile} from "../random/normal-law.ts";
import {openStream, uniformBelow} from "../random/stream.ts";
import type {Estimate} from "./estimate.ts";

export interface BootstrapOptions {
  readonly confidence: number;
  /** 2000 when absent. */
  readonly resamples?: number;
  /** The same seed gives the same interval; 1 when absent. */
  readonly seed?: number;
}

/** Calls `statistic` once per resample and once per value; it must not depend on the order of the values. */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (values: Float64Array) => number,
  {confidence, resamples = 2000, seed = 1}: BootstrapOptions,
): Estimate {
  const given = Float64Array.from(values);
  const n = given.length;
  const mean = statistic(given);
  if (n < 2) return {mean, lo: Number.NaN, hi: Number.NaN, n};
  const state = openStream(seed, 0, "bootstrap", "resample");
  const drawn = new Float64Array(n);
  const found = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) drawn[i] = given[uniformBelow(state, 0, n)] as number;
    found[r] = statistic(drawn);
  }
  found.sort();
  const below =
    found.filter((value) => value < mean).length +
    found.filter((value) => value === mean).length / 2;
  if (below === 0 || below === resamples || found[0] === found.at(-1)) {
    return {mean, lo: found[0] as number, hi: found.at(-1) as number, n};
  }
  const bias = normalQuantile(below / resamples);
  const acceleration = accelerationOf(given, statistic);
  const end = (level: number): number => {
    const z = bias + normalQuantile(level);
    const place = normalCdf(bias + z / (1 - acceleration * z)) * (resamples - 1);
    const index = Math.floor(place);
    const low = found[index] as number;
    return low + ((found[index + 1] ?? low) - low) * (place - index);
  };
  return {mean, lo: end((1 - confidence) / 2), hi: end((1 + confidence) / 2), n};
}

// From the statistic's change when each value is left out (jackknife).
function accelerationOf(values: Float64Array, statistic: (values: Float64Array) => number): number {
  const without = Float64Array.from(values, (_, left) =>
    statistic(values.filter((__, i) => i !== left)),
  );
  const centre = without.reduce((sum, value) => sum + value, 0) / without.length;
  let squares = 0;
  let cubes = 0;
  for (const value of without) {
    const gap = centre - value;
    squares += gap * gap;
    cubes += gap * gap * gap;
  }
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}
