// A value into a field: the one place where a value meets the type of what it is stored in. The result is what the resolved system
// holds (canonical numbers, distributions in nanoseconds, CPU sets), or undefined after a report.

import type {FieldType, QuantityName} from "../../grammar/schema.ts";
import {
  cycles,
  dimensionName,
  dimensionNamed,
  none,
  quantityText,
  sameDimension,
  time,
} from "../../grammar/units.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import {asCpus, cpusExist} from "./call-cpus.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared} from "./environment.ts";
import {unknownName} from "./evaluate.ts";
import type {Law} from "./law.ts";
import {distributionOf, infimumOf, scaled} from "./law-distribution.ts";
import {reference} from "./reference.ts";
import {replacement, tell, textOf} from "./report.ts";
import type {Scope} from "./scope.ts";
import type {EntityInstance} from "./study.ts";
import type {NumberValue, Value} from "./value.ts";
import {wrongType} from "./wrong-type.ts";

/** What a field holds once its value fits. */
export type Fitted =
  | {readonly t: "number"; readonly value: number}
  | {readonly t: "law"; readonly law: Law; readonly distribution: Distribution}
  | {readonly t: "bool"; readonly value: boolean}
  | {readonly t: "text"; readonly value: string}
  | {readonly t: "cpus"; readonly set: CpuSet}
  | {readonly t: "declared"; readonly declared: Declared}
  | {readonly t: "entity"; readonly entity: EntityInstance}
  | {readonly t: "list"; readonly items: readonly Fitted[]}
  | {readonly t: "bounds"; readonly min: number; readonly max: number};

/** What is needed beyond the scope to say what is wrong. */
export interface FieldContext {
  /** Name of the field, as in messages. */
  readonly field: string;
  /** Words accepted instead of a value. */
  readonly words?: readonly string[];
  /** Clock of the machine in effect, Hz, for cycles. */
  readonly clock?: () => number | undefined;
  /** Reports that cycles were used without a clock. */
  readonly noClock?: (text: string) => void;
}

/** Fits a value to a type; reports and returns undefined if it does not. */
export function fit(
  value: Value,
  type: FieldType,
  at: Place,
  scope: Scope,
  context: FieldContext,
): Fitted | undefined {
  if (value.t === "error") return undefined;
  if (value.t === "word" && context.words?.includes(value.value))
    return {t: "text", value: value.value};
  switch (type.kind) {
    case "quantity": {
      const number = quantity(value, type.of, at, scope, context);
      if (number === undefined) return undefined;
      if (outside(number, type, at, scope, context)) return undefined;
      return {t: "number", value: number};
    }
    case "law":
      return lawFor(value, type.of, at, scope, context);
    case "bool":
      if (value.t === "bool") return {t: "bool", value: value.value};
      wrongType("Bool", value, at, scope, "`true` or `false`");
      return undefined;
    case "string":
      if (value.t === "string") return {t: "text", value: value.value};
      wrongType("String", value, at, scope);
      return undefined;
    case "word":
      if (value.t === "word" || value.t === "string") return {t: "text", value: value.value};
      if (value.t === "number") return {t: "number", value: value.value};
      wrongType("name", value, at, scope);
      return undefined;
    case "cpus": {
      const set = asCpus(value, scope);
      if (set === undefined) {
        wrongType(
          "CpuSet",
          value,
          at,
          scope,
          "CPUs are `0..15`, `[0, 2]`, `all`, `first(16)`, `socket(1) & housekeeping`",
        );
        return undefined;
      }
      return cpusExist(set, value, at, scope) ? {t: "cpus", set} : undefined;
    }
    case "cpu": {
      const set = asCpus(value, scope);
      if (set === undefined) {
        wrongType("CPU", value, at, scope, "one CPU, e.g. `20`");
        return undefined;
      }
      if (!cpusExist(set, value, at, scope)) return undefined;
      const first = set[0]?.[0];
      if (first === undefined) {
        wrongType("CPU", value, at, scope, "the set is empty");
        return undefined;
      }
      return {t: "number", value: first};
    }
    case "enum":
      if (value.t === "word" && type.values.includes(value.value))
        return {t: "text", value: value.value};
      if (value.t === "word") unknownName(value.value, at, scope, type);
      else if (value.t === "declared" || value.t === "entity") {
        const name = value.t === "declared" ? value.declared.name : value.entity.name;
        unknownName(name, at, scope, type);
      } else wrongType(`a ${type.title}`, value, at, scope, type.values.join(" | "));
      return undefined;
    case "ref":
      return reference(value, type.to, at, scope) ? (value as Fitted & Value) : undefined;
    case "list": {
      const places = value.t === "list" ? value.places : [at];
      const items = (value.t === "list" ? value.items : [value]).map((item, i) =>
        fit(item, type.of, places[i] as Place, scope, context),
      );
      return items.every((item) => item !== undefined)
        ? {t: "list", items: items as Fitted[]}
        : undefined;
    }
    case "bounds":
      return bounds(value, at, scope, context);
    case "condition":
      return undefined;
  }
}

