// Records a level: a number >= 0 that changes at instants and holds in between (a backlog, retained bytes). Everything is weighted by how
// long a value held. Times are in nanoseconds and only differences of them count.

import {emptySeries} from "./empty-series.ts";
import {binOf, sliceCounts} from "./histogram.ts";
import type {HistogramCounts, Series, Totals} from "./samples.ts";
import {giveBackCounts, takeCounts} from "./spare-counts.ts";

export class LevelRecorder {
  readonly entity: string;
  readonly metric: string;
  /** Absent as long as all time fell into one bin. */
  #weights: Float64Array | undefined;
  #onlyBin = -1;
  #onlyWeight = 0;
  #value = 0;
  #since = 0;
  #from = 0;
  #shift = 0;
  #sum = 0;
  #squares = 0;
  #min = 0;
  #max = 0;

  constructor(entity: string, metric: string) {
    this.entity = entity;
    this.metric = metric;
  }

  /** The level as last set. */
  get value(): number {
    return this.#value;
  }

  /** Forgets what was before `now`: at the start with the initial level, at the end of the warm-up with the level then. */
  reset(now: number, value: number): void {
    this.release();
    this.#onlyBin = -1;
    this.#onlyWeight = 0;
    this.#value = value;
    this.#since = now;
    this.#from = now;
    this.#shift = value;
    this.#sum = 0;
    this.#squares = 0;
    this.#min = value;
    this.#max = value;
  }

  /** The level is `value` from `now` on; `now` never decreases. */
  set(now: number, value: number): void {
    this.#hold(now);
    this.#value = value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Adds `step` to the level at `now`. */
  add(now: number, step: number): void {
    this.set(now, this.#value + step);
  }

  /** The level between `reset` and `now`. */
  series(now: number): Series {
    this.#hold(now);
    const time = now - this.#from;
    const {entity, metric} = this;
    if (!(time > 0)) return {...emptySeries(entity, metric), count: time};
    return {
      entity,
      metric,
      count: time,
      sum: time * this.#shift + this.#sum,
      m2: Math.max(0, this.#squares - (this.#sum * this.#sum) / time),
      min: this.#min,
      max: this.#max,
      histogram: this.#histogram(binOf(this.#min), binOf(this.#max)),
    };
  }

  /** What `series` would say of the time between `reset` and `now` and the integral over it. */
  soFar(now: number): Totals {
    this.#hold(now);
    const time = now - this.#from;
    const {entity, metric} = this;
    return {entity, metric, count: time, sum: time * this.#shift + this.#sum};
  }

  /** Hands back the memory of the histogram, which is then empty. */
  release(): void {
    if (this.#weights === undefined) return;
    giveBackCounts(this.#weights, binOf(this.#min), binOf(this.#max));
    this.#weights = undefined;
  }

  #histogram(first: number, last: number): HistogramCounts {
    if (this.#weights !== undefined) return sliceCounts(this.#weights, first, last);
    const counts = new Float64Array(last - first + 1);
    counts[this.#onlyBin - first] = this.#onlyWeight;
    return {first, counts};
  }

  // Moments are about the initial level, which keeps a level that never changes free of rounding.
  #hold(now: number): void {
    const time = now - this.#since;
    if (time === 0) return;
    this.#since = now;
    const deviation = this.#value - this.#shift;
    this.#sum += deviation * time;
    this.#squares += deviation * deviation * time;
    const bin = binOf(this.#value);
    if (this.#weights === undefined) {
      if (this.#onlyBin < 0 || this.#onlyBin === bin) {
        this.#onlyBin = bin;
        this.#onlyWeight += time;
        return;
      }
      this.#weights = takeCounts();
      this.#weights[this.#onlyBin] = this.#onlyWeight;
    }
    this.#weights[bin] = (this.#weights[bin] as number) + time;
  }
}
