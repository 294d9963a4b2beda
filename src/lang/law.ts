// Distributions as the user wrote them. A law keeps its own parameters (`p50`, `p99`) until the system is resolved, because `with` and
// `sweep` reach into them by name; `distributionOf` then computes the one canonical form that the plan stores, so that two ways to
// write the same law hash alike.

import {type Dimension, divide, none, quantityText, time} from "../../grammar/units.ts";
import type {Distribution} from "../units/distribution.ts";
import type {Place} from "./diagnostic.ts";

export interface LawArgument {
  /** Canonical numbers, or laws for the parts of a mixture and the operand of `truncate`. */
  readonly value: number | readonly number[] | Law | readonly Law[];
  readonly at: Place;
}

export type Law =
  | {readonly kind: "constant"; readonly value: number}
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: ReadonlyMap<string, LawArgument>;
      readonly at: Place;
      /** File of an empirical law. */
      readonly file?: string;
    }
  /** `dim` is the dimension of `of`, which the factor may change. */
  | {readonly kind: "scale"; readonly of: Law; readonly by: number; readonly dim: Dimension}
  | {readonly kind: "shift"; readonly of: Law; readonly by: number}
  | {readonly kind: "sum" | "product"; readonly parts: readonly Law[]}
  | {readonly kind: "once"; readonly of: Law};

/** What a parameter is measured in: the variable itself, a plain number, events per unit of the variable. */
export type ParameterRole = "variable" | "plain" | "rate" | "variables" | "plains" | "laws" | "law";

export interface LawRow {
  readonly name: string;
  /** Alternative sets of parameters; the first names are how the law is suggested. */
  readonly forms: readonly (readonly string[])[];
  /** Parameters that may be given by position, in order. */
  readonly positional: readonly string[];
  /** Parameters that may be left out. */
  readonly optional?: readonly string[];
  readonly doc: string;
}

const quantiles = ["p50", "p90", "p95", "p99", "p999"] as const;
const quantilePairs = quantiles.flatMap((low, i) =>
  quantiles.slice(i + 1).map((high) => [low, high] as const),
);

export const lawTable: readonly LawRow[] = [
  {name: "exp", forms: [["mean"], ["rate"]], positional: ["mean"], doc: "Exponential."},
  {
    name: "uniform",
    forms: [["lo", "hi"]],
    positional: ["lo", "hi"],
    doc: "Every value between `lo` and `hi` alike.",
  },
  {
    name: "normal",
    forms: [["mean", "sd"]],
    positional: [],
    doc: "Normal; a draw below zero is repeated where a duration is wanted.",
  },
  {
    name: "lognormal",
    forms: [
      ["p50", "p99"],
      ["mean", "sd"],
      ["mu", "sigma"],
      ["mean", "cv"],
      ["p50", "sigma"],
      ...quantilePairs.slice(1),
    ],
    positional: [],
    doc: "Its logarithm is normal; `mu` is the mean of that logarithm, of a duration in ns.",
  },
  {
    name: "gamma",
    forms: [
      ["mean", "shape"],
      ["shape", "scale"],
      ["mean", "sd"],
      ["mean", "cv"],
    ],
    positional: [],
    doc: "Gamma; `shape` 1 is exponential, larger is more regular.",
  },
  {
    name: "erlang",
    forms: [["k", "mean"]],
    positional: [],
    doc: "Sum of `k` exponentials of the same mean.",
  },
  {name: "weibull", forms: [["shape", "scale"]], positional: [], doc: "Weibull."},
  {
    name: "pareto",
    forms: [
      ["min", "alpha"],
      ["mean", "alpha"],
    ],
    positional: [],
    doc: "P(X > x) = (min/x)^alpha: a heavy tail.",
  },
  {
    name: "triangular",
    forms: [["lo", "mode", "hi"]],
    positional: ["lo", "mode", "hi"],
    doc: "Triangle over [lo, hi] with its top at `mode`.",
  },
  {name: "bernoulli", forms: [["p"]], positional: ["p"], doc: "1 with probability `p`, else 0."},
  {
    name: "choice",
    forms: [["values", "weights"]],
    positional: ["values", "weights"],
    optional: ["weights"],
    doc: "One of the values, alike or by weight.",
  },
  {
    name: "hist",
    forms: [["edges", "counts"]],
    positional: ["edges", "counts"],
    doc: "A histogram: `counts[i]` between `edges[i]` and `edges[i+1]`.",
  },
  {
    name: "empirical",
    forms: [["values"]],
    positional: ["values"],
    doc: 'Measured values: a list, or `empirical("file.csv", column: "ns", unit: ns)`.',
  },
  {
    name: "mix",
    forms: [["weights", "parts"]],
    positional: ["weights", "parts"],
    doc: "One of several laws, by weight.",
  },
  {
    name: "truncate",
    forms: [["of", "lo", "hi"]],
    positional: ["of"],
    optional: ["lo", "hi"],
    doc: "Redrawn until it lies within the bounds.",
  },
];

