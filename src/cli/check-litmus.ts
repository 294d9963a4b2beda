// `quiesce check FILE.litmus`: a C litmus test of the Linux kernel's dialect, answered as herd7 answers it.

import {evaluateLitmus} from "../explore/litmus/evaluate-litmus.ts";
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
}

/** Answers a test. Throws a `UsageError` with file, line and column for what is no supported test or too large. */
export function checkLitmus(source: Source, model: MemoryModel): LitmusAnswer {
  try {
    const verdict = evaluateLitmus(readLitmus(source.text), model);
    return {
      name: verdict.name,
      model,
      states: verdict.states,
      positive: verdict.satisfying,
      negative: verdict.others,
      observation: verdict.observation,
      holds: verdict.holds,
      flags: verdict.flags,
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

/** The answer in herd7's own layout, so that the two can be compared line by line. */
export function litmusText(answer: LitmusAnswer): string {
  return [
    `Test ${answer.name} (${answer.model})`,
    `States ${answer.states.length}`,
    ...answer.states,
    answer.holds ? "Ok" : "No",
    "Witnesses",
    `Positive: ${answer.positive} Negative: ${answer.negative}`,
    ...answer.flags.map((flag) => `Flag ${flag}`),
    `Observation ${answer.name} ${answer.observation} ${answer.positive} ${answer.negative}`,
  ].join("\n");
}
