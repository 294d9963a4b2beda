// Walker's alias table: an index with given probabilities in O(1), from one table look-up per draw.
// Source: Vose, "A linear algorithm for generating random numbers with a given distribution", 1991, https://doi.org/10.1109/32.92917

import {type Sampler, uniform53} from "./stream.ts";

/** Column i, each as likely as any other, stands for i with probability `keep[i]` and for `alias[i]` otherwise. */
export interface AliasTable {
  readonly keep: Float64Array;
  readonly alias: Int32Array;
}

/**
 * A sampler of indices, `i` with probability `weights[i]` over their sum. Throws a RangeError when a weight is negative or not finite,
 * or when none is positive.
 */
export function aliasSampler(weights: readonly number[]): Sampler {
  const {keep, alias} = aliasTable(weights);
  const n = weights.length;
  return (state, at) => {
    const scaled = uniform53(state, at) * n;
    const column = Math.floor(scaled);
    return scaled - column < (keep[column] as number) ? column : (alias[column] as number);
  };
}

/** The table of a law on indices; throws as `aliasSampler` does. */
export function aliasTable(weights: readonly number[]): AliasTable {
  const n = weights.length;
  let total = 0;
  for (const weight of weights) {
    if (!(weight >= 0) || weight === Number.POSITIVE_INFINITY) {
      throw new RangeError(`Expected weights to be finite numbers >= 0, got \`${weight}\``);
    }
    total += weight;
  }
  if (!(total > 0)) {
    throw new RangeError(`Expected a positive weight among \`[${weights.join(", ")}]\``);
  }
  // Column i holds i below `keep[i]` and `alias[i]` above; a column of weight zero keeps nothing.
  const keep = new Float64Array(n);
  const alias = new Int32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) {
    keep[i] = ((weights[i] as number) * n) / total;
    alias[i] = i;
    ((keep[i] as number) < 1 ? small : large).push(i);
  }
  let receiver = large.pop();
  for (let i = small.pop(); i !== undefined && receiver !== undefined; i = small.pop()) {
    alias[i] = receiver;
    keep[receiver] = (keep[receiver] as number) + (keep[i] as number) - 1;
    if ((keep[receiver] as number) < 1) {
      small.push(receiver);
      receiver = large.pop();
    }
  }
  // What rounding left over keeps its whole column, unless its weight is zero.
  for (let i = 0; i < n; i++) {
    if (alias[i] === i && (weights[i] as number) > 0) keep[i] = 1;
  }
  const heaviest = weights.indexOf(Math.max(...weights));
  for (let i = 0; i < n; i++) if (alias[i] === i && keep[i] !== 1) alias[i] = heaviest;
  return {keep, alias};
}
