// Arrays of histogram counts that finished recorders hand back, all zero, for the next ones to take. A replication of a small system
// lasts some microseconds; making and clearing 64 KB for each of its recorders would cost more than the replication itself.
//
// An array belongs to one recorder from `takeCounts` to `giveBackCounts`; what leaves in a series is always a copy. A recorder whose run
// ended in an exception hands nothing back, and its array is simply collected.

import {binCount} from "./histogram.ts";

/** At most so many arrays are kept: 8 MB. */
export const mostSpare = 128;
const spare: Float64Array[] = [];

/** `binCount` zeros. */
export function takeCounts(): Float64Array {
  return spare.pop() ?? new Float64Array(binCount);
}

/** Takes back an array whose counts are zero but for the bins `first` to `last`, both included. The caller must forget it. */
export function giveBackCounts(counts: Float64Array, first: number, last: number): void {
  if (spare.length >= mostSpare) return;
  counts.fill(0, first, last + 1);
  spare.push(counts);
}
