// Samples on their way from a thread to the farm. Thirty series are some sixty objects and as many small arrays, which cost the farm more
// to receive than to use; so all their numbers travel in one array, whose memory is handed over and not copied. Received series look
// into it.
//
// Per series eleven numbers: count, sum, m2, min, max; how many exact samples; the size of a batch and how many means; the first bin and how
// many bins; how large the reservoir. -1 stands for what is absent. Behind them the contents, in that order.

import type {Samples, Series} from "../record/samples.ts";

const header = 11;

export interface PackedSamples {
  readonly rest: Omit<Samples, "series">;
  /** `entity`, `metric` of all series, a line each. */
  readonly names: string;
  readonly numbers: Float64Array<ArrayBuffer>;
}

interface Name {
  readonly entity: string;
  readonly metric: string;
}

export function packSamples({series, ...rest}: Samples): PackedSamples {
  const names: string[] = [];
  let length = 0;
  for (const {entity, metric, exact, batches, histogram, reservoir} of series) {
    names.push(entity, metric);
    length += header + (exact?.length ?? 0) + (batches?.means.length ?? 0);
    length += (histogram?.counts.length ?? 0) + (reservoir?.length ?? 0);
  }
  const numbers = new Float64Array(length);
  let at = 0;
  for (const {count, sum, m2, min, max, exact, batches, histogram, reservoir} of series) {
    numbers[at] = count;
    numbers[at + 1] = sum;
    numbers[at + 2] = m2;
    numbers[at + 3] = min;
    numbers[at + 4] = max;
    numbers[at + 5] = exact?.length ?? -1;
    numbers[at + 6] = batches?.size ?? -1;
    numbers[at + 7] = batches?.means.length ?? -1;
    numbers[at + 8] = histogram?.first ?? -1;
    numbers[at + 9] = histogram?.counts.length ?? -1;
    numbers[at + 10] = reservoir?.length ?? -1;
    at += header;
    for (const content of [exact, batches?.means, histogram?.counts, reservoir]) {
      if (content === undefined) continue;
      numbers.set(content, at);
      at += content.length;
    }
  }
  return {rest, names: names.join("\n"), numbers};
}

export function unpackSamples({rest, names, numbers}: PackedSamples): Samples {
  let at = 0;
  const next = (length: number): Float64Array => {
    const from = at;
    at += length;
    return numbers.subarray(from, at);
  };
  const series = namesIn(names).map(({entity, metric}): Series => {
    const [count = 0, sum = 0, m2 = 0, min = 0, max = 0] = numbers.subarray(at, at + 5);
    const [exact = -1, size = -1, means = -1, first = -1, bins = -1, reservoir = -1] =
      numbers.subarray(at + 5, at + header);
    at += header;
    return {
      entity,
      metric,
      count,
      sum,
      m2,
      min,
      max,
      ...(exact < 0 ? {} : {exact: next(exact)}),
      ...(means < 0 ? {} : {batches: {size, means: next(means)}}),
      ...(bins < 0 ? {} : {histogram: {first, counts: next(bins)}}),
      ...(reservoir < 0 ? {} : {reservoir: next(reservoir)}),
    };
  });
  return inOrder(rest, series);
}

// Keys in the order in which an engine writes them, so that samples are the same bytes whoever ran them.
function inOrder(rest: PackedSamples["rest"], series: readonly Series[]): Samples {
  const {point, replication, seed, measured, ...others} = rest;
  return {point, replication, seed, measured, series, ...others};
}

// Systems of one plan have the same few sets of names.
const mostKnown = 64;
const known = new Map<string, readonly Name[]>();

function namesIn(text: string): readonly Name[] {
  let names = known.get(text);
  if (names === undefined) {
    const words = text === "" ? [] : text.split("\n");
    names = words.flatMap((entity, i) =>
      i % 2 === 0 ? [{entity, metric: words[i + 1] ?? ""}] : [],
    );
    if (known.size >= mostKnown) known.clear();
    known.set(text, names);
  }
  return names;
}
