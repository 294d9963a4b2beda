// A table as a Frictionless tabular data resource, which JupyterLab, nteract and VS Code show as a grid with sorting and filters.
// https://specs.frictionlessdata.io/tabular-data-resource/

import type {ColumnTable} from "arquero";
import {columnUnit} from "./column-name.ts";
import {valuesOf} from "./present-table.ts";

export interface DataResource {
  readonly schema: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: "number" | "integer" | "string" | "boolean";
      /** Unit of the values in words of this project: ns, 1/s, bytes, ratio. */
      readonly unit?: string;
    }[];
  };
  readonly data: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** The first `limit` rows (all when absent) with their schema; what JSON cannot say (NaN, infinities, undefined) is null. */
export function dataResource(table: ColumnTable, limit?: number): DataResource {
  const names = table.columnNames();
  const rows = Math.min(limit ?? Number.POSITIVE_INFINITY, table.numRows());
  const values = names.map((name) => valuesOf(table, name).slice(0, rows).map(plainValue));
  return {
    schema: {
      fields: names.map((name, i) => {
        const type = typeOf(values[i]);
        const unit = type === "number" || type === "integer" ? columnUnit(name) : "1";
        return unit === "1" ? {name, type} : {name, type, unit};
      }),
    },
    data: Array.from({length: rows}, (_, row) =>
      Object.fromEntries(names.map((name, i) => [name, values[i][row]])),
    ),
  };
}

function plainValue(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "boolean" ? value : String(value);
}

function typeOf(values: readonly unknown[]): "number" | "integer" | "string" | "boolean" {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return "string";
  if (present.every((value) => Number.isInteger(value))) return "integer";
  if (present.every((value) => typeof value === "number")) return "number";
  return present.every((value) => typeof value === "boolean") ? "boolean" : "string";
}
