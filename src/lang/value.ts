// What an expression evaluates to. An `error` has been reported where it arose and silences everything that is built on it.

import type {FieldType} from "../../grammar/schema.ts";
import type {Dimension} from "../../grammar/units.ts";
import type {ExpectExpr, MeasureExpr} from "../plan/measure.ts";
import type {MetricRow} from "../plan/metrics.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared, Imported} from "./environment.ts";
import type {Law} from "./law.ts";
import type {EntityInstance} from "./study.ts";

export interface NumberValue {
  readonly t: "number";
  /** In the canonical unit of the dimension. */
  readonly value: number;
  readonly dim: Dimension;
  /** Written with `%`. */
  readonly percent?: boolean;
}

export interface ListValue {
  readonly t: "list";
  readonly items: readonly Value[];
  readonly places: readonly Place[];
}

export type RangeSpacing =
  | {readonly kind: "step"; readonly by: NumberValue; readonly at: Place}
  | {readonly kind: "log" | "lin"; readonly count?: number; readonly at: Place};

export interface RangeValue {
  readonly t: "range";
  readonly lo: NumberValue;
  readonly hi: NumberValue;
  readonly loAt: Place;
  readonly hiAt: Place;
  readonly spacing?: RangeSpacing;
}

export interface StatValue {
  readonly t: "stat";
  readonly expr: MeasureExpr;
  readonly dim: Dimension;
  /** A quotient of equal dimensions or a fraction: shown as a ratio. */
  readonly ratio: boolean;
}

export type Value =
  | NumberValue
  | {readonly t: "bool"; readonly value: boolean}
  | {readonly t: "string"; readonly value: string}
  /** An enumerator, or a word that a field accepts instead of a value. */
  | {readonly t: "word"; readonly value: string; readonly of?: FieldType}
  | {readonly t: "cpus"; readonly set: CpuSet}
  | ListValue
  | RangeValue
  | {readonly t: "law"; readonly law: Law; readonly dim: Dimension}
  | {readonly t: "declared"; readonly declared: Declared}
  | {readonly t: "entity"; readonly entity: EntityInstance}
  | {readonly t: "module"; readonly imported: Imported}
  /** A metric of an entity, of `sync`, `machine` or `safety`; a stream of samples, a level or a count. */
  | {readonly t: "metric"; readonly entity: string; readonly row: MetricRow}
  /** `metric < bound`, the operand of `frac`. */
  | {
      readonly t: "metricTest";
      readonly entity: string;
      readonly row: MetricRow;
      readonly compare: "<" | "<=" | ">" | ">=";
      readonly bound: number;
    }
  | StatValue
  | {readonly t: "verdict"; readonly expr: ExpectExpr}
  | {readonly t: "error"};

export const errorValue: Value = {t: "error"};

/** What a value is, for "expected ..., found ...". */
export function kindName(value: Value, dimensionName: (dimension: Dimension) => string): string {
  switch (value.t) {
    case "number":
      return value.percent ? "Ratio" : dimensionName(value.dim);
    case "bool":
      return "Bool";
    case "string":
      return "String";
    case "word":
      return `\`${value.value}\``;
    case "cpus":
      return "CpuSet";
    case "list":
      return "List";
    case "range":
      return "Range";
    case "law":
      return `Dist<${dimensionName(value.dim)}>`;
    case "declared":
      return value.declared.kind;
    case "entity":
      return value.entity.kind;
    case "module":
      return "import";
    case "metric":
      return `Metric<${value.row.unit === "ns" ? "Duration" : value.row.unit === "bytes" ? "Bytes" : "Number"}>`;
    case "metricTest":
      return "condition on a metric";
    case "stat":
      return `Stat<${dimensionName(value.dim)}>`;
    case "verdict":
      return "Verdict";
    case "error":
      return "error";
  }
}
