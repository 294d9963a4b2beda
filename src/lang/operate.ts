// Operators. Numbers and statistics carry dimensions: `+ -` and comparisons need equal ones, `* /` combine them. Distributions shift
// and scale; CPU sets have `| & -`; a comparison of statistics is a verdict, with `and or not` on it.

import {
  type Dimension,
  dimensionName,
  divide,
  multiply,
  none,
  quantityText,
  sameDimension,
  time,
} from "../../grammar/units.ts";
import type {ExpectExpr, MeasureExpr} from "../plan/measure.ts";
import {type CpuSet, difference, intersection, union} from "../units/cpuset.ts";
import {asCpus} from "./call-cpus.ts";
import type {Place} from "./diagnostic.ts";
import type {Law} from "./law.ts";
import {replacement, tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import type {BinaryOperator} from "./syntax.ts";
import {errorValue, kindName, type NumberValue, type StatValue, type Value} from "./value.ts";
import {type Operand, wrongType} from "./wrong-type.ts";

type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** The value of `left op right`. */
export function binary(op: BinaryOperator, left: Operand, right: Operand, scope: Scope): Value {
  if (left.value.t === "error" || right.value.t === "error") return errorValue;
  switch (op) {
    case "and":
    case "or":
      return connective(op, left, right, scope);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(op, left, right, scope);
    case "in":
    case "not in": {
      const found = contained(left, right, scope);
      return found === undefined ? errorValue : {t: "bool", value: found === (op === "in")};
    }
    case "|":
    case "&":
      return sets(op, left, right, scope);
    case "+":
    case "-":
    case "*":
    case "/":
      if (op === "-" && (left.value.t === "cpus" || right.value.t === "cpus"))
        return sets(op, left, right, scope);
      return arithmetic(op, left, right, scope);
  }
}

export function negate(of: Value, at: Place, scope: Scope): Value {
  switch (of.t) {
    case "number":
      return {...of, value: -of.value};
    case "stat":
      return {...of, expr: {op: "negate", of: of.expr}};
    default:
      return wrongType("number", of, at, scope);
  }
}

export function not(of: Value, at: Place, scope: Scope): Value {
  switch (of.t) {
    case "bool":
      return {t: "bool", value: !of.value};
    case "verdict":
      return {t: "verdict", expr: {op: "not", of: of.expr}};
    default:
      return wrongType("Bool", of, at, scope);
  }
}

/** `left within tolerance of reference`, or of its own value. */
export function within(
  left: Operand,
  tolerance: Operand,
  reference: Operand | undefined,
  scope: Scope,
): Value {
  const measure = asStat(left.value);
  const bound = tolerance.value;
  if (left.value.t === "error" || bound.t === "error" || reference?.value.t === "error")
    return errorValue;
  if (measure === undefined || left.value.t === "number")
    return wrongType(
      "a measure",
      left.value,
      left.at,
      scope,
      "`within` tests a statistic, e.g. `mean(gup.latency) within 3% of 2us`",
    );
  if (bound.t !== "number" || !sameDimension(bound.dim, none))
    return wrongType("Ratio", bound, tolerance.at, scope, "a relative tolerance, e.g. `5%`");
  if (reference === undefined)
    return {t: "verdict", expr: {op: "within", left: measure.expr, tolerance: bound.value}};
  const other = asStat(reference.value);
  if (other === undefined) return wrongType("a measure", reference.value, reference.at, scope);
  if (!sameDimension(measure.dim, other.dim))
    return mismatch(
      "compare",
      {dim: measure.dim, at: left.at},
      {dim: other.dim, at: reference.at},
      scope,
    );
  return {
    t: "verdict",
    expr: {op: "within", left: measure.expr, tolerance: bound.value, reference: other.expr},
  };
}

function connective(op: "and" | "or", left: Operand, right: Operand, scope: Scope): Value {
  const [a, b] = [left.value, right.value];
  if (a.t === "bool" && b.t === "bool")
    return {t: "bool", value: op === "and" ? a.value && b.value : a.value || b.value};
  if (a.t === "verdict" && b.t === "verdict")
    return {t: "verdict", expr: {op, left: a.expr, right: b.expr}};
  if (a.t !== "bool" && a.t !== "verdict") return wrongType("Bool", a, left.at, scope);
  return wrongType(a.t === "bool" ? "Bool" : "Verdict", b, right.at, scope);
}

function compare(op: Comparison, left: Operand, right: Operand, scope: Scope): Value {
  const [a, b] = [left.value, right.value];
  if (a.t === "metric" && b.t === "number" && op !== "==" && op !== "!=") {
    const dim = metricDimension(a.row.unit);
    if (!sameDimension(dim, b.dim))
      return incomparable({dim, at: left.at}, {dim: b.dim, at: right.at}, right, scope);
    return {t: "metricTest", entity: a.entity, row: a.row, compare: op, bound: b.value};
  }
  if (a.t === "metric" || b.t === "metric") {
    const at = a.t === "metric" ? left : right;
    return wrongType(
      "a statistic",
      at.value,
      at.at,
      scope,
      "a metric is a stream of samples: aggregate it, e.g. `p99(thp.sync)` or `frac(gup.latency > 1us)`",
    );
  }
  const [x, y] = [asStat(a), asStat(b)];
  if (x !== undefined && y !== undefined) {
    if (!sameDimension(x.dim, y.dim))
      return incomparable({dim: x.dim, at: left.at}, {dim: y.dim, at: right.at}, right, scope);
    if (a.t === "number" && b.t === "number")
      return {t: "bool", value: holds(op, a.value, b.value)};
    return {t: "verdict", expr: {op, left: x.expr, right: y.expr} as ExpectExpr};
  }
  if (op !== "==" && op !== "!=") {
    if (x !== undefined) return wrongType(dimensionName(x.dim), b, right.at, scope);
    return wrongType("number", a, left.at, scope);
  }
  const equal = same(a, b);
  if (equal === undefined) return wrongType(kindName(a, dimensionName), b, right.at, scope);
  return {t: "bool", value: equal === (op === "==")};
}

/** Whether two values of one kind are the same; undefined if they cannot be compared. */
export function same(a: Value, b: Value): boolean | undefined {
  if (a.t === "number" && b.t === "number")
    return sameDimension(a.dim, b.dim) ? a.value === b.value : undefined;
  if (a.t === "bool" && b.t === "bool") return a.value === b.value;
  if (a.t === "string" && b.t === "string") return a.value === b.value;
  if (a.t === "word" && b.t === "word") return a.value === b.value;
  if (a.t === "declared" && b.t === "declared") return a.declared === b.declared;
  if (a.t === "entity" && b.t === "entity") return a.entity === b.entity;
  if (a.t === "cpus" && b.t === "cpus") return JSON.stringify(a.set) === JSON.stringify(b.set);
  return undefined;
}

function contained(left: Operand, right: Operand, scope: Scope): boolean | undefined {
  const [a, b] = [left.value, right.value];
  if (b.t === "list") {
    let found = false;
    for (const [i, item] of b.items.entries()) {
      const equal = same(a, item);
      if (equal === undefined) {
        wrongType(kindName(a, dimensionName), item, b.places[i] as Place, scope);
        return undefined;
      }
      found ||= equal;
    }
    return found;
  }
  if (b.t === "range" && a.t === "number") {
    if (!sameDimension(a.dim, b.lo.dim)) {
      incomparable({dim: a.dim, at: left.at}, {dim: b.lo.dim, at: right.at}, right, scope);
      return undefined;
    }
    return a.value >= b.lo.value && a.value <= b.hi.value;
  }
  if (b.t === "cpus" && a.t === "number")
    return b.set.some(([lo, hi]) => a.value >= lo && a.value <= hi);
  wrongType("list or range", b, right.at, scope);
  return undefined;
}

function sets(op: "|" | "&" | "-", left: Operand, right: Operand, scope: Scope): Value {
  const [a, b] = [left, right].map((side): CpuSet | undefined => {
    const set = asCpus(side.value, scope);
    if (set === undefined) wrongType("CpuSet", side.value, side.at, scope);
    return set;
  });
  if (a === undefined || b === undefined) return errorValue;
  const apply = op === "|" ? union : op === "&" ? intersection : difference;
  return {t: "cpus", set: apply(a, b)};
}

function arithmetic(op: "+" | "-" | "*" | "/", left: Operand, right: Operand, scope: Scope): Value {
  const [a, b] = [left.value, right.value];
  if (a.t === "number" && b.t === "number") return numbers(op, a, b, left.at, right.at, scope);
  if (a.t === "law" || b.t === "law") return laws(op, left, right, scope);
  const [x, y] = [asStat(a), asStat(b)];
  if (x !== undefined && y !== undefined) return stats(op, x, y, left.at, right.at, scope);
  for (const side of [left, right]) {
    if (side.value.t === "metric" || side.value.t === "metricTest")
      return wrongType(
        "a statistic",
        side.value,
        side.at,
        scope,
        "aggregate it first, e.g. `mean(gup.latency)`",
      );
    if (side.value.t !== "number" && side.value.t !== "stat")
      return wrongType("number", side.value, side.at, scope);
  }
  return errorValue;
}

function numbers(
  op: "+" | "-" | "*" | "/",
  a: NumberValue,
  b: NumberValue,
  leftAt: Place,
  rightAt: Place,
  scope: Scope,
): Value {
  if (op === "*" || op === "/") {
    const {value, dimension} = (op === "*" ? multiply : divide)(a.value, a.dim, b.value, b.dim);
    return {t: "number", value, dim: dimension};
  }
  if (!sameDimension(a.dim, b.dim))
    return mismatch(
      op === "+" ? "add" : "subtract",
      {dim: a.dim, at: leftAt},
      {dim: b.dim, at: rightAt},
      scope,
    );
  return {
    t: "number",
    value: op === "+" ? a.value + b.value : a.value - b.value,
    dim: a.dim,
    ...(a.percent && b.percent ? {percent: true} : {}),
  };
}

function laws(op: "+" | "-" | "*" | "/", left: Operand, right: Operand, scope: Scope): Value {
  const [a, b] = [left.value, right.value];
  for (const side of [left, right])
    if (side.value.t !== "law" && side.value.t !== "number")
      return wrongType("distribution or number", side.value, side.at, scope);
  const dimOf = (value: Value): Dimension =>
    value.t === "law" || value.t === "number" ? value.dim : none;
  const lawOf = (value: Value): Law =>
    value.t === "law" ? value.law : {kind: "constant", value: (value as NumberValue).value};
  if (op === "+" || op === "-") {
    if (!sameDimension(dimOf(a), dimOf(b)))
      return mismatch(
        op === "+" ? "add" : "subtract",
        {dim: dimOf(a), at: left.at},
        {dim: dimOf(b), at: right.at},
        scope,
      );
    const sign = op === "+" ? 1 : -1;
    if (b.t === "number")
      return {t: "law", law: {kind: "shift", of: lawOf(a), by: sign * b.value}, dim: b.dim};
    const second: Law =
      sign === 1 ? lawOf(b) : {kind: "scale", of: lawOf(b), by: -1, dim: dimOf(b)};
    if (a.t === "number")
      return {t: "law", law: {kind: "shift", of: second, by: a.value}, dim: a.dim};
    return {t: "law", law: {kind: "sum", parts: [lawOf(a), second]}, dim: dimOf(a)};
  }
  if (op === "/") {
    if (b.t !== "number")
      return wrongType("number", b, right.at, scope, "only a number can divide a distribution");
    const {value, dimension} = divide(1, dimOf(a), b.value, b.dim);
    return {t: "law", law: {kind: "scale", of: lawOf(a), by: value, dim: dimOf(a)}, dim: dimension};
  }
  const {value, dimension} = multiply(1, dimOf(a), 1, dimOf(b));
  if (b.t === "number")
    return {
      t: "law",
      law: {kind: "scale", of: lawOf(a), by: b.value * value, dim: dimOf(a)},
      dim: dimension,
    };
  if (a.t === "number")
    return {
      t: "law",
      law: {kind: "scale", of: lawOf(b), by: a.value * value, dim: dimOf(b)},
      dim: dimension,
    };
  const product: Law = {kind: "product", parts: [lawOf(a), lawOf(b)]};
  return {
    t: "law",
    law: value === 1 ? product : {kind: "scale", of: product, by: value, dim: dimension},
    dim: dimension,
  };
}

function stats(
  op: "+" | "-" | "*" | "/",
  a: StatValue,
  b: StatValue,
  leftAt: Place,
  rightAt: Place,
  scope: Scope,
): Value {
  if (op === "+" || op === "-") {
    if (!sameDimension(a.dim, b.dim))
      return mismatch(
        op === "+" ? "add" : "subtract",
        {dim: a.dim, at: leftAt},
        {dim: b.dim, at: rightAt},
        scope,
      );
    return {
      t: "stat",
      expr: {op, left: a.expr, right: b.expr},
      dim: a.dim,
      ratio: a.ratio && b.ratio,
    };
  }
  const {value: factor, dimension} = (op === "*" ? multiply : divide)(1, a.dim, 1, b.dim);
  const plain: MeasureExpr = {op, left: a.expr, right: b.expr};
  const expr: MeasureExpr =
    factor === 1 ? plain : {op: "*", left: plain, right: {op: "number", value: factor}};
  const ratio = op === "/" && sameDimension(dimension, none) && !sameDimension(a.dim, none);
  return {t: "stat", expr, dim: dimension, ratio};
}

/** Numbers are constant statistics; undefined for what is neither. */
export function asStat(value: Value): StatValue | undefined {
  if (value.t === "stat") return value;
  if (value.t === "number")
    return {t: "stat", expr: {op: "number", value: value.value}, dim: value.dim, ratio: false};
  return undefined;
}

export function metricDimension(unit: "ns" | "1" | "bytes" | "1/s"): Dimension {
  switch (unit) {
    case "ns":
      return time;
    case "bytes":
      return {time: 0, bytes: 1, cycles: 0};
    case "1/s":
      return {time: -1, bytes: 0, cycles: 0};
    case "1":
      return none;
  }
}

function holds(op: Comparison, a: number, b: number): boolean {
  switch (op) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

interface Measured {
  readonly dim: Dimension;
  readonly at: Place;
}

function mismatch(verb: string, a: Measured, b: Measured, scope: Scope): Value {
  tell(
    scope.context.report,
    "E303",
    `cannot ${verb} ${dimensionName(a.dim)} and ${dimensionName(b.dim)}`,
    b.at,
    dimensionName(b.dim),
    {help: "only quantities of one dimension can be added or compared"},
  );
  return errorValue;
}

function incomparable(a: Measured, b: Measured, right: Operand, scope: Scope): Value {
  if (sameDimension(a.dim, none) === sameDimension(b.dim, none))
    return mismatch("compare", a, b, scope);
  const plainRight = sameDimension(b.dim, none);
  const [quantity, plain] = plainRight ? [a, b] : [b, a];
  const value = plainRight && right.value.t === "number" ? right.value.value : undefined;
  const unit = {Duration: "us", Frequency: "/s", Bytes: "KiB", Cycles: "cyc"}[
    dimensionName(quantity.dim)
  ];
  const text =
    value === undefined || unit === undefined ? undefined : `${quantityText(value, none)}${unit}`;
  tell(
    scope.context.report,
    "E309",
    `comparing a ${dimensionName(quantity.dim)} with a plain number`,
    plain.at,
    "needs a unit",
    text === undefined
      ? {}
      : {help: `\`${text}\`?`, fix: replacement(`write \`${text}\``, plain.at.span, text, "maybe")},
  );
  return errorValue;
}
