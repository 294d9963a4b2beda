// The points of a plan are stored as differences from its base system; here they become systems again.

import type {Patch, Plan, PlanPoint} from "./plan.ts";
import type {System} from "./system.ts";

/**
 * The system of the point with index `point`: the base with the point's patches applied in order. What no patch touches is shared with
 * the base, not copied. Throws a RangeError when there is no such point, or a patch leads nowhere.
 */
export function systemAt(plan: Plan, point: number): System {
  const chosen = pointOf(plan, point);
  let system: unknown = plan.base;
  for (const patch of chosen.patches) system = patched(system, patch, 0);
  return system as System;
}

/** The label of the point's value on each axis, by the axis' path. */
export function labelsAt(plan: Plan, point: number): Record<string, string> {
  const chosen = pointOf(plan, point);
  return Object.fromEntries(
    plan.axes.map((axis, i) => [axis.path, axis.values[chosen.at[i] as number]?.label ?? "?"]),
  );
}

/** `policy: rcu_expedited, readers: 64`; the empty text for a plan without axes. */
export function pointText(plan: Plan, point: number): string {
  return Object.entries(labelsAt(plan, point))
    .map(([path, label]) => `${path}: ${label}`)
    .join(", ");
}

/**
 * The point that differs from `point` in the selected axes only, whose values there are the given labels; undefined when `where` left it
 * out of the plan, or an axis has no such value.
 */
export function pointWith(
  plan: Plan,
  point: number,
  select: Readonly<Record<string, string>>,
): number | undefined {
  const at = [...pointOf(plan, point).at];
  for (const [path, label] of Object.entries(select)) {
    const axis = plan.axes.findIndex((one) => one.path === path);
    const value = plan.axes[axis]?.values.findIndex((one) => one.label === label) ?? -1;
    if (axis < 0 || value < 0) return undefined;
    at[axis] = value;
  }
  let index = indices.get(plan);
  if (index === undefined) {
    index = new Map(plan.points.map((one, i) => [one.at.join(), i]));
    indices.set(plan, index);
  }
  return index.get(at.join());
}

// Where each combination of axis values stands in a plan; a plan never changes.
const indices = new WeakMap<Plan, Map<string, number>>();

function pointOf(plan: Plan, point: number): PlanPoint {
  const chosen = plan.points[point];
  if (chosen === undefined) {
    throw new RangeError(
      `Expected a point from 0 to ${plan.points.length - 1} of \`${plan.name}\`, got \`${point}\``,
    );
  }
  return chosen;
}

function patched(value: unknown, patch: Patch, depth: number): unknown {
  const key = patch.path[depth];
  if (key === undefined) return patch.value;
  if (Array.isArray(value) && typeof key === "number" && key < value.length) {
    return value.with(key, patched(value[key], patch, depth + 1));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const record = value as Readonly<Record<string, unknown>>;
    return {...record, [key]: patched(record[key], patch, depth + 1)};
  }
  throw new RangeError(`A patch of the plan leads nowhere: \`${patch.path.join(".")}\``);
}
