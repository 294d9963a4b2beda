// Statistics of one series. Exact while the series kept all samples; of longer ones quantiles and fractions come from the logarithmic
// histogram, whose bins bound their error.

import {lowerEdge, middleOf} from "./histogram.ts";
import type {HistogramCounts, Series} from "./samples.ts";

/** NaN without samples. */
export function meanOf(series: Series): number {
  return series.sum / series.count;
}

/** Standard deviation: of a stream the unbiased estimate (n - 1), of a level that over time. NaN with fewer than two samples. */
export function sdOf(series: Series, shape: "stream" | "level" | "count"): number {
  if (shape === "level") return Math.sqrt(series.m2 / series.count);
  return series.count < 2 ? Number.NaN : Math.sqrt(series.m2 / (series.count - 1));
}

/**
 * The `q`-quantile, 0 <= q <= 1. Of exact series by linear interpolation between order statistics (Hyndman and Fan's type 7, as R and
 * NumPy, https://doi.org/10.2307/2684934); of others the middle of the bin that holds the sample of rank ceil(q n), which is within 0.4 %
 * of that sample. NaN without samples.
 */
export function quantileOf(series: Series, q: number): number {
  if (!(series.count > 0)) return Number.NaN;
  if (series.exact !== undefined) return sortedQuantile(series.exact.toSorted(), q);
  if (series.histogram === undefined) return series.count === 1 ? series.sum : Number.NaN;
  const {first, counts} = series.histogram;
  let total = 0;
  for (const weight of counts) total += weight;
  const rank = q * total;
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    below += counts[i] as number;
    if (below >= rank && (counts[i] as number) > 0) {
      return Math.min(series.max, Math.max(series.min, middleOf(first + i)));
    }
  }
  return series.max;
}

/** The type-7 quantile of ascending values. */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const index = Math.min(sorted.length - 1, Math.max(0, Math.floor(place)));
  const low = sorted[index] as number;
  const high = sorted[Math.min(sorted.length - 1, index + 1)] as number;
  return low + (high - low) * (place - index);
}

/**
 * The fraction of samples (of a level: of time) for which `sample <compare> bound` holds. In a histogram the bin that holds the bound
 * is divided in proportion, so the error is at most that bin's fraction. NaN without samples.
 */
export function fractionOf(
  series: Series,
  compare: "<" | "<=" | ">" | ">=",
  bound: number,
): number {
  if (!(series.count > 0)) return Number.NaN;
  if (series.exact !== undefined) {
    let hits = 0;
    for (const value of series.exact) if (holds(value, compare, bound)) hits++;
    return hits / series.count;
  }
  if (series.min === series.max) return holds(series.min, compare, bound) ? 1 : 0;
  if (bound > series.max) return compare === "<" || compare === "<=" ? 1 : 0;
  if (bound < series.min) return compare === "<" || compare === "<=" ? 0 : 1;
  const below = series.histogram === undefined ? Number.NaN : shareBelow(series.histogram, bound);
  return compare === "<" || compare === "<=" ? below : 1 - below;
}

function holds(value: number, compare: "<" | "<=" | ">" | ">=", bound: number): boolean {
  switch (compare) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
  }
}

function shareBelow(histogram: HistogramCounts, bound: number): number {
  let total = 0;
  let below = 0;
  for (let i = 0; i < histogram.counts.length; i++) {
    const weight = histogram.counts[i] as number;
    const lo = lowerEdge(histogram.first + i);
    const hi = lowerEdge(histogram.first + i + 1);
    total += weight;
    if (hi <= bound) below += weight;
    else if (lo < bound && hi < Number.POSITIVE_INFINITY)
      below += (weight * (bound - lo)) / (hi - lo);
  }
  return below / total;
}
