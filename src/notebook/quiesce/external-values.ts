// The way from TypeScript cells into Quiesce: the reader that a session reads files with, which also knows `ts:NAME`. What it gives is text,
// a literal for `ts("gap")` and rows for `empirical("ts:waits", column: "wait_ns", unit: ns)`, so that nothing but data can pass, and its
// hash is recorded with the plan like that of a file. A name may lead into an object: `ts("config.gap")`.

import {createHash} from "node:crypto";
import type {FileReader, ReadFailure, ReadFile} from "../../lang/file-reader.ts";
import {isTable} from "../display/table-bundle.ts";

const prefix = "ts:";

/** Values by variable name, as TypeScript cells have them now. */
export type ReadVariable = (name: string) => {readonly found: boolean; readonly value: unknown};

/** A reader of `ts:` names, and of files through `files`. */
export function externalReader(files: FileReader, variable: ReadVariable): FileReader {
  return {
    read(path, from): ReadFile | ReadFailure {
      if (!path.startsWith(prefix)) return files.read(path, from);
      const [name = "", ...members] = path.slice(prefix.length).split(".");
      const {found, value} = variable(name);
      if (!found) return {failure: `no TypeScript cell has declared \`${name}\``};
      let inner = value;
      for (const member of members) {
        if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, member)) {
          return {failure: `\`${name}\` has no property \`${members.join(".")}\``};
        }
        inner = (inner as Record<string, unknown>)[member];
      }
      const text = externalText(inner);
      if (text === undefined)
        return {failure: `it is ${kindOf(inner)}, which Quiesce does not have`};
      return {path, text, sha256: createHash("sha256").update(text).digest("hex")};
    },
  };
}

/** The text of a value: a literal, or rows with a final newline; `undefined` when it is neither. */
export function externalText(value: unknown): string | undefined {
  if (isTable(value)) return rows(value);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const items = Array.from(value as ArrayLike<unknown>, scalar);
    return items.includes(undefined) ? undefined : `${items.join("\n")}\n`;
  }
  return scalar(value);
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? decimal(value) : undefined;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    const text = value.trim();
    return /^-?\d[\d_.]*(e[+-]?\d+)?\s*[a-zA-Zµ%/]*$/.test(text) ? text : JSON.stringify(value);
  }
  if (typeof value !== "object" || value === null) return undefined;
  // A quantity: {value: 8, unit: "us"}
  const quantity = value as {readonly value?: unknown; readonly unit?: unknown};
  if (typeof quantity.value !== "number" || typeof quantity.unit !== "string") return undefined;
  const number = scalar(quantity.value);
  return number === undefined ? undefined : `${number}${quantity.unit}`;
}

// The language writes numbers without an exponent where a person would.
function decimal(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : text;
}

function rows(table: Parameters<typeof isTable>[0] & object): string | undefined {
  if (!isTable(table)) return undefined;
  const names = table.columnNames();
  const lines = Array.from(table.indices(), (row) =>
    names.map((name) => String(table.get(name, row) ?? "")).join(","),
  );
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
