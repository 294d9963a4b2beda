// Records the samples of one stream metric of one entity: a few nanoseconds a sample, memory that does not grow with the run.
//
// (1) While there are at most `exactCapacity` samples, all are kept and every statistic is exact.
// (2) After that the samples are counted in the bins of `histogram.ts` and a reservoir keeps an unbiased subset.
// (3) Moments are sums of x - s and (x - s)^2 about a shift s, the mean of the first `exactCapacity` samples: no division per sample as
//     in Welford's recurrence, and no cancellation, since s is close to the mean on the scale of the spread.
// (4) Long streams also keep means of consecutive batches, for what needs the order of time (warm-up, correlation). When there are
//     `batchCapacity` of them, neighbours are joined and batches are twice as long from then on.

import {binCount, binOf, sliceCounts} from "./histogram.ts";
import {Reservoir} from "./reservoir.ts";
import type {Series} from "./samples.ts";

/** Up to so many samples a series is exact. */
export const exactCapacity = 256;
/** Size of the random subset kept of longer series. */
export const reservoirCapacity = 128;

/** At most so many batch means are kept, at least half as many once there were so many samples. */
export const batchCapacity = 1024;
/** Only replications below this hand their batches over: what they tell is the same in all. */
const batchedReplications = 5;

export class StreamRecorder {
  readonly entity: string;
  readonly metric: string;
  readonly #exact = new Float64Array(exactCapacity);
  readonly #reservoir: Reservoir;
  /** Absent until the first series that outgrows `#exact`. */
  #counts: Uint32Array | undefined;
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
    this.#reservoir = new Reservoir(reservoirCapacity, `${entity}.${metric}`);
  }

  /** Forgets all samples: at the start of a replication and again at the end of its warm-up. */
  reset(seed: number, replication: number): void {
    if (this.#count > exactCapacity) {
      this.#counts?.fill(0, binOf(this.#min), binOf(this.#max) + 1);
    }
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
      this.#exact[index] = value;
      return;
    }
    if (index === exactCapacity) this.#spill();
    this.#tally(value);
  }

  /** What has been recorded since `reset`. */
  series(): Series {
    const head = {entity: this.entity, metric: this.metric, count: this.#count};
    if (this.#count === 0) return {...head, sum: 0, m2: 0, min: Number.NaN, max: Number.NaN};
    const range = {min: this.#min, max: this.#max};
    if (this.#count <= exactCapacity) {
      const exact = this.#exact.slice(0, this.#count);
      return {...head, ...momentsOf(exact), ...range, exact};
    }
    return {
      ...head,
      sum: this.#count * this.#shift + this.#sum,
      m2: Math.max(0, this.#squares - (this.#sum * this.#sum) / this.#count),
      ...range,
      ...this.#batchMeans(),
      histogram: sliceCounts(this.#counts as Uint32Array, binOf(this.#min), binOf(this.#max)),
      reservoir: this.#reservoir.values(),
    };
  }

  #spill(): void {
    this.#counts ??= new Uint32Array(binCount);
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
    const counts = this.#counts as Uint32Array;
    const bin = binOf(value);
    counts[bin] = (counts[bin] as number) + 1;
    const deviation = value - this.#shift;
    this.#sum += deviation;
    this.#squares += deviation * deviation;
    this.#reservoir.add(value);
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
