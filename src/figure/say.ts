// Values in sentences: hover texts, findings, summaries. Pictures write µ where text writes u.

import type {MeasureUnit} from "../plan/measure.ts";
import {quantityText} from "../plan/quantity-text.ts";
import type {Field} from "./encoding.ts";
import {countText, listText} from "./text.ts";

/** `61.3µs`; a word as it is. */
export function say(value: unknown, unit: MeasureUnit | "name"): string {
  if (typeof value !== "number") return String(value);
  return quantityText(value, unit === "name" ? "1" : unit, {micro: "µ"});
}

/** `readers = 16`, `policy = rcu_sync`; a series without a name is silent. */
export function sayField(field: Field, value: unknown): string {
  return `${field.title} = ${say(value, field.unit)}`;
}

/** `61.3µs (95 % between 59.2µs and 63.4µs, 40 replications)`, as much of it as is known. */
export function sayEstimate(
  value: number,
  lo: number,
  hi: number,
  unit: MeasureUnit,
  n?: number,
): string {
  const parts: string[] = [];
  if (!Number.isNaN(lo) && !Number.isNaN(hi)) {
    parts.push(`interval ${say(lo, unit)} to ${say(hi, unit)}`);
  }
  if (n !== undefined) parts.push(countText(n, "replication"));
  return `${say(value, unit)}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}

/** How many times more: `12×`, `1.3×`; `about the same` below 2 %. */
export function sayRatio(large: number, small: number): string {
  if (!(small > 0) || !Number.isFinite(large)) return "";
  const ratio = large / small;
  if (ratio < 1.02) return "about the same";
  return `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))}×`;
}

export interface Said {
  readonly name: string;
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * ` (not told apart from rcu_sync)`: the others whose intervals overlap that of `best`; nothing when all are apart or none has an interval.
 * Overlap is the cautious test: a paired comparison may still tell two apart.
 */
export function sayOverlap(best: Said, others: readonly Said[]): string {
  const near = others.filter(
    (other) => other !== best && other.lo <= best.hi && best.lo <= other.hi,
  );
  return near.length === 0
    ? ""
    : ` (not told apart from ${listText(
        near.map(({name}) => name),
        4,
      )})`;
}
