// A result as a file: JSON with its typed arrays in base64, compressed. The same result gives the same bytes. Readers in other languages
// take the tables instead (`quiesce export table`); this is for making those, and figures and reports, later.

import {gunzipSync, gzipSync} from "node:zlib";
import type {CheckResult} from "../explore/verdict.ts";
import type {RunResult} from "./result.ts";

/** What a file holds. */
export type Stored =
  | {readonly kind: "run"; readonly name: string; readonly result: RunResult}
  | {readonly kind: "check"; readonly result: CheckResult};

/** The bytes are no stored result, or one of a later format. The message says which. */
export class StoredResultError extends Error {
  override readonly name = "StoredResultError";
}

const format = 1;
const arrays = {Float64Array, Uint32Array, Int32Array} as const;
type ArrayName = keyof typeof arrays;

export function encodeStored(stored: Stored): Uint8Array {
  const text = JSON.stringify({quiesce: "result", format, ...stored}, (_, value: unknown) => {
    // JSON has no word for what is not finite.
    if (typeof value === "number" && !Number.isFinite(value)) return {$number: String(value)};
    if (!ArrayBuffer.isView(value)) return value;
    const name = value.constructor.name as ArrayName;
    return {
      $array: name,
      base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"),
    };
  });
  return gzipSync(text, {level: 6});
}

/** Throws a `StoredResultError`. */
export function decodeStored(bytes: Uint8Array): Stored {
  let found: {quiesce?: unknown; format?: unknown};
  try {
    found = JSON.parse(gunzipSync(bytes).toString("utf8"), revive) as typeof found;
  } catch (cause) {
    throw new StoredResultError(`it is no stored result: ${(cause as Error).message}`, {cause});
  }
  if (found.quiesce !== "result") throw new StoredResultError("it is no stored result");
  if (found.format !== format) {
    throw new StoredResultError(
      `it has format ${String(found.format)}; this version of Quiesce reads format ${format}`,
    );
  }
  return found as unknown as Stored;
}

function revive(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if ("$number" in value) return Number(value.$number);
  if (!("$array" in value && "base64" in value)) return value;
  const Kind = arrays[value.$array as ArrayName];
  const bytes = Buffer.from(String(value.base64), "base64");
  // A copy of its own: a Buffer may start anywhere in a shared pool, and typed arrays want alignment.
  return new Kind(new Uint8Array(bytes).buffer);
}
