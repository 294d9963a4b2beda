// The bins of every logarithmic histogram: 128 to the octave, the same for all series, so that any two histograms can be added.
//
// Bin 0 is [0, 2^-10). Bin 1 + 128 (e + 10) + k, for 0 <= k < 128, is [2^e (1 + k/128), 2^e (1 + (k+1)/128)) for -10 <= e < 54; the
// last bin is everything from 2^54 on. The bin of a number is thus nothing but the top bits of its float64: 11 bits of exponent and 7
// of mantissa. In nanoseconds the range is a picosecond to half a year. The middle of a bin is within 1/256 (0.39 %) of each
// number in it; that is the error of a quantile. Compare HdrHistogram (http://hdrhistogram.org), whose bins are found the same way.

import {powerOfTwo} from "../random/elementary.ts";
import type {HistogramCounts} from "./samples.ts";

const mantissaBits = 7;
const perOctave = 1 << mantissaBits;
const lowestExponent = -10;
const octaves = 64;
const firstKey = (1023 + lowestExponent) << mantissaBits;

/** How many bins there are. */
export const binCount: number = 2 + octaves * perOctave;

/** No number differs from the middle of its bin by more than this part of itself (bins 0 and last excepted). */
export const relativeError: number = 1 / (2 * perOctave);

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);
bits[0] = 1;
/** Which of the two words of a float64 holds its upper bits on this machine. */
export const upperWord: 0 | 1 = words[1] === 0x3ff00000 ? 1 : 0;

/** The bin of a number >= 0; a negative number counts as 0. */
export function binOf(value: number): number {
  bits[0] = value;
  return binOfWord(words[upperWord] as number);
}

/** The same from the upper 32 bits of the number as a float64. */
export function binOfWord(word: number): number {
  const bin = (word >> (20 - mantissaBits)) - firstKey + 1;
  return bin < 0 ? 0 : bin < binCount ? bin : binCount - 1;
}

/** The lower edge of a bin; that of bin `binCount` is Infinity. */
export function lowerEdge(bin: number): number {
  if (bin <= 0) return 0;
  if (bin >= binCount) return Number.POSITIVE_INFINITY;
  const octave = Math.floor((bin - 1) / perOctave);
  const step = (bin - 1) % perOctave;
  return powerOfTwo(octave + lowestExponent) * (1 + step / perOctave);
}

/** The middle of a bin: what a sample in it is taken to be; in bin 0, of less than a picosecond, 0. The last bin's is its lower edge. */
export function middleOf(bin: number): number {
  if (bin <= 0) return 0;
  return bin >= binCount - 1 ? lowerEdge(binCount - 1) : (lowerEdge(bin) + lowerEdge(bin + 1)) / 2;
}

/** The sum of two histograms. Exact as long as the counts are integers below 2^53, hence associative and independent of order. */
export function mergeCounts(a: HistogramCounts, b: HistogramCounts): HistogramCounts {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const first = Math.min(a.first, b.first);
  const end = Math.max(a.first + a.counts.length, b.first + b.counts.length);
  const counts = new Float64Array(end - first);
  for (const {first: from, counts: part} of [a, b]) {
    for (let i = 0; i < part.length; i++) {
      counts[from - first + i] = (counts[from - first + i] as number) + (part[i] as number);
    }
  }
  return {first, counts};
}

/** The histogram of given samples. */
export function histogramOf(values: ArrayLike<number>): HistogramCounts {
  if (values.length === 0) return {first: 0, counts: new Float64Array(0)};
  const bins = Int32Array.from(values, binOf);
  let first = binCount;
  let last = 0;
  for (const bin of bins) {
    if (bin < first) first = bin;
    if (bin > last) last = bin;
  }
  const counts = new Float64Array(last - first + 1);
  for (const bin of bins) counts[bin - first] = (counts[bin - first] as number) + 1;
  return {first, counts};
}

/** The bins `first` to `last`, both included, of an array of `binCount` counts. */
export function sliceCounts(
  all: Uint32Array | Float64Array,
  first: number,
  last: number,
): HistogramCounts {
  return {first, counts: all.slice(first, last + 1)};
}
