// Commands before they are executed: do the experiments exist, do their columns, is the check well-formed. `table` and `plot` are
// lowered against the plan as it is now; the session lowers them again against what ran.

import {pathExpr} from "./chain.ts";
import {reportUnknownField} from "./check/report-unknown-field.ts";
import {planCheck} from "./check-plan.ts";
import type {Overlay} from "./compose.ts";
import type {DeclaredAs, Module} from "./environment.ts";
import {evaluate, offersIn} from "./evaluate.ts";
import {measureScope} from "./measures.ts";
import {lowerOutput} from "./outputs.ts";
import {type Planned, planStudy} from "./plan.ts";
import {reference} from "./reference.ts";
import {tell} from "./report.ts";
import {type Context, placeIn, type Scope} from "./scope.ts";
import type {
  CheckCommand,
  Command,
  Export,
  Path,
  Plot,
  ReplayCommand,
  Run,
  Source,
  Table,
} from "./syntax.ts";

export interface CommandState {
  /** Plans of the experiments of this text. */
  readonly planned: Map<string, Planned>;
  /** The experiment that will have run last. */
  readonly latest: string | undefined;
}

/** Reports what is wrong with a command. */
export function checkCommand(
  command: Command | CheckCommand | ReplayCommand,
  context: Context,
  source: Source,
  home: Module,
  state: CommandState,
): void {
  const scope: Scope = {context, source, home};
  switch (command.kind) {
    case "run":
      for (const path of command.experiments) {
        const experiment = experimentAt(path, scope);
        if (experiment === undefined) continue;
        if (command.with === undefined) plannedOf(experiment, context, state);
        else planStudy(experiment, context, {overlays: overlaysOf(command, source, home)});
      }
      break;
    case "table":
    case "plot":
    case "export":
      checkOutput(command, scope, state);
      break;
    case "show":
      evaluate(command.value, scope, undefined);
      break;
    case "check":
      planCheck(command, context, source, home);
      break;
    case "replay":
      replayedAt(command, scope);
      break;
  }
}

/** The experiment that a `run` leaves behind as the latest. */
export function planOfCommand(command: Run): string | undefined {
  return command.experiments.at(-1)?.names.at(-1)?.text;
}

/** What the `with` of a command puts on top of an experiment. */
export function overlaysOf(command: Run, source: Source, home: Module): Overlay[] {
  return command.with === undefined
    ? []
    : [{fields: command.with.fields, source, home, origin: "with"}];
}

/** The experiment at a path; reports E201 or E204 and returns undefined otherwise. */
export function experimentAt(path: Path, scope: Scope): DeclaredAs<"experiment"> | undefined {
  const value = evaluate(pathExpr(path), scope);
  if (!reference(value, "experiment", placeIn(scope, path), scope)) return undefined;
  return value.t === "declared" ? (value.declared as DeclaredAs<"experiment">) : undefined;
}

export interface ReplayedAt {
  readonly kind: "scenario" | "experiment";
  readonly name: string;
  /** Only the cases of this policy. */
  readonly policy?: string;
}

/** What a `replay` names: the scenario that was checked or the experiment that has run. Undefined after a report. */
export function replayedAt(command: ReplayCommand, scope: Scope): ReplayedAt | undefined {
  reportUnknownField("replay", command.options, scope.source, scope.context.report);
  const value = evaluate(pathExpr(command.of), scope);
  const kind =
    value.t === "declared" && value.declared.kind === "experiment" ? "experiment" : "scenario";
  if (!reference(value, kind, placeIn(scope, command.of), scope)) return undefined;
  const [field] = command.options;
  const policy =
    field === undefined ? undefined : evaluate(field.value, scope, {kind: "ref", to: "policy"});
  if (field !== undefined && policy !== undefined)
    if (!reference(policy, "policy", placeIn(scope, field.value), scope)) return undefined;
  if (value.t !== "declared") return undefined;
  return {
    kind,
    name: value.declared.name,
    ...(policy?.t === "declared" ? {policy: policy.declared.name} : {}),
  };
}

function plannedOf(
  experiment: DeclaredAs<"experiment">,
  context: Context,
  state: CommandState,
): Planned | undefined {
  const known = state.planned.get(experiment.name);
  if (known !== undefined) return known;
  const planned = planStudy(experiment, context);
  if (planned !== undefined) state.planned.set(experiment.name, planned);
  return planned;
}

function checkOutput(command: Table | Plot | Export, scope: Scope, state: CommandState): void {
  const {report} = scope.context;
  let experiment: DeclaredAs<"experiment"> | undefined;
  if (command.of !== undefined) experiment = experimentAt(command.of, scope);
  else if (state.latest === undefined) {
    const names = offersIn(scope).filter((offer) => offer.kind === "experiment");
    const [name] = names;
    tell(
      report,
      "E211",
      "nothing has been run yet",
      placeIn(scope, {start: command.start, end: command.start + command.kind.length}),
      "of which run?",
      {
        help:
          name === undefined
            ? "`run` an experiment first"
            : `\`run ${name.name}\` first, or say \`of ${name.name}\``,
      },
    );
    return;
  } else {
    const declared = scope.home.names.get(state.latest);
    if (declared?.kind === "experiment") experiment = declared;
  }
  if (experiment === undefined) return;
  const planned = plannedOf(experiment, scope.context, state);
  if (planned === undefined) return;
  const measuring = measureScope(planned.study, planned.measures, scope.source, scope.home);
  const {context} = scope;
  lowerOutput(command, {study: planned.study, scope: {...measuring, context}, rows: planned.rows});
}