function quantity(
  value: Value,
  of: QuantityName,
  at: Place,
  scope: Scope,
  context: FieldContext,
): number | undefined {
  if (value.t === "law") {
    tell(
      scope.context.report,
      "E305",
      "a distribution cannot be used here",
      at,
      `\`${context.field}\` is read once per run`,
      {
        help: `a fixed value, e.g. ${fixedExample(value.law, of)}; only what is drawn again at every use takes a distribution`,
      },
    );
    return undefined;
  }
  if (value.t !== "number") {
    wrongType(of, value, at, scope);
    return undefined;
  }
  const wanted = dimensionNamed(of) ?? none;
  if (sameDimension(value.dim, wanted)) {
    if (of === "Int" && !Number.isInteger(value.value)) {
      tell(
        scope.context.report,
        "E301",
        `expected Int, found ${value.percent ? "Ratio" : "Real"}`,
        at,
        "not a whole number",
        {
          help: `\`${Math.round(value.value)}\``,
        },
      );
      return undefined;
    }
    return value.value;
  }
  if (of === "Duration" && sameDimension(value.dim, cycles))
    return inTime(value.value, value, at, context);
  misfit(value, of, at, scope, context);
  return undefined;
}

function fixedExample(law: Law, of: QuantityName): string {
  if (of !== "Duration" || law.kind !== "call") return of === "Int" ? "`8`" : "`1s`";
  const mean = law.args.get("mean")?.value ?? law.args.get("p50")?.value;
  return `\`${typeof mean === "number" ? quantityText(mean, time) : "1s"}\``;
}

/** Reports a number of the wrong dimension: E302 for a missing unit, else E301. */
function misfit(
  value: NumberValue,
  of: QuantityName,
  at: Place,
  scope: Scope,
  context: FieldContext,
): void {
  const {report} = scope.context;
  const written = textOf(at.source, at.span);
  if (sameDimension(value.dim, none) && of !== "Int" && of !== "Real" && of !== "Ratio") {
    const text = /^[\d._]+$/.test(written) ? written : "5";
    const units = {
      Duration: ["ns", "us", "ms", "cyc"],
      Frequency: ["/s", "k/s"],
      Bytes: ["B", "KiB"],
    }[of];
    const listed = units.map((unit) => `\`${text}${unit}\``);
    const last = listed.pop();
    tell(report, "E302", `${of.toLowerCase()} without a unit`, at, "a plain number", {
      help: `add a unit: ${listed.join(", ")} or ${last}; there is no default unit`,
    });
    return;
  }
  const found = dimensionName(value.dim);
  if (of === "Duration" && found === "Frequency") {
    const gap = quantityText(1e9 / value.value, time);
    const rate = quantityText(value.value, value.dim);
    const arrivals = context.field === "every" || context.field === "period";
    tell(report, "E301", `expected ${of}, found ${found}`, at, found, {
      help: arrivals
        ? `\`rate: ${rate}\` or \`${context.field}: ${gap}\``
        : `\`${gap}\` is one period of ${rate}`,
      fix: replacement(`write \`${gap}\``, at.span, gap, "maybe"),
    });
    return;
  }
  if (of === "Frequency" && found === "Duration") {
    const rate = quantityText(1e9 / value.value, {time: -1, bytes: 0, cycles: 0});
    tell(report, "E301", `expected ${of}, found ${found}`, at, found, {
      help: context.field === "rate" ? `\`every: ${written}\` or \`rate: ${rate}\`` : `\`${rate}\``,
      fix: replacement(`write \`${rate}\``, at.span, rate, "maybe"),
    });
    return;
  }
  wrongType(of, value, at, scope);
}

