// Laws to distributions: one canonical form for each law, whatever parameters it was written with, so that two ways to write the same law
// hash alike.

import type {Distribution} from "../units/distribution.ts";
import {type Law, type LawArgument, quantiles} from "./law.ts";

/** The canonical distribution of a law without faults, in the canonical unit of its dimension. */
export function distributionOf(law: Law): Distribution {
  switch (law.kind) {
    case "constant":
      return {kind: "constant", value: law.value};
    case "once":
      return {kind: "once", of: distributionOf(law.of)};
    case "scale":
      return scaled(distributionOf(law.of), law.by);
    case "shift":
      return shifted(distributionOf(law.of), law.by);
    case "sum":
    case "product":
      return {kind: law.kind, parts: law.parts.map(distributionOf)};
    case "call":
      return canonical(law);
  }
}

function canonical(law: Law & {kind: "call"}): Distribution {
  const has = (name: string): boolean => law.args.has(name);
  const number = (name: string): number => law.args.get(name)?.value as number;
  const numbers = (name: string): readonly number[] => law.args.get(name)?.value as number[];
  const laws = (name: string): readonly Law[] =>
    (law.args.get(name)?.value ?? []) as readonly Law[];
  switch (law.name) {
    case "exp":
      return {kind: "exponential", mean: has("mean") ? number("mean") : 1e9 / number("rate")};
    case "uniform":
      return {kind: "uniform", lo: number("lo"), hi: number("hi")};
    case "normal":
      return number("sd") === 0
        ? {kind: "constant", value: number("mean")}
        : {kind: "normal", mean: number("mean"), sd: number("sd")};
    case "lognormal":
      return lognormal(law.args);
    case "gamma": {
      const mean = number("mean");
      const shape = has("shape")
        ? number("shape")
        : has("cv")
          ? 1 / number("cv") ** 2
          : (mean / number("sd")) ** 2;
      const scale = has("scale") ? number("scale") : mean / shape;
      return {kind: "gamma", shape: settled(shape), scale: settled(scale)};
    }
    case "erlang":
      return {kind: "gamma", shape: number("k"), scale: settled(number("mean") / number("k"))};
    case "weibull":
      return {kind: "weibull", shape: number("shape"), scale: number("scale")};
    case "pareto": {
      const alpha = number("alpha");
      const min = has("min") ? number("min") : (number("mean") * (alpha - 1)) / alpha;
      return {kind: "pareto", min: settled(min), alpha};
    }
    case "triangular":
      return {kind: "triangular", lo: number("lo"), mode: number("mode"), hi: number("hi")};
    case "bernoulli":
      return {kind: "bernoulli", p: number("p")};
    case "choice": {
      const values = numbers("values");
      const weights = has("weights") ? numbers("weights") : values.map(() => 1 / values.length);
      return {kind: "choice", values, weights};
    }
    case "hist": {
      const counts = numbers("counts");
      const total = counts.reduce((sum, count) => sum + count, 0);
      return {
        kind: "histogram",
        edges: numbers("edges"),
        weights: counts.map((count) => settled(count / total)),
      };
    }
    case "empirical":
      return {
        kind: "empirical",
        values: numbers("values").toSorted((a, b) => a - b),
        ...(law.file === undefined ? {} : {source: law.file}),
      };
    case "mix":
      return {
        kind: "mixture",
        weights: numbers("weights"),
        parts: laws("parts").map(distributionOf),
      };
    default: {
      const of = distributionOf(law.args.get("of")?.value as Law);
      return {
        kind: "truncate",
        of,
        ...(has("lo") ? {lo: number("lo")} : {}),
        ...(has("hi") ? {hi: number("hi")} : {}),
      };
    }
  }
}

// Quantiles of the standard normal law, from its inverse distribution function to 16 digits.
const normalQuantile: Readonly<Record<string, number>> = {
  p50: 0,
  p90: 1.2815515655446004,
  p95: 1.6448536269514722,
  p99: 2.3263478740408408,
  p999: 3.090232306167813,
};

