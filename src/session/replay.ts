// The schedule of a counterexample, run again in the system that a text checks.

import {type Replay, replayBoth} from "../farm/replay.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
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
 * Runs a schedule in the first case of the text's `check` commands in which all of its steps are possible: in the checker and, with the
 * machine's costs, in the timed engine.
 *
 * @throws {QuiesceError} for a text with errors, and for a schedule that no case can run.
 */
export function replay(text: string, schedule: string, options: ReplayOptions = {}): Replay {
  const source = {name: options.name ?? "text", text};
  const files = folderReader(options.folder ?? ".");
  const {environment, commands, diagnostics} = checkText(source, startingEnvironment(files));
  const errors = diagnostics.filter(({severity}) => severity === "error");
  if (errors.length > 0) throw new QuiesceError(renderTexts(errors), errors);
  let why: string | undefined;
  for (const command of commands) {
    if (command.kind !== "check") continue;
    const {plan} = planCheckCommand(environment, command, source);
    for (const {label, system} of plan?.cases ?? []) {
      if (plan === undefined || (options.policy !== undefined && label !== options.policy))
        continue;
      try {
        return replayBoth(system, plan.scope, schedule, {label, scenario: plan.scenario});
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        why ??= `${label}: ${error.message}`;
      }
    }
  }
  throw new QuiesceError(
    why === undefined
      ? `${source.name}: no \`check\` has a case ${options.policy ?? "to run the schedule in"}`
      : `${source.name}: no case can run this schedule (${why})`,
  );
}
