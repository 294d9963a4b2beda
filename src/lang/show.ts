// `show e`: what a declaration comes to once everything is resolved, and where every value was given.

import {type FieldRow, fieldOf, fieldsOf, type OwnerKind} from "../../grammar/schema.ts";
import type {Plan} from "../plan/plan.ts";
import {chainOf, topScope} from "./chain.ts";
import type {Environment} from "./check.ts";
import {composeStudy} from "./compose.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {type Declared, type DeclaredAs, lookup} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {type FieldSet, fieldFitted, fieldValue} from "./field.ts";
import {distributionOf} from "./law-distribution.ts";
import {type MachineInstance, machineInstance, resolveMachine} from "./machine.ts";
import {type Planned, planStudy} from "./plan.ts";
import {policyInstance, standInMachine} from "./policy.ts";
import {costLine} from "./policy-cost.ts";
import {hasErrors, lineAt, reporter, textOf} from "./report.ts";
import {entitySet} from "./resolve-entity.ts";
import {leafOf} from "./resolve-policy.ts";
import {type Context, placeIn, type Scope} from "./scope.ts";
import type {Study} from "./study.ts";
import {settingsOf, studyMachine, studyScope} from "./study-scope.ts";
import type {Show, Source} from "./syntax.ts";
import {fittedText, originText, summaryText, typeName, valueText} from "./value-text.ts";

export interface ShowRow {
  /** `machine.hz`, `gup.hold`. */
  readonly path: string;
  readonly value: string;
  readonly origin: string;
}

export interface Shown {
  /** `machine lab`. */
  readonly title: string;
  readonly doc?: string;
  /** Where it is declared: `cell [1], line 3`. */
  readonly where?: string;
  /** Source of a policy, as written. */
  readonly source?: string;
  readonly rows: readonly ShowRow[];
  /** Sentences beside the rows: coverage and cost of a policy, axes of an experiment. */
  readonly notes: readonly string[];
}

/** What `show` has to say; without `shown`, the diagnostics hold an error. */
export function showCommand(
  environment: Environment,
  command: Show,
  source: Source,
): {readonly shown?: Shown; readonly diagnostics: readonly Diagnostic[]} {
  const context = contextOf(environment);
  const scope: Scope = {context, source, home: environment.session};
  const value = evaluate(command.value, scope);
  if (value.t === "error") return {diagnostics: context.report.found};
  const shown =
    value.t === "declared"
      ? showDeclared(value.declared, context)
      : showValue(textOf(source, command.value), command, scope);
  return finished(shown, context);
}

/** The same by name, for `quiesce show machine lab`; undefined if there is no such name. */
export function showName(
  environment: Environment,
  name: string,
): {readonly shown?: Shown; readonly diagnostics: readonly Diagnostic[]} | undefined {
  const [head = "", member] = name.split(".");
  const alias = environment.session.aliases.get(head);
  const declared =
    alias !== undefined && member !== undefined
      ? alias.module.names.get(member)
      : lookup(environment.session, name);
  if (declared === undefined) return undefined;
  const context = contextOf(environment);
  return finished(showDeclared(declared, context), context);
}

/** Lines for a terminal: title, documentation, rows in columns, notes. */
export function shownText(shown: Shown): string {
  const lines = [shown.where === undefined ? shown.title : `${shown.title}   (${shown.where})`];
  if (shown.doc !== undefined) lines.push(...shown.doc.split("\n").map((line) => `  ${line}`));
  if (shown.source !== undefined) lines.push("", ...shown.source.split("\n"), "");
  const width = (pick: (row: ShowRow) => string): number =>
    Math.min(60, Math.max(0, ...shown.rows.map((row) => pick(row).length)));
  const [paths, values] = [width((row) => row.path), width((row) => row.value)];
  for (const row of shown.rows)
    lines.push(`  ${row.path.padEnd(paths)}  ${row.value.padEnd(values)}  ${row.origin}`.trimEnd());
  for (const note of shown.notes) lines.push(`  ${note}`);
  return lines.join("\n");
}

function finished(
  shown: Shown | undefined,
  context: Context,
): {readonly shown?: Shown; readonly diagnostics: readonly Diagnostic[]} {
  const {report} = context;
  return {...(shown === undefined || hasErrors(report) ? {} : {shown}), diagnostics: report.found};
}

