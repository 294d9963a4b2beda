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
      return joined(partsOf(value));
  }
  throw new TypeError(`Expected plain data of finite numbers, got \`${String(value)}\``);
}

type Part = readonly [name: string, text: string];

function partsOf(value: object): Part[] {
  const parts: Part[] = [];
  for (const name of Object.keys(value).sort()) {
    const part = (value as Readonly<Record<string, unknown>>)[name];
    if (part !== undefined) parts.push([name, canonicalJson(part)]);
  }
  return parts;
}

function joined(parts: readonly Part[]): string {
  let text = "{";
  for (const [name, part] of parts) {
    text += `${text.length > 1 ? "," : ""}${JSON.stringify(name)}:${part}`;
  }
  return `${text}}`;
}

const known = new WeakMap<Plan, string>();
/** Where the order in which a plan's parts were declared means nothing. */
const unordered: ReadonlySet<string> = new Set<keyof Plan>([
  "measures",
  "expectations",
  "until",
  "compare",
  "outputs",
]);

/**
 * The content hash of a plan, 64 hexadecimal digits. What only the order of declarations decides (of measures, expectations, outputs) is
 * sorted first, so that reordering a text does not change what it is.
 */
export function planHash(plan: Plan): string {
  return known.get(plan) ?? hashed(plan, partsOf(plan));
}

/** A plan as whoever decodes its canonical JSON gets it; and that text. Throws as `canonicalJson` does. */
export function decodedPlan(given: Plan): {readonly plan: Plan; readonly text: string} {
  const parts = partsOf(given);
  const text = joined(parts);
  const plan = JSON.parse(text) as Plan;
  // Spelling out a plan of many points takes as long as running some of them: it is done once.
  known.set(given, hashed(plan, parts));
  return {plan, text};
}

function hashed(plan: Plan, parts: readonly Part[]): string {
  const meaning = parts.map(([name, text]): Part => {
    const part = plan[name as keyof Plan];
    return unordered.has(name) && Array.isArray(part)
      ? [name, `[${part.map(canonicalJson).sort().join(",")}]`]
      : [name, text];
  });
  const hash = createHash("sha256").update(joined(meaning)).digest("hex");
  known.set(plan, hash);
  return hash;
}
