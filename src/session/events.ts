// What a session tells its front end while it executes a text. The command line prints these, the notebook turns them into displays;
// neither knows how they came about.

import type {CheckResult} from "../explore/verdict.ts";
import type {Replay} from "../farm/replay.ts";
import type {Progress, RunResult} from "../farm/result.ts";
import type {CheckProgress} from "../farm/run-check.ts";
import type {Figure} from "../figure/figure.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import type {OutputTable} from "../table/output-table.ts";

export type SessionEvent =
  /** Errors and warnings of the text; with an error among them nothing of the text was declared or run. */
  | {readonly kind: "diagnostics"; readonly diagnostics: readonly Diagnostic[]}
  /** Names a text has declared, in order. */
  | {readonly kind: "declared"; readonly names: readonly string[]}
  /** About to run: how much there is to do. `seconds` is a forecast of wall time; absent when it cannot be told yet. */
  | {
      readonly kind: "estimate";
      readonly experiment: string;
      readonly points: number;
      readonly replications: {readonly min: number; readonly max: number};
      /** Replications of each point before these, which choose the warm-up; 0: none. */
      readonly pilots: number;
      readonly workers: number;
      readonly seconds?: number;
    }
  | {readonly kind: "progress"; readonly progress: Progress}
  /** A run has ended, whole or not; its tables and figures follow as events of their own. */
  | {readonly kind: "result"; readonly name: string; readonly result: RunResult}
  | {readonly kind: "table"; readonly of: string; readonly table: OutputTable}
  | {readonly kind: "figure"; readonly of: string; readonly figure: Figure}
  | {readonly kind: "checking"; readonly progress: CheckProgress}
  /** A check has ended; `refused` are the cases that could not be explored, with the reason. */
  | {
      readonly kind: "check";
      readonly result: CheckResult;
      readonly refused: readonly {readonly label: string; readonly why: string}[];
    }
  /** A schedule was run again. */
  | {readonly kind: "replayed"; readonly replay: Replay}
  /** Lines for a reader: what `show` found. `html` is the same for a page. */
  | {readonly kind: "shown"; readonly title: string; readonly text: string; readonly html?: string}
  /** A file was written. */
  | {readonly kind: "exported"; readonly file: string; readonly what: string}
  /** Something went wrong that is not in the text: a figure that cannot be drawn from this result, a file that cannot be written. */
  | {readonly kind: "failure"; readonly message: string};

export type Emit = (event: SessionEvent) => void;

/** How a text fared. `ok` is false after an error diagnostic or a failure; expectations that failed are counted apart. */
export interface Execution {
  readonly ok: boolean;
  readonly failedExpectations: number;
  readonly interrupted: boolean;
}
