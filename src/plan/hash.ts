// The identity of plain data: the SHA-256 of its canonical JSON (RFC 8785: keys sorted by UTF-16 units, numbers as ECMAScript prints them,
// no white space), so that neither the order in which keys were written nor a round trip through a file changes it.

import {createHash} from "node:crypto";
import type {Plan} from "./plan.ts";

/** Canonical JSON. `undefined` entries of objects are left out; throws a TypeError for what JSON cannot hold (NaN, functions, cycles). */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (Number.isFinite(value)) return JSON.stringify(value);
      break;
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
      return `{${Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`)
        .join(",")}}`;
  }
  throw new TypeError(`Expected plain data of finite numbers, got \`${String(value)}\``);
}

/** The content hash of a plan, 64 hexadecimal digits. */
export function planHash(plan: Plan): string {
  return createHash("sha256").update(canonicalJson(plan)).digest("hex");
}
