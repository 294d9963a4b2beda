// Distributions as the user wrote them. A law keeps its own parameters (`p50`, `p99`) until the system is resolved, because `with` and
// `sweep` reach into them by name; `distributionOf` then computes the one canonical form that the plan stores, so that two ways to
// write the same law hash alike.

import {type Dimension, divide, none, quantityText, time} from "../../grammar/units.ts";
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

/** Quantiles that name a parameter. */
export const quantiles = ["p50", "p90", "p95", "p99", "p999"] as const;
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