/** What one declaration comes to; undefined after a report. */
function showDeclared(declared: Declared, context: Context): Shown | undefined {
  switch (declared.kind) {
    case "machine": {
      const instance = machineInstance(declared, context);
      if (resolveMachine(instance) === undefined) return undefined;
      return {...heading(declared), rows: machineRows(instance), notes: [machineNote(instance)]};
    }
    case "costs":
      return {...heading(declared), rows: costRows(declared, context), notes: []};
    case "policy":
      return showPolicy(declared, context);
    case "scenario": {
      const study = composeStudy({name: declared.name, context, scenario: declared, lenient: true});
      return {...heading(declared), rows: studyRows(study), notes: []};
    }
    case "experiment": {
      const planned = planStudy(declared, context);
      return planned && showPlanned(planned, declared);
    }
    case "let":
    case "param": {
      const scope = topScope(declared, context);
      const expr = declared.syntax.value;
      if (expr === undefined) return {...heading(declared), rows: [], notes: ["no default"]};
      const shown = showValue(declared.name, {value: expr}, scope);
      return shown && {...shown, ...heading(declared)};
    }
    default: {
      const study = composeStudy({name: declared.name, context, lenient: true});
      const scope: Scope = {
        ...studyScope(study, declared.source, declared.home ?? context.session),
        machine: () => undefined,
      };
      const rows = chainOf(declared, context).flatMap((one) =>
        one.syntax.fields.map((field) => ({
          path: textOf(one.source, field.path),
          value: textOf(one.source, field.value),
          origin: `${one.source.name}:${lineAt(one.source, field.start)}`,
        })),
      );
      return scope === undefined ? undefined : {...heading(declared), rows, notes: []};
    }
  }
}

function heading(declared: Declared): Pick<Shown, "title" | "doc" | "where"> {
  const {doc} = declared.syntax;
  return {
    title: `${declared.kind} ${declared.name}`,
    where: `${declared.source.name}, line ${lineAt(declared.source, declared.at.start)}`,
    ...(doc === undefined ? {} : {doc}),
  };
}

function showValue(title: string, command: Pick<Show, "value">, scope: Scope): Shown | undefined {
  const value = evaluate(command.value, scope);
  if (value.t === "error") return undefined;
  const rows: ShowRow[] = [{path: "value", value: valueText(value), origin: typeName(value)}];
  const at = placeIn(scope, command.value);
  const notes = value.t === "law" ? [summaryText(distributionOf(value.law), value.dim)] : [];
  return {title, where: `${at.source.name}, line ${lineAt(at.source, at.span.start)}`, rows, notes};
}

/** Every field of a machine, its costs included, with its origin. */
function machineRows(instance: MachineInstance, prefix = ""): ShowRow[] {
  const own = rowsOf(instance.fields, "machine", prefix).filter(
    (row) => row.path !== `${prefix}costs`,
  );
  const costs = instance.costs();
  return [
    ...own,
    {
      path: `${prefix}costs`,
      value: costs.name,
      origin: originText(fieldValue(instance.fields, "costs")?.assignment),
    },
    ...rowsOf(costs, "costs", `${prefix}costs.`, clockOf(instance)),
  ];
}

function clockOf(instance: MachineInstance): number | undefined {
  const clock = fieldFitted(instance.fields, "clock");
  return clock !== undefined && clock !== "absent" && clock.t === "number"
    ? clock.value
    : undefined;
}

function machineNote(instance: MachineInstance): string {
  const cpus = instance.facts.cpus() ?? 0;
  return `${cpus} logical CPUs, 0..${cpus - 1}`;
}

function costRows(declared: DeclaredAs<"costs">, context: Context): ShowRow[] {
  return chainOf(declared, context)
    .flatMap((one) =>
      one.syntax.fields.map((field) => ({
        path: field.path.names.map((name) => name.text).join("."),
        value: textOf(one.source, field.value),
        origin: `${one.source.name}:${lineAt(one.source, field.start)}`,
      })),
    )
    .reduce<ShowRow[]>(
      (rows, row) => [...rows.filter((other) => other.path !== row.path), row],
      [],
    );
}

function rowsOf(set: FieldSet, owner: OwnerKind, prefix: string, clock?: number): ShowRow[] {
  const rows: ShowRow[] = [];
  for (const row of fieldsOf(owner)) {
    const shown = rowOf(set, row, prefix, clock);
    if (shown !== undefined) rows.push(shown);
  }
  return rows;
}

function rowOf(set: FieldSet, row: FieldRow, prefix: string, clock?: number): ShowRow | undefined {
  const given = fieldValue(set, row.name);
  const fitted = fieldFitted(set, row.name, clock === undefined ? {} : {clock: () => clock});
  if (fitted === undefined) return undefined;
  if (fitted === "absent")
    return row.default === undefined
      ? undefined
      : {path: prefix + row.name, value: row.default, origin: "default"};
  return {
    path: prefix + row.name,
    value: fittedText(fitted, row.type, given?.value),
    origin: originText(given?.assignment),
  };
}

