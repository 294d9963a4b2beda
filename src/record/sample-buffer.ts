// Samples on their way into a recorder, some hundreds at a time: the loop that makes them only stores them, and the one that counts them
// finds the bin of each in the memory where it already lies. (A number that has just been computed must go through memory to give
// its upper bits, as in `binOf`; waiting for that took longer than all else that is done with a sample.)

import {binOfWord, upperWord} from "./histogram.ts";

export class SampleBuffer {
  /** Samples, >= 0. */
  readonly values: Float64Array;
  /** The instant that each belongs to [ticks]. */
  readonly times: Float64Array;
  private readonly words: Int32Array;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.times = new Float64Array(capacity);
    this.words = new Int32Array(this.values.buffer);
  }

  /** The bin of sample `i`, as `binOf` finds it. */
  bin(i: number): number {
    return binOfWord(this.words[2 * i + upperWord] as number);
  }
}
