// Which column of a table is drawn where. Every figure takes a table and an encoding; nothing else is known about either.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {relatedColumn} from "../table/column-name.ts";

export interface Field {
  /** Column of the table. */
  readonly column: string;
  /** What it is called on an axis and in sentences. */
  readonly title: string;
  /** `name`: words, in order of appearance. */
  readonly unit: MeasureUnit | "name";
  readonly log?: boolean;
}

export interface Encoding {
  readonly x?: Field;
  readonly y: Field;
  /** Column whose values are told apart by colour. */
  readonly series?: Field;
  /** Column whose values have a panel each. */
  readonly facet?: Field;
}

/** What frames a figure, whatever its kind. */
export interface FigureText {
  /** The question; each kind has one when absent. */
  readonly title?: string;
  readonly provenance: string;
  readonly width?: number;
  readonly height?: number;
  readonly legend?: boolean;
  /** Added to the finding: what was averaged, left out or thinned. */
  readonly notes?: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;

/** The rows of a table in its order. */
export function rowsOf(table: ColumnTable): Row[] {
  return table.objects() as Row[];
}

/** Rows by the values of a column, in order of first appearance; one group of all rows when there is no column. Numbers ascend. */
export function grouped(
  rows: readonly Row[],
  field: Field | undefined,
): Map<string | number, Row[]> {
  if (field === undefined) return new Map([["", [...rows]]]);
  const groups = new Map<string | number, Row[]>();
  for (const row of rows) {
    const key = row[field.column] as string | number;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  if ([...groups.keys()].every((key) => typeof key === "number")) {
    return new Map([...groups].sort(([a], [b]) => (a as number) - (b as number)));
  }
  return groups;
}

/** Value and interval of a measure in a row; the ends are NaN where there are none. */
export function estimateOf(row: Row, column: string): {value: number; lo: number; hi: number} {
  const read = (name: string): number => {
    const value = row[name];
    return typeof value === "number" ? value : Number.NaN;
  };
  return {
    value: read(column),
    lo: read(relatedColumn(column, "lo")),
    hi: read(relatedColumn(column, "hi")),
  };
}

/** The frame of a figure: its title or the kind's own question, its finding with the notes. */
export function framed(
  text: FigureText,
  question: string,
  finding: string,
): {
  title: string;
  finding: string;
  provenance: string;
  width?: number;
  height?: number;
  legend?: boolean;
} {
  const notes = (text.notes ?? []).map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`);
  return {
    title: text.title ?? question,
    finding: [finding, ...notes].filter((part) => part !== "").join(" "),
    provenance: text.provenance,
    ...(text.width === undefined ? {} : {width: text.width}),
    ...(text.height === undefined ? {} : {height: text.height}),
    ...(text.legend === undefined ? {} : {legend: text.legend}),
  };
}
