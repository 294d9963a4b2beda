// Runs a check on a thread of its own, so that a notebook stays answerable and an interrupt ends it with what is known by then.

import {Worker} from "node:worker_threads";
import type {SearchProgress} from "../explore/search.ts";
import type {CheckResult, Verdict} from "../explore/verdict.ts";
import type {CheckPlan} from "../plan/check-plan.ts";
import type {CheckJob, CheckMessage} from "./check-worker.ts";

export interface CheckProgress {
  readonly scenario: string;
  readonly casesDone: number;
  readonly cases: number;
  /** Of the case at hand. */
  readonly states: number;
  readonly open: number;
  readonly depth: number;
}

export interface RunCheckOptions {
  /** Stops after the batch of states at hand; the case at hand ends as unknown, the rest is not begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
  /** Different counterexamples to show; default 1. */
  readonly counterexamples?: number;
  /** Whether to compare models and to look for needed steps and repairs; default true. */
  readonly answers?: boolean;
  /** Most bytes of states a case may store; the explorer's default when absent. */
  readonly maxBytes?: number;
}

export interface CheckOutcome {
  readonly result: CheckResult;
  /** Cases that cannot be explored as asked, with the reason and what to do. */
  readonly refused: readonly {readonly label: string; readonly why: string}[];
  readonly interrupted: boolean;
}

// How long a thread gets to notice a stop before it is terminated.
const grace = 1000; // ms

/** Checks every case of a plan. Rejects when the thread dies, naming the case it was at. */
export async function runCheck(
  plan: CheckPlan,
  options: RunCheckOptions = {},
): Promise<CheckOutcome> {
  const stop = new SharedArrayBuffer(4);
  const job: CheckJob = {
    plan,
    counterexamples: options.counterexamples ?? 1,
    answers: options.answers ?? true,
    stop,
    ...(options.maxBytes === undefined ? {} : {maxBytes: options.maxBytes}),
  };
  const verdicts: Verdict[] = [];
  const refused: {label: string; why: string}[] = [];
  const worker = new Worker(new URL("./check-worker.js", import.meta.url), {workerData: job});
  const interrupt = (): void => {
    Atomics.store(new Int32Array(stop), 0, 1);
    setTimeout(() => void worker.terminate(), grace).unref();
  };
  options.signal?.addEventListener("abort", interrupt);
  if (options.signal?.aborted === true) interrupt();
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (message: CheckMessage) => {
        if (message.kind === "verdict") verdicts.push(message.verdict);
        else if (message.kind === "refused") refused.push({label: message.label, why: message.why});
        else options.onProgress?.(progressOf(plan, message.done, message.progress));
      });
      worker.on("error", (cause) => {
        const at = plan.cases[verdicts.length + refused.length]?.label ?? plan.scenario;
        reject(new Error(`the check of ${plan.scenario} died at ${at}: ${cause.message}`, {cause}));
      });
      worker.on("exit", () => resolve());
    });
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
  const {property, scenario, scope, model} = plan;
  return {
    result: {format: 1, property, scenario, scope, model, verdicts},
    refused,
    interrupted: options.signal?.aborted === true,
  };
}

function progressOf(
  plan: CheckPlan,
  casesDone: number,
  {states, open, depth}: SearchProgress,
): CheckProgress {
  return {scenario: plan.scenario, casesDone, cases: plan.cases.length, states, open, depth};
}