function studyRows(study: Study): ShowRow[] {
  const rows: ShowRow[] = [];
  const settings = settingsOf(study);
  for (const row of fieldsOf(study.experiment === undefined ? "scenario" : "experiment")) {
    const shown = rowOf(settings, fieldOf("experiment", row.name) ?? row, "");
    if (shown !== undefined && shown.path !== "machine") rows.push(shown);
  }
  for (const [name, param] of study.params) {
    const scope = studyScope(study, param.source, param.home);
    const value = scope.find?.(name, placeIn(scope, param.syntax.name));
    const assignment = param.assignments.toSorted((a, b) => a.level - b.level).at(-1);
    const range =
      param.syntax.range === undefined ? "" : `, in ${textOf(param.source, param.syntax.range)}`;
    if (value !== undefined)
      rows.push({path: name, value: valueText(value), origin: originText(assignment) + range});
  }
  for (const entity of [...study.entities.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
    rows.push(...rowsOf(entitySet(study, entity), entity.kind, `${entity.name}.`));
  const machine = studyMachine(study);
  if (machine !== undefined) {
    rows.push({
      path: "machine",
      value: machine.declared.name,
      origin: originText(fieldValue(settings, "machine")?.assignment),
    });
    rows.push(...machineRows(machine, "machine."));
  }
  return rows;
}

/** A plan's experiment at its first point: every field with its origin, the axes, what is measured and expected. */
function showPlanned(planned: Planned, declared: DeclaredAs<"experiment">): Shown {
  const {plan, study} = planned;
  return {...heading(declared), rows: studyRows(study), notes: planNotes(plan)};
}

function planNotes(plan: Plan): string[] {
  const {min, max} = plan.replications;
  return [
    ...plan.axes.map(
      (axis) => `axis ${axis.path}: ${axis.values.map((value) => value.label).join(", ")}`,
    ),
    `${plan.points.length} ${plan.points.length === 1 ? "point" : "points"} x ${min === max ? max : `${min}..${max}`} replications`,
    ...plan.measures.map((measure) => `measure ${measure.name}`),
    ...plan.expectations.map(
      (expectation) => `expect ${expectation.text} (${expectation.points.length} points)`,
    ),
    ...plan.inputs.map((input) => `input ${input.path} sha256 ${input.sha256.slice(0, 16)}`),
  ];
}

function showPolicy(declared: DeclaredAs<"policy">, context: Context): Shown | undefined {
  const instance = standInMachine(context);
  const policy = policyInstance(declared, {context, machine: () => instance});
  const leaf = leafOf(undefined, policy);
  const machine = instance && resolveMachine(instance);
  if (leaf === undefined || machine === undefined) return undefined;
  const rows: ShowRow[] = [];
  for (const [name, param] of policy.params) {
    const scope = policy.scope(param.source, param.home);
    const value = scope.find?.(name, placeIn(scope, param.syntax.name));
    if (value !== undefined)
      rows.push({
        path: name,
        value: valueText(value),
        origin: originText(param.assignments.at(-1)),
      });
  }
  for (const [name, state] of policy.states)
    rows.push({
      path: `state ${name}`,
      value: textOf(state.source, state.syntax),
      origin: `${state.source.name}:${lineAt(state.source, state.syntax.start)}`,
    });
  for (const [name, hook] of policy.hooks)
    rows.push({
      path: `on ${name}`,
      value: textOf(hook.source, {start: hook.syntax.name.end, end: hook.syntax.end}),
      origin: `${hook.source.name}:${lineAt(hook.source, hook.syntax.start)}`,
    });
  const delegated = (["free", "unshare", "collapse"] as const).flatMap((kind) => {
    const target = fieldFitted(policy.fields, kind);
    return target !== undefined && target !== "absent" && target.t === "declared"
      ? [`${kind}: ${target.declared.name}`]
      : [];
  });
  const claimed = fieldValue(policy.fields, "covers") !== undefined;
  return {
    ...heading(declared),
    source: declared.source.text.slice(declared.syntax.start, declared.syntax.end),
    rows,
    notes:
      delegated.length > 0
        ? [`delegates ${delegated.join(", ")}`]
        : [
            `covers ${leaf.covers.join(", ") || "nothing"} (${claimed ? "claimed" : `inferred on ${machine.name}`})`,
            `cost on ${machine.name}: ${costLine(policy, machine)}`,
          ],
  };
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
