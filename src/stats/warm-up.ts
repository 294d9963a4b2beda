// How much of the beginning of a series is still under the influence of the initial state. MSER-5 drops as many batches of five as
// minimise the standard error of the mean of the rest: dropping transient values lowers it, dropping further ones raises it again.
// Source: White, "An effective truncation heuristic for bias reduction in simulation output", 1997,
// https://doi.org/10.1177/003754979706900601

import {batchMeans} from "./batch-means.ts";

export interface WarmUp {
  /** Values to drop from the beginning; a multiple of 5. */
  readonly drop: number;
  /** False when the minimum lies in the second half: the series is too short to tell where its transient ends. */
  readonly settled: boolean;
}

/** Of at least 10 values; fewer are never settled. */
export function warmUp(values: ArrayLike<number>): WarmUp {
  const batches = Math.floor(values.length / 5);
  if (batches < 2) return {drop: 0, settled: false};
  // `batchMeans` would leave out the beginning.
  const whole = Float64Array.from({length: batches * 5}, (_, i) => values[i] as number);
  const means = batchMeans(whole, batches);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  // From the end, so that sums of squares about the mean can be updated (Welford).
  let mean = 0;
  let squares = 0;
  for (let drop = batches - 1; drop >= 0; drop--) {
    const count = batches - drop;
    const deviation = (means[drop] as number) - mean;
    mean += deviation / count;
    squares += deviation * ((means[drop] as number) - mean);
    // The last few alone are always alike by chance.
    if (count >= 5 || batches < 10) {
      const error = squares / (count * count);
      if (error <= least) {
        least = error;
        best = drop;
      }
    }
  }
  return {drop: best * 5, settled: best < batches / 2};
}
