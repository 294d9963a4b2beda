// The program of the thread that explores: one case after the other, each verdict sent as soon as it is there.

import {parentPort, workerData} from "node:worker_threads";
import {check} from "../explore/check.ts";
import type {SearchProgress} from "../explore/search.ts";
import type {Verdict} from "../explore/verdict.ts";
import type {CheckPlan} from "../plan/check-plan.ts";

export interface CheckJob {
  readonly plan: CheckPlan;
  readonly counterexamples: number;
  /** Whether to compare models and to look for needed steps and repairs. */
  readonly answers: boolean;
  readonly maxBytes?: number;
  /** One int32: not 0 asks to stop. */
  readonly stop: SharedArrayBuffer;
}

export type CheckMessage =
  | {readonly kind: "progress"; readonly done: number; readonly progress: SearchProgress}
  | {readonly kind: "verdict"; readonly verdict: Verdict}
  | {readonly kind: "refused"; readonly label: string; readonly why: string};

const progressEvery = 100; // ms

function run(job: CheckJob, post: (message: CheckMessage) => void): void {
  const stop = new Int32Array(job.stop);
  // What the search polls; an AbortSignal cannot cross to another thread.
  const signal = {
    get aborted() {
      return Atomics.load(stop, 0) !== 0;
    },
  } as AbortSignal;
  let shown = performance.now();
  job.plan.cases.forEach((one, done) => {
    if (signal.aborted) return;
    try {
      const {verdicts} = check(
        {...job.plan, cases: [one]},
        {
          signal,
          counterexamples: job.counterexamples,
          answers: job.answers,
          ...(job.maxBytes === undefined ? {} : {maxBytes: job.maxBytes}),
          onProgress: (progress) => {
            if (performance.now() - shown < progressEvery) return;
            shown = performance.now();
            post({kind: "progress", done, progress});
          },
        },
      );
      for (const verdict of verdicts) post({kind: "verdict", verdict});
    } catch (error) {
      // A scope or a policy that cannot be explored is the user's to mend; anything else is a bug and ends the thread.
      if (!(error instanceof RangeError)) throw error;
      post({kind: "refused", label: one.label, why: error.message});
    }
  });
}

if (parentPort !== null) {
  const port = parentPort;
  run(workerData as CheckJob, (message) => port.postMessage(message));
}
