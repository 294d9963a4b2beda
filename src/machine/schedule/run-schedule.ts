// A schedule, run by the timed engine.

import type {CheckScope} from "../../plan/check-plan.ts";
import type {System} from "../../plan/system.ts";
import {parseSchedule, type Schedule, scheduleText} from "../../program/schedule.ts";
import {smallSystem} from "../../program/small-system.ts";
import type {TimedReplay, TimedStep} from "../../record/timed-replay.ts";
import type {ScheduleModel} from "./memory.ts";
import {takeMove} from "./moves.ts";
import {ScheduledRun} from "./scheduled-run.ts";

export interface RunScheduleOptions {
  /** Integers >= 0 that decide every draw of a cost; both 0 if not given. */
  readonly seed?: number;
  readonly replication?: number;
}

/**
 * Runs a schedule in a system cut down to a scope, with the plan's costs, up to its end or its first violation. Throws a `RangeError` that
 * names the move that is not possible, its number and why.
 */
export function runSchedule(
  system: System,
  scope: CheckScope,
  schedule: Schedule | string,
  options: RunScheduleOptions = {},
): TimedReplay {
  const {model, moves} = typeof schedule === "string" ? parseSchedule(schedule) : schedule;
  if (model !== "sc" && model !== "tso" && model !== "pso") {
    throw new RangeError(`schedule: the model is ${model}; it must be sc, tso or pso`);
  }
  const run = new ScheduledRun(smallSystem(system, scope), model as ScheduleModel, {
    seed: options.seed ?? 0,
    replication: options.replication ?? 0,
  });
  const steps: TimedStep[] = moves.map((move, index) => takeMove(run, move, index + 1));
  return {
    schedule: scheduleText({model, moves}),
    steps,
    ...(run.violation === undefined ? {} : {violation: run.violation}),
  };
}
