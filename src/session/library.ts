// The library's front door: a text or a plan in, results out. Lenient about what it is given, strict about what it means: a text with
// an error throws one `QuiesceError` that carries the diagnostics.

import type {CheckResult} from "../explore/verdict.ts";
import type {RunResult} from "../farm/result.ts";
import {type RunOptions, runPlan} from "../farm/run-plan.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import {renderTexts} from "../lang/render-text.ts";
import type {Plan} from "../plan/plan.ts";
import {Session, type SessionOptions} from "./session.ts";

/** Thrown for a text with errors, and for a command of it that could not be carried out. */
export class QuiesceError extends Error {
  override readonly name = "QuiesceError";
  /** Errors and warnings of the text; empty when the text was right and something else went wrong. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

export interface SimulateOptions extends Partial<SessionOptions> {
  readonly signal?: AbortSignal;
  readonly onProgress?: RunOptions["onProgress"];
}

/**
 * Runs every experiment that a text runs, or one plan, and returns the results in order. The `table`, `plot` and `check` commands of the
 * text are not executed: tables and figures are made from a result. Imports and data files are read from `folder`, the working
 * directory by default.
 *
 * @throws {QuiesceError} for a text with errors or a run that failed.
 */
export async function simulate(
  given: string | Plan,
  options: SimulateOptions = {},
): Promise<RunResult[]> {
  const {signal, onProgress, ...rest} = options;
  if (typeof given !== "string") {
    return [
      await runPlan(given, {
        ...(rest.workers === undefined ? {} : {workers: rest.workers}),
        ...(signal === undefined ? {} : {signal}),
        ...(onProgress === undefined ? {} : {onProgress}),
      }),
    ];
  }
  const results: RunResult[] = [];
  await executed(given, {...rest, only: ["run"]}, signal, (event) => {
    if (event.kind === "result") results.push(event.result);
    if (event.kind === "progress") onProgress?.(event.progress);
  });
  return results;
}

/**
 * Carries out every `check` command of a text and returns their results in order.
 *
 * @throws {QuiesceError} for a text with errors, or a case that cannot be explored as asked.
 */
export async function check(
  text: string,
  options: Partial<SessionOptions> & {readonly signal?: AbortSignal} = {},
): Promise<CheckResult[]> {
  const {signal, ...rest} = options;
  const results: CheckResult[] = [];
  await executed(text, {...rest, only: ["check"]}, signal, (event) => {
    if (event.kind !== "check") return;
    const [refused] = event.refused;
    if (refused !== undefined) throw new QuiesceError(`${refused.label}: ${refused.why}`);
    results.push(event.result);
  });
  return results;
}

async function executed(
  text: string,
  options: Partial<SessionOptions>,
  signal: AbortSignal | undefined,
  see: Parameters<Session["execute"]>[1],
): Promise<void> {
  const session = new Session({folder: ".", ...options});
  const found: Diagnostic[] = [];
  let failure: string | undefined;
  const {ok} = await session.execute(
    {name: "text", text},
    (event) => {
      if (event.kind === "diagnostics") found.push(...event.diagnostics);
      if (event.kind === "failure") failure = event.message;
      see(event);
    },
    signal,
  );
  if (!ok) throw new QuiesceError(failure ?? renderTexts(found), found);
}
