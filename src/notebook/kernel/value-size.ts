// How large a value is, in the unit in which people think of it: rows of a table, items of an array, bytes of a buffer.

import {isTable} from "../display/table-bundle.ts";

/** `1,000 rows × 3 columns`, `12 items`, `4.0 KB`; empty for what has no size of its own. */
export function valueSize(value: unknown): string {
  if (isTable(value)) {
    return `${count(value.numRows(), "row")} × ${count(value.columnNames().length, "column")}`;
  }
  if (typeof value === "string") return count(value.length, "character");
  if (Array.isArray(value)) return count(value.length, "item");
  if (value instanceof Map || value instanceof Set) return count(value.size, "item");
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytes(value.byteLength);
  if (Object.prototype.toString.call(value) === "[object Object]") {
    return count(Object.keys(value as object).length, "property", "properties");
  }
  return "";
}

function count(number: number, one: string, more: string = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
}

function bytes(number: number): string {
  if (number < 1000) return count(number, "byte");
  const units = ["KB", "MB", "GB"];
  let scaled = number / 1000;
  let unit = 0;
  for (; scaled >= 1000 && unit < units.length - 1; unit++) scaled /= 1000;
  return `${scaled.toPrecision(3)} ${units[unit]}`;
}
