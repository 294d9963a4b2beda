// The result of running a plan: plain data, a function of (plan, seed, version) and of nothing else. Wall times and host names are not
// in it; they are the provenance's business.

import type {Plan} from "../plan/plan.ts";
import type {Samples} from "../record/samples.ts";
import type {Estimate} from "../stats/estimate.ts";
import type {ChosenWarmUp} from "./chosen-warm-up.ts";

export type {Estimate};

export type Outcome = "pass" | "fail" | "inconclusive";

/** One measure at one point, over its replications. */
export interface MeasureResult {
  readonly measure: string;
  readonly point: number;
  /** Aligned with the point's `replications`; NaN where one has no data for the measure. */
  readonly perReplication: Float64Array;
  /**
   * Over the replications that have data. Of the mean of a long stream in a single replication the interval is that of its batch means
   * (`stats/batch-means.ts`), if the stream is long enough for one.
   */
  readonly estimate: Estimate;
  /** Where the plan has a control: variance of the plain mean over that of the controlled one; absent where nothing was controlled. */
  readonly gain?: number;
}

/** The paired difference of a measure between a point and its baseline, under common random numbers. */
export interface ComparisonResult {
  readonly measure: string;
  readonly point: number;
  readonly against: number;
  readonly difference: Estimate;
  /** Ratio of the means with its interval. */
  readonly ratio: Estimate;
  /** Of the difference, as that of a measure. */
  readonly gain?: number;
}

export interface ExpectationResult {
  readonly text: string;
  readonly point: number;
  /** The point in words, without the axes that the expectation names itself; empty where nothing is left. */
  readonly where: string;
  readonly outcome: Outcome;
  /** Family-wise confidence this outcome was decided at. */
  readonly confidence: number;
  /** The power-assert tree: each measured side with its value and interval, ready to print. */
  readonly because: string;
}

export interface PointResult {
  readonly point: number;
  /**
   * In order of replication; fewer than planned when the run was stopped. In a large sweep the later ones are without `histogram`,
   * `exact`, `batches` and `reservoir` (see `ledger.ts`); what the plan measures has been read from them before.
   */
  readonly replications: readonly Samples[];
  /** Stopping rules with the relative half-width reached; `met` false is "target not met". */
  readonly until: readonly {
    readonly text: string;
    readonly reached: number;
    readonly met: boolean;
  }[];
}

export interface RunResult {
  /** With the warm-up that was chosen, if the plan left it to pilots. */
  readonly plan: Plan;
  /** Content hash of the plan as it was given. */
  readonly planHash: string;
  readonly version: string;
  /** Why the warm-up is what it is; absent where the plan states it, and where the run ended before it was chosen. */
  readonly warmUp?: ChosenWarmUp;
  /** By index of `plan.points`; a point that was not begun has no replications. */
  readonly points: readonly PointResult[];
  readonly measures: readonly MeasureResult[];
  readonly comparisons: readonly ComparisonResult[];
  readonly expectations: readonly ExpectationResult[];
  /** Why the run ended. */
  readonly ended: "complete" | "interrupted" | "budget" | "failed";
  readonly failure?: string;
}

/** What a run tells while it goes on; at most some ten a second are worth showing. */
export interface Progress {
  readonly experiment: string;
  /** `pilots`: these are not the replications yet, but those that choose the warm-up. */
  readonly stage: "pilots" | "replications";
  readonly replicationsDone: number;
  readonly replicationsPlanned: number;
  readonly pointsDone: number;
  readonly points: number;
  /** Worst relative half-width so far against its target; absent without `until`. */
  readonly precision?: {readonly reached: number; readonly target: number};
  /** Seconds. */
  readonly elapsed: number;
  readonly left: number;
}
