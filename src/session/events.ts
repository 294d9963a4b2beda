// What a session tells its front end while it executes a text. The command line prints these, the notebook turns them into displays;
// neither knows how they came about.

import type {Progress, RunResult} from "../farm/result.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";

export type SessionEvent =
  /** Errors and warnings of the text; with an error among them nothing of the text was declared or run. */
  | {readonly kind: "diagnostics"; readonly diagnostics: readonly Diagnostic[]}
  /** Names a text has declared, in order. */
  | {readonly kind: "declared"; readonly names: readonly string[]}
  /** About to run: how much there is to do. `seconds` is an estimate of wall time; absent when it cannot be told yet. */
  | {
      readonly kind: "estimate";
      readonly experiment: string;
      readonly points: number;
      readonly replications: {readonly min: number; readonly max: number};
      readonly workers: number;
      readonly seconds?: number;
    }
  | {readonly kind: "progress"; readonly progress: Progress}
  /** A run has ended, whole or not; its tables and figures follow as events of their own. */
  | {readonly kind: "result"; readonly name: string; readonly result: RunResult}
  /** Lines for a reader: what `show` found, what `export` wrote, a note. */
  | {readonly kind: "text"; readonly title: string; readonly text: string};

export type Emit = (event: SessionEvent) => void;

/** How a text fared. `ok` is false after an error diagnostic; failed expectations are counted apart. */
export interface Execution {
  readonly ok: boolean;
  readonly failedExpectations: number;
  readonly interrupted: boolean;
}
