// Weighted samples and what is read off them. Everything that draws a distribution (box, violin, ECDF, histogram) goes through here, so
// that kept samples, whole or thinned, and bins of a histogram are treated alike: a value and how many measured samples it stands for.

import {quantityText} from "../plan/quantity-text.ts";

export interface Distribution {
  /** Ascending. */
  readonly values: Float64Array;
  /** Samples up to and with `values[i]`; the last is the number of samples. */
  readonly below: Float64Array;
}

/** Sorts once; values that are not numbers are left out. Without weights every value counts one. */
export function distributionOf(
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Distribution {
  if (weights === undefined) {
    const sorted = Float64Array.from(values)
      .filter((value) => !Number.isNaN(value))
      .sort();
    return {values: sorted, below: Float64Array.from(sorted, (_, i) => i + 1)};
  }
  const uniform = isUniform(weights);
  if (uniform !== undefined) {
    const {values: sorted, below} = distributionOf(values);
    return {values: sorted, below: below.map((count) => count * uniform)};
  }
  const order = Uint32Array.from({length: values.length}, (_, i) => i)
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => values[a] - values[b]);
  let sum = 0;
  return {
    values: Float64Array.from(order, (i) => values[i]),
    below: Float64Array.from(order, (i) => (sum += weights[i])),
  };
}

/** Number of samples, weights counted. */
export function sizeOf(distribution: Distribution): number {
  return distribution.below.at(-1) ?? 0;
}

/** The smallest value that at least the share `q` of the samples do not exceed; NaN when there are none. */
export function quantileOf(distribution: Distribution, q: number): number {
  const {values, below} = distribution;
  if (values.length === 0) return Number.NaN;
  return values[Math.min(values.length - 1, firstAtLeast(below, q * sizeOf(distribution)))];
}

export function meanOf(distribution: Distribution): number {
  const {values, below} = distribution;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * (below[i] - (below[i - 1] ?? 0));
  return sum / sizeOf(distribution);
}

/** Index of the first entry that is at least `bound`; the length when there is none. */
export function firstAtLeast(ascending: Float64Array, bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // A relative slack of 1e-12: sums of weights are rounded.
    if (ascending[middle] < bound * (1 - 1e-12)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The samples that have a place on a logarithmic axis: those above zero. */
export function positivePart({values, below}: Distribution): Distribution {
  const first = firstAtLeast(values, Number.MIN_VALUE);
  if (first === 0) return {values, below};
  const before = below[first - 1];
  return {values: values.subarray(first), below: below.slice(first).map((count) => count - before)};
}

/** What a reader must know when samples are missing from a logarithmic axis; empty when none are. */
export function zerosNote(all: readonly Distribution[], log: boolean): string[] {
  if (!log) return [];
  const total = all.reduce((sum, one) => sum + sizeOf(one), 0);
  const shown = all.reduce((sum, one) => sum + sizeOf(positivePart(one)), 0);
  if (shown === total) return [];
  const share = quantityText((total - shown) / total, "ratio");
  return [`${share} of the samples are 0, which a logarithmic axis cannot show`];
}

function isUniform(weights: ArrayLike<number>): number | undefined {
  const first = weights[0];
  for (let i = 1; i < weights.length; i++) if (weights[i] !== first) return undefined;
  return first;
}