/** The row of a law by name. */
export function lawNamed(name: string): LawRow | undefined {
  return lawTable.find((row) => row.name === name);
}

export function roleOf(law: string, parameter: string): ParameterRole {
  if (parameter === "weights" || parameter === "counts") return "plains";
  if (parameter === "values" || parameter === "edges") return "variables";
  if (parameter === "parts") return "laws";
  if (parameter === "of") return "law";
  if (parameter === "rate") return "rate";
  if (["shape", "alpha", "sigma", "k", "p", "cv", "mu"].includes(parameter)) return "plain";
  return law === "bernoulli" ? "plain" : "variable";
}

/** What is wrong with a law's parameters, as text for a message; the argument says where. */
export interface LawFault {
  readonly argument: string;
  readonly code: "E307" | "E308";
  readonly message: string;
  readonly label: string;
  readonly help: string;
  /** Exchange the values of these two. */
  readonly swap?: readonly [string, string];
}

/** The first fault of a law's parameters; undefined if they make a distribution. */
export function faultOf(law: Law & {kind: "call"}, dim: Dimension): LawFault | undefined {
  const number = (name: string): number | undefined => {
    const value = law.args.get(name)?.value;
    return typeof value === "number" ? value : undefined;
  };
  const numbers = (name: string): readonly number[] | undefined => {
    const value = law.args.get(name)?.value;
    return Array.isArray(value) && typeof value[0] === "number" ? (value as number[]) : undefined;
  };
  const show = (value: number, name: string): string =>
    quantityText(value, roleOf(law.name, name) === "variable" ? dim : none);
  const fault = (
    argument: string,
    message: string,
    label: string,
    help: string,
    swap?: readonly [string, string],
  ): LawFault => ({argument, code: "E307", message, label, help, ...(swap ? {swap} : {})});
  const ascending = (low: string, high: string, strictly = true): LawFault | undefined => {
    const a = number(low);
    const b = number(high);
    if (a === undefined || b === undefined || (strictly ? a < b : a <= b)) return undefined;
    const swapped = [...law.args].map(([name]) => {
      const value = number(name === low ? high : name === high ? low : name);
      return `${name}: ${value === undefined ? "" : show(value, name)}`;
    });
    return fault(
      high,
      a === b ? `${high} equals ${low}` : `${high} lies below ${low}`,
      `must be above ${show(a, low)}`,
      a === b ? `raise \`${high}\`` : `swapped?  \`${law.name}(${swapped.join(", ")})\``,
      a === b ? undefined : [low, high],
    );
  };
  const positive = (name: string, zero = false): LawFault | undefined => {
    const value = number(name);
    if (value === undefined || (zero ? value >= 0 : value > 0)) return undefined;
    const bound = zero ? "0 or more" : "above 0";
    return fault(
      name,
      `\`${name}\` of \`${law.name}\` must be ${bound}`,
      `is ${show(value, name)}`,
      `give \`${name}\` a value ${bound}`,
    );
  };
  const between = (name: string, lo: number, hi: number): LawFault | undefined => {
    const value = number(name);
    if (value === undefined || (value >= lo && value <= hi)) return undefined;
    return fault(
      name,
      `\`${name}\` of \`${law.name}\` must lie in ${lo}..${hi}`,
      `is ${value}`,
      `a probability, e.g. \`${law.name}(0.2%)\``,
    );
  };
  const weights = (name: string): LawFault | undefined => {
    const values = numbers(name);
    if (values === undefined) return undefined;
    const negative = values.find((value) => value < 0);
    if (negative !== undefined)
      return {
        ...fault(name, "a weight is negative", `contains ${negative}`, "weights are 0 or more"),
        code: "E308",
      };
    const total = values.reduce((sum, value) => sum + value, 0);
    if (Math.abs(total - 1) <= 1e-9) return undefined;
    const others = values.slice(0, -1).reduce((sum, value) => sum + value, 0);
    const head = values.slice(0, -1);
    const last = 1 - others;
    const text = (list: readonly number[], scale: number, unit: string): string =>
      `[${list.map((value) => `${tidy(value * scale)}${unit}`).join(", ")}]`;
    return {
      argument: name,
      code: "E308",
      message: `weights add up to ${tidy(total)}`,
      label: "must add up to 1",
      help:
        last > 0
          ? `\`${text([...head, last], 1, "")}\`, or percentages \`${text([...head, last], 100, "%")}\``
          : "make the weights add up to 1",
    };
  };
  const sameLength = (a: string, b: string, surplus: number): LawFault | undefined => {
    const left = law.args.get(a)?.value;
    const right = law.args.get(b)?.value;
    if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
    if (left.length === right.length + surplus) return undefined;
    return fault(
      b,
      `\`${law.name}\` has ${left.length} ${a} and ${right.length} ${b}`,
      surplus === 1 ? `${left.length - 1} wanted` : `${left.length} wanted`,
      surplus === 1 ? `one more of \`${a}\` than of \`${b}\`` : `as many \`${b}\` as \`${a}\``,
    );
  };
  const first = (...faults: (LawFault | undefined)[]): LawFault | undefined =>
    faults.find((found) => found !== undefined);
  switch (law.name) {
    case "exp":
      return first(positive("mean"), positive("rate"));
    case "uniform":
      return ascending("lo", "hi");
    case "triangular":
      return first(
        ascending("lo", "mode", false),
        ascending("mode", "hi", false),
        ascending("lo", "hi"),
      );
    case "normal":
      return first(positive("sd", true));
    case "lognormal": {
      const given = quantiles.filter((name) => law.args.has(name));
      return first(
        ...given.map((name) => positive(name)),
        positive("mean"),
        given.length === 2 ? ascending(given[0] as string, given[1] as string) : undefined,
        positive("sd"),
        positive("cv"),
        positive("sigma"),
      );
    }
    case "gamma":
    case "weibull":
      return first(...["mean", "shape", "scale", "sd", "cv"].map((name) => positive(name)));
    case "erlang": {
      const k = number("k");
      if (k !== undefined && !(Number.isInteger(k) && k >= 1))
        return fault(
          "k",
          "`k` of `erlang` must be a whole number",
          `is ${k}`,
          "use `gamma(mean:, shape:)` for others",
        );
      return positive("mean");
    }
    case "pareto": {
      const alpha = number("alpha");
      if (law.args.has("mean") && alpha !== undefined && alpha <= 1)
        return fault(
          "alpha",
          "a Pareto law with `alpha` of 1 or less has no mean",
          `is ${alpha}`,
          "give `min:` instead of `mean:`",
        );
      return first(positive("min"), positive("mean"), positive("alpha"));
    }
    case "bernoulli":
      return between("p", 0, 1);
    case "choice":
      return first(sameLength("values", "weights", 0), weights("weights"));
    case "mix":
      return first(sameLength("weights", "parts", 0), weights("weights"));
    case "hist": {
      const edges = numbers("edges") ?? [];
      const bad = edges.findIndex((edge, i) => i > 0 && edge <= (edges[i - 1] as number));
      if (bad > 0)
        return fault(
          "edges",
          "edges of a histogram must ascend",
          `${quantityText(edges[bad] as number, dim)} follows ${quantityText(edges[bad - 1] as number, dim)}`,
          "sort the edges, and the counts with them",
        );
      const counts = numbers("counts") ?? [];
      if (counts.some((count) => count < 0) || counts.every((count) => count === 0))
        return fault(
          "counts",
          "a histogram needs counts of 0 or more, some above 0",
          "no distribution",
          "check the counts",
        );
      return sameLength("edges", "counts", 1);
    }
    case "empirical":
      return (numbers("values") ?? []).length < 2
        ? fault(
            "values",
            "an empirical law needs at least two values",
            "too few",
            "or use a constant",
          )
        : undefined;
    case "truncate":
      return ascending("lo", "hi");
    default:
      return undefined;
  }
}

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

