// Which replications record a timeline. A timeline is bulky, and one replication shows what there is to see.

import type {Plan} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";

/** Instants of simulated time [ns]. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Length of the window when none is asked for [ns]: long enough for some grace periods' beginnings, short enough to draw. */
const usual = 1e6;
/** Only so many points, from the first on, record one. */
const recordedPoints = 16;

/**
 * The window that replication `replication` of a point records: that `asked` for, or if a plot of the plan is a timeline, the one its
 * options name (`from`, `to`) or the first millisecond after the warm-up. Only replication 0 of the first 16 points records any.
 */
export function windowOf(
  plan: Plan,
  system: System,
  point: number,
  replication: number,
  asked?: Window,
): Window | undefined {
  if (replication !== 0 || point >= recordedPoints) return undefined;
  if (asked !== undefined) return asked;
  for (const output of plan.outputs) {
    if (output.kind !== "plot" || output.as !== "timeline") continue;
    const {from = system.warmup, to = Number(from) + usual} = output.options;
    return {from: Number(from), to: Math.min(system.duration, Number(to))};
  }
  return undefined;
}
