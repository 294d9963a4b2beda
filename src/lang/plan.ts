// An experiment to its Plan: compose the study, expand the sweeps, resolve the system of every point, lower measures, expectations and
// outputs. The result also keeps the study, against which later `table` and `plot` commands are lowered.

import type {controls, executors} from "../../grammar/schema.ts";
import {dimensionName, none, sameDimension, time} from "../../grammar/units.ts";
import {difference} from "../plan/difference.ts";
import type {Measure, Until} from "../plan/measure.ts";
import type {Axis, Output, Plan, PlanPoint} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import {axisLabels} from "./axis-values.ts";
import {chainOf, topScope} from "./chain.ts";
import {reportClosedForm, tellsOfPassed} from "./check/report-closed-form.ts";
import {reportLongRun} from "./check/report-long-run.ts";
import {reportRareQuantile} from "./check/report-rare-quantile.ts";
import {withArrivals} from "./check/report-unknown-mean.ts";
import {composeStudy, type Overlay} from "./compose.ts";
import {confidenceOf} from "./confidence.ts";
import type {Diagnostic, Place} from "./diagnostic.ts";
import type {Declared, DeclaredAs} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {expectationsOf} from "./expectations.ts";
import {fieldFitted, fieldValue} from "./field.ts";
import {
  axisIndex,
  defaultMeasures,
  type MeasureSource,
  measureNamed,
  measureScope,
} from "./measures.ts";
import {lowerOutput} from "./outputs.ts";
import {reference} from "./reference.ts";
import {hasErrors, type Reporter, tell, textOf} from "./report.ts";
import {numberIn, textIn} from "./resolve-entity.ts";
import {resolveSystem} from "./resolve-system.ts";
import {type Context, placeIn, type Scope} from "./scope.ts";
import type {Study} from "./study.ts";
import {settingsOf} from "./study-scope.ts";
import {expandSweeps} from "./sweep.ts";
import type {Compare, Export, Field, Plot, Table, UntilStatement} from "./syntax.ts";
import {tentatively} from "./tentatively.ts";

type Executor = (typeof executors)[number];

/** A plan with what is needed to lower commands against it. */
export interface Planned {
  readonly plan: Plan;
  readonly study: Study;
  readonly rows: readonly (readonly number[])[];
  readonly measures: ReadonlyMap<string, MeasureSource>;
  /** Declarations of the session that the plan depends on. */
  readonly used: readonly Declared[];
  /** Threads that the experiment asks for; absent: as many as there are. */
  readonly workers?: number;
}

export interface PlanOptions {
  readonly overlays?: readonly Overlay[];
  readonly seed?: number;
  readonly executor?: Executor;
}

/** The plan of an experiment; undefined after a report. */
export function planStudy(
  experiment: DeclaredAs<"experiment">,
  context: Context,
  options: PlanOptions = {},
): Planned | undefined {
  const planned = resolveExperiment(experiment, context, options);
  // Whatever has no value has been reported where it arose; should a rule ever forget to, the user must not be left without a word.
  if (planned === undefined && !hasErrors(context.report))
    tell(
      context.report,
      "E210",
      `\`${experiment.name}\` cannot be planned`,
      {source: experiment.source, span: experiment.at},
      "a part of it has no value",
      {help: "this is a fault of quiesce: please report it with this text"},
    );
  return planned;
}