/** The law with one of its parameters replaced; undefined if it has no parameter of that name. */
export function withArgument(law: Law, name: string, argument: LawArgument): Law | undefined {
  if (law.kind === "call" && law.args.has(name)) {
    const args = new Map(law.args);
    args.set(name, argument);
    return {...law, args};
  }
  if (law.kind === "shift" || law.kind === "once") {
    const of = withArgument(law.of, name, argument);
    return of === undefined ? undefined : {...law, of};
  }
  return undefined;
}

/** The call at the heart of a law, if it is one. */
export function callIn(law: Law): (Law & {kind: "call"}) | undefined {
  if (law.kind === "call") return law;
  return law.kind === "shift" || law.kind === "once" ? callIn(law.of) : undefined;
}

/** The parameters that `with` and `sweep` can reach in a law, with their values. */
export function parametersOf(law: Law): ReadonlyMap<string, LawArgument> {
  if (law.kind === "call") return law.args;
  if (law.kind === "shift" || law.kind === "once") return parametersOf(law.of);
  return new Map();
}

/** A law as text in the language, `lognormal(p50: 1us, p99: 6us)`. */
export function lawText(law: Law, dim: Dimension = time): string {
  switch (law.kind) {
    case "constant":
      return quantityText(law.value, dim);
    case "once":
      return `once ${lawText(law.of, dim)}`;
    case "scale":
      return `${lawText(law.of, law.dim)} * ${quantityText(law.by, divide(1, dim, 1, law.dim).dimension)}`;
    case "shift":
      return `${lawText(law.of, dim)} ${law.by < 0 ? "-" : "+"} ${quantityText(Math.abs(law.by), dim)}`;
    case "sum":
      return law.parts.map((part) => lawText(part, dim)).join(" + ");
    case "product":
      return law.parts.map((part) => lawText(part, dim)).join(" * ");
    case "call":
      return `${law.name}(${argumentsText(law, dim)})`;
  }
}

