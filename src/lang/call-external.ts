// `ts("gap")`: a value of a TypeScript cell. It comes through the injected file reader under the name `ts:gap`, as the text of a literal:
// `8us`, `true`, or a line an item. So nothing but a literal can come in, and its hash goes into the plan as that of a file does. Columns of
// tables come in through `empirical("ts:waits", column: "wait_ns", unit: ns)`.

import {unitOf} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import {parse} from "./parse.ts";
import {tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import type {Argument, Expr} from "./syntax.ts";
import {errorValue, type ListValue, type NumberValue, type Value} from "./value.ts";

const usage = '`ts("gap")`, or `ts("gap", unit: us)` for a plain number';

/** The value of the variable that the first argument names; `evaluate` is the evaluator that calls this. */
export function readExternal(
  args: readonly Argument[],
  at: Place,
  scope: Scope,
  evaluate: (expr: Expr, scope: Scope) => Value,
): Value {
  const {report, files, inputs} = scope.context;
  const name = args[0]?.value;
  const nameAt = name === undefined ? at : placeIn(scope, name);
  const refuse = (place: Place, message: string, label: string, help: string = usage): Value => {
    tell(report, "E308", message, place, label, {help});
    return errorValue;
  };
  if (name?.kind !== "string")
    return refuse(nameAt, "`ts` takes the name of a variable as a string", "which variable?");
  const strange = args.slice(1).find((arg) => arg.name?.text !== "unit");
  if (strange !== undefined) {
    return refuse(
      placeIn(scope, strange),
      "`ts` takes only `unit:` beside the name",
      "unknown parameter",
    );
  }
  if (files === undefined) {
    const help = "run the text in a notebook, where cells can be TypeScript";
    return refuse(
      nameAt,
      `cannot read \`${name.value}\``,
      "there are no TypeScript cells here",
      help,
    );
  }
  const read = files.read(`ts:${name.value}`);
  if ("failure" in read) return refuse(nameAt, `cannot read \`${name.value}\``, read.failure);
  // Several lines are the items of a list.
  const lines = read.text.trimEnd().split("\n");
  const literal = read.text.endsWith("\n") ? `[${lines.join(", ")}]` : read.text;
  const {program, diagnostics} = parse({name: read.path, text: `let value = ${literal}`});
  const item = program.items[0];
  if (
    diagnostics.length > 0 ||
    program.items.length !== 1 ||
    item?.kind !== "let" ||
    !isLiteral(item.value)
  ) {
    const label = `it is \`${read.text.slice(0, 60)}\``;
    const help = 'a number, a text like "8us", true or false, or an array of them';
    return refuse(nameAt, `\`${name.value}\` holds no value that Quiesce has`, label, help);
  }
  inputs.set(read.path, read.sha256);
  const value = evaluate(item.value, scope);
  const unit = args[1]?.value;
  if (unit === undefined) return value;
  const word = unit.kind === "name" ? unit.name : unit.kind === "string" ? unit.value : "";
  const row = unitOf(word);
  if (row === undefined) {
    return refuse(
      placeIn(scope, unit),
      `unknown unit \`${word}\``,
      "not a unit",
      "ns us ms s cyc, B KiB MiB, /s Hz, %",
    );
  }
  return (
    withUnit(value, row) ??
    refuse(
      placeIn(scope, unit),
      `\`${name.value}\` has a unit already`,
      "two units",
      "leave `unit:` out",
    )
  );
}

function isLiteral(expr: Expr): boolean {
  if (expr.kind === "list") return expr.items.every(isLiteral);
  if (expr.kind === "unary") return expr.op === "-" && expr.of.kind === "number";
  return expr.kind === "number" || expr.kind === "bool" || expr.kind === "string";
}

function withUnit(value: Value, unit: NonNullable<ReturnType<typeof unitOf>>): Value | undefined {
  if (value.t === "list") {
    const items = value.items.map((item) => withUnit(item, unit));
    if (items.some((item) => item === undefined)) return undefined;
    return {...value, items: items as Value[]} satisfies ListValue;
  }
  if (value.t !== "number" || Object.values(value.dim).some((power) => power !== 0))
    return undefined;
  return {t: "number", value: value.value * unit.scale, dim: unit.dimension} satisfies NumberValue;
}