function lognormal(args: ReadonlyMap<string, LawArgument>): Distribution {
  const number = (name: string): number => args.get(name)?.value as number;
  const law = (mu: number, sigma: number): Distribution => ({
    kind: "lognormal",
    mu: settled(mu),
    sigma: settled(sigma),
  });
  if (args.has("mu")) return law(number("mu"), number("sigma"));
  if (args.has("mean")) {
    const cv = args.has("cv") ? number("cv") : number("sd") / number("mean");
    const variance = Math.log1p(cv * cv);
    return law(Math.log(number("mean")) - variance / 2, Math.sqrt(variance));
  }
  if (args.has("sigma")) return law(Math.log(number("p50")), number("sigma"));
  const [low, high] = quantiles.filter((name) => args.has(name)) as [string, string];
  const zLow = normalQuantile[low] as number;
  const zHigh = normalQuantile[high] as number;
  const sigma = Math.log(number(high) / number(low)) / (zHigh - zLow);
  return law(Math.log(number(low)) - sigma * zLow, sigma);
}

/** k * X in canonical form. */
export function scaled(of: Distribution, k: number): Distribution {
  if (k === 1) return of;
  switch (of.kind) {
    case "constant":
      return {kind: "constant", value: of.value * k};
    case "exponential":
      if (k > 0) return {kind: "exponential", mean: of.mean * k};
      break;
    case "uniform":
      if (k > 0) return {kind: "uniform", lo: of.lo * k, hi: of.hi * k};
      break;
    case "normal":
      if (k > 0) return {kind: "normal", mean: of.mean * k, sd: of.sd * k};
      break;
    case "lognormal":
      if (k > 0) return {...of, mu: settled(of.mu + Math.log(k))};
      break;
    case "gamma":
    case "weibull":
      if (k > 0) return {...of, scale: of.scale * k};
      break;
    case "pareto":
      if (k > 0) return {...of, min: of.min * k};
      break;
    case "choice":
      return {...of, values: of.values.map((value) => value * k)};
    case "histogram":
      if (k > 0) return {...of, edges: of.edges.map((edge) => edge * k)};
      break;
    case "empirical":
      if (k > 0) return {...of, values: of.values.map((value) => value * k)};
      break;
    case "mixture":
      return {...of, parts: of.parts.map((part) => scaled(part, k))};
    case "truncate":
      if (k > 0)
        return {
          kind: "truncate",
          of: scaled(of.of, k),
          ...(of.lo === undefined ? {} : {lo: of.lo * k}),
          ...(of.hi === undefined ? {} : {hi: of.hi * k}),
        };
      break;
    case "affine":
      return {...of, scale: of.scale * k, shift: of.shift * k};
    case "once":
      return {kind: "once", of: scaled(of.of, k)};
    default:
      break;
  }
  return {kind: "affine", of, scale: k, shift: 0};
}

function shifted(of: Distribution, by: number): Distribution {
  if (by === 0) return of;
  if (of.kind === "constant") return {kind: "constant", value: of.value + by};
  if (of.kind === "affine") return {...of, shift: of.shift + by};
  return {kind: "affine", of, scale: 1, shift: by};
}

/** The least value a distribution can take; -Infinity if there is none. */
export function infimumOf(of: Distribution): number {
  switch (of.kind) {
    case "constant":
      return of.value;
    case "normal":
      return Number.NEGATIVE_INFINITY;
    case "uniform":
    case "triangular":
      return of.lo;
    case "pareto":
      return of.min;
    case "choice":
      return Math.min(...of.values);
    case "histogram":
      return of.edges[0] as number;
    case "empirical":
      return of.values[0] as number;
    case "mixture":
      return Math.min(...of.parts.map(infimumOf));
    case "truncate":
      return Math.max(infimumOf(of.of), of.lo ?? Number.NEGATIVE_INFINITY);
    case "affine": {
      if (of.scale < 0) return Number.NEGATIVE_INFINITY;
      return of.scale * infimumOf(of.of) + of.shift;
    }
    case "sum":
      return of.parts.map(infimumOf).reduce((sum, part) => sum + part, 0);
    case "product": {
      const least = of.parts.map(infimumOf);
      return least.some((part) => part < 0)
        ? Number.NEGATIVE_INFINITY
        : least.reduce((p, x) => p * x, 1);
    }
    case "once":
      return infimumOf(of.of);
    default:
      return 0;
  }
}

/** Fifteen significant digits: what differs beyond them is the platform's logarithm, and must not reach a hash. */
function settled(value: number): number {
  return Number(value.toPrecision(15));
}
