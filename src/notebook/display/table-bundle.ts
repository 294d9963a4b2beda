// An Arquero table in three forms: HTML for front ends, aligned text for terminals, and Tabular Data Resource JSON for programs and for
// JupyterLab's data grid (https://specs.frictionlessdata.io/tabular-data-resource/). A column `sync_ns` is headed `sync` over `[ns]`;
// numbers stand right-aligned with the same number of digits down a column.

import type {Bundle} from "./bundle.ts";
import {escapeHtml} from "./escape-html.ts";

/** The part of an Arquero table that is read; any object of this shape is taken for one. */
export interface Table {
  numRows(): number;
  columnNames(): string[];
  get(name: string, row: number): unknown;
  objects(options?: object): object[];
}

export function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  const table = value as Partial<Record<string, unknown>>;
  return (
    typeof table.numRows === "function" &&
    typeof table.columnNames === "function" &&
    typeof table.get === "function" &&
    typeof table.toHTML === "function"
  );
}

/** Rows that HTML and text show before they say how many more there are. */
export const shownRows = 50;
/** Rows that the data resource carries. */
const resourceRows = 1000;

const units = "ns|us|ms|s|per_s|bytes|percent|ghz|hz|cycles|cyc|ratio";
const unitSuffix = new RegExp(`^(.+)_(${units})$`);

interface Column {
  readonly name: string;
  readonly title: string;
  readonly unit: string | undefined;
  readonly numeric: boolean;
  /** Cells of the rows shown. */
  readonly cells: readonly string[];
}

export function tableBundle(table: Table, caption?: string): Bundle {
  const rows = table.numRows();
  const shown = Math.min(rows, shownRows);
  const columns = table.columnNames().map((name) => columnOf(table, name, shown));
  const size = `${rows} ${rows === 1 ? "row" : "rows"} × ${columns.length} ${columns.length === 1 ? "column" : "columns"}`;
  const note = shown < rows ? `first ${shown} of ${size}` : size;
  return {
    data: {
      "text/html": htmlOf(columns, shown, note, caption),
      "text/plain": textOf(columns, shown, shown < rows ? note : undefined, caption),
      "application/vnd.dataresource+json": resourceOf(table, columns, rows),
    },
    metadata: {},
  };
}

function columnOf(table: Table, name: string, shown: number): Column {
  const match = unitSuffix.exec(name);
  const values = Array.from({length: shown}, (_, row) => table.get(name, row));
  const numeric =
    values.some((value) => typeof value === "number" || typeof value === "bigint") &&
    values.every(
      (value) => value == null || typeof value === "number" || typeof value === "bigint",
    );
  return {
    name,
    title: match?.[1] ?? name,
    unit: match?.[2]?.replace("per_s", "/s").replace("percent", "%").replace("bytes", "B"),
    numeric,
    cells: numeric ? numbers(values as (number | bigint | null)[]) : values.map(plain),
  };
}

/** Numbers of one column with the same number of decimals, enough for four significant digits of the smallest in size. */
function numbers(values: readonly (number | bigint | null | undefined)[]): string[] {
  let decimals = 0;
  let scientific = false;
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value)) continue;
    const size = Math.floor(Math.log10(Math.abs(value)));
    if (size < -5) scientific = true;
    decimals = Math.max(decimals, Math.min(6, Math.max(0, 3 - size)));
  }
  return values.map((value) => {
    if (value == null) return "";
    if (typeof value === "bigint") return value.toString();
    if (Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    if (scientific || Math.abs(value) >= 1e15) return value.toExponential(3);
    return value.toFixed(decimals).replace("-", "−");
  });
}

function plain(value: unknown): string {
  if (value == null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return JSON.stringify(value) ?? String(value);
  return String(value);
}

function htmlOf(
  columns: readonly Column[],
  shown: number,
  note: string,
  caption: string | undefined,
): string {
  const align = (column: Column): string => (column.numeric ? "right" : "left");
  const heads = columns.map((column) => {
    const unit =
      column.unit === undefined
        ? ""
        : `<br><span style="font-weight:normal;opacity:.7">[${escapeHtml(column.unit)}]</span>`;
    return `<th style="text-align:${align(column)};vertical-align:bottom">${escapeHtml(column.title)}${unit}</th>`;
  });
  const body = Array.from({length: shown}, (_, row) => {
    const cells = columns.map((column) => {
      const digits = column.numeric ? ";font-variant-numeric:tabular-nums" : "";
      return `<td style="text-align:${align(column)}${digits}">${escapeHtml(column.cells[row] ?? "")}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const title =
    caption === undefined
      ? ""
      : `<caption style="text-align:left;font-weight:600">${escapeHtml(caption)}</caption>`;
  return (
    `<div class="quiesce-table"><table style="border-collapse:collapse">${title}<thead><tr>${heads.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table><div style="opacity:.7;font-size:90%">${escapeHtml(note)}</div></div>`
  );
}

function textOf(
  columns: readonly Column[],
  shown: number,
  note: string | undefined,
  caption: string | undefined,
): string {
  const widths = columns.map((column) =>
    Math.max(head(column).length, ...column.cells.map((cell) => cell.length)),
  );
  const pad = (text: string, index: number): string =>
    columns[index]?.numeric ? text.padStart(widths[index]!) : text.padEnd(widths[index]!);
  const line = (cells: readonly string[]): string => cells.map(pad).join("  ").trimEnd();
  const lines = [line(columns.map(head)), line(widths.map((width) => "─".repeat(width)))];
  for (let row = 0; row < shown; row++) lines.push(line(columns.map((c) => c.cells[row] ?? "")));
  if (caption !== undefined) lines.unshift(caption);
  if (note !== undefined) lines.push(`… ${note}`);
  return lines.join("\n");
}

function head(column: Column): string {
  return column.unit === undefined ? column.title : `${column.title} [${column.unit}]`;
}

function resourceOf(table: Table, columns: readonly Column[], rows: number): object {
  const data = table.objects({limit: resourceRows}).map((row) =>
    Object.fromEntries(
      // JSON has no NaN and no infinity; null is what the resource has for a missing value.
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === "bigint"
          ? Number(value)
          : typeof value === "number" && !Number.isFinite(value)
            ? null
            : value,
      ]),
    ),
  );
  const fields = columns.map(({name, numeric, unit}) => ({
    name,
    type: numeric ? "number" : "string",
    ...(unit === undefined ? {} : {unit}),
  }));
  return {
    profile: "tabular-data-resource",
    schema: {fields},
    data,
    ...(rows > resourceRows ? {rows, truncated: true} : {}),
  };
}
