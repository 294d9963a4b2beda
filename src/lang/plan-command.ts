// From a checked environment to what the machinery below runs: plans of experiments, plans of checks, outputs of later commands.

import type {CheckPlan} from "../plan/check-plan.ts";
import type {Output} from "../plan/plan.ts";
import {reportUntold} from "./check/report-closed-form.ts";
import type {Environment} from "./check.ts";
import {experimentAt, overlaysOf, type ReplayedAt, replayedAt} from "./check-command.ts";
import {planCheck} from "./check-plan.ts";
import type {Overlay} from "./compose.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {lookup} from "./environment.ts";
import {unknownName} from "./evaluate.ts";
import {measureScope} from "./measures.ts";
import {lowerOutput} from "./outputs.ts";
import {parse} from "./parse.ts";
import {type Planned, type PlanOptions, planStudy} from "./plan.ts";
import {hasErrors, type Reporter, reporter, tell} from "./report.ts";
import {type Context, placeIn, type Scope} from "./scope.ts";
import type {CheckCommand, Export, Plot, ReplayCommand, Run, Source, Table} from "./syntax.ts";

/** A change of one path for this run: `--set machine.tlb=invlpgb`. */
export interface Setting {
  readonly path: string;
  /** A value in the language. */
  readonly value: string;
}

export interface RunOptions {
  readonly seed?: number;
  readonly executor?: PlanOptions["executor"];
  readonly set?: readonly Setting[];
}

/** The plan of an experiment by name, with `--set` and `--seed` on top. Without a plan, the diagnostics hold an error. */
export function planExperiment(
  environment: Environment,
  name: string,
  options: RunOptions = {},
): {readonly planned?: Planned; readonly diagnostics: readonly Diagnostic[]} {
  const context = contextOf(environment);
  const source: Source = {name: "command", text: name};
  const declared = lookup(environment.session, name);
  if (declared?.kind !== "experiment") {
    const scope: Scope = {context, source, home: environment.session};
    const place = placeIn(scope, {start: 0, end: name.length});
    if (declared === undefined) unknownName(name, place, scope);
    else
      tell(
        context.report,
        "E204",
        `expected an experiment, found a ${declared.kind}`,
        place,
        `\`${name}\` is a ${declared.kind}`,
      );
    return {diagnostics: context.report.found};
  }
  const settings = settingsOf(options.set ?? [], environment, context.report);
  if (settings === undefined) return {diagnostics: context.report.found};
  const planned = planStudy(declared, context, {
    overlays: settings,
    ...(options.seed === undefined ? {} : {seed: options.seed}),
    ...(options.executor === undefined ? {} : {executor: options.executor}),
  });
  return result(planned, context.report);
}

/** The plans of a `run` command, one for each of its experiments; empty with an error among the diagnostics. */
export function planRun(
  environment: Environment,
  command: Run,
  source: Source,
  options: RunOptions = {},
): {readonly planned: readonly Planned[]; readonly diagnostics: readonly Diagnostic[]} {
  const found: Diagnostic[] = [];
  const planned: Planned[] = [];
  for (const path of command.experiments) {
    const context = contextOf(environment);
    const scope: Scope = {context, source, home: environment.session};
    const experiment = experimentAt(path, scope);
    const settings = settingsOf(options.set ?? [], environment, context.report);
    const plan =
      experiment === undefined || settings === undefined
        ? undefined
        : planStudy(experiment, context, {
            overlays: [...overlaysOf(command, source, environment.session), ...settings],
            ...(options.seed === undefined ? {} : {seed: options.seed}),
            ...(options.executor === undefined ? {} : {executor: options.executor}),
          });
    found.push(...context.report.found);
    if (plan !== undefined && !hasErrors(context.report)) planned.push(plan);
  }
  const failed = found.some((diagnostic) => diagnostic.severity === "error");
  return {planned: failed ? [] : planned, diagnostics: found};
}

/** The plan of a `check` command; without one, the diagnostics hold an error. */
export function planCheckCommand(
  environment: Environment,
  command: CheckCommand,
  source: Source,
): {readonly plan?: CheckPlan; readonly diagnostics: readonly Diagnostic[]} {
  const context = contextOf(environment);
  const plan = planCheck(command, context, source, environment.session);
  return {
    ...(plan === undefined || hasErrors(context.report) ? {} : {plan}),
    diagnostics: context.report.found,
  };
}

/** What a `replay` command is about; without it, the diagnostics hold an error. */
export function lowerReplay(
  environment: Environment,
  command: ReplayCommand,
  source: Source,
): {readonly at?: ReplayedAt; readonly diagnostics: readonly Diagnostic[]} {
  const context = contextOf(environment);
  const at = replayedAt(command, {context, source, home: environment.session});
  return {
    ...(at === undefined || hasErrors(context.report) ? {} : {at}),
    diagnostics: context.report.found,
  };
}

