// Intervals from one long, autocorrelated series. Means of consecutive batches are nearly independent once a batch is much longer than the
// correlation; with too short batches the interval is far too narrow (for waiting times in M/M/1 at load 0.8, 640 customers in 20
// batches: a nominal 90 % covers 59 %). So `steadyInterval` first measures how long the correlation lasts and gives no interval when the series is too short for it.
// Source: Law and Kelton, "Simulation Modeling and Analysis", section 9.5.3.

import type {Estimate} from "./estimate.ts";
import {meanInterval} from "./mean-interval.ts";
import {momentsOf} from "./moments.ts";

/** Means of `batches` consecutive batches of equal length; what does not fill a batch is left out at the beginning. */
export function batchMeans(values: ArrayLike<number>, batches: number): Float64Array {
  const size = Math.floor(values.length / batches);
  const skipped = values.length - size * batches;
  return Float64Array.from({length: batches}, (_, batch) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += values[skipped + batch * size + i] as number;
    return sum / size;
  });
}

/** The t interval of so many batch means, whatever their correlation: right only if batches are long. */
export function batchInterval(
  values: ArrayLike<number>,
  batches: number,
  confidence: number,
): Estimate {
  return meanInterval(batchMeans(values, batches), confidence);
}

/**
 * The integrated autocorrelation time: how many successive values are worth one independent one, 1 + 2 (r1 + r2 + ...), with the sum ended
 * where the correlations drown in noise. Source: Geyer's initial positive sequence, 1992, https://doi.org/10.1214/ss/1177011137
 */
export function correlationTime(values: ArrayLike<number>): number {
  const n = values.length;
  const {mean} = momentsOf(values);
  const centred = Float64Array.from(values, (value) => value - mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (centred[i] as number) * (centred[i - lag] as number);
    return sum / n;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  let sum = -variance;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = covariance(lag) + covariance(lag + 1);
    if (pair <= 0) break;
    sum += 2 * pair;
  }
  return Math.max(1, sum / variance);
}

// Longer series are judged by so many batch means, which bounds the work and hides nothing: a correlation across batches remains.
const judged = 4096;
/** A series counts as long when it is worth so many independent values; below, the correlation time itself is underestimated. */
const longEnough = 400;
/** The widest of these intervals is taken: a series is believed sooner when it happens to vary little, and that must be paid for. */
const batchCounts = [5, 10, 20];

/**
 * The mean of a stationary, autocorrelated series with an interval, or `undefined` when the series is too short for one that can be
 * believed: simulate longer, or use replications. A series that is doubled until it has an interval is covered by it as stated
 * (measured: 91 % of nominal 90 % intervals of waiting times in M/M/1 at load 0.8, after 49,000 customers on average).
 */
export function steadyInterval(
  values: ArrayLike<number>,
  confidence: number,
): Estimate | undefined {
  const n = values.length;
  if (n < longEnough) return undefined;
  const condensed = n > judged ? batchMeans(values, judged) : Float64Array.from(values);
  if (condensed.length < longEnough * correlationTime(condensed)) return undefined;
  const {mean} = momentsOf(values);
  const half = Math.max(
    ...batchCounts.map((batches) => {
      const {lo, hi} = batchInterval(values, batches, confidence);
      return (hi - lo) / 2;
    }),
  );
  return {mean, lo: mean - half, hi: mean + half, n};
}
