// What is wrong with the parameters of a distribution: the rules of each law, with what to write instead.

import {type Dimension, none, quantityText} from "../../grammar/units.ts";
import {type Law, quantiles, roleOf} from "./law.ts";

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

function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}
