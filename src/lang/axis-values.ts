// The values of one axis: a list, or a range with `step`, `log n` or `lin n`; a range of whole numbers is every one of them. In `random`
// and `lhs` a range is continuous and the design says where in it.

import type {FieldType} from "../../grammar/schema.ts";
import {dimensionName, none, quantityText, sameDimension} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import {lawText} from "./law.ts";
import {same} from "./operate.ts";
import {replacement, tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import type {NumberValue, RangeValue, Value} from "./value.ts";

export interface AxisItems {
  readonly values: readonly Value[];
  readonly places: readonly Place[];
}

/** The most values one axis may have. */
const mostValues = 100_000;

/** All values of an axis; undefined after a report. */
export function axisItems(
  value: Value,
  type: FieldType | undefined,
  at: Place,
  scope: Scope,
): AxisItems | undefined {
  if (value.t === "error") return undefined;
  if (value.t === "list" && type?.kind !== "list") {
    if (value.items.length === 0) {
      tell(scope.context.report, "E503", "an axis without values", at, "an empty list", {
        help: "give at least one value",
      });
      return undefined;
    }
    return distinct(value.items, value.places);
  }
  if (value.t !== "range" || type?.kind === "cpus") return {values: [value], places: [at]};
  const numbers = rangeValues(value, type, at, scope);
  return (
    numbers &&
    distinct(
      numbers,
      numbers.map(() => at),
    )
  );
}

function rangeValues(
  range: RangeValue,
  type: FieldType | undefined,
  at: Place,
  scope: Scope,
): Value[] | undefined {
  const {report} = scope.context;
  const {lo, hi, spacing} = range;
  const whole = type?.kind === "quantity" && type.of === "Int";
  if (hi.value < lo.value) {
    tell(report, "E501", "this range runs backwards", at, "its end lies below its start", {
      help: `\`${show(hi)}..${show(lo)}\``,
    });
    return undefined;
  }
  const number = (value: number): Value => ({
    t: "number",
    value: whole ? Math.round(value) : value,
    dim: lo.dim,
  });
  if (spacing === undefined) {
    if (
      !whole &&
      !(type === undefined && sameDimension(lo.dim, none) && Number.isInteger(lo.value))
    ) {
      tell(report, "E501", "a range needs steps here", at, "which values in between?", {
        help: `\`${show(lo)}..${show(hi)} lin 5\`, \`log 5\`, or \`step ...\``,
      });
      return undefined;
    }
    return series(lo.value, hi.value, 1, at, scope)?.map(number);
  }
  if (spacing.kind === "step") {
    if (!sameDimension(spacing.by.dim, lo.dim) || spacing.by.value <= 0) {
      tell(
        report,
        "E501",
        "a step must be above 0, in the unit of the range",
        spacing.at,
        dimensionName(spacing.by.dim),
        {
          help: `\`${show(lo)}..${show(hi)} step ${show({...lo, value: (hi.value - lo.value) / 4})}\``,
        },
      );
      return undefined;
    }
    return series(lo.value, hi.value, spacing.by.value, at, scope)?.map(number);
  }
  const {count} = spacing;
  if (count === undefined) {
    tell(
      report,
      "E501",
      `how many values? \`${spacing.kind}\` needs a count here`,
      at,
      "no count",
      {
        help: `\`${show(lo)}..${show(hi)} ${spacing.kind} 5\``,
      },
    );
    return undefined;
  }
  if (!Number.isInteger(count) || count < 1 || count > mostValues) {
    tell(
      report,
      "E501",
      `\`${spacing.kind} ${count}\` is no number of values`,
      spacing.at,
      "1 or more",
      {help: `\`${spacing.kind} 5\``},
    );
    return undefined;
  }
  if (spacing.kind === "log" && !logarithmic(range, scope)) return undefined;
  return Array.from({length: count}, (_, i) =>
    number(between(range, count === 1 ? 0 : i / (count - 1))),
  );
}

/** The value at a fraction of a range, on its own scale; both ends are exact. */
export function between(range: RangeValue, fraction: number): number {
  const {lo, hi, spacing} = range;
  if (fraction <= 0) return lo.value;
  if (fraction >= 1) return hi.value;
  if (spacing?.kind !== "log") return settle(lo.value + (hi.value - lo.value) * fraction);
  return settle(
    Math.exp(Math.log(lo.value) + (Math.log(hi.value) - Math.log(lo.value)) * fraction),
  );
}

/** Whether a logarithmic range starts above 0; reports E501 otherwise. */
export function logarithmic(range: RangeValue, scope: Scope): boolean {
  if (range.lo.value > 0) return true;
  const count = range.spacing?.kind === "log" ? range.spacing.count : undefined;
  const suffix = count === undefined ? "" : ` ${count}`;
  const start = {...range.hi, value: range.hi.value / 1000};
  const text = `${show(start)}..${show(range.hi)} log${suffix}`;
  tell(
    scope.context.report,
    "E501",
    "log range cannot start at 0",
    range.loAt,
    range.lo.value === 0 ? "log of zero" : "log of a negative number",
    {
      help: `\`${text}\`, or \`lin${suffix}\``,
      fix: replacement(`start at \`${show(start)}\``, range.loAt.span, show(start), "maybe"),
    },
  );
  return false;
}

function series(lo: number, hi: number, by: number, at: Place, scope: Scope): number[] | undefined {
  const count = Math.floor((hi - lo) / by + 1e-9) + 1;
  if (count > mostValues) {
    tell(scope.context.report, "E501", `an axis of ${count} values`, at, `at most ${mostValues}`, {
      help: "use `lin n` or `log n`",
    });
    return undefined;
  }
  return Array.from({length: count}, (_, i) => settle(lo + i * by));
}

/** Twelve digits: what 0.1 added ten times leaves behind them is nobody's axis value. */
function settle(value: number): number {
  return Number(value.toPrecision(12));
}

function distinct(values: readonly Value[], places: readonly Place[]): AxisItems {
  const kept: Value[] = [];
  const where: Place[] = [];
  for (const [i, value] of values.entries()) {
    if (kept.some((other) => same(other, value) === true)) continue;
    kept.push(value);
    where.push(places[i] as Place);
  }
  return {values: kept, places: where};
}

/** How the values of an axis are shown and selected: four digits, or as many more as keep them apart. */
export function axisLabels(values: readonly Value[]): string[] {
  for (let digits = 4; digits <= 12; digits += 4) {
    const labels = values.map((value) => label(value, digits));
    if (new Set(labels).size === labels.length) return labels;
  }
  return values.map((value, i) => `${label(value, 12)}#${i + 1}`);
}

function label(value: Value, digits: number): string {
  switch (value.t) {
    case "number":
      return value.percent
        ? `${Number((value.value * 100).toPrecision(digits))}%`
        : quantityText(value.value, value.dim, digits);
    case "bool":
      return String(value.value);
    case "word":
    case "string":
      return value.value;
    case "declared":
      return value.declared.name;
    case "entity":
      return value.entity.name;
    case "law":
      return lawText(value.law, value.dim);
    case "cpus":
      return value.set.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)).join(",");
    case "range":
      return `${value.lo.value}-${value.hi.value}`;
    default:
      return value.t;
  }
}

function show(value: NumberValue): string {
  return quantityText(value.value, value.dim, 4);
}