function argumentsText(law: Law & {kind: "call"}, dim: Dimension): string {
  if (law.file !== undefined) return JSON.stringify(law.file);
  const positional = lawNamed(law.name)?.positional ?? [];
  const one = (value: number, name: string): string => {
    const role = roleOf(law.name, name);
    if (role === "rate") return quantityText(value, {time: -1, bytes: 0, cycles: 0});
    return quantityText(value, role === "variable" || role === "variables" ? dim : none);
  };
  const text = (value: LawArgument["value"], name: string): string => {
    if (typeof value === "number") return one(value, name);
    if (!Array.isArray(value)) return lawText(value as Law, dim);
    const items = (value as readonly (number | Law)[]).map((item) =>
      typeof item === "number" ? one(item, name) : lawText(item, dim),
    );
    return items.length > 12
      ? `[${items.slice(0, 3).join(", ")}, ... ${items.length} values]`
      : `[${items.join(", ")}]`;
  };
  return [...law.args]
    .map(([name, argument]) =>
      positional.includes(name)
        ? text(argument.value, name)
        : `${name}: ${text(argument.value, name)}`,
    )
    .join(", ");
}

/** Fifteen significant digits: what differs beyond them is the platform's logarithm, and must not reach a hash. */
function settled(value: number): number {
  return Number(value.toPrecision(15));
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}
