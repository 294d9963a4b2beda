// From a distribution as data to a function that draws from it. Each kind of law has its own closure with its parameters captured, so
// a draw neither looks at the data again nor allocates.
//
// Two methods. `ziggurat` is the fast one. `inversion` puts one uniform number through the quantile function: a draw is then monotone in
// its uniform number and uses exactly one, as antithetic and quasi-random sampling need. Common random numbers rarely need it: the
// ziggurats draw unit variates, whose number of words does not depend on the law's scale, so scaled laws stay in step.

import type {Distribution} from "../units/distribution.ts";
import {aliasSampler} from "./alias.ts";
import {exp, pow} from "./elementary.ts";
import {gammaVariate} from "./gamma-variate.ts";
import {probabilityWithin, quantile} from "./law.ts";
import {checkParameters} from "./law-parameters.ts";
import {type Sampler, uniform53, uniformOpen} from "./stream.ts";
import {supportOf} from "./support.ts";
import {exponential, normal} from "./ziggurat.ts";

export type SamplingMethod = "ziggurat" | "inversion";

// A truncation that keeps less than this of its law is sampled by inversion, not by redrawing.
const redrawAbove = 0.2;
// One that keeps less than this is refused: a mistake in the bounds, and its law would be rounding noise. For sums and products, which
// have no quantile function but that of a sample, redrawing is all there is, and its limit higher.
const leastKept = 1e-9;
const leastRedrawn = 1e-3;

/**
 * A function that draws from the distribution, in the distribution's own unit. Throws a RangeError for parameters no law has, for a
 * truncation that keeps next to nothing, and for `once`, which `resolveOnce` must replace first. With `inversion`, sums and products
 * are drawn part by part, each by inversion.
 */
export function compileSampler(
  distribution: Distribution,
  method: SamplingMethod = "ziggurat",
): Sampler {
  checkParameters(distribution);
  return compile(distribution, method);
}

function compile(d: Distribution, method: SamplingMethod): Sampler {
  if (method === "inversion" && invertible(d) && d.kind !== "constant") {
    return (state, at) => quantile(d, uniformOpen(state, at));
  }
  switch (d.kind) {
    case "constant": {
      const value = d.value;
      return () => value;
    }
    case "exponential": {
      const mean = d.mean;
      return (state, at) => mean * exponential(state, at);
    }
    case "uniform": {
      const {lo} = d;
      const width = d.hi - d.lo;
      return (state, at) => lo + width * uniform53(state, at);
    }
    case "normal": {
      const {mean, sd} = d;
      return (state, at) => mean + sd * normal(state, at);
    }
    case "lognormal": {
      const {mu, sigma} = d;
      return (state, at) => exp(mu + sigma * normal(state, at));
    }
    case "gamma":
      return gammaSampler(d.shape, d.scale);
    case "weibull": {
      const {scale} = d;
      const power = 1 / d.shape;
      return (state, at) => scale * pow(exponential(state, at), power);
    }
    case "pareto": {
      const {min} = d;
      const rate = 1 / d.alpha;
      return (state, at) => min * exp(rate * exponential(state, at));
    }
    case "triangular": {
      const {lo, mode, hi} = d;
      const rise = (hi - lo) * (mode - lo);
      const fall = (hi - lo) * (hi - mode);
      const turn = hi > lo ? (mode - lo) / (hi - lo) : 0;
      return (state, at) => {
        const u = uniform53(state, at);
        return u < turn ? lo + Math.sqrt(u * rise) : hi - Math.sqrt((1 - u) * fall);
      };
    }
    case "bernoulli": {
      const {p} = d;
      return (state, at) => (uniform53(state, at) < p ? 1 : 0);
    }
    case "choice": {
      const index = aliasSampler(d.weights);
      const values = Float64Array.from(d.values);
      return (state, at) => values[index(state, at)] as number;
    }
    case "histogram": {
      const index = aliasSampler(d.weights);
      const edges = Float64Array.from(d.edges);
      return (state, at) => {
        const bin = index(state, at);
        const lo = edges[bin] as number;
        return lo + ((edges[bin + 1] as number) - lo) * uniform53(state, at);
      };
    }
    case "empirical": {
      const values = Float64Array.from(d.values);
      const steps = values.length - 1;
      if (steps === 0) return () => values[0] as number;
      return (state, at) => {
        const place = uniform53(state, at) * steps;
        const step = Math.floor(place);
        const lo = values[step] as number;
        return lo + ((values[step + 1] as number) - lo) * (place - step);
      };
    }
    case "mixture": {
      const index = aliasSampler(d.weights);
      const parts = d.parts.map((part) => compile(part, method));
      return (state, at) => (parts[index(state, at)] as Sampler)(state, at);
    }
    case "truncate":
      return truncatedSampler(d, method);
    case "affine": {
      const {scale, shift} = d;
      const of = compile(d.of, method);
      return (state, at) => shift + scale * of(state, at);
    }
    case "sum": {
      const parts = d.parts.map((part) => compile(part, method));
      return (state, at) => {
        let sum = 0;
        for (let i = 0; i < parts.length; i++) sum += (parts[i] as Sampler)(state, at);
        return sum;
      };
    }
    case "product": {
      const parts = d.parts.map((part) => compile(part, method));
      return (state, at) => {
        let product = 1;
        for (let i = 0; i < parts.length; i++) product *= (parts[i] as Sampler)(state, at);
        return product;
      };
    }
    case "once":
      throw new RangeError("`once` has no sampler: resolve it for a replication first");
  }
}

function gammaSampler(shape: number, scale: number): Sampler {
  if (shape === 1) return (state, at) => scale * exponential(state, at);
  const boost = shape < 1 ? 1 / shape : 0;
  const d = (boost > 0 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  return (state, at) => {
    const drawn = gammaVariate(d, c, state, at) * scale;
    return boost > 0 ? drawn * pow(uniformOpen(state, at), boost) : drawn;
  };
}

function truncatedSampler(
  d: Extract<Distribution, {kind: "truncate"}>,
  method: SamplingMethod,
): Sampler {
  const [lo, hi] = supportOf(d);
  const of = compile(d.of, method);
  const kept = lo <= hi ? probabilityWithin(d.of, lo, hi) : 0;
  if (kept < (invertible(d.of) ? leastKept : leastRedrawn)) {
    throw new RangeError(
      `Truncating ${d.of.kind} to [${d.lo ?? "-inf"}, ${d.hi ?? "inf"}] keeps a probability of ` +
        `${kept.toPrecision(2)}: widen the bounds or choose another law`,
    );
  }
  if (kept < redrawAbove && invertible(d.of)) {
    return (state, at) => quantile(d, uniformOpen(state, at));
  }
  return (state, at) => {
    for (;;) {
      const drawn = of(state, at);
      if (drawn >= lo && drawn <= hi) return drawn;
    }
  };
}

/** Whether the law's quantile function is its own and not that of a sample. */
function invertible(d: Distribution): boolean {
  switch (d.kind) {
    case "sum":
    case "product":
    case "once":
      return false;
    case "truncate":
    case "affine":
      return invertible(d.of);
    case "mixture":
      return d.parts.every(invertible);
    default:
      return true;
  }
}
