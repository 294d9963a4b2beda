// Poisson counts of a mean that is used again and again: one look-up in an alias table, whatever the mean.

import {aliasTable} from "./alias.ts";
import {exp, log} from "./elementary.ts";
import {logGamma} from "./gamma-function.ts";
import {nextUint32} from "./stream.ts";

// What is less likely than this part of the likeliest count is left out: together less than the 2^-53 that a uniform number resolves.
const negligible = 1e-18;

/**
 * Column `word & mask`, where `word` is a uniform 32-bit one, stands for the count `first` plus itself if another such word, unsigned, is
 * below `keep`, else for `first + alias`. Probabilities are those of the law to within 2^-32 of a column's.
 */
export interface PoissonTable {
  readonly first: number;
  readonly mask: number;
  readonly keep: Float64Array;
  readonly alias: Int32Array;
}

/** The table for a mean above 0 and below 1e9: about 18 sqrt(mean) entries, filled up to a power of two. */
export function poissonTable(mean: number): PoissonTable {
  if (!(mean > 0 && mean < 1e9)) {
    throw new RangeError(`Expected a Poisson mean above 0 and below 1e9, got \`${mean}\``);
  }
  const mode = Math.floor(mean);
  const peak = exp(mode * log(mean) - mean - logGamma(mode + 1));
  const below: number[] = [];
  for (let k = mode, p = peak; k > 0 && p > negligible * peak; k--) {
    p *= k / mean;
    below.push(p);
  }
  const weights = [...below.reverse(), peak];
  for (let k = mode + 1, p = (peak * mean) / k; p > negligible * peak; k++, p *= mean / k) {
    weights.push(p);
  }
  while ((weights.length & (weights.length - 1)) !== 0) weights.push(0);
  const {keep, alias} = aliasTable(weights);
  return {
    first: mode - below.length,
    mask: weights.length - 1,
    keep: keep.map((part) => part * 4294967296),
    alias,
  };
}

/** A count from a table. */
export function drawPoisson(table: PoissonTable, state: Int32Array, at: number): number {
  const column = nextUint32(state, at) & table.mask;
  const kept = nextUint32(state, at) < (table.keep[column] as number);
  return table.first + (kept ? column : (table.alias[column] as number));
}
