// A call of a distribution: its arguments become parameters by name, their dimensions are checked against each other, and the finished
// law against its rules.

import {type Dimension, dimensionName, none, sameDimension, time} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import {type Law, type LawArgument, type LawRow, lawNamed, roleOf} from "./law.ts";
import {faultOf, type LawFault} from "./law-fault.ts";
import {spanOf, tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import {errorValue, type Value} from "./value.ts";
import {type EvaluatedArgument, type Operand, wrongType} from "./wrong-type.ts";

/** The law that `name(args)` denotes. */
export function callLaw(
  name: string,
  args: readonly EvaluatedArgument[],
  at: Place,
  scope: Scope,
): Value {
  const row = lawNamed(name) as LawRow;
  if (args.some((arg) => arg.value.t === "error")) return errorValue;
  const named = nameArguments(row, args, at, scope);
  if (named === undefined) return errorValue;
  let dim: Dimension | undefined;
  const parameters = new Map<string, LawArgument>();
  for (const [parameter, operand] of named) {
    const converted = convert(name, parameter, operand, dim, scope);
    if (converted === undefined) return errorValue;
    if (converted.dim !== undefined) dim = converted.dim;
    parameters.set(parameter, {value: converted.value, at: operand.at});
  }
  const own = dim ?? (parameters.has("mu") || parameters.has("rate") ? time : none);
  const law: Law & {kind: "call"} = {kind: "call", name, args: parameters, at};
  const fault = faultOf(law, own);
  if (fault !== undefined) {
    tellFault(fault, law, scope);
    return errorValue;
  }
  return {t: "law", law, dim: own};
}

/** Reports a fault of a law at the argument that has it. */
export function tellFault(fault: LawFault, law: Law & {kind: "call"}, scope: Scope): void {
  const at = law.args.get(fault.argument)?.at ?? law.at;
  const [a, b] = fault.swap ?? [];
  const left = a === undefined ? undefined : law.args.get(a)?.at;
  const right = b === undefined ? undefined : law.args.get(b)?.at;
  const swappable = left !== undefined && right !== undefined && left.source === right.source;
  tell(scope.context.report, fault.code, fault.message, at, fault.label, {
    help: fault.help,
    ...(swappable
      ? {
          fix: {
            title: `swap \`${a}\` and \`${b}\``,
            edits: [
              {
                span: spanOf(left.span),
                text: right.source.text.slice(right.span.start, right.span.end),
              },
              {
                span: spanOf(right.span),
                text: left.source.text.slice(left.span.start, left.span.end),
              },
            ],
            applicability: "maybe" as const,
          },
        }
      : {}),
  });
}

/** Converts one value into a parameter of a law whose dimension is `dim` (undefined: not known yet). */
export function convert(
  law: string,
  parameter: string,
  operand: Operand,
  dim: Dimension | undefined,
  scope: Scope,
): {value: LawArgument["value"]; dim?: Dimension} | undefined {
  const {value, at} = operand;
  const agree = (found: Dimension, place: Place): boolean => {
    if (dim === undefined || sameDimension(found, dim)) return true;
    tell(
      scope.context.report,
      "E303",
      `\`${law}\` mixes ${dimensionName(dim)} and ${dimensionName(found)}`,
      place,
      dimensionName(found),
      {help: "all its parameters need one dimension"},
    );
    return false;
  };
  const number = (one: Value, place: Place, plain: boolean): number | undefined => {
    if (one.t === "number") {
      if (plain && !sameDimension(one.dim, none)) {
        wrongType("a plain number", one, place, scope);
        return undefined;
      }
      return plain || agree(one.dim, place) ? one.value : undefined;
    }
    if (one.t === "law")
      wrongType(
        "number",
        one,
        place,
        scope,
        "a parameter of a distribution is a number; `mix` and `truncate` take distributions",
      );
    else wrongType("number", one, place, scope);
    return undefined;
  };
  const role = roleOf(law, parameter);
  switch (role) {
    case "plain": {
      const found = number(value, at, true);
      return found === undefined ? undefined : {value: found};
    }
    case "variable": {
      const found = number(value, at, false);
      return found === undefined || value.t !== "number"
        ? undefined
        : {value: found, dim: value.dim};
    }
    case "rate": {
      if (value.t === "number" && dimensionName(value.dim) === "Frequency")
        return {value: value.value};
      wrongType("Frequency", value, at, scope, "`exp(rate: 100/s)`");
      return undefined;
    }
    case "plains":
    case "variables": {
      if (value.t !== "list") {
        wrongType("List", value, at, scope);
        return undefined;
      }
      const found: number[] = [];
      let seen: Dimension | undefined = dim;
      for (const [i, item] of value.items.entries()) {
        const place = value.places[i] as Place;
        const one = number(item, place, role === "plains");
        if (one === undefined) return undefined;
        if (role === "variables" && item.t === "number") {
          if (seen !== undefined && !sameDimension(seen, item.dim)) {
            agreeWith(seen, item.dim, law, place, scope);
            return undefined;
          }
          seen = item.dim;
        }
        found.push(one);
      }
      return role === "variables" && seen !== undefined
        ? {value: found, dim: seen}
        : {value: found};
    }
    case "law":
    case "laws": {
      const items = role === "law" ? [value] : value.t === "list" ? value.items : undefined;
      if (items === undefined) {
        wrongType("List", value, at, scope);
        return undefined;
      }
      const parts: Law[] = [];
      let seen = dim;
      for (const [i, item] of items.entries()) {
        const place = value.t === "list" ? (value.places[i] as Place) : at;
        if (item.t !== "law" && item.t !== "number") {
          wrongType("distribution or number", item, place, scope);
          return undefined;
        }
        if (seen !== undefined && !sameDimension(seen, item.dim)) {
          agreeWith(seen, item.dim, law, place, scope);
          return undefined;
        }
        seen = item.dim;
        parts.push(item.t === "law" ? item.law : {kind: "constant", value: item.value});
      }
      const result = role === "law" ? (parts[0] as Law) : parts;
      return seen === undefined ? {value: result} : {value: result, dim: seen};
    }
  }
}

function agreeWith(a: Dimension, b: Dimension, law: string, at: Place, scope: Scope): void {
  tell(
    scope.context.report,
    "E303",
    `\`${law}\` mixes ${dimensionName(a)} and ${dimensionName(b)}`,
    at,
    dimensionName(b),
    {help: "all its values need one dimension"},
  );
}

/** Arguments by parameter name, in the order of the form they fit; reports E306 if they fit none. */
function nameArguments(
  row: LawRow,
  args: readonly EvaluatedArgument[],
  at: Place,
  scope: Scope,
): ReadonlyMap<string, Operand> | undefined {
  const given = new Map<string, Operand>();
  let position = 0;
  let positional = false;
  for (const arg of args) {
    const name = arg.name ?? row.positional[position++];
    positional ||= arg.name === undefined && name === undefined;
    if (name !== undefined) {
      if (given.has(name)) return unfit(row, args, at, `\`${name}\` given twice`, "twice", scope);
      given.set(name, arg);
    }
  }
  const optional = new Set(row.optional ?? []);
  const form = row.forms.find(
    (names) =>
      names.every((name) => given.has(name) || optional.has(name)) &&
      [...given.keys()].every((name) => names.includes(name)),
  );
  if (form !== undefined && !positional)
    return new Map(
      form.filter((name) => given.has(name)).map((name) => [name, given.get(name) as Operand]),
    );
  const unnamed = args.filter((arg) => arg.name === undefined);
  if (positional && row.positional.length === 0)
    return unfit(row, unnamed, at, `name the parameters of \`${row.name}\``, "ambiguous", scope);
  const legal = new Set(row.forms.flat());
  const strange = [...given].find(([name]) => !legal.has(name));
  if (strange !== undefined)
    return unfit(
      row,
      args.filter((arg) => arg.name === strange[0]),
      at,
      `\`${row.name}\` has no parameter \`${strange[0]}\``,
      "unknown parameter",
      scope,
    );
  return unfit(
    row,
    args,
    at,
    `these are not the parameters of \`${row.name}\``,
    args.length === 0 ? "no parameters" : "do not fit together",
    scope,
  );
}

function unfit(
  row: LawRow,
  culprits: readonly EvaluatedArgument[],
  at: Place,
  message: string,
  label: string,
  scope: Scope,
): undefined {
  const [head] = culprits;
  const last = culprits.at(-1);
  const place =
    head === undefined || last === undefined
      ? at
      : {source: at.source, span: {start: head.at.span.start, end: last.at.span.end}};
  tell(scope.context.report, "E306", message, place, label, {help: formsText(row)});
  return undefined;
}

/** How a law may be called: `lognormal(p50:, p99:) | lognormal(mean:, sd:) | ...`. */
export function formsText(row: LawRow): string {
  return row.forms
    .slice(0, 3)
    .map((form) => {
      const names = form.map((name) => (row.positional.includes(name) ? name : `${name}:`));
      return `${row.name}(${names.join(", ")})`;
    })
    .join(" | ");
}
