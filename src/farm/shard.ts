// The unit of work: some consecutive replications of one point. What it yields is a pure function of (plan, point, replications), so it
// may run anywhere, in any order, twice, or never.

import type {Plan} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";
import type {Simulate, SimulateOptions} from "./engine.ts";
import {isPilot, simulatePilot} from "./pilots.ts";
import {type Window, windowOf} from "./window.ts";

/** Replications `from` to `to - 1` of a point. */
export interface Shard {
  readonly point: number;
  readonly from: number;
  readonly to: number;
}

/** A replication that could not be simulated, and why. */
export interface ShardFailure {
  readonly point: number;
  readonly replication: number;
  readonly reason: string;
}

/** Simulates one replication of one point, or a pilot if it has the number of one, with a timeline of the window asked for (see `window.ts`). A reason instead of samples when the engine threw. */
export function runReplication(
  plan: Plan,
  system: System,
  point: number,
  replication: number,
  simulate: Simulate,
  asked?: Window,
): {readonly samples: Samples} | {readonly failure: ShardFailure} {
  try {
    const timeline = windowOf(plan, system, point, replication, asked);
    const options: SimulateOptions = {
      seed: plan.seed,
      replication,
      point,
      streams: plan.streams,
      ...(plan.executor === undefined ? {} : {executor: plan.executor}),
      ...(timeline === undefined ? {} : {timeline}),
    };
    const samples = isPilot(replication)
      ? simulatePilot(plan, system, simulate, options)
      : simulate(system, options);
    return {samples};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {failure: {point, replication, reason}};
  }
}
