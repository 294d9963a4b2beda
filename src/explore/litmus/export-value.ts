// What an exported register holds, as far as it is known while the text is written.

import {op} from "../../program/code.ts";

/** A register's value: a number that is known, or C text that computes it. */
export type Value = {readonly known: number} | {readonly text: string; readonly pointer: boolean};

/** Whether two values are the same text. */
export function same(a: Value, b: Value): boolean {
  if ("known" in a) return "known" in b && a.known === b.known;
  return !("known" in b) && a.text === b.text;
}

export function isPointer(value: Value): boolean {
  return "text" in value && value.pointer;
}

/** The value as C. */
export function textOf(value: Value): string {
  return "known" in value ? String(value.known) : value.text;
}

/** The number that a value is known to be. Throws a `RangeError` that begins with `what` where it is loaded. */
export function knownOf(value: Value, what: string): number {
  if ("known" in value) return value.known;
  throw new RangeError(`${what} is only known when it runs, which has no litmus form`);
}

/** C's operator for an arithmetic instruction. */
export const operators: Readonly<Record<number, string>> = {
  [op.add]: "+",
  [op.sub]: "-",
  [op.mul]: "*",
  [op.div]: "/",
  [op.eq]: "==",
  [op.ne]: "!=",
  [op.lt]: "<",
  [op.le]: "<=",
};

/** Instructions whose result is a set of CPUs. */
export const setInstructions: ReadonlySet<number> = new Set([
  op.set,
  op.setMove,
  op.setUnion,
  op.setIntersection,
  op.setDifference,
  op.setClear,
  op.setAdd,
  op.setOf,
]);
