// `quiesce replay`: runs the schedule of a counterexample again, step by step, in the system that a `check` of a text names.

import {dirname} from "node:path";
import {replay} from "../explore/check.ts";
import {traceText} from "../explore/trace-text.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
import {folderReader} from "../session/folder-reader.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface ReplayOptions {
  readonly policy?: string;
  readonly color?: boolean;
}

/**
 * Prints the steps of a schedule as the first case of the text in which all of them are possible runs them, and what it violates.
 * Status 1 if it violates nothing; 2 for a text with errors, or a schedule that no case can run.
 */
export function replayIn(file: string, schedule: string, options: ReplayOptions): number {
  const source = readSource(file);
  const files = folderReader(file === "-" ? "." : dirname(file));
  const {environment, commands, diagnostics} = checkText(source, startingEnvironment(files));
  const errors = diagnostics.filter(({severity}) => severity === "error");
  if (errors.length > 0) {
    process.stderr.write(`${renderTexts(errors, {color: useColor(options.color)})}\n`);
    return exitStatus.badInput;
  }
  let why: string | undefined;
  for (const command of commands) {
    if (command.kind !== "check") continue;
    const {plan} = planCheckCommand(environment, command, source);
    for (const {label, system} of plan?.cases ?? []) {
      if (plan === undefined || (options.policy !== undefined && label !== options.policy))
        continue;
      try {
        const trace = replay(system, plan.scope, schedule);
        process.stdout.write(`${label} of ${plan.scenario}\n${traceText(trace)}\n`);
        const violated = trace.steps.some((step) => step.violation !== undefined);
        return violated ? exitStatus.ok : exitStatus.expectationFailed;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        why ??= `${label}: ${error.message}`;
      }
    }
  }
  throw new UsageError(
    why === undefined
      ? `${file}: no \`check\` has a case ${options.policy ?? "to run the schedule in"}`
      : `${file}: no case can run this schedule (${why})`,
  );
}