export interface RanAs {
  readonly planned: Planned;
  /** The text that ran it, `cell [5]`; for the warning that the result is stale. */
  readonly ranIn?: string;
}

/**
 * The output that a `table`, `plot` or `export` after a run asks for, in terms of the plan that ran. W209 if a declaration the plan
 * depends on has changed since.
 */
export function lowerCommand(
  ran: RanAs,
  command: Table | Plot | Export,
  source: Source,
  environment: Environment,
): {readonly output?: Output; readonly diagnostics: readonly Diagnostic[]} {
  const {study, rows, measures} = ran.planned;
  // The scopes of the study report to the report it was planned with; what that holds now is from this command.
  const {report} = study.context;
  report.found.length = 0;
  report.seen.clear();
  const scope = measureScope(study, measures, source, environment.session);
  const output = lowerOutput(command, {study, scope, rows});
  if (output !== undefined) {
    const span = {start: command.start, end: command.start + command.kind.length};
    reportUntold(ran.planned.plan, output, report, {source, span});
  }
  if (!hasErrors(report)) reportStale(ran, command, source, environment, report);
  const diagnostics = [...report.found];
  return {...(output === undefined || hasErrors(report) ? {} : {output}), diagnostics};
}

function reportStale(
  ran: RanAs,
  command: Table | Plot | Export,
  source: Source,
  environment: Environment,
  report: Reporter,
): void {
  const {plan} = ran.planned;
  const [name] = staleNames(ran.planned, environment);
  const value = staleValue(ran.planned, environment);
  if (name === undefined && value === undefined) return;
  const now =
    name === undefined
      ? `\`${value}\` has another value in TypeScript than when \`${plan.name}\` ran`
      : `${environment.session.names.get(name)?.source.name ?? "a later cell"} was re-run after ${ran.ranIn ?? "it ran"}`;
  const span = command.of ?? {start: command.start, end: command.start + command.kind.length};
  tell(
    report,
    "W209",
    `\`${name ?? value}\` changed since \`${plan.name}\` ran`,
    {source, span},
    `result is stale: ${now}`,
    {
      help: `\`run ${plan.name}\` refreshes it`,
    },
  );
}

/** Names whose declarations are no longer those that the plan was made from. */
export function staleNames(planned: Planned, environment: Environment): string[] {
  return planned.used
    .filter((declared) => environment.session.names.get(declared.name) !== declared)
    .map((declared) => declared.name);
}

/** The first value of a TypeScript cell that the plan has read and that is another now, or is gone. */
function staleValue({plan}: Planned, environment: Environment): string | undefined {
  for (const {path, sha256} of plan.inputs) {
    if (!path.startsWith("ts:")) continue;
    const now = environment.files?.read(path);
    if (now !== undefined && (!("sha256" in now) || now.sha256 !== sha256)) return path.slice(3);
  }
  return undefined;
}

function contextOf(environment: Environment): Context {
  return {
    session: environment.session,
    report: reporter(),
    files: environment.files,
    threads: environment.threads ?? 1,
    globals: new Map(),
    inputs: new Map(),
    used: new Set(),
  };
}

// A setting is read as the language reads it: as the field of a `with` block.
function settingsOf(
  settings: readonly Setting[],
  environment: Environment,
  report: Reporter,
): Overlay[] | undefined {
  const overlays: Overlay[] = [];
  for (const {path, value} of settings) {
    const head = "experiment settings { with { ";
    const text = `${head}${path}: ${value} } }`;
    const source: Source = {name: `--set ${path}=${value}`, text};
    const {program, diagnostics} = parse(source);
    const [item] = program.items;
    const member = item?.kind === "experiment" ? item.members[0] : undefined;
    if (diagnostics.length > 0 || member?.kind !== "with" || member.fields.length !== 1) {
      tell(
        report,
        "E111",
        `cannot read \`${path}=${value}\``,
        {source, span: {start: head.length, end: text.length - 4}},
        "not a path and a value",
        {
          help: "`--set machine.tlb=invlpgb`, `--set gup.hold.p99=20us`",
        },
      );
      return undefined;
    }
    overlays.push({fields: member.fields, source, home: environment.session, origin: "set"});
  }
  return overlays;
}

function result(
  planned: Planned | undefined,
  report: Reporter,
): {readonly planned?: Planned; readonly diagnostics: readonly Diagnostic[]} {
  return {
    ...(planned === undefined || hasErrors(report) ? {} : {planned}),
    diagnostics: report.found,
  };
}
