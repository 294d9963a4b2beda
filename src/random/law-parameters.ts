import type {Distribution} from "../units/distribution.ts";

/**
 * Throws a RangeError that names the parameter when the distribution is not a law: a negative mean or spread, bounds in the wrong order,
 * weights that do not fit their values. The language reports such mistakes with their place; this guards the callers of the library.
 */
export function checkParameters(d: Distribution): void {
  switch (d.kind) {
    case "constant":
      want(d, "value", Number.isFinite(d.value), "a finite number");
      break;
    case "exponential":
      want(d, "mean", finite(d.mean) && d.mean >= 0, "a finite number >= 0");
      break;
    case "uniform":
      want(d, "hi", finite(d.lo, d.hi) && d.hi >= d.lo, "finite and not below `lo`");
      break;
    case "normal":
      want(d, "sd", finite(d.mean, d.sd) && d.sd >= 0, "a finite number >= 0");
      break;
    case "lognormal":
      want(d, "sigma", finite(d.mu, d.sigma) && d.sigma >= 0, "a finite number >= 0");
      break;
    case "gamma":
    case "weibull":
      want(d, "shape", finite(d.shape) && d.shape > 0, "a finite number > 0");
      want(d, "scale", finite(d.scale) && d.scale > 0, "a finite number > 0");
      break;
    case "pareto":
      want(d, "min", finite(d.min) && d.min > 0, "a finite number > 0");
      want(d, "alpha", finite(d.alpha) && d.alpha > 0, "a finite number > 0");
      break;
    case "triangular": {
      const ordered = finite(d.lo, d.mode, d.hi) && d.lo <= d.mode && d.mode <= d.hi;
      want(d, "mode", ordered, "between `lo` and `hi`");
      break;
    }
    case "bernoulli":
      want(d, "p", d.p >= 0 && d.p <= 1, "from 0 to 1");
      break;
    case "choice":
      want(
        d,
        "values",
        d.values.length > 0 && d.values.every(Number.isFinite),
        "finite numbers, at least one",
      );
      wantWeights(d, d.weights, d.values.length);
      break;
    case "histogram":
      want(d, "edges", d.edges.length > 1 && ascending(d.edges), "at least two ascending numbers");
      wantWeights(d, d.weights, d.edges.length - 1);
      break;
    case "empirical":
      want(d, "values", d.values.length > 0 && ascending(d.values), "ascending numbers");
      break;
    case "mixture":
      wantWeights(d, d.weights, d.parts.length);
      for (const part of d.parts) checkParameters(part);
      break;
    case "truncate":
      checkParameters(d.of);
      want(
        d,
        "hi",
        (d.lo ?? Number.NEGATIVE_INFINITY) <= (d.hi ?? Number.POSITIVE_INFINITY),
        "not below `lo`",
      );
      break;
    case "affine":
      checkParameters(d.of);
      want(d, "scale", finite(d.scale, d.shift), "a finite number");
      break;
    case "sum":
    case "product":
      want(d, "parts", d.parts.length > 0, "at least one distribution");
      for (const part of d.parts) checkParameters(part);
      break;
    case "once":
      checkParameters(d.of);
      break;
  }
}

function want(d: Distribution, name: string, holds: boolean, what: string): void {
  if (holds) return;
  const value = JSON.stringify((d as unknown as Readonly<Record<string, unknown>>)[name]);
  throw new RangeError(`Expected \`${name}\` of ${d.kind} to be ${what}, got \`${value}\``);
}

function wantWeights(d: Distribution, weights: readonly number[], count: number): void {
  const fit = weights.length === count && weights.every((one) => Number.isFinite(one) && one >= 0);
  want(d, "weights", fit && weights.some((one) => one > 0), `${count} numbers >= 0, not all 0`);
}

function finite(...values: readonly number[]): boolean {
  return values.every(Number.isFinite);
}

function ascending(values: readonly number[]): boolean {
  return (
    values.every(Number.isFinite) &&
    values.every((value, i) => i === 0 || value >= (values[i - 1] as number))
  );
}
