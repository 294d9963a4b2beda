// A session: what texts have declared, and what their commands have produced. The command line executes a file in one, a notebook every
// Quiesce cell in the same. Declarations of a text are stored all or none; then its commands run in order, and the first that fails
// ends the text. What has finished by then stays.

import {availableParallelism} from "node:os";
import type {CheckResult} from "../explore/verdict.ts";
import {forecast} from "../farm/forecast.ts";
import {measureAlso} from "../farm/measure-also.ts";
import {pilotsEach} from "../farm/pilots.ts";
import type {Replay} from "../farm/replay.ts";
import type {RunResult} from "../farm/result.ts";
import {runCheck} from "../farm/run-check.ts";
import {runPlan} from "../farm/run-plan.ts";
import {figuresFor} from "../figure/figure-for.ts";
import {checkText, type Environment, startingEnvironment} from "../lang/check.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import type {FileReader} from "../lang/file-reader.ts";
import type {Planned} from "../lang/plan.ts";
import {
  lowerCommand,
  lowerReplay,
  planCheckCommand,
  planRun,
  type Setting,
} from "../lang/plan-command.ts";
import {showCommand, shownText} from "../lang/show.ts";
import type {
  CheckCommand,
  Command,
  Export,
  Plot,
  ReplayCommand,
  Run,
  Show,
  Source,
  Table,
} from "../lang/syntax.ts";
import type {CheckPlan} from "../plan/check-plan.ts";
import type {Measure} from "../plan/measure.ts";
import type {Executor, Output} from "../plan/plan.ts";
import {outputTable} from "../table/output-table.ts";
import type {Emit, Execution} from "./events.ts";
import {exportResult} from "./export-result.ts";
import {fileReason} from "./file-reason.ts";
import {folderReader} from "./folder-reader.ts";
import {casesOfCheck, casesOfRun, replayFirst} from "./replay-first.ts";

type Executable = Command | CheckCommand | ReplayCommand;

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
  readonly only?: readonly Executable["kind"][];
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

/** What the checks of a scenario in one text have left behind; those of a later text take their place. */
export interface Checked {
  readonly checks: readonly {
    readonly plan: CheckPlan;
    readonly result: CheckResult;
  }[];
  /** The text that checked it: `cell [5]`. */
  readonly ranIn: string;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #finished = new Map<string, Finished>();
  readonly #checked = new Map<string, Checked>();
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

  /** What has been checked, by the scenario's name. */
  get checked(): ReadonlyMap<string, Checked> {
    return this.#checked;
  }

  /**
   * Runs a schedule again in a case of the latest checks of a scenario, or of the latest run of an experiment (`replayFirst` says which).
   * Throws a `RangeError` that says what to check or run first, or which step is not possible.
   */
  replay(name: string, schedule: string, policy?: string): Replay {
    const ran = this.#finished.get(name);
    const checked = this.#checked.get(name);
    if (ran === undefined && checked === undefined) {
      const has = [...this.#checked.keys(), ...this.#finished.keys()].join(", ");
      throw new RangeError(
        `a schedule is replayed in the cases of a check or a run, and \`${name}\` has had none; ${
          has === "" ? "`check` a scenario or `run` an experiment first" : `there are: ${has}`
        }`,
      );
    }
    const cases =
      ran === undefined
        ? (checked?.checks ?? []).flatMap(({plan}) => [...casesOfCheck(plan, schedule, policy)])
        : [...casesOfRun(ran.planned.plan, schedule, policy)];
    const done = replayFirst(schedule, cases);
    if (done === undefined) throw new RangeError(`\`${name}\` has no case of policy \`${policy}\``);
    return done;
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
    command: Executable,
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
      case "replay":
        return this.#replay(command, source, emit);
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
      pilots: plan.warmup === "auto" ? pilotsEach : 0,
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
      const {scenario} = plan;
      const before = this.#checked.get(scenario);
      const checks = before?.ranIn === source.name ? before.checks : [];
      this.#checked.set(scenario, {
        checks: [...checks, {plan, result}],
        ranIn: source.name,
      });
      emit({kind: "check", result, refused});
      const failed = result.verdicts.filter((verdict) => verdict.met === "fail").length;
      return {ok: refused.length === 0, failed};
    } catch (error) {
      return failure((error as Error).message, emit);
    }
  }

  #replay(command: ReplayCommand, source: Source, emit: Emit): Outcome {
    const {at, diagnostics} = lowerReplay(this.#environment, command, source);
    if (at === undefined) return told(diagnostics, emit);
    try {
      const replay = this.replay(at.name, command.schedule.value, at.policy);
      emit({kind: "replayed", replay});
      return {ok: true, failed: 0};
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return failure(error.message, emit);
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
