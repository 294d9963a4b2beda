// A schedule run by both interpreters: the checker, which knows what memory and every buffer hold, and the timed engine, which knows what
// each step costs and what it waits for.

import {replay} from "../explore/check.ts";
import type {Trace} from "../explore/verdict.ts";
import {runSchedule} from "../machine/schedule/run-schedule.ts";
import type {CheckScope} from "../plan/check-plan.ts";
import type {InvariantId} from "../plan/invariants.ts";
import type {System} from "../plan/system.ts";
import type {TimedReplay} from "../record/timed-replay.ts";

export interface Replay {
  /** What was replayed: the policy, and the scenario of the check. */
  readonly label: string;
  readonly scenario: string;
  readonly schedule: string;
  /** As the checker tells it. */
  readonly trace: Trace;
  /** The same steps with their times. */
  readonly timed: TimedReplay;
  /** What the schedule violates; absent: nothing. */
  readonly violation?: InvariantId;
}

/**
 * Runs a schedule in a system cut down to a scope. Throws a `RangeError` that names the move that is not possible, its number and why; and
 * if the two disagree, which is an error in one of them.
 */
export function replayBoth(
  system: System,
  scope: CheckScope,
  schedule: string,
  names: {readonly label: string; readonly scenario: string},
): Replay {
  const timed = runSchedule(system, scope, schedule);
  const trace = replay(system, scope, schedule);
  const violation = trace.steps.at(-1)?.violation;
  if (violation !== timed.violation) {
    throw new RangeError(
      `the checker says that this schedule violates ${violation ?? "nothing"}, the timed engine ${timed.violation ?? "nothing"}: an error in Quiesce, please report it with the text`,
    );
  }
  return {
    ...names,
    schedule: timed.schedule,
    trace,
    timed,
    ...(violation === undefined ? {} : {violation}),
  };
}
