// An Arquero table as a display: HTML for front ends, aligned text for terminals, and a tabular data resource for programs and data grids.

import {dataResource} from "../../table/data-resource.ts";
import {htmlTable} from "../../table/html-table.ts";
import type {PresentOptions} from "../../table/present-table.ts";
import {textTable} from "../../table/text-table.ts";
import type {Bundle} from "./bundle.ts";

type ColumnTable = Parameters<typeof textTable>[0];

/** Rows that the data resource carries; the notebook file is not the place for more. */
const resourceRows = 1000;

/** Whether a value of a cell is an Arquero table, of whatever copy of Arquero. */
export function isTable(value: unknown): value is ColumnTable {
  if (typeof value !== "object" || value === null) return false;
  const table = value as Readonly<Record<string, unknown>>;
  return ["numRows", "columnNames", "indices", "get", "toHTML"].every(
    (method) => typeof table[method] === "function",
  );
}

export function tableBundle(
  table: ColumnTable,
  title?: string,
  options: PresentOptions = {},
): Bundle {
  const titled = title === undefined ? options : {...options, title};
  return {
    data: {
      "text/html": htmlTable(table, titled),
      "text/plain": textTable(table, titled),
      "application/vnd.dataresource+json": dataResource(table, resourceRows),
    },
    metadata: {},
  };
}
