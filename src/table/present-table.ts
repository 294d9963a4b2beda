// From a table of numbers to a table of words, the common half of every rendering: which columns belong together (an estimate and the
// ends of its interval become one `61.3us ±2.1us`), in which unit each is said, and how many rows are shown. The renderings in text,
// Markdown, LaTeX and HTML differ only in how they put cells side by side.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {estimateText, quantityText} from "../plan/quantity-text.ts";
import {columnStem, columnUnit, relatedColumn} from "./column-name.ts";

export interface PresentOptions {
  /** Significant digits, 1..15; 3 when absent. */
  readonly digits?: number;
  /** Most rows shown; all when absent. */
  readonly limit?: number;
  /** `cells`: every cell has its unit, scaled for itself. `heads`: one scale a column, named in its head. */
  readonly units?: "cells" | "heads";
  /** Whether intervals are shown; true when absent. */
  readonly intervals?: boolean;
}

interface Head {
  readonly name: string;
  /** The unit all cells of the column are in; empty when each has its own or there is none. */
  readonly unit: string;
  readonly align: "left" | "right";
}

export interface Presented {
  readonly heads: readonly Head[];
  readonly rows: readonly (readonly string[])[];
  /** Rows of the table, shown or not. */
  readonly total: number;
}

/** The table's cells as text. */
export function presentTable(table: ColumnTable, options: PresentOptions = {}): Presented {
  const total = table.numRows();
  const shown = Math.min(total, options.limit ?? total);
  const names = table.columnNames();
  const columns = names
    .filter((name) => !isHidden(name, names))
    .map((name) => presentColumn(table, name, names, shown, options));
  return {
    heads: columns.map((column) => column.head),
    rows: Array.from({length: shown}, (_, row) => columns.map((column) => column.cells[row])),
    total,
  };
}

/** `12 of 3400 rows` when the table was cut, otherwise nothing. */
export function cutText(presented: Presented): string {
  const shown = presented.rows.length;
  return shown < presented.total ? `${shown} of ${presented.total} rows` : "";
}

interface PresentedColumn {
  readonly head: Head;
  readonly cells: readonly string[];
}

// `unit` is told by the cells it belongs to; `x_lo` and `x_hi` by `x`.
function isHidden(name: string, names: readonly string[]): boolean {
  if (name === "unit") return unitColumns.some((of) => names.includes(of));
  if (name === "lo" || name === "hi") return names.includes("value");
  return names.some((of) => name === relatedColumn(of, "lo") || name === relatedColumn(of, "hi"));
}

const unitColumns = ["value", "difference"];

function presentColumn(
  table: ColumnTable,
  name: string,
  names: readonly string[],
  shown: number,
  options: PresentOptions,
): PresentedColumn {
  const read = (column: string): unknown[] => valuesOf(table, column).slice(0, shown);
  const values = read(name);
  const numeric = values.some((value) => typeof value === "number");
  if (!numeric || values.some((value) => typeof value === "string")) {
    const head: Head = {name, unit: "", align: "left"};
    return {head, cells: values.map((value) => (value === undefined ? "-" : String(value)))};
  }
  const [lo, hi] = endsOf(name, names);
  const interval = options.intervals !== false && lo !== undefined && hi !== undefined;
  const lows = interval ? (read(lo) as number[]) : undefined;
  const highs = interval ? (read(hi) as number[]) : undefined;
  const rowUnits =
    unitColumns.includes(name) && names.includes("unit")
      ? (read("unit") as MeasureUnit[])
      : undefined;
  const unit = columnUnit(name);
  const style = options.digits === undefined ? {} : {digits: options.digits};
  const scale =
    options.units === "heads" && rowUnits === undefined
      ? commonScale(values as number[], unit)
      : undefined;
  const cell = (value: unknown, i: number): string => {
    if (typeof value !== "number") return "-";
    const of = rowUnits?.[i] ?? unit;
    const low = lows?.[i] ?? Number.NaN;
    const high = highs?.[i] ?? Number.NaN;
    if (scale === undefined) return estimateText(value, low, high, of, style);
    return estimateText(value / scale.factor, low / scale.factor, high / scale.factor, "1", style);
  };
  const head: Head = {
    name: unit === "1" ? name : columnStem(name),
    unit: scale?.name ?? "",
    align: "right",
  };
  return {head, cells: values.map(cell)};
}

function endsOf(name: string, names: readonly string[]): [string | undefined, string | undefined] {
  const low = name === "value" ? "lo" : relatedColumn(name, "lo");
  const high = name === "value" ? "hi" : relatedColumn(name, "hi");
  return names.includes(low) && names.includes(high) ? [low, high] : [undefined, undefined];
}

// The scale in which the median of a column reads well; none when the column spans more than four decades, where no one scale does.
function commonScale(
  values: readonly number[],
  unit: MeasureUnit,
): {factor: number; name: string} | undefined {
  if (unit === "1") return undefined;
  const sizes = values
    .filter((value) => Number.isFinite(value) && value !== 0)
    .map(Math.abs)
    .sort((a, b) => a - b);
  if (sizes.length === 0 || sizes[sizes.length - 1] > 1e4 * sizes[0]) return undefined;
  const text = quantityText(sizes[sizes.length >> 1], unit, {digits: 15});
  const name = text.replace(/^[-+0-9.e]+/, "");
  const factor = sizes[sizes.length >> 1] / Number.parseFloat(text);
  return {factor: Number(factor.toPrecision(6)), name};
}

/** A column's values, filter and order of the table respected. */
export function valuesOf(table: ColumnTable, column: string): unknown[] {
  return Array.from(table.array(column) as ArrayLike<unknown>);
}