function resolveExperiment(
  experiment: DeclaredAs<"experiment">,
  context: Context,
  options: PlanOptions,
): Planned | undefined {
  const {report} = context;
  const chain = chainOf(experiment, context);
  context.used.add(experiment);
  const at: Place = {source: experiment.source, span: experiment.at};
  const overlays = options.overlays ?? [];
  const scenario = scenarioOf(chain, overlays, context);
  if (scenario === "error") return undefined;
  const study = composeStudy({
    name: experiment.name,
    context,
    experiment,
    overlays,
    ...(scenario === undefined ? {} : {scenario}),
  });
  const settings = settingsOf(study);
  const seed = options.seed ?? numberIn(settings, "seed");
  if (seed === undefined || hasErrors(report)) return undefined;
  const sweeping = chain.findLast((one) =>
    one.syntax.members.some((member) => member.kind === "sweep"),
  );
  const source = sweeping ?? experiment;
  const expansion = expandSweeps(
    study,
    {
      sweeps: source.syntax.members.filter((member) => member.kind === "sweep"),
      source: source.source,
      home: source.home ?? context.session,
    },
    seed,
  );
  if (expansion === undefined) return undefined;
  const {rows} = expansion;
  const systems = resolvePoints(study, rows, at);
  if (systems === undefined) return undefined;
  const {base, points} = systems;
  const measures = measuresOf(chain, context);
  const scopeAt = (one: DeclaredAs<"experiment">): Scope =>
    measureScope(study, measures, one.source, one.home ?? context.session);
  const lowered = [...measures].map(([name, measure]) => {
    const scope = measureScope(study, measures, measure.source, measure.home);
    return measureNamed(name, measure.field.value, scope, study);
  });
  const own = scopeAt(experiment);
  const replications = fieldFitted(settings, "replications");
  const confidence = numberIn(settings, "confidence");
  const budget = fieldFitted(settings, "budget");
  const workers = fieldFitted(settings, "workers");
  const until = inherited(chain, (one) => untilOf(one, scopeAt(one), confidence ?? 0.95));
  const compare = inherited(chain, (one, mine) => compareOf(one, scopeAt(one), study, mine));
  const expectations = expectationsOf(chain, scopeAt, study, rows, experiment);
  const outputs = outputsOf(chain, scopeAt, study, rows, experiment);
  const allow = allowedOf(study);
  const family = textIn<Plan["family"]>(settings, "family");
  const streams = textIn<Plan["streams"]>(settings, "streams");
  const executor = options.executor ?? textIn<Executor>(settings, "executor");
  const warmup = fieldFitted(settings, "warmup");
  const control = textIn<(typeof controls)[number]>(settings, "control");
  if (
    hasErrors(report) ||
    lowered.some((measure) => measure === undefined) ||
    replications === undefined ||
    replications === "absent" ||
    replications.t !== "bounds" ||
    confidence === undefined ||
    family === undefined ||
    streams === undefined ||
    executor === undefined ||
    control === undefined ||
    budget === undefined ||
    workers === undefined ||
    warmup === undefined
  )
    return undefined;
  const uncontrolled: Plan = {
    format: 1,
    name: experiment.name,
    base,
    axes: axesOf(study),
    points,
    seed,
    replications: {min: replications.min, max: replications.max},
    confidence,
    family,
    streams,
    until,
    compare,
    ...(warmup !== undefined && warmup !== "absent" && warmup.t === "text"
      ? {warmup: "auto" as const}
      : {}),
    measures:
      lowered.length > 0
        ? (lowered as Measure[])
        : defaultMeasures(study).filter(({expr}) => tellsOfPassed(expr, base, executor)),
    expectations,
    outputs,
    ...(executor === "lazy" ? {} : {executor}),
    ...(budget === "absent" || budget.t !== "number" ? {} : {budget: budget.value}),
    inputs: inputsOf(context),
    allow,
  };
  const plan = control === "arrivals" ? withArrivals(uncontrolled, chain, own) : uncontrolled;
  const threads = workers !== "absent" && workers.t === "number" ? workers.value : undefined;
  reportLongRun(plan, chain, own, threads ?? context.threads);
  reportClosedForm(plan, chain, own);
  // What is measured by default is not what anybody asked for.
  reportRareQuantile(lowered.length === 0 ? {...plan, measures: []} : plan, chain, own);
  silence(report, allow);
  // Entities of a scenario are declared by it and not by the session.
  const used = [...context.used].filter(
    (declared) => context.session.names.get(declared.name) === declared,
  );
  return {plan, study, rows, measures, used, ...(threads === undefined ? {} : {workers: threads})};
}

