// `quiesce replay`: runs the schedule of a counterexample again, step by step, in the system that a `check` of a text names.

import {dirname} from "node:path";
import {replayText} from "../farm/replay-text.ts";
import {renderTexts} from "../lang/render-text.ts";
import {replayedWords} from "../session/event-words.ts";
import {QuiesceError} from "../session/library.ts";
import {replay} from "../session/replay.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface ReplayOptions {
  readonly policy?: string;
  readonly color?: boolean;
  readonly json?: boolean;
}

/**
 * Prints the steps of a schedule as the first case of the text in which they violate something runs them, or else the first in which all are possible, in the checker and in the timed
 * engine, and what it violates. Status 1 if it violates nothing; 2 for a text with errors, or a schedule that no case can run.
 */
export function replayIn(file: string, schedule: string, options: ReplayOptions): number {
  const {name, text} = readSource(file);
  try {
    const replayed = replay(text, schedule, {
      name,
      folder: file === "-" ? "." : dirname(file),
      ...(options.policy === undefined ? {} : {policy: options.policy}),
    });
    const {label, scenario, violation} = replayed;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(replayed)}\n`
        : `${label} of ${scenario}\n${replayText(replayed)}\n${replayedWords(replayed)}\n`,
    );
    return violation === undefined ? exitStatus.expectationFailed : exitStatus.ok;
  } catch (error) {
    if (!(error instanceof QuiesceError)) throw error;
    if (error.diagnostics.length === 0) throw new UsageError(error.message);
    process.stderr.write(`${renderTexts(error.diagnostics, {color: useColor(options.color)})}\n`);
    return exitStatus.badInput;
  }
}
