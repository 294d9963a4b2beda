// Measures and expectations as the plan stores them: small trees over statistics of the recorded metrics. A measure is evaluated once
// per replication, which is what gives any arithmetic over statistics a confidence interval.

export type Aggregator =
  | "mean"
  | "sd"
  | "min"
  | "max"
  | "quantile"
  | "count"
  | "sum"
  | "rate"
  | "frac";

export type MeasureExpr =
  | {readonly op: "number"; readonly value: number}
  /**
   * A statistic of one metric over the measured part of a replication. `q` in (0, 1) for `quantile`; `rate` is events (or counts) per
   * second; `frac` is the fraction of samples for which `sample <compare> bound` holds.
   */
  | {
      readonly op: "stat";
      readonly aggregator: Aggregator;
      readonly entity: string;
      readonly metric: string;
      readonly q?: number;
      readonly compare?: "<" | "<=" | ">" | ">=";
      readonly bound?: number;
    }
  /** The value of a numeric axis at the point. */
  | {readonly op: "axis"; readonly path: string}
  /** The same measure at another point: that which differs from this one in the selected axes only. Values are axis labels. */
  | {readonly op: "at"; readonly select: Readonly<Record<string, string>>; readonly of: MeasureExpr}
  | {
      readonly op: "+" | "-" | "*" | "/" | "min" | "max";
      readonly left: MeasureExpr;
      readonly right: MeasureExpr;
    }
  | {readonly op: "negate" | "abs" | "sqrt" | "log"; readonly of: MeasureExpr};

/** Dimension of a measure's values; decides how they are printed and what a column is called. */
export type MeasureUnit = "ns" | "1/s" | "1" | "ratio" | "bytes";

export interface Measure {
  readonly name: string;
  readonly expr: MeasureExpr;
  readonly unit: MeasureUnit;
}

/** Three-valued: a comparison whose confidence interval straddles the bound is inconclusive. */
export type ExpectExpr =
  | {
      readonly op: "<" | "<=" | ">" | ">=" | "==" | "!=";
      readonly left: MeasureExpr;
      readonly right: MeasureExpr;
    }
  /** |left / reference - 1| <= tolerance, an equivalence test; without `reference`: half-width of the CI of `left` <= tolerance * |left|. */
  | {
      readonly op: "within";
      readonly left: MeasureExpr;
      readonly tolerance: number;
      readonly reference?: MeasureExpr;
    }
  | {readonly op: "and"; readonly left: ExpectExpr; readonly right: ExpectExpr}
  | {readonly op: "or"; readonly left: ExpectExpr; readonly right: ExpectExpr}
  | {readonly op: "not"; readonly of: ExpectExpr};

export interface Expectation {
  /** The user's own text, for the report. */
  readonly text: string;
  readonly expr: ExpectExpr;
  /** Indices into `Plan.points` for which it must hold. */
  readonly points: readonly number[];
  /** Confidence of this expectation alone before the family correction; absent: that of the plan. */
  readonly confidence?: number;
}

/** Sequential stopping: replications go on until the CI half-width of the measure is within the tolerance, relative to its value. */
export interface Until {
  readonly expr: MeasureExpr;
  readonly text: string;
  readonly tolerance: number;
  readonly confidence: number;
}
