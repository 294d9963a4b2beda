// Records the samples of one stream metric of one entity: a few nanoseconds a sample, memory that does not grow with the run.
//
// (1) While there are at most `exactCapacity` samples, all are kept and every statistic is exact.
// (2) After that the samples are counted in the bins of `histogram.ts` and a reservoir keeps an unbiased subset.
// (3) Moments are sums of x - s and (x - s)^2 about a shift s, the mean of the first `exactCapacity` samples: no division per sample as
//     in Welford's recurrence, and no cancellation, since s is close to the mean on the scale of the spread.
// (4) Long streams also keep means of consecutive batches, for what needs the order of time (warm-up, correlation). When there are
//     `batchCapacity` of them, neighbours are joined and batches are twice as long from then on.

import {emptySeries} from "./empty-series.ts";
import {binOf, sliceCounts} from "./histogram.ts";
import {Reservoir} from "./reservoir.ts";
import type {Series, Totals} from "./samples.ts";
import {giveBackCounts, takeCounts} from "./spare-counts.ts";

/** Up to so many samples a series is exact. */
export const exactCapacity = 256;
/** Size of the random subset kept of longer series. */
export const reservoirCapacity = 128;

/** At most so many batch means are kept, at least half as many once there were so many samples. */
export const batchCapacity = 1024;
/** Only replications below this hand their batches over: what they tell is the same in all. */
const batchedReplications = 5;

const none = new Float64Array(0);

export class StreamRecorder {
  readonly entity: string;
  readonly metric: string;
  /** Grows with the samples up to `exactCapacity`. */
  #exact: Float64Array = none;
  /** Absent until the first series that outgrows `#exact`. */
  #counts: Float64Array | undefined;
  #reservoir: Reservoir | undefined;
  #batches: Float64Array | undefined;
  #batchCount = 0;
  #batchSize = 1;
  #inBatch = 0;
  #batchSum = 0;
  #seed = 0;
  #replication = 0;
  #count = 0;
  #shift = 0;
  #sum = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(entity: string, metric: string) {
    this.entity = entity;
    this.metric = metric;
  }

  /** Forgets all samples: at the start of a replication and again at the end of its warm-up. */
  reset(seed: number, replication: number): void {
    this.release();
    this.#seed = seed;
    this.#replication = replication;
    this.#count = 0;
    this.#sum = 0;
    this.#squares = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  /** Adds a sample, a finite number >= 0. */
  record(value: number): void {
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const index = this.#count++;
    if (index < exactCapacity) {
      if (index === this.#exact.length) this.#grow();
      this.#exact[index] = value;
      return;
    }
    if (index === exactCapacity) this.#spill();
    this.#tally(value);
  }

  /** What has been recorded since `reset`. */
  series(): Series {
    const {entity, metric} = this;
    const [count, min, max] = [this.#count, this.#min, this.#max];
    if (count === 0) return emptySeries(entity, metric);
    if (count <= exactCapacity) {
      const exact = this.#exact.slice(0, count);
      const {sum, m2} = momentsOf(exact);
      return {entity, metric, count, sum, m2, min, max, exact};
    }
    return {
      entity,
      metric,
      count,
      sum: count * this.#shift + this.#sum,
      m2: Math.max(0, this.#squares - (this.#sum * this.#sum) / count),
      min,
      max,
      ...this.#batchMeans(),
      histogram: sliceCounts(this.#counts as Float64Array, binOf(this.#min), binOf(this.#max)),
      reservoir: (this.#reservoir as Reservoir).values(),
    };
  }

  /** What `series` would say of the number of samples and their sum. */
  soFar(): Totals {
    const {entity, metric} = this;
    const count = this.#count;
    const sum =
      count <= exactCapacity
        ? momentsOf(this.#exact.subarray(0, count)).sum
        : count * this.#shift + this.#sum;
    return {entity, metric, count, sum};
  }

  /** Hands back the memory of the histogram; nothing but `reset` may follow. */
  release(): void {
    if (this.#counts === undefined) return;
    giveBackCounts(this.#counts, binOf(this.#min), binOf(this.#max));
    this.#counts = undefined;
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(16, 2 * this.#exact.length));
    grown.set(this.#exact);
    this.#exact = grown;
  }

  #spill(): void {
    this.#counts ??= takeCounts();
    this.#reservoir ??= new Reservoir(reservoirCapacity, `${this.entity}.${this.metric}`);
    this.#reservoir.reset(this.#seed, this.#replication);
    this.#batches ??= new Float64Array(batchCapacity);
    this.#batchCount = 0;
    this.#batchSize = 1;
    this.#inBatch = 0;
    this.#batchSum = 0;
    this.#sum = 0;
    const {sum} = momentsOf(this.#exact);
    this.#shift = sum / exactCapacity;
    for (const value of this.#exact) this.#tally(value);
  }

  #tally(value: number): void {
    const counts = this.#counts as Float64Array;
    const bin = binOf(value);
    counts[bin] = (counts[bin] as number) + 1;
    const deviation = value - this.#shift;
    this.#sum += deviation;
    this.#squares += deviation * deviation;
    (this.#reservoir as Reservoir).add(value);
    this.#batchSum += deviation;
    if (++this.#inBatch === this.#batchSize) this.#closeBatch();
  }

  // Batches hold sums of deviations from the shift until they are handed over.
  #closeBatch(): void {
    const batches = this.#batches as Float64Array;
    batches[this.#batchCount++] = this.#batchSum;
    this.#batchSum = 0;
    this.#inBatch = 0;
    if (this.#batchCount < batchCapacity) return;
    this.#batchCount = batchCapacity / 2;
    this.#batchSize *= 2;
    for (let i = 0; i < this.#batchCount; i++) {
      batches[i] = (batches[2 * i] as number) + (batches[2 * i + 1] as number);
    }
  }

  #batchMeans(): Pick<Series, "batches"> {
    if (this.#replication >= batchedReplications) return {};
    const size = this.#batchSize;
    const sums = (this.#batches as Float64Array).subarray(0, this.#batchCount);
    return {batches: {size, means: sums.map((sum) => this.#shift + sum / size)}};
  }
}

/** Sum and sum of squared deviations from the mean, in two passes. */
function momentsOf(values: Float64Array): {sum: number; m2: number} {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let m2 = 0;
  for (const value of values) m2 += (value - mean) * (value - mean);
  return {sum, m2};
}