function scenarioOf(
  chain: readonly DeclaredAs<"experiment">[],
  overlays: readonly Overlay[],
  context: Context,
): DeclaredAs<"scenario"> | "error" | undefined {
  const fields: {field: Field; scope: Scope}[] = [];
  for (const one of chain) {
    const scope = topScope(one, context);
    for (const member of one.syntax.members) {
      if (member.kind === "field") fields.push({field: member, scope});
      if (member.kind === "with") fields.push(...member.fields.map((field) => ({field, scope})));
    }
  }
  for (const overlay of overlays)
    for (const field of overlay.fields)
      fields.push({field, scope: {context, source: overlay.source, home: overlay.home}});
  const last = fields.findLast(
    ({field}) => field.path.names.length === 1 && field.path.names[0]?.text === "scenario",
  );
  if (last === undefined) return undefined;
  const value = evaluate(last.field.value, last.scope, {kind: "ref", to: "scenario"});
  if (!reference(value, "scenario", placeIn(last.scope, last.field.value), last.scope))
    return "error";
  return value.t === "declared" ? (value.declared as DeclaredAs<"scenario">) : "error";
}

function resolvePoints(
  study: Study,
  rows: readonly (readonly number[])[],
  at: Place,
): {base: System; points: PlanPoint[]} | undefined {
  let base: System | undefined;
  const points: PlanPoint[] = [];
  for (const row of rows) {
    study.point = row;
    const system = resolveSystem(study, {lints: true, at});
    if (system === undefined) return undefined;
    base ??= system;
    points.push({at: row, patches: difference(base, system)});
  }
  study.point = rows[0] ?? [];
  return base && {base, points};
}

function axesOf(study: Study): Axis[] {
  return study.axes.map((axis) => {
    const labels = axisLabels(axis.values);
    const [first] = axis.values;
    const unit: Axis["unit"] =
      first?.t !== "number"
        ? "name"
        : sameDimension(first.dim, time)
          ? "ns"
          : sameDimension(first.dim, none)
            ? first.percent
              ? "ratio"
              : "1"
            : dimensionName(first.dim) === "Bytes"
              ? "bytes"
              : "1/s";
    return {
      path: axis.path,
      unit,
      values: axis.values.map((value, i) => ({
        label: labels[i] as string,
        ...(value.t === "number" ? {value: value.value} : {}),
      })),
    };
  });
}

/** The measures of the chain, later definitions replacing earlier ones in place. */
function measuresOf(
  chain: readonly DeclaredAs<"experiment">[],
  context: Context,
): Map<string, MeasureSource> {
  const found = new Map<string, MeasureSource>();
  for (const one of chain)
    for (const member of one.syntax.members)
      if (member.kind === "measure")
        for (const field of member.fields) {
          const name = field.path.names.map((part) => part.text).join(".");
          found.set(name, {field, source: one.source, home: one.home ?? context.session});
        }
  return found;
}

/** What the last of the chain that says anything says; `mine` is false where it is an ancestor that speaks. */
function inherited<T>(
  chain: readonly DeclaredAs<"experiment">[],
  lower: (one: DeclaredAs<"experiment">, mine: boolean) => T[] | undefined,
): T[] {
  for (const one of chain.toReversed()) {
    const found = lower(one, one === chain.at(-1));
    if (found !== undefined) return found;
  }
  return [];
}

function untilOf(
  one: DeclaredAs<"experiment">,
  scope: Scope,
  confidence: number,
): Until[] | undefined {
  const statements = one.syntax.members.filter(
    (member): member is UntilStatement => member.kind === "until",
  );
  if (statements.length === 0) return undefined;
  const found: Until[] = [];
  for (const statement of statements) {
    const value = evaluate(statement.test, scope);
    if (value.t === "error") continue;
    if (value.t !== "verdict" || value.expr.op !== "within" || value.expr.reference !== undefined) {
      tell(
        scope.context.report,
        "E301",
        "`until` wants a precision",
        placeIn(scope, statement.test),
        "not a precision",
        {
          help: "`until p99(thp.sync) within 5% at 95%`",
        },
      );
      continue;
    }
    const level = confidenceOf(statement.at, scope);
    found.push({
      expr: value.expr.left,
      text: textOf(scope.source, statement.test),
      tolerance: value.expr.tolerance,
      confidence: level ?? confidence,
    });
  }
  return found;
}

