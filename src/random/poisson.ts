// Poisson counts of a mean that is used again and again: one look-up in an alias table, whatever the mean.

import {aliasSampler} from "./alias.ts";
import {exp, log} from "./elementary.ts";
import {logGamma} from "./gamma-function.ts";
import type {Sampler} from "./stream.ts";

// What is less likely than this part of the likeliest count is left out: together less than the 2^-53 that a uniform number resolves.
const negligible = 1e-18;

/** A sampler of Poisson counts of mean `mean`, > 0. Its table has about 18 sqrt(mean) entries and takes as long to build. */
export function poissonSampler(mean: number): Sampler {
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
  const first = mode - below.length;
  const index = aliasSampler(weights);
  return (state, at) => first + index(state, at);
}
