// A schedule and the cases that it may be meant for. Cases come from the checks and runs that have printed schedules, so that whoever pastes
// one need not say which of them it came from: the first in which all of its steps are possible and something goes wrong, since that is what
// schedules are printed for, or else the first in which they are possible.

import {type Replay, replayBoth} from "../farm/replay.ts";
import type {CheckPlan} from "../plan/check-plan.ts";
import type {Plan} from "../plan/plan.ts";
import {pointText, systemAt} from "../plan/point.ts";
import {systemOfSchedule} from "../program/narrow-system.ts";
import {parseSchedule} from "../program/schedule.ts";

/** Somewhere to run a schedule; `run` throws a `RangeError` that names the first step that is not possible. */
export interface ReplayCase {
  readonly label: string;
  readonly run: () => Replay;
}

/** The cases of a check; with a policy, only those of that policy. */
export function* casesOfCheck(
  {cases, scope, scenario}: CheckPlan,
  schedule: string,
  policy: string | undefined,
): Generator<ReplayCase> {
  for (const {label, system} of cases) {
    if (policy !== undefined && label !== policy && !label.startsWith(`${policy} with `)) continue;
    yield {label, run: () => replayBoth(system, scope, schedule, {label, scenario})};
  }
}

/** The points of an experiment, each cut down to the tasks of the schedule; with a policy, only those in which a writer has it. */
export function* casesOfRun(
  plan: Plan,
  schedule: string,
  policy: string | undefined,
): Generator<ReplayCase> {
  for (const point of plan.points.keys()) {
    const whole = systemAt(plan, point);
    if (policy !== undefined && whole.writers.every((writer) => writer.policy !== policy)) continue;
    const label = pointText(plan, point) || (whole.writers[0]?.policy ?? "");
    yield {
      label,
      run() {
        const {system, scope} = systemOfSchedule(whole, parseSchedule(schedule));
        return replayBoth(system, scope, schedule, {label, scenario: plan.name});
      },
    };
  }
}

/**
 * Runs the schedule in the case that it is most likely meant for. Throws a `RangeError` for a text that is no schedule, and otherwise one with the reason of
 * the case that came furthest; undefined if there is no case.
 */
export function replayFirst(schedule: string, cases: Iterable<ReplayCase>): Replay | undefined {
  parseSchedule(schedule);
  let why: string | undefined;
  let furthest = 0;
  let harmless: Replay | undefined;
  for (const {label, run} of cases) {
    try {
      const done = run();
      if (done.violation !== undefined) return done;
      harmless ??= done;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const step = Number(/^step (\d+) /.exec(error.message)?.[1] ?? Number.POSITIVE_INFINITY);
      if (step <= furthest) continue;
      furthest = step;
      why = `${label}: ${error.message}`;
    }
  }
  if (harmless !== undefined || why === undefined) return harmless;
  throw new RangeError(`no case can run this schedule (${why})`);
}