function compareOf(
  one: DeclaredAs<"experiment">,
  scope: Scope,
  study: Study,
  mine: boolean,
): {axis: string; against: string}[] | undefined {
  const statements = one.syntax.members.filter(
    (member): member is Compare => member.kind === "compare",
  );
  if (statements.length === 0) return undefined;
  const found: {axis: string; against: string}[] = [];
  const {report} = scope.context;
  for (const statement of statements) {
    const path = statement.axis.names.map((name) => name.text).join(".");
    const axis = study.axes.find((other) => other.path === path);
    if (axis === undefined) {
      // An ancestor's comparison that this experiment has no axis for does not apply to it.
      if (mine)
        tell(
          report,
          "E507",
          "no such axis in the sweep",
          placeIn(scope, statement.axis),
          `\`${path}\` is not an axis`,
          {
            help: `axes: ${study.axes.map((other) => other.path).join(" ") || "none"}`,
          },
        );
      continue;
    }
    const value = evaluate(statement.against, scope, axis.type);
    if (value.t === "error") continue;
    const index = axisIndex(axis.values, value);
    const labels = axisLabels(axis.values);
    if (index >= 0) found.push({axis: path, against: labels[index] as string});
    else if (mine) {
      const text = textOf(scope.source, statement.against);
      tell(
        report,
        "E507",
        "no such point in the sweep",
        placeIn(scope, statement.against),
        `\`${path}\` takes: ${labels.slice(0, 12).join(", ")}`,
        {
          help: `add ${text} to \`${path}\`, or compare against one of these`,
        },
      );
    }
  }
  return found;
}

function outputsOf(
  chain: readonly DeclaredAs<"experiment">[],
  scopeAt: (one: DeclaredAs<"experiment">) => Scope,
  study: Study,
  rows: readonly (readonly number[])[],
  experiment: DeclaredAs<"experiment">,
): Output[] {
  for (const one of chain.toReversed()) {
    const commands = one.syntax.members.filter(
      (member): member is Table | Plot | Export =>
        member.kind === "table" || member.kind === "plot" || member.kind === "export",
    );
    if (commands.length === 0) continue;
    const scope = scopeAt(one);
    if (one === experiment)
      return commands
        .map((command) => lowerOutput(command, {study, scope, rows}))
        .filter((output) => output !== undefined);
    return commands
      .map((command) =>
        tentatively(scope.context.report, () => lowerOutput(command, {study, scope, rows})),
      )
      .filter((output) => output !== undefined);
  }
  return [];
}

function inputsOf(context: Context): Plan["inputs"] {
  const found = new Map(context.inputs);
  for (const {home} of context.used)
    for (const input of home?.inputs ?? []) found.set(input.path, input.sha256);
  return [...found]
    .map(([path, sha256]) => ({path, sha256}))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function allowedOf(study: Study): string[] {
  const settings = settingsOf(study);
  const found = fieldFitted(settings, "allow");
  if (found === undefined || found === "absent" || found.t !== "list") return [];
  const codes = found.items.map((item) => (item.t === "text" ? item.value : ""));
  const wrong = codes.find((code) => !/^W\d{3}$/.test(code));
  if (wrong !== undefined) {
    const at = fieldValue(settings, "allow")?.at;
    if (at !== undefined)
      tell(
        study.context.report,
        "E206",
        `\`${wrong}\` is not the code of a warning`,
        at,
        "expected W and three digits",
        {
          help: "only warnings can be silenced, e.g. `allow: W404`",
        },
      );
  }
  return [...new Set(codes)].sort();
}

/** Takes silenced warnings out of a report. */
function silence(report: Reporter, allow: readonly string[]): void {
  const kept = report.found.filter((diagnostic: Diagnostic) => !allow.includes(diagnostic.code));
  report.found.splice(0, report.found.length, ...kept);
}
