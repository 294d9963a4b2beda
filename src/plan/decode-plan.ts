// A stored plan back to a Plan. Everything is checked: the format, every member, that points lie on the axes, and that every point's
// patches lead to a whole system.

import {
  type Decoder,
  exactly,
  integer,
  lazily,
  list,
  mapping,
  number,
  record,
  tagged,
  text,
  word,
} from "./decode.ts";
import {system} from "./decode-system.ts";
import type {Expectation, ExpectExpr, Measure, MeasureExpr, Until} from "./measure.ts";
import type {
  Axis,
  AxisValue,
  Column,
  Control,
  OptionValue,
  Output,
  Patch,
  Plan,
  PlanPoint,
} from "./plan.ts";
import {systemAt} from "./point.ts";

const ratio = number(0, 1);
const unit = word("ns", "1/s", "1", "ratio", "bytes");

const measureExpr: Decoder<MeasureExpr> = lazily(() => {
  const binary = (op: string): Decoder<MeasureExpr> =>
    record({
      op: exactly(op),
      left: measureExpr,
      right: measureExpr,
    } as never) as Decoder<MeasureExpr>;
  const unary = (op: string): Decoder<MeasureExpr> =>
    record({op: exactly(op), of: measureExpr} as never) as Decoder<MeasureExpr>;
  return tagged<MeasureExpr>("op", {
    number: record({op: exactly("number"), value: number()}),
    stat: record<Extract<MeasureExpr, {op: "stat"}>>(
      {
        op: exactly("stat"),
        aggregator: word("mean", "sd", "min", "max", "quantile", "count", "sum", "rate", "frac"),
        entity: text,
        metric: text,
        q: ratio,
        compare: word("<", "<=", ">", ">="),
        bound: number(),
      },
      ["q", "compare", "bound"],
    ),
    axis: record({op: exactly("axis"), path: text}),
    at: record({op: exactly("at"), select: mapping(text), of: measureExpr}),
    "+": binary("+"),
    "-": binary("-"),
    "*": binary("*"),
    "/": binary("/"),
    min: binary("min"),
    max: binary("max"),
    negate: unary("negate"),
    abs: unary("abs"),
    sqrt: unary("sqrt"),
    log: unary("log"),
  });
});

const expectExpr: Decoder<ExpectExpr> = lazily(() => {
  const compare = (op: string): Decoder<ExpectExpr> =>
    record({
      op: exactly(op),
      left: measureExpr,
      right: measureExpr,
    } as never) as Decoder<ExpectExpr>;
  const connect = (op: string): Decoder<ExpectExpr> =>
    record({op: exactly(op), left: expectExpr, right: expectExpr} as never) as Decoder<ExpectExpr>;
  return tagged<ExpectExpr>("op", {
    "<": compare("<"),
    "<=": compare("<="),
    ">": compare(">"),
    ">=": compare(">="),
    "==": compare("=="),
    "!=": compare("!="),
    within: record<Extract<ExpectExpr, {op: "within"}>>(
      {op: exactly("within"), left: measureExpr, tolerance: number(0), reference: measureExpr},
      ["reference"],
    ),
    and: connect("and"),
    or: connect("or"),
    not: record<Extract<ExpectExpr, {op: "not"}>>({op: exactly("not"), of: expectExpr}),
  });
});

const measure = record<Measure>({name: text, expr: measureExpr, unit});

const column = tagged<Column>("kind", {
  axis: record({kind: exactly("axis"), path: text}),
  measure: record({kind: exactly("measure"), measure}),
  metric: record({kind: exactly("metric"), entity: text, metric: text}),
});

const option: Decoder<OptionValue> = lazily(() => (value, path) => {
  if (typeof value === "string" || typeof value === "boolean") return value;
  return Array.isArray(value) ? list(option)(value, path) : number()(value, path);
});

const output = tagged<Output>("kind", {
  table: record<Extract<Output, {kind: "table"}>>(
    {
      kind: exactly("table"),
      columns: list(column),
      by: list(text),
      points: list(integer(0)),
      options: mapping(option),
    },
    ["points"],
  ),
  plot: record<Extract<Output, {kind: "plot"}>>(
    {
      kind: exactly("plot"),
      y: list(column),
      x: column,
      by: list(text),
      facet: text,
      as: word(
        "auto",
        "line",
        "box",
        "violin",
        "ecdf",
        "histogram",
        "heatmap",
        "scatter",
        "bill",
        "timeline",
        "tornado",
        "convergence",
        "bar",
      ),
      options: mapping(option),
    },
    ["x", "facet"],
  ),
  export: record({kind: exactly("export"), file: text}),
});

const axis = record<Axis>({
  path: text,
  unit: word("ns", "1/s", "1", "ratio", "bytes", "name"),
  values: list(record<AxisValue>({label: text, value: number()}, ["value"]), 1),
});

const key: Decoder<string | number> = (value, path) =>
  typeof value === "number" ? integer(0)(value, path) : text(value, path);
const anything: Decoder<unknown> = (value) => value;
const patch: Decoder<Patch> = record<Patch>({path: list(key, 1), value: anything} as never);
const point = record<PlanPoint>({at: list(integer(0)), patches: list(patch)});

const plan = record<Plan>(
  {
    format: exactly(1),
    name: text,
    base: system,
    axes: list(axis),
    points: list(point, 1),
    seed: integer(0),
    replications: record({min: integer(1), max: integer(1)}),
    confidence: ratio,
    family: word("holm", "bonferroni", "none"),
    streams: word("common", "independent"),
    until: list(record<Until>({expr: measureExpr, text, tolerance: number(0), confidence: ratio})),
    compare: list(record({axis: text, against: text})),
    control: record<Control>({expr: measureExpr, known: list(number(0))}),
    warmup: exactly("auto"),
    measures: list(measure),
    expectations: list(
      record<Expectation>({text, expr: expectExpr, points: list(integer(0)), confidence: ratio}, [
        "confidence",
      ]),
    ),
    outputs: list(output),
    executor: word("reference", "closed", "equilibrium"),
    budget: number(0),
    inputs: list(record({path: text, sha256: text})),
    allow: list(text),
  },
  ["control", "warmup", "executor", "budget"],
);

/**
 * The plan that parsed JSON holds. Throws a `DecodeError` or `RangeError` whose message names the member that is wrong, what was
 * expected there and what was found.
 */
export function decodePlan(json: unknown): Plan {
  const found = plan(json, "plan");
  const known = found.control?.known.length ?? found.points.length;
  if (known !== found.points.length)
    throw new RangeError(
      `Expected \`plan.control.known\` to have ${found.points.length} entries, one a point, got ${known}`,
    );
  for (const [i, one] of found.points.entries()) {
    if (one.at.length !== found.axes.length)
      throw new RangeError(
        `Expected \`plan.points[${i}].at\` to have ${found.axes.length} entries, got ${one.at.length}`,
      );
    for (const [a, index] of one.at.entries()) {
      const size = found.axes[a]?.values.length ?? 0;
      if (index >= size)
        throw new RangeError(
          `Expected \`plan.points[${i}].at[${a}]\` to be below ${size}, got ${index}`,
        );
    }
    if (one.patches.length > 0) system(systemAt(found, i), `plan.points[${i}]`);
  }
  return found;
}
