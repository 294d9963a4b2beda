// Tables for a terminal: aligned columns, a rule under the heads, units in every cell.

import type {ColumnTable} from "arquero";
import {cutText, type PresentOptions, presentTable} from "./present-table.ts";

export interface TextOptions extends PresentOptions {
  readonly title?: string;
}

/**
 * The table as lines of text without a final newline; long tables are cut at 40 rows unless `limit` says
 * otherwise, long cells at 60 characters.
 */
export function textTable(table: ColumnTable, options: TextOptions = {}): string {
  const whole = presentTable(table, {units: "cells", limit: 40, ...options});
  const presented = {...whole, rows: whole.rows.map((row) => row.map(shortened))};
  const heads = presented.heads.map((head) =>
    head.unit ? `${head.name} (${head.unit})` : head.name,
  );
  const widths = heads.map((head, i) =>
    Math.max(widthOf(head), ...presented.rows.map((row) => widthOf(row[i]))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i], presented.heads[i].align))
      .join("  ")
      .trimEnd();
  const cut = cutText(presented);
  return [
    ...(options.title ? [options.title] : []),
    line(heads),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...presented.rows.map(line),
    ...(presented.total === 0 ? ["(no rows)"] : []),
    ...(cut ? [`… ${cut}`] : []),
  ].join("\n");
}

// A sentence would push every column after it off the screen; it is whole in HTML and in files.
const longestCell = 60;

function shortened(text: string): string {
  const characters = [...text.replace(/\s+/g, " ")];
  if (characters.length <= longestCell) return characters.join("");
  return `${characters.slice(0, longestCell - 1).join("")}…`;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + space : space + text;
}

// Code points, not UTF-16 units; the names of this project are one column a character.
function widthOf(text: string): number {
  return [...text].length;
}