function lawFor(
  value: Value,
  of: "Duration" | "Real",
  at: Place,
  scope: Scope,
  context: FieldContext,
): Fitted | undefined {
  if (value.t !== "law" && value.t !== "number") {
    wrongType(`Dist<${of}>`, value, at, scope);
    return undefined;
  }
  const wanted = of === "Duration" ? time : none;
  let law: Law = value.t === "law" ? value.law : {kind: "constant", value: value.value};
  let distribution: Distribution;
  if (sameDimension(value.dim, wanted)) distribution = distributionOf(law);
  else if (of === "Duration" && sameDimension(value.dim, cycles)) {
    const factor = inTime(1, value, at, context);
    if (factor === undefined) return undefined;
    distribution = scaled(distributionOf(law), factor);
    if (law.kind === "constant") law = {kind: "constant", value: law.value * factor};
  } else if (value.t === "number") {
    misfit(value, of, at, scope, context);
    return undefined;
  } else {
    wrongType(`Dist<${of}>`, value, at, scope);
    return undefined;
  }
  const least = infimumOf(distribution);
  if (least < 0) {
    if (distribution.kind === "normal") distribution = {kind: "truncate", of: distribution, lo: 0};
    else {
      tell(scope.context.report, "E307", "a duration cannot be negative", at, "can fall below 0", {
        help: "`truncate(..., lo: 0ns)` redraws what does",
      });
      return undefined;
    }
  }
  return {t: "law", law, distribution};
}

function inTime(
  amount: number,
  value: Value,
  at: Place,
  context: FieldContext,
): number | undefined {
  const clock = context.clock?.();
  if (clock !== undefined) return (amount * 1e9) / clock;
  const text =
    value.t === "number" ? quantityText(value.value, cycles) : textOf(at.source, at.span);
  context.noClock?.(text);
  return undefined;
}

function outside(
  value: number,
  type: FieldType & {kind: "quantity"},
  at: Place,
  scope: Scope,
  context: FieldContext,
): boolean {
  const {min, max} = type;
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return false;
  const dim = dimensionNamed(type.of) ?? none;
  const show = (bound: number): string =>
    type.of === "Ratio" ? `${bound * 100}%` : quantityText(bound, dim);
  const range =
    max === undefined ? `at least ${show(min as number)}` : `${show(min ?? 0)}..${show(max)}`;
  tell(
    scope.context.report,
    "E504",
    `${show(value)} is outside ${max === undefined ? `${show(min as number)}..` : range}`,
    at,
    `\`${context.field}\` is ${max === undefined ? range : `in ${range}`}`,
    {
      help:
        max !== undefined && value > max
          ? `use at most ${show(max)}`
          : `use at least ${show(min ?? 0)}`,
    },
  );
  return true;
}

function bounds(value: Value, at: Place, scope: Scope, context: FieldContext): Fitted | undefined {
  const whole = (one: Value, place: Place): number | undefined => {
    const found = quantity(one, "Int", place, scope, context);
    if (
      found === undefined ||
      outside(found, {kind: "quantity", of: "Int", min: 1, max: 1e6}, place, scope, context)
    )
      return undefined;
    return found;
  };
  if (value.t !== "range") {
    const count = whole(value, at);
    return count === undefined ? undefined : {t: "bounds", min: count, max: count};
  }
  const min = whole(value.lo, value.loAt);
  const max = whole(value.hi, value.hiAt);
  if (min === undefined || max === undefined) return undefined;
  if (max < min) {
    tell(
      scope.context.report,
      "E504",
      `${max} is below ${min}`,
      value.hiAt,
      `\`${context.field}\` runs from low to high`,
      {
        help: `\`${max}..${min}\``,
      },
    );
    return undefined;
  }
  return {t: "bounds", min, max};
}
