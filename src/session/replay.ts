// The schedule of a counterexample, or of a violation that a timed run counted, run again in the system of the text.

import type {Replay} from "../farm/replay.ts";
import {type Checked, checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand, planRun} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
import {folderReader} from "./folder-reader.ts";
import {QuiesceError} from "./library.ts";
import {casesOfCheck, casesOfRun, type ReplayCase, replayFirst} from "./replay-first.ts";

export interface ReplayOptions {
  /** Only the cases of this policy. */
  readonly policy?: string;
  /** Folder that imports are read from; the working directory by default. */
  readonly folder?: string;
  /** Name of the text in messages. */
  readonly name?: string;
}

/**
 * Runs a schedule in a case of the text's `check` commands, or in a point of its `run` commands cut down to the schedule's tasks: the first
 * in which all of its steps are possible and violate something, or else the first in which they are possible. It runs in the checker and,
 * with the machine's costs, in the timed engine.
 *
 * @throws {QuiesceError} for a text with errors, and for a schedule that no case can run.
 */
export function replay(text: string, schedule: string, options: ReplayOptions = {}): Replay {
  const {name = "text", folder = ".", policy} = options;
  const checked = checkText({name, text}, startingEnvironment(folderReader(folder)));
  const errors = checked.diagnostics.filter(({severity}) => severity === "error");
  if (errors.length > 0) throw new QuiesceError(renderTexts(errors), errors);
  let done: Replay | undefined;
  try {
    done = replayFirst(schedule, casesOf(checked, schedule, policy));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new QuiesceError(`${name}: ${error.message}`);
  }
  if (done !== undefined) return done;
  throw new QuiesceError(
    `${name}: no \`check\` or \`run\` has a case ${policy ?? "to run the schedule in"}`,
  );
}

function* casesOf(
  {environment, commands, source}: Checked,
  schedule: string,
  policy: string | undefined,
): Generator<ReplayCase> {
  for (const command of commands) {
    if (command.kind !== "check") continue;
    const {plan} = planCheckCommand(environment, command, source);
    if (plan !== undefined) yield* casesOfCheck(plan, schedule, policy);
  }
  for (const command of commands) {
    if (command.kind !== "run") continue;
    for (const {plan} of planRun(environment, command, source, {}).planned)
      yield* casesOfRun(plan, schedule, policy);
  }
}
