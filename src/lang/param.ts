// Params: a type, a range and a default. The value is what was assigned last; outside its range it is E504, wherever it came from.

import type {FieldType} from "../../grammar/schema.ts";
import * as schema from "../../grammar/schema.ts";
import {
  dimensionName,
  dimensionNamed,
  none,
  quantityText,
  sameDimension,
  time,
} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import {evaluate} from "./evaluate.ts";
import {assignmentPlace, assignmentValue, refined} from "./field.ts";
import {fit} from "./fit.ts";
import {lineAt, tell, textOf} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {assigned, type ParamInstance, type Study} from "./study.ts";
import {nearest} from "./suggest.ts";
import type {Let, TypeName} from "./syntax.ts";
import {errorValue, type Value} from "./value.ts";
import {wrongType} from "./wrong-type.ts";

/** The value of a param under the assignments at hand; a range check is part of it. */
export function paramValue(
  param: ParamInstance,
  scope: Scope,
  study: Study | undefined,
  lenient: boolean,
): Value {
  const {syntax} = param;
  const type = syntax.type === undefined ? undefined : typeNamed(syntax.type, scope);
  if (type === "error") return errorValue;
  const {base, refinements} = assigned(param.assignments, []);
  const own = placeIn(scope, syntax.name);
  if (base === undefined) {
    // A scenario is checked on its own with the lower end of the range; a plan needs a value.
    if (lenient && syntax.range !== undefined) {
      const range = evaluate(syntax.range, scope);
      if (range.t === "range") return range.lo;
      return errorValue;
    }
    if (!lenient)
      tell(
        scope.context.report,
        "E509",
        `param \`${syntax.name.text}\` has no value`,
        own,
        "no default",
        {
          help: `give it a default (\`= ...\`), or a value in \`with { ${syntax.name.text}: ... }\``,
        },
      );
    return errorValue;
  }
  let value = assignmentValue(base, type, study);
  let at = assignmentPlace(base);
  for (const one of refinements) {
    value = refined(value, one, one.path, study);
    at = assignmentPlace(one);
  }
  if (value.t === "error") return errorValue;
  return checkParam(param, type, value, at, scope);
}

/** The value if it has the param's type and lies in its range, else an error value after a report. */
function checkParam(
  param: ParamInstance,
  type: FieldType | undefined,
  value: Value,
  at: Place,
  scope: Scope,
): Value {
  const {syntax} = param;
  if (type !== undefined && !conforms(value, type, at, scope, syntax.name.text)) return errorValue;
  if (syntax.range === undefined) return value;
  const range = evaluate(syntax.range, scope);
  if (range.t === "error") return errorValue;
  if (range.t === "list") return value;
  if (range.t !== "range")
    return wrongType("range", range, placeIn(scope, syntax.range), scope, "e.g. `1..128`");
  if (value.t !== "number")
    return value.t === "law" ? value : wrongType("number", value, at, scope);
  if (!sameDimension(value.dim, range.lo.dim)) {
    wrongDimension(value, range.lo.dim, at, scope, syntax.name.text);
    return errorValue;
  }
  if (value.value >= range.lo.value && value.value <= range.hi.value) return value;
  const show = (number: number): string => quantityText(number, range.lo.dim);
  const bounds = textOf(param.source, syntax.range);
  const typeText = syntax.type === undefined ? "" : `: ${textOf(param.source, syntax.type)}`;
  const line = lineAt(param.source, syntax.name.start);
  const where = param.source === at.source ? `line ${line}` : param.source.name;
  tell(
    scope.context.report,
    "E504",
    `${show(value.value)} is outside ${bounds}`,
    at,
    `param ${syntax.name.text}${typeText} in ${bounds} (${where})`,
    {
      help:
        value.value > range.hi.value
          ? `use at most ${show(range.hi.value)}`
          : `use at least ${show(range.lo.value)}`,
    },
  );
  return errorValue;
}

