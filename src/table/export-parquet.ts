// Parquet for pandas, Polars, R and DuckDB. The only file that knows the Parquet writer.

import type {ColumnTable} from "arquero";
import {parquetWriteBuffer} from "hyparquet-writer";
import {valuesOf} from "./present-table.ts";

/** The table as a Parquet file: numbers as DOUBLE (integers too, NaN kept), names as STRING, truth values as BOOLEAN. */
export function parquetBytes(
  table: ColumnTable,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const columnData = table.columnNames().map((name) => {
    const values = valuesOf(table, name);
    if (values.every((value) => value === undefined || typeof value === "number")) {
      const data = Float64Array.from(
        values,
        (value) => (value as number | undefined) ?? Number.NaN,
      );
      return {name, data, type: "DOUBLE" as const};
    }
    if (values.every((value) => typeof value === "boolean")) {
      return {name, data: values, type: "BOOLEAN" as const};
    }
    const data = values.map((value) =>
      value === undefined || value === null ? null : String(value),
    );
    return {name, data, type: "STRING" as const};
  });
  const buffer = parquetWriteBuffer({
    columnData,
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({key, value})),
    createdBy: "quiesce",
  });
  return new Uint8Array(buffer);
}
