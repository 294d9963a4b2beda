// A session: what texts have declared, and what their commands have produced. The command line executes a file in one, a notebook every
// Quiesce cell in the same. Declarations of a text are stored all or none; then its commands run in order, and the first that fails
// ends the text. What has finished by then stays.

import {availableParallelism} from "node:os";
import {forecast} from "../farm/forecast.ts";
import {measureAlso} from "../farm/measure-also.ts";
import type {RunResult} from "../farm/result.ts";
import {runCheck} from "../farm/run-check.ts";
import {runPlan} from "../farm/run-plan.ts";
import {figuresFor} from "../figure/figure-for.ts";
import {checkText, type Environment, startingEnvironment} from "../lang/check.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import type {FileReader} from "../lang/file-reader.ts";
import type {Planned} from "../lang/plan.ts";
import {lowerCommand, planCheckCommand, planRun, type Setting} from "../lang/plan-command.ts";
import {showCommand, shownText} from "../lang/show.ts";
import type {
  CheckCommand,
  Command,
  Export,
  Plot,
  Run,
  Show,
  Source,
  Table,
} from "../lang/syntax.ts";
import type {Measure} from "../plan/measure.ts";
import type {Executor, Output} from "../plan/plan.ts";
import {outputTable} from "../table/output-table.ts";
import type {Emit, Execution} from "./events.ts";
import {exportResult} from "./export-result.ts";
import {fileReason} from "./file-reason.ts";
import {folderReader} from "./folder-reader.ts";

export interface SessionOptions {
  /** Imports and data files are read from here and below. */
  readonly folder: string;
  /** Reads the files instead of a reader of `folder`; a notebook's also reads values of TypeScript cells. */
  readonly files?: FileReader;
  /** Files are exported to here and below; `folder` when absent. */
  readonly out?: string;
  /** Threads; as the experiment says, or as many as there are CPUs, when absent. */
  readonly workers?: number;
  /** Replaces the seed of every experiment. */
  readonly seed?: number;
  /** Replaces the executor of every experiment. */
  readonly executor?: Executor;
  /** Replaces the number of replications of every experiment. */
  readonly replications?: number;
  /** Put on top of every experiment, as `with` would. */
  readonly set?: readonly Setting[];
  /** Whether a run is timed beforehand, which takes some 0.2 s. */
  readonly forecast?: boolean;
  /** The kinds of command that are executed; all when absent. */
  readonly only?: readonly (Command | CheckCommand)["kind"][];
  /** Different counterexamples that a check shows; 1 when absent. */
  readonly counterexamples?: number;
  /** Whether a check compares models and looks for needed steps and repairs; true when absent. */
  readonly answers?: boolean;
}

