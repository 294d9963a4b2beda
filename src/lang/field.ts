// One field of one owner: the last assignment, its refinements, or the default of the schema, as a value and as what the resolved
// system stores.

import {
  type FieldRow,
  type FieldType,
  fieldOf,
  fieldsOf,
  type OwnerKind,
} from "../../grammar/schema.ts";
import {none, unitOf} from "../../grammar/units.ts";
import {convert, tellFault} from "./call-law.ts";
import type {Place} from "./diagnostic.ts";
import {evaluate} from "./evaluate.ts";
import {type FieldContext, type Fitted, fit} from "./fit.ts";
import {callIn, parametersOf, withArgument} from "./law.ts";
import {faultOf} from "./law-fault.ts";
import {replacement, tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {type Assignment, assigned, axisValue, type Study} from "./study.ts";
import {nearest} from "./suggest.ts";
import type {Name} from "./syntax.ts";
import {errorValue, type Value} from "./value.ts";
import {wrongType} from "./wrong-type.ts";

export interface FieldSet {
  readonly owner: OwnerKind;
  /** The owner's own name. */
  readonly name: string;
  readonly assignments: readonly Assignment[];
  /** Whose axes may supply values; absent outside a study. */
  readonly study?: Study;
  /** Where defaults and cycles are looked up. */
  readonly scope: Scope;
}

export interface FieldValue {
  readonly value: Value;
  readonly at: Place;
  readonly assignment: Assignment;
}

/** The value of a field as assigned; undefined if nothing was. */
export function fieldValue(set: FieldSet, name: string): FieldValue | undefined {
  const row = fieldOf(set.owner, name);
  const {base, refinements} = assigned(set.assignments, name.split("."));
  if (base === undefined || row === undefined) return undefined;
  const want = row.type;
  let value = fieldExpr(base, row, set.study);
  let at = assignmentPlace(base);
  const depth = name.split(".").length;
  // What refines a reference (`machine.tlb`) is the business of whoever follows it.
  if (want.kind !== "ref" || want.to === "mm")
    for (const one of refinements) {
      value = refined(value, one, one.path.slice(depth), set.study);
      at = assignmentPlace(one);
    }
  return {value, at, assignment: refinements.at(-1) ?? base};
}

/** The assignments that refine what a reference field points to, with the field's own name taken off. */
export function refinementsOf(set: FieldSet, name: string): Assignment[] {
  const depth = name.split(".").length;
  return assigned(set.assignments, name.split(".")).refinements.map((one) => ({
    ...one,
    path: one.path.slice(depth),
  }));
}

/**
 * The field as the resolved system stores it: what was assigned, else the default of the schema if that is a literal; `absent` if there
 * is neither, undefined after a report.
 */
export function fieldFitted(
  set: FieldSet,
  name: string,
  context: Omit<FieldContext, "field" | "words"> = {},
): Fitted | "absent" | undefined {
  const row = fieldOf(set.owner, name) as FieldRow;
  const found = fieldValue(set, name);
  if (found === undefined) return defaultOf(row) ?? "absent";
  const clock = context.clock ?? (() => clockOf(set.scope));
  return fit(found.value, row.type, found.at, found.assignment.scope, {
    field: name,
    clock,
    noClock:
      context.noClock ??
      ((text) => {
        const machine = set.scope.machine?.()?.declared.name;
        tell(
          set.scope.context.report,
          "E304",
          "cycles need a clock",
          found.at,
          machine === undefined ? "no machine is in effect" : `\`${machine}\` has no \`clock\``,
          {help: `add \`clock: 2.7GHz\` to the machine, or give \`${text}\` in ns`},
        );
      }),
    ...(row.words === undefined ? {} : {words: row.words}),
  });
}

function clockOf(scope: Scope): number | undefined {
  const machine = scope.machine?.();
  if (machine === undefined) return undefined;
  const value = machine.field("clock", {source: scope.source, span: {start: 0, end: 0}});
  return value.t === "number" && value.value > 0 ? value.value : undefined;
}

/** The value of one assignment. */
export function assignmentValue(
  one: Assignment,
  want: FieldType | undefined,
  study: Study | undefined,
): Value {
  if (one.axis !== undefined && study !== undefined) return axisValue(study, one) ?? errorValue;
  return evaluate(one.expr, one.scope, want);
}

/** The value of an assignment to this field, where some words may stand instead of a value. */
function fieldExpr(one: Assignment, row: FieldRow, study: Study | undefined): Value {
  if (one.axis === undefined && one.expr.kind === "name" && row.words?.includes(one.expr.name))
    return {t: "word", value: one.expr.name, of: row.type};
  return assignmentValue(one, row.type, study);
}

export function assignmentPlace(one: Assignment): Place {
  return one.axisAt?.() ?? placeIn(one.scope, one.expr);
}

/** A value with what a dotted assignment changes in it: a parameter of a distribution. */
export function refined(
  value: Value,
  one: Assignment,
  path: readonly Name[],
  study: Study | undefined,
): Value {
  if (value.t === "error") return errorValue;
  const {report} = one.scope.context;
  const [name] = path;
  const at = placeIn(one.scope, name ?? one.expr);
  const call = value.t === "law" ? callIn(value.law) : undefined;
  if (value.t !== "law" || call === undefined || name === undefined || path.length > 1) {
    tell(
      report,
      "E202",
      `\`${path.map((part) => part.text).join(".")}\` leads nowhere`,
      at,
      "no such part",
      {
        help: "paths lead into named parameters of one distribution, e.g. `gup.hold.p99`",
      },
    );
    return errorValue;
  }
  const operand = {value: assignmentValue(one, undefined, study), at: assignmentPlace(one)};
  if (operand.value.t === "error") return errorValue;
  if (!call.args.has(name.text)) {
    const names = [...parametersOf(value.law).keys()];
    const meant = nearest(name.text, names);
    tell(
      report,
      "E202",
      `\`${call.name}\` here has no parameter \`${name.text}\``,
      at,
      "unknown parameter",
      {
        help:
          meant === undefined
            ? `parameters: ${names.join(" ")}`
            : `did you mean \`${meant}\`?  parameters: ${names.join(" ")}`,
        ...(meant === undefined ? {} : {fix: replacement(`write \`${meant}\``, name, meant)}),
      },
    );
    return errorValue;
  }
  const converted = convert(call.name, name.text, operand, value.dim, one.scope);
  if (converted === undefined) return errorValue;
  const law = withArgument(value.law, name.text, {value: converted.value, at: operand.at});
  if (law === undefined) return wrongType("distribution", value, at, one.scope);
  const changed = callIn(law);
  const fault = changed === undefined ? undefined : faultOf(changed, value.dim);
  if (fault !== undefined && changed !== undefined) {
    tellFault({...fault, argument: name.text}, changed, one.scope);
    return errorValue;
  }
  return {...value, law};
}

/** The schema's default as a fitted value; undefined where it is computed or there is none. */
function defaultOf(row: FieldRow): Fitted | undefined {
  const text = row.default;
  if (text === undefined) return undefined;
  switch (row.type.kind) {
    case "enum":
      return row.type.values.includes(text) || row.words?.includes(text)
        ? {t: "text", value: text}
        : undefined;
    case "bool":
      return text === "true" || text === "false" ? {t: "bool", value: text === "true"} : undefined;
    case "cpus":
      return text === "empty" ? {t: "cpus", set: []} : undefined;
    case "list":
      return text === "[]" ? {t: "list", items: []} : undefined;
    case "bounds":
      return {t: "bounds", min: Number(text), max: Number(text)};
    case "quantity": {
      const value = literal(text);
      return value === undefined ? undefined : {t: "number", value};
    }
    case "law": {
      const value = literal(text);
      if (value === undefined) return undefined;
      return {t: "law", law: {kind: "constant", value}, distribution: {kind: "constant", value}};
    }
    default:
      return undefined;
  }
}

function literal(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(\D*)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (unit === "") return Number(number);
  const row = unitOf(unit as string);
  return row === undefined ? undefined : Number(number) * row.scale;
}

/** Reports E202: the owner has no field of this name. */
export function unknownField(
  title: string,
  name: string,
  at: Place,
  candidates: readonly string[],
  report: Scope["context"]["report"],
): void {
  const meant = nearest(name, candidates);
  const listed = `fields: ${candidates.slice(0, 16).join(" ")}${candidates.length > 16 ? " ..." : ""}`;
  tell(report, "E202", `${title} has no field \`${name}\``, at, "unknown field", {
    help: meant === undefined ? listed : `did you mean \`${meant}\`?  ${listed}`,
    ...(meant === undefined ? {} : {fix: replacement(`write \`${meant}\``, at.span, meant)}),
  });
}

/** How many names of a path are a field of the owner (dotted names are longer); 0 if it has no such field. */
export function fieldLength(owner: OwnerKind, path: readonly {readonly text: string}[]): number {
  for (let length = path.length; length > 0; length--) {
    const name = path
      .slice(0, length)
      .map((part) => part.text)
      .join(".");
    if (fieldOf(owner, name) !== undefined) return length;
  }
  return 0;
}

export function fieldNames(owner: OwnerKind): string[] {
  return fieldsOf(owner).map((row) => row.name);
}

/** A plain number, as the value of an attribute that the language computes (`machine.cpus`). */
export function plain(value: number): Value {
  return {t: "number", value, dim: none};
}
