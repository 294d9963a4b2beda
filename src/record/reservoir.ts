// An unbiased random subset of a stream of unknown length, of fixed size. Algorithm L draws how many samples to skip rather than one
// number per sample: k (1 + ln(n / k)) draws in all, so a sample that is skipped costs a comparison.
// Source: Li, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", 1994, https://doi.org/10.1145/198429.198435

import {exp, log, log1p} from "../random/elementary.ts";
import {
  type StreamId,
  seedStream,
  streamId,
  streamWords,
  uniformBelow,
  uniformOpen,
} from "../random/stream.ts";

export class Reservoir {
  readonly #kept: Float64Array;
  readonly #id: StreamId;
  readonly #state = new Int32Array(streamWords);
  #seen = 0;
  /** Index of the next sample that will be kept. */
  #next = 0;
  #w = 1;

  /** Keeps `capacity` >= 1 samples; `name` chooses the random stream. */
  constructor(capacity: number, name: string) {
    this.#kept = new Float64Array(capacity);
    this.#id = streamId(name, "reservoir");
  }

  /** Begins anew, with the stream of (seed, replication, name). */
  reset(seed: number, replication: number): void {
    seedStream(this.#state, 0, seed, replication, this.#id);
    this.#seen = 0;
    this.#next = this.#kept.length - 1;
    this.#w = 1;
    this.#skip();
  }

  add(value: number): void {
    const index = this.#seen++;
    if (index < this.#kept.length) this.#kept[index] = value;
    else if (index === this.#next) {
      this.#kept[uniformBelow(this.#state, 0, this.#kept.length)] = value;
      this.#skip();
    }
  }

  /** The subset so far, in no particular order. */
  values(): Float64Array {
    return this.#kept.slice(0, Math.min(this.#seen, this.#kept.length));
  }

  #skip(): void {
    this.#w *= exp(log(uniformOpen(this.#state, 0)) / this.#kept.length);
    this.#next += Math.floor(log(uniformOpen(this.#state, 0)) / log1p(-this.#w)) + 1;
  }
}