/** What a `run` has left behind. */
export interface Finished {
  readonly result: RunResult;
  readonly planned: Planned;
  /** The text that ran it: `cell [5]`. */
  readonly ranIn: string;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #finished = new Map<string, Finished>();
  #environment: Environment;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#environment = startingEnvironment(options.files ?? folderReader(options.folder));
  }

  /** What texts see: for completion, hover and `show`. */
  get environment(): Environment {
    return this.#environment;
  }

  /** What has run, by the experiment's name; the latest is last. */
  get finished(): ReadonlyMap<string, Finished> {
    return this.#finished;
  }

  /** Checks a text without declaring or running anything. */
  check(source: Source): readonly Diagnostic[] {
    return checkText(source, this.#environment).diagnostics;
  }

  /**
   * Executes a text. Never rejects for what is wrong with the text, its files or its results: that is emitted. An aborted signal ends
   * the command at hand with what is finished, and begins no other.
   */
  async execute(source: Source, emit: Emit, signal?: AbortSignal): Promise<Execution> {
    const checked = checkText(source, this.#environment);
    this.#environment = checked.environment;
    if (checked.diagnostics.length > 0)
      emit({kind: "diagnostics", diagnostics: checked.diagnostics});
    if (hasError(checked.diagnostics))
      return {ok: false, failedExpectations: 0, interrupted: false};
    if (checked.declared.length > 0) emit({kind: "declared", names: checked.declared});
    let failedExpectations = 0;
    const {only} = this.#options;
    for (const [index, command] of checked.commands.entries()) {
      if (only !== undefined && !only.includes(command.kind)) continue;
      if (signal?.aborted === true) return {ok: true, failedExpectations, interrupted: true};
      const shownLater = checked.commands.slice(index + 1).some(({kind}) => showing.has(kind));
      const outcome = await this.#command(command, source, emit, shownLater, signal);
      failedExpectations += outcome.failed;
      if (!outcome.ok) return {ok: false, failedExpectations, interrupted: false};
    }
    return {ok: true, failedExpectations, interrupted: signal?.aborted === true};
  }

  async #command(
    command: Command | CheckCommand,
    source: Source,
    emit: Emit,
    shownLater: boolean,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    switch (command.kind) {
      case "run":
        return this.#run(command, source, emit, shownLater, signal);
      case "check":
        return this.#check(command, source, emit, signal);
      case "show":
        return this.#show(command, source, emit);
      default:
        return this.#later(command, source, emit);
    }
  }

  async #run(
    command: Run,
    source: Source,
    emit: Emit,
    shownLater: boolean,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const {set, seed, executor} = this.#options;
    const {planned, diagnostics} = planRun(this.#environment, command, source, {
      ...(set === undefined ? {} : {set}),
      ...(seed === undefined ? {} : {seed}),
      ...(executor === undefined ? {} : {executor}),
    });
    if (hasError(diagnostics)) return told(diagnostics, emit);
    let failed = 0;
    for (const one of planned) {
      if (signal?.aborted === true) break;
      const result = await this.#runPlanned(one, emit, signal);
      this.#finished.delete(one.plan.name);
      this.#finished.set(one.plan.name, {result, planned: one, ranIn: source.name});
      this.#environment = {...this.#environment, latest: one.plan.name};
      emit({kind: "result", name: one.plan.name, result});
      failed += result.expectations.filter((expectation) => expectation.outcome === "fail").length;
      if (result.ended === "failed") {
        emit({kind: "failure", message: result.failure ?? "the run failed"});
        return {ok: false, failed};
      }
      const {outputs, measures} = result.plan;
      const shown = shownLater || outputs.length > 0 || result.comparisons.length > 0;
      for (const output of shown || measures.length === 0 ? outputs : [allMeasures(measures)]) {
        if (!(await this.#output(output, result, emit))) return {ok: false, failed};
      }
    }
    return {ok: true, failed};
  }

  async #runPlanned(planned: Planned, emit: Emit, signal?: AbortSignal): Promise<RunResult> {
    const {replications} = this.#options;
    const plan =
      replications === undefined
        ? planned.plan
        : {...planned.plan, replications: {min: replications, max: replications}};
    const workers = this.#options.workers ?? planned.workers ?? availableParallelism();
    const timed =
      this.#options.forecast === true
        ? await forecast(plan, {workers}).catch(() => undefined)
        : undefined;
    emit({
      kind: "estimate",
      experiment: plan.name,
      points: plan.points.length,
      replications: timed?.replications ?? plan.replications,
      workers,
      ...(timed === undefined ? {} : {seconds: timed.seconds.min}),
    });
    return runPlan(plan, {
      workers,
      onProgress: (progress) => emit({kind: "progress", progress}),
      ...(signal === undefined ? {} : {signal}),
    });
  }

  async #check(
    command: CheckCommand,
    source: Source,
    emit: Emit,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const {plan, diagnostics} = planCheckCommand(this.#environment, command, source);
    if (plan === undefined) return told(diagnostics, emit);
    try {
      const {counterexamples, answers} = this.#options;
      const {result, refused} = await runCheck(plan, {
        ...(counterexamples === undefined ? {} : {counterexamples}),
        ...(answers === undefined ? {} : {answers}),
        onProgress: (progress) => emit({kind: "checking", progress}),
        ...(signal === undefined ? {} : {signal}),
      });
      emit({kind: "check", result, refused});
      const failed = result.verdicts.filter((verdict) => verdict.met === "fail").length;
      return {ok: refused.length === 0, failed};
    } catch (error) {
      return failure((error as Error).message, emit);
    }
  }

  #show(command: Show, source: Source, emit: Emit): Outcome {
    const {shown, diagnostics} = showCommand(this.#environment, command, source);
    if (shown === undefined) return told(diagnostics, emit);
    emit({kind: "shown", title: shown.title, text: shownText(shown)});
    return {ok: true, failed: 0};
  }

  async #later(command: Table | Plot | Export, source: Source, emit: Emit): Promise<Outcome> {
    const name = command.of?.names.at(-1)?.text ?? this.#environment.latest;
    const ran = name === undefined ? undefined : this.#finished.get(name);
    if (ran === undefined) {
      const has = [...this.#finished.keys()].join(", ");
      return failure(
        `\`${command.kind}\` needs a result, and ${name === undefined ? "nothing" : `\`${name}\``} has not run; ${
          has === "" ? "`run` an experiment first" : `results there are: ${has}`
        }`,
        emit,
      );
    }
    const {output, diagnostics} = lowerCommand(ran, command, source, this.#environment);
    if (output === undefined) return told(diagnostics, emit);
    if (diagnostics.length > 0) emit({kind: "diagnostics", diagnostics});
    // The result remembers what was asked of it, so that a report made from it later shows the same.
    const result = measureAlso(ran.result, output);
    if (!(await this.#output(output, result, emit))) return {ok: false, failed: 0};
    this.#finished.set(result.plan.name, {...ran, result});
    return {ok: true, failed: 0};
  }

  async #output(output: Output, result: RunResult, emit: Emit): Promise<boolean> {
    const of = result.plan.name;
    try {
      if (output.kind === "table") emit({kind: "table", of, table: outputTable(output, result)});
      else if (output.kind === "plot") {
        for (const figure of figuresFor(output, result)) emit({kind: "figure", of, figure});
      } else {
        const {file, what} = await exportResult(
          result,
          output.file,
          this.#options.out ?? this.#options.folder,
        );
        emit({kind: "exported", file, what});
      }
      return true;
    } catch (error) {
      // What a result cannot show, and what a disk refuses, is said in the thrower's own words; anything else is a bug.
      if (error instanceof RangeError) return failure(error.message, emit).ok;
      if (typeof (error as NodeJS.ErrnoException).code === "string" && output.kind === "export") {
        return failure(`cannot write ${output.file}: ${fileReason(error)}`, emit).ok;
      }
      throw error;
    }
  }
}

const showing: ReadonlySet<string> = new Set(["table", "plot"]);

/** What is shown of a result when its text shows nothing of it: every measure at the first points. */
function allMeasures(measures: readonly Measure[]): Output {
  const columns = measures.map((measure) => ({kind: "measure", measure}) as const);
  return {kind: "table", columns, by: [], options: {limit: 40}};
}

interface Outcome {
  readonly ok: boolean;
  /** Expectations that failed. */
  readonly failed: number;
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function told(diagnostics: readonly Diagnostic[], emit: Emit): Outcome {
  emit({kind: "diagnostics", diagnostics});
  return {ok: false, failed: 0};
}

function failure(message: string, emit: Emit): Outcome {
  emit({kind: "failure", message});
  return {ok: false, failed: 0};
}
