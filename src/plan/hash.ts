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

/**
 * The content hash of a plan, 64 hexadecimal digits. What only the order of declarations decides (of measures, expectations, outputs) is
 * sorted first, so that reordering a text does not change what it is.
 */
export function planHash(plan: Plan): string {
  const meaning = {
    ...plan,
    measures: sorted(plan.measures),
    expectations: sorted(plan.expectations),
    until: sorted(plan.until),
    compare: sorted(plan.compare),
    outputs: sorted(plan.outputs),
  };
  return createHash("sha256").update(canonicalJson(meaning)).digest("hex");
}

function sorted<T>(items: readonly T[] | undefined): T[] | undefined {
  return items
    ?.map((item) => ({item, key: canonicalJson(item)}))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({item}) => item);
}
