// What renewal theory asks of a law of durations: its moments, its length-biased version (whoever looks at a random instant finds a
// section of length x with a density in proportion to x f(x)) and its moment generating function, which bounds how long a queue of such
// sections remembers its beginning. Known for s + X with X constant, gamma or lognormal: gamma(k) becomes gamma(k + 1), lognormal(mu, sigma)
// becomes lognormal(mu + sigma^2, sigma), and a shift mixes both with the law itself. D. R. Cox, "Renewal Theory", 1962, chapter 5.

import type {Distribution} from "../units/distribution.ts";
import {exp, pow} from "./elementary.ts";
import {gammaOf} from "./gamma-variate.ts";
import {type Sampler, uniform53} from "./stream.ts";
import {totalOf} from "./total.ts";
import {normal} from "./ziggurat.ts";

export interface RenewalLaw {
  /** E X, > 0. */
  readonly mean: number;
  /** E X^2. */
  readonly second: number;
  /** Draws from the density x f(x) / mean. */
  readonly biased: Sampler;
  /** An upper bound of E exp(s X), s >= 0, Infinity where there is none; of lognormal laws cut off at nine standard deviations (10^-19). */
  readonly moment: (s: number) => number;
  /** Whether it is exponential, without a shift. */
  readonly memoryless: boolean;
}

/** The law of a draw plus a constant, >= 0; `undefined` where no closed form is known, a draw might be negative, or all are zero. */
export function renewalLawOf(distribution: Distribution, constant: number): RenewalLaw | undefined {
  const total = totalOf(distribution);
  if (total !== undefined) {
    return gammaLaw(total.shift + constant, total.shape, total.shape === 0 ? 0 : total.scale);
  }
  const {scale, shift, law} = shifted(distribution, constant);
  if (law?.kind !== "lognormal" || !(scale > 0) || shift < 0) return undefined;
  return lognormalLaw(shift, scale, law.mu, law.sigma);
}

/** `constant` + d as shift + scale * X with X of `law`, which is undefined where more than one part is random. */
function shifted(
  d: Distribution,
  constant: number,
): {scale: number; shift: number; law: Distribution | undefined} {
  if (d.kind === "affine") {
    const {scale, shift, law} = shifted(d.of, 0);
    return {scale: d.scale * scale, shift: constant + d.shift + d.scale * shift, law};
  }
  if (d.kind !== "sum") return {scale: 1, shift: constant, law: d};
  const random = d.parts.filter(({kind}) => kind !== "constant");
  const sum = d.parts.reduce((all, part) => all + (part.kind === "constant" ? part.value : 0), 0);
  const [only] = random;
  if (random.length !== 1 || only === undefined) return {scale: 1, shift: 0, law: undefined};
  return shifted(only, constant + sum);
}

function gammaLaw(shift: number, shape: number, scale: number): RenewalLaw | undefined {
  const random = shape * scale;
  const mean = shift + random;
  if (!(mean > 0)) return undefined;
  const plain = shape === 0 ? 1 : shift / mean;
  return {
    mean,
    second: mean * mean + random * scale,
    biased: (state, at) => {
      if (shape === 0) return shift;
      const longer = plain === 0 || uniform53(state, at) >= plain ? 1 : 0;
      return shift + scale * gammaOf(shape + longer, state, at);
    },
    moment: (s) => {
      if (s * scale >= 1) return Number.POSITIVE_INFINITY;
      return exp(s * shift) * pow(1 - s * scale, -shape);
    },
    memoryless: shift === 0 && shape === 1,
  };
}

const cut = 9;
const step = 1 / 64;

function lognormalLaw(shift: number, scale: number, mu: number, sigma: number): RenewalLaw {
  const random = scale * exp(mu + (sigma * sigma) / 2);
  const mean = shift + random;
  const plain = shift / mean;
  return {
    mean,
    second: shift * shift + 2 * shift * random + random * random * exp(sigma * sigma),
    biased: (state, at) => {
      const longer = plain === 0 || uniform53(state, at) >= plain ? sigma * sigma : 0;
      return shift + scale * exp(mu + longer + sigma * normal(state, at));
    },
    // Trapezoids of the normal density; each value is taken at the upper end of its step, so the sum is not below the integral.
    moment: (s) => {
      if (s * (shift + scale * exp(mu + sigma * cut)) > 700) return Number.POSITIVE_INFINITY;
      let sum = 0;
      for (let z = step - cut; z <= cut; z += step) {
        const nearest = z <= 0 ? z : z <= step ? 0 : z - step;
        sum += exp(s * (shift + scale * exp(mu + sigma * z)) - (nearest * nearest) / 2);
      }
      return (sum * step) / Math.sqrt(2 * Math.PI);
    },
    memoryless: false,
  };
}
