// The schedule of a counterexample, or of a violation that a timed run counted, run again in the system of the text.

import {type Replay, replayBoth} from "../farm/replay.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand, planRun} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
import {pointText, systemAt} from "../plan/point.ts";
import {systemOfSchedule} from "../program/narrow-system.ts";
import {parseSchedule} from "../program/schedule.ts";
import {folderReader} from "./folder-reader.ts";
import {QuiesceError} from "./library.ts";

export interface ReplayOptions {
  /** Only the cases of this policy. */
  readonly policy?: string;
  /** Folder that imports are read from; the working directory by default. */
  readonly folder?: string;
  /** Name of the text in messages. */
  readonly name?: string;
}

/**
 * Runs a schedule in the first case of the text's `check` commands in which all of its steps are possible, or else in the first point of its
 * `run` commands, cut down to the schedule's tasks: in the checker and, with the machine's costs, in the timed engine.
 *
 * @throws {QuiesceError} for a text with errors, and for a schedule that no case can run.
 */
export function replay(text: string, schedule: string, options: ReplayOptions = {}): Replay {
  const source = {name: options.name ?? "text", text};
  const files = folderReader(options.folder ?? ".");
  const {environment, commands, diagnostics} = checkText(source, startingEnvironment(files));
  const errors = diagnostics.filter(({severity}) => severity === "error");
  if (errors.length > 0) throw new QuiesceError(renderTexts(errors), errors);
  // Why not, from the case that came furthest: the one that the schedule is most likely meant for.
  let why: string | undefined;
  let furthest = 0;
  const attempt = (label: string, make: () => Replay): Replay | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const step = Number(/^step (\d+) /.exec(error.message)?.[1] ?? Number.POSITIVE_INFINITY);
      if (step > furthest) {
        furthest = step;
        why = `${label}: ${error.message}`;
      }
      return undefined;
    }
  };
  for (const command of commands) {
    if (command.kind !== "check") continue;
    const {plan} = planCheckCommand(environment, command, source);
    for (const {label, system} of plan?.cases ?? []) {
      if (plan === undefined || (options.policy !== undefined && label !== options.policy))
        continue;
      const {scope, scenario} = plan;
      const done = attempt(label, () => replayBoth(system, scope, schedule, {label, scenario}));
      if (done !== undefined) return done;
    }
  }
  for (const command of commands) {
    if (command.kind !== "run") continue;
    for (const {plan} of planRun(environment, command, source, {}).planned) {
      for (const point of plan.points.keys()) {
        const whole = systemAt(plan, point);
        const {policy} = options;
        if (policy !== undefined && whole.writers.every((writer) => writer.policy !== policy))
          continue;
        const label = pointText(plan, point) || (whole.writers[0]?.policy ?? "");
        const done = attempt(label, () => {
          const {system, scope} = systemOfSchedule(whole, parseSchedule(schedule));
          return replayBoth(system, scope, schedule, {label, scenario: plan.name});
        });
        if (done !== undefined) return done;
      }
    }
  }
  throw new QuiesceError(
    why === undefined
      ? `${source.name}: no \`check\` or \`run\` has a case ${options.policy ?? "to run the schedule in"}`
      : `${source.name}: no case can run this schedule (${why})`,
  );
}
