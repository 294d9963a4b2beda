// What turns one system into another, as patches. Parts that are the same object on both sides are not looked into, which is what makes
// thousands of points cheap when their systems share what no axis touches.

import type {Patch} from "./plan.ts";

/** The patches that turn `base` into `other`; arrays of different length and objects with other keys are replaced as a whole. */
export function difference(base: unknown, other: unknown): Patch[] {
  const patches: Patch[] = [];
  compare(base, other, [], patches);
  return patches;
}

function compare(
  base: unknown,
  other: unknown,
  path: readonly (string | number)[],
  patches: Patch[],
): void {
  if (Object.is(base, other)) return;
  if (Array.isArray(base) && Array.isArray(other) && base.length === other.length) {
    for (const [i, item] of base.entries()) compare(item, other[i], [...path, i], patches);
    return;
  }
  if (isRecord(base) && isRecord(other) && sameKeys(base, other)) {
    for (const key of Object.keys(base)) compare(base[key], other[key], [...path, key], patches);
    return;
  }
  patches.push({path, value: other});
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameKeys(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && b[key] !== undefined)
  );
}