/** The value of a `let` if it has the type that the `let` states, else an error value after a report. */
export function letValue(syntax: Let, value: Value, scope: Scope): Value {
  if (syntax.type === undefined || value.t === "error") return value;
  const type = typeNamed(syntax.type, scope);
  if (type === "error") return errorValue;
  return conforms(value, type, placeIn(scope, syntax.value), scope, syntax.name.text)
    ? value
    : errorValue;
}

function conforms(value: Value, type: FieldType, at: Place, scope: Scope, name: string): boolean {
  if (type.kind === "cpus" && (value.t === "number" || value.t === "range" || value.t === "list"))
    return true;
  return fit(value, type, at, scope, {field: name, clock: () => 1e9}) !== undefined;
}

function wrongDimension(
  value: Value & {t: "number"},
  wanted: {time: number; bytes: number; cycles: number},
  at: Place,
  scope: Scope,
  name: string,
): void {
  const of = dimensionName(wanted);
  const quantity = (["Duration", "Frequency", "Bytes"] as const).find((one) => one === of);
  if (quantity !== undefined)
    fit(value, {kind: "quantity", of: quantity}, at, scope, {field: name});
  else wrongType(of, value, at, scope);
}

/** The type that a type name denotes; `error` after a report. */
export function typeNamed(type: TypeName, scope: Scope): FieldType | "error" {
  const {text} = type.name;
  if (text === "Dist" || text === "List") {
    const of = type.of === undefined ? undefined : typeNamed(type.of, scope);
    if (of === "error") return "error";
    if (text === "List" && of !== undefined) return {kind: "list", of};
    if (text === "Dist" && of?.kind === "quantity")
      return {kind: "law", of: of.of === "Duration" ? "Duration" : "Real"};
  }
  if (dimensionNamed(text) !== undefined && text !== "Cycles" && text !== "Number")
    return {kind: "quantity", of: text as "Duration"};
  const known = types[text];
  if (known !== undefined) return known;
  const names = [
    ...Object.keys(types),
    "Int",
    "Real",
    "Ratio",
    "Duration",
    "Frequency",
    "Bytes",
    "Dist<Duration>",
  ];
  const meant = nearest(text, names);
  tell(
    scope.context.report,
    "E201",
    `unknown type \`${text}\``,
    placeIn(scope, type),
    "no type of this name",
    {help: meant === undefined ? `types: ${names.join(" ")}` : `did you mean \`${meant}\`?`},
  );
  return "error";
}

const enumeration = (title: string, values: readonly string[]): FieldType => ({
  kind: "enum",
  title,
  values,
});

const types: Readonly<Record<string, FieldType>> = {
  Bool: {kind: "bool"},
  String: {kind: "string"},
  CpuSet: {kind: "cpus"},
  Tlb: enumeration("kind of TLB flush", schema.tlbKinds),
  Virt: enumeration("hypervisor", schema.virtKinds),
  Apic: enumeration("interrupt mode", schema.apicModes),
  Idle: enumeration("idle state", schema.idleStates),
  Preempt: enumeration("preemption model", schema.preemptModels),
  WriterKind: enumeration("writer kind", schema.writerKinds),
  WalkerKind: enumeration("walker kind", schema.walkerKinds),
  Protection: enumeration("protection", schema.protections),
  Revalidation: enumeration("level of re-validation", schema.revalidations),
  Machine: {kind: "ref", to: "machine"},
  Policy: {kind: "ref", to: "policy"},
  Mm: {kind: "ref", to: "mm"},
};

/** The type that values of a param have, from its declaration or its default. */
export function paramType(param: ParamInstance, scope: Scope): FieldType | undefined {
  if (param.syntax.type !== undefined) {
    const type = typeNamed(param.syntax.type, scope);
    return type === "error" ? undefined : type;
  }
  const value = param.syntax.value === undefined ? undefined : evaluate(param.syntax.value, scope);
  if (value?.t === "number")
    return {
      kind: "quantity",
      of: sameDimension(value.dim, time)
        ? "Duration"
        : sameDimension(value.dim, none)
          ? "Real"
          : "Frequency",
    };
  if (value?.t === "word") return value.of;
  if (value?.t === "bool") return {kind: "bool"};
  if (value?.t === "cpus") return {kind: "cpus"};
  return undefined;
}
