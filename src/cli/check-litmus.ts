// `quiesce check FILE.litmus`: a C litmus test of the Linux kernel's dialect, answered as herd7 answers it.

import {evaluateLitmus, litmusReport} from "../explore/litmus/evaluate-litmus.ts";
import {explainWitness} from "../explore/litmus/explain-witness.ts";
import {LitmusError} from "../explore/litmus/litmus-error.ts";
import {readLitmus} from "../explore/litmus/read-litmus.ts";
import type {Source} from "../lang/syntax.ts";
import type {MemoryModel} from "../plan/check-plan.ts";
import {UsageError} from "./exit-status.ts";

export interface LitmusAnswer {
  readonly name: string;
  readonly model: MemoryModel;
  readonly states: readonly string[];
  readonly positive: number;
  readonly negative: number;
  readonly observation: "Never" | "Sometimes" | "Always";
  readonly holds: boolean;
  readonly flags: readonly string[];
  /** In herd7's own layout, so that the two can be compared line by line. */
  readonly report: string;
  /** How the condition comes to hold: the steps of a witness, and the order that nothing keeps; empty where it never does. */
  readonly explanation: readonly string[];
}

/** Answers a test. Throws a `UsageError` with file, line and column for what is no supported test or too large. */
export function checkLitmus(source: Source, model: MemoryModel): LitmusAnswer {
  try {
    const test = readLitmus(source.text);
    const verdict = evaluateLitmus(test, model);
    return {
      name: verdict.name,
      model,
      states: verdict.states,
      positive: verdict.satisfying,
      negative: verdict.others,
      observation: verdict.observation,
      holds: verdict.holds,
      flags: verdict.flags,
      report: litmusReport(test, verdict),
      explanation: explainWitness(test, verdict),
    };
  } catch (error) {
    if (error instanceof LitmusError) {
      const hint =
        error.unsupported === undefined
          ? ""
          : `; \`${error.unsupported}\` is outside the supported subset`;
      throw new UsageError(`${source.name}: ${error.message}${hint}`);
    }
    if (error instanceof Error && /^(TooMany|BadAddress)/.test(error.constructor.name)) {
      throw new UsageError(`${source.name}: ${error.message}`);
    }
    throw error;
  }
}

/** The report, and below it how the condition comes to hold. */
export function litmusText({report, explanation}: LitmusAnswer, brief: boolean): string {
  return brief || explanation.length === 0 ? report : `${report}\n${explanation.join("\n")}\n`;
}
