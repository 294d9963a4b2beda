// What the kernel needs of a language whose cells it runs. Two implement it: TypeScript and Quiesce.

import type {Bundle} from "../display/bundle.ts";
import type {Completeness} from "../typescript/language-requests.ts";
import type {Cell} from "./cell.ts";
import type {Names} from "./dependencies.ts";
import type {Failure} from "./outlet.ts";

export type Outcome =
  | {readonly ok: true; readonly result?: Bundle; readonly names?: Names}
  /** `shown`: the evaluator has displayed the failure itself, better than a traceback could. */
  | {readonly ok: false; readonly failure: Failure};

export interface Candidate {
  readonly text: string;
  readonly type: string;
  readonly signature?: string;
}

export interface Candidates {
  /** UTF-16 offsets of what a candidate replaces. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

export interface Evaluator {
  /** Runs a cell; never throws for a fault of the user's. */
  run(source: string, cell: Cell): Promise<Outcome>;
  complete(source: string, offset: number): Promise<Candidates>;
  /** What hovering shows, or `undefined`. */
  inspect(source: string, offset: number, detail: number): Promise<Bundle | undefined>;
  isComplete(source: string): Promise<Completeness>;
}
