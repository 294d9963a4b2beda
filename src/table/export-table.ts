// A table as a file, in the format that the file's name asks for.

import {writeFileSync} from "node:fs";
import {extname} from "node:path";
import {table as aqTable, type ColumnTable, toArrowIPC, toCSV} from "arquero";
import {dataResource} from "./data-resource.ts";
import {parquetBytes} from "./export-parquet.ts";
import {escapeHtml, htmlTable} from "./html-table.ts";
import {latexTable} from "./latex-table.ts";
import {markdownTable} from "./markdown-table.ts";
import {valuesOf} from "./present-table.ts";

export interface ExportOptions {
  /** Goes into formats that have room for it: Parquet metadata, the JSON object. */
  readonly metadata?: Readonly<Record<string, string>>;
}

type Writer = (table: ColumnTable, options: ExportOptions) => string | Uint8Array;

const writers: Readonly<Record<string, Writer>> = {
  ".csv": (table) => toCSV(finiteOnly(table)),
  ".tsv": (table) => toCSV(finiteOnly(table), {delimiter: "\t"}),
  ".parquet": (table, options) => parquetBytes(table, options.metadata),
  ".arrow": (table) => toArrowIPC(table, {format: "file"}),
  ".arrows": (table) => toArrowIPC(table, {format: "stream"}),
  ".json": (table, options) =>
    `${JSON.stringify({...dataResource(table), ...(options.metadata ? {metadata: options.metadata} : {})}, null, 1)}\n`,
  ".md": (table) => markdownTable(table),
  ".tex": (table) => latexTable(table),
  ".html": (table) =>
    `<!doctype html><meta charset="utf-8"><title>${escapeHtml("table")}</title>${htmlTable(table, {limit: table.numRows()})}\n`,
};

/** The extensions `exportTable` knows, with the dot. */
export const tableFormats: readonly string[] = Object.keys(writers);

/** What would be written to a file of that name. Throws a RangeError that lists the formats when the extension is not one of them. */
export function tableBytes(
  table: ColumnTable,
  file: string,
  options: ExportOptions = {},
): string | Uint8Array {
  const extension = extname(file).toLowerCase();
  const writer = writers[extension];
  if (writer === undefined) {
    const known = tableFormats.join(", ");
    const what = extension === "" ? "has no extension" : `ends in ${extension}`;
    throw new RangeError(`\`${file}\` ${what}; a table can be written as ${known}.`);
  }
  return writer(table, options);
}

/** Writes the table to the file; the extension names the format: csv, tsv, parquet, arrow, arrows, json, md, tex, html. */
export function exportTable(table: ColumnTable, file: string, options: ExportOptions = {}): void {
  writeFileSync(file, tableBytes(table, file, options));
}

// A CSV says "no value" by an empty field; NaN would read as a word.
function finiteOnly(table: ColumnTable): ColumnTable {
  const names = table.columnNames();
  const columns = names.map((name) =>
    valuesOf(table, name).map((value) =>
      typeof value === "number" && Number.isNaN(value) ? undefined : value,
    ),
  );
  return aqTable(names.map((name, i) => [name, columns[i]] as [string, unknown[]]));
}
