// The Plan is the waist of the hourglass: a validated experiment as plain, canonical, hashable, structured-cloneable data. Above it is
// the language, below it the machinery, and the two never meet. It holds no expression over axes: the language has evaluated every
// late-bound expression for every point, and a point is stored as its differences from the base system.

import type {Expectation, Measure, MeasureExpr, MeasureUnit, Until} from "./measure.ts";
import type {System} from "./system.ts";

/** A value on an axis as shown and selected (`"broadcast_ipi"`, `"10us"`, `"64"`), and as a number where it is one (ns, 1/s, plain). */
export interface AxisValue {
  readonly label: string;
  readonly value?: number;
}

export interface Axis {
  /** The path as written: `policy`, `readers`, `gup.hold.p99`. */
  readonly path: string;
  readonly unit: MeasureUnit | "name";
  readonly values: readonly AxisValue[];
}

/** Replace what stands at `path` (keys and array indices from the System's root) by `value`; `undefined` values do not occur. */
export interface Patch {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface PlanPoint {
  /** Index into each axis' values, in the order of `Plan.axes`. */
  readonly at: readonly number[];
  readonly patches: readonly Patch[];
}

export type PlotKind =
  | "auto"
  | "line"
  | "box"
  | "violin"
  | "ecdf"
  | "histogram"
  | "heatmap"
  | "scatter"
  | "bill"
  | "timeline"
  | "tornado"
  | "convergence"
  | "bar";

/** A `table`, `plot` or `export` that stands in the experiment or follows its run. Options are as written, units resolved. */
export type Output =
  | {
      readonly kind: "table";
      readonly columns: readonly Column[];
      readonly by: readonly string[];
      /** Indices of the points that `where` keeps; absent: all. */
      readonly points?: readonly number[];
      readonly options: Readonly<Record<string, OptionValue>>;
    }
  | {
      readonly kind: "plot";
      readonly y: readonly Column[];
      readonly x?: Column;
      readonly by: readonly string[];
      readonly facet?: string;
      readonly as: PlotKind;
      readonly options: Readonly<Record<string, OptionValue>>;
    }
  | {readonly kind: "export"; readonly file: string};

export type OptionValue = string | number | boolean | readonly OptionValue[];

/** What a table or plot shows: an axis, a measure, or the raw samples of a metric. */
export type Column =
  | {readonly kind: "axis"; readonly path: string}
  | {readonly kind: "measure"; readonly measure: Measure}
  | {readonly kind: "metric"; readonly entity: string; readonly metric: string};

/**
 * How the engine advances CPUs. `reference` gives the bits of `lazy`; `closed` gives its law, and of walks their number and sum;
 * `equilibrium` the law of what others see of walkers, and of walks nothing.
 */
export type Executor = "lazy" | "reference" | "closed" | "equilibrium";

/** A quantity of every replication whose true mean is known: what a replication has too much of it explains part of its other values. */
export interface Control {
  readonly expr: MeasureExpr;
  /** By point. */
  readonly known: readonly number[];
}

export interface Plan {
  readonly format: 1;
  readonly name: string;
  readonly base: System;
  readonly axes: readonly Axis[];
  /** All points, `where` applied, duplicates merged, in row-major order of the axes. */
  readonly points: readonly PlanPoint[];
  readonly seed: number;
  readonly replications: {readonly min: number; readonly max: number};
  /** 0..1. */
  readonly confidence: number;
  readonly family: "holm" | "bonferroni" | "none";
  /** `common`: the same random numbers at every point of a replication. */
  readonly streams: "common" | "independent";
  readonly until: readonly Until[];
  /** Paired comparison of every point with that whose `axis` is `against`. */
  readonly compare: readonly {readonly axis: string; readonly against: string}[];
  /** Regressed out of the means of measures, of their paired differences and ratios, of verdicts and of the precision that `until` looks at; absent: nothing is. */
  readonly control?: Control;
  /** `auto`: the warm-up of all points is chosen by pilots before they run, and that of `base` says nothing until then. */
  readonly warmup?: "auto";
  readonly measures: readonly Measure[];
  readonly expectations: readonly Expectation[];
  readonly outputs: readonly Output[];
  /** Absent: `lazy`. */
  readonly executor?: Exclude<Executor, "lazy">;
  /** Wall-clock limit in ns; absent: none. */
  readonly budget?: number;
  /** Files the text depends on, with the content hash of each, sorted by path. */
  readonly inputs: readonly {readonly path: string; readonly sha256: string}[];
  /** Codes of silenced warnings, sorted. */
  readonly allow: readonly string[];
}

/** Every statistic that any measure, stopping rule or expectation of the plan reads. */
export function statisticsOf(plan: Plan): Extract<MeasureExpr, {op: "stat"}>[] {
  const found = new Map<string, Extract<MeasureExpr, {op: "stat"}>>();
  const visit = (expr: MeasureExpr): void => {
    if (expr.op === "stat") found.set(JSON.stringify(expr), expr);
    else if ("of" in expr) visit(expr.of);
    else if ("left" in expr) {
      visit(expr.left);
      visit(expr.right);
    }
  };
  for (const measure of plan.measures) visit(measure.expr);
  for (const until of plan.until) visit(until.expr);
  if (plan.control !== undefined) visit(plan.control.expr);
  const expected = (expr: Expectation["expr"]): void => {
    if (expr.op === "and" || expr.op === "or") {
      expected(expr.left);
      expected(expr.right);
    } else if (expr.op === "not") expected(expr.of);
    else {
      visit(expr.left);
      if (expr.op !== "within") visit(expr.right);
      else if (expr.reference !== undefined) visit(expr.reference);
    }
  };
  for (const expectation of plan.expectations) expected(expectation.expr);
  for (const output of plan.outputs) {
    const columns =
      output.kind === "table"
        ? output.columns
        : output.kind === "plot"
          ? [...output.y, ...(output.x ? [output.x] : [])]
          : [];
    for (const column of columns) if (column.kind === "measure") visit(column.measure.expr);
  }
  return [...found.values()];
}
