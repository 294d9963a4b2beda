// A `check` command to a CheckPlan: one case for each policy, its system with what `with` changes, the bounds and the memory model. What
// a policy claims to cover is not judged here; that is what the check is for.

import {
  checkPaths,
  checkProperties,
  type FieldType,
  memoryModels,
  scopeNames,
} from "../../grammar/schema.ts";
import type {
  CheckCase,
  CheckPlan,
  CheckProperty,
  CheckScope,
  MemoryModel,
} from "../plan/check-plan.ts";
import {type AxisItems, axisItems} from "./axis-values.ts";
import {pathExpr} from "./chain.ts";
import {reportUnknownField} from "./check/report-unknown-field.ts";
import {composeStudy} from "./compose.ts";
import type {Place} from "./diagnostic.ts";
import type {DeclaredAs, Module} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {fit} from "./fit.ts";
import {reference} from "./reference.ts";
import {hasErrors, replacement, tell, textOf} from "./report.ts";
import {resolveSystem} from "./resolve-system.ts";
import {type Context, placeIn, type Scope} from "./scope.ts";
import type {Study} from "./study.ts";
import {studyScope} from "./study-scope.ts";
import {nearest} from "./suggest.ts";
import type {CheckCommand, Expect, Expr, Field, Name, Source, Span} from "./syntax.ts";
import type {Value} from "./value.ts";

/** The plan of a check; undefined after a report. */
export function planCheck(
  command: CheckCommand,
  context: Context,
  source: Source,
  home: Module,
): CheckPlan | undefined {
  const {report} = context;
  const scope: Scope = {context, source, home};
  const property = oneOf<CheckProperty>(
    command.property,
    checkProperties,
    "a property to check",
    scope,
  );
  const model =
    command.under === undefined
      ? "tso"
      : oneOf<MemoryModel>(command.under, memoryModels, "a memory model", scope);
  const scenario = scenarioAt(command, scope);
  const bounds = boundsOf(command, scope);
  const fields = command.members.filter((member): member is Field => member.kind === "field");
  reportUnknownField("check", fields, source, report);
  const path = pathOf(fields, scope);
  if (
    property === undefined ||
    model === undefined ||
    scenario === undefined ||
    bounds === undefined ||
    hasErrors(report)
  )
    return undefined;
  const withs = command.members.flatMap((member) =>
    member.kind === "with" ? [...member.fields] : [],
  );
  const machine = fields.filter((field) => field.path.names[0]?.text === "machine");
  const study = composeStudy({
    name: scenario.name,
    context,
    scenario,
    overlays: [{fields: [...machine, ...withs], source, home, origin: "with"}],
  });
  const policies = policiesOf(study, fields, command, scope);
  if (policies === "error" || hasErrors(report)) return undefined;
  const at: Place = placeIn(scope, command.of);
  const suffix =
    withs.length === 0 ? "" : ` with ${withs.map((field) => textOf(source, field)).join(", ")}`;
  const cases: CheckCase[] = [];
  const expects = command.members.filter((member): member is Expect => member.kind === "expect");
  const taken = new Set<number>();
  const verdicts = expectedOf(expects, study, scope, Math.max(1, policies.length), taken);
  if (verdicts === undefined) return undefined;
  for (let i = 0; i < Math.max(1, policies.length); i++) {
    study.point = [i];
    const system = resolveSystem(study, {lints: false, at});
    if (system === undefined) return undefined;
    const policy = policies[i];
    const name =
      policy?.t === "declared"
        ? policy.declared.name
        : (system.writers[0]?.policy ?? scenario.name);
    const expect = verdicts[i];
    cases.push({label: `${name}${suffix}`, system, ...(expect === undefined ? {} : {expect})});
  }
  return {
    format: 1,
    property,
    scenario: scenario.name,
    scope: {...bounds, ...(path === undefined ? {} : {path})},
    model,
    cases,
  };
}

function oneOf<T extends string>(
  name: Name,
  legal: readonly T[],
  title: string,
  scope: Scope,
): T | undefined {
  const found = legal.find((one) => one === name.text);
  if (found !== undefined) return found;
  const meant = nearest(name.text, legal);
  tell(
    scope.context.report,
    "E206",
    `\`${name.text}\` is not ${title}`,
    placeIn(scope, name),
    `expected ${legal.join(" | ")}`,
    {
      ...(meant === undefined
        ? {}
        : {
            help: `did you mean \`${meant}\`?`,
            fix: replacement(`write \`${meant}\``, name, meant),
          }),
    },
  );
  return undefined;
}

function scenarioAt(command: CheckCommand, scope: Scope): DeclaredAs<"scenario"> | undefined {
  const value = evaluate(pathExpr(command.of), scope, {kind: "ref", to: "scenario"});
  if (!reference(value, "scenario", placeIn(scope, command.of), scope)) return undefined;
  return value.t === "declared" ? (value.declared as DeclaredAs<"scenario">) : undefined;
}

function boundsOf(command: CheckCommand, scope: Scope): CheckScope | undefined {
  const {report} = scope.context;
  const found: Record<string, number> = {};
  let exactCpus = false;
  for (const bound of command.scopes) {
    // `1 write` reads better than `1 writes`, and means the same.
    const plural = (scopeNames as readonly string[]).includes(`${bound.what.text}s`)
      ? `${bound.what.text}s`
      : bound.what.text;
    const name = oneOf({...bound.what, text: plural}, scopeNames, "a bound of a check", scope);
    if (name === undefined) return undefined;
    const at = placeIn(scope, bound.count);
    if (!Number.isInteger(bound.count.value) || bound.count.unit !== undefined) {
      tell(report, "E301", "expected Int", at, "not a whole number", {help: `\`2 ${name}\``});
      return undefined;
    }
    const least = name === "cpus" || name === "writes" ? 1 : 0;
    const most = name === "cpus" ? 16 : 64;
    if (bound.count.value < least || bound.count.value > most) {
      tell(
        report,
        "E504",
        `${bound.count.value} is outside ${least}..${most}`,
        at,
        `\`${name}\` of a check`,
        {
          help:
            bound.count.value > most
              ? `use at most ${most}: the number of states grows with every one`
              : `use at least ${least}`,
        },
      );
      return undefined;
    }
    if (name in found) {
      tell(
        report,
        "E205",
        `\`${name}\` given twice`,
        placeIn(scope, bound.what),
        "bounded already",
        {help: "keep one of them"},
      );
      return undefined;
    }
    found[name] = bound.count.value;
    if (name === "cpus") exactCpus = bound.exactly;
  }
  return {
    cpus: found.cpus ?? 2,
    exactCpus,
    ...(found.walks === undefined ? {} : {walks: found.walks}),
    writes: found.writes ?? 1,
    nmis: found.nmis ?? 0,
    preemptions: found.preemptions ?? 0,
    migrations: found.migrations ?? 0,
    ...(found.hotplugs === undefined ? {} : {hotplugs: found.hotplugs}),
  };
}

function pathOf(fields: readonly Field[], scope: Scope): CheckScope["path"] {
  const field = fields.find((one) => one.path.names[0]?.text === "path");
  if (field === undefined) return undefined;
  const type: FieldType = {kind: "enum", title: "path", values: checkPaths};
  const value = evaluate(field.value, scope, type);
  const fitted = fit(value, type, placeIn(scope, field.value), scope, {field: "path"});
  return fitted?.t === "text" ? (fitted.value as "sync") : undefined;
}

/** The policies to check, made an axis of the study. */
function policiesOf(
  study: Study,
  fields: readonly Field[],
  command: CheckCommand,
  scope: Scope,
): readonly Value[] | "error" {
  const field = fields.find((one) => one.path.names[0]?.text === "policy");
  if (field === undefined) return todaysPolicy(study, command, scope);
  const type: FieldType = {kind: "ref", to: "policy"};
  const value = evaluate(field.value, scope, {kind: "list", of: type});
  const at = placeIn(scope, field.value);
  const items = axisItems(value, type, at, scope);
  if (items === undefined) return "error";
  for (const [i, item] of items.values.entries())
    if (!reference(item, "policy", items.places[i] ?? at, scope)) return "error";
  return asAxis(study, items, field.value, scope);
}

/** What the kernel does today is checked where no policy is named. */
function todaysPolicy(
  study: Study,
  command: CheckCommand,
  scope: Scope,
): readonly Value[] | "error" {
  const expr: Expr = {
    kind: "name",
    name: "broadcast_ipi",
    start: command.of.start,
    end: command.of.end,
  };
  const value = evaluate(expr, scope, {kind: "ref", to: "policy"});
  const at = placeIn(scope, command.of);
  if (!reference(value, "policy", at, scope)) return "error";
  return asAxis(study, {values: [value], places: [at]}, expr, scope);
}

function asAxis(study: Study, items: AxisItems, expr: Expr, scope: Scope): readonly Value[] {
  study.axes.push({path: "policy", type: {kind: "ref", to: "policy"}, ...items});
  study.settings.push({
    path: [{text: "policy", start: expr.start, end: expr.end}],
    expr,
    scope,
    level: 1e5,
    origin: "axis",
    axis: 0,
    axisAt: () => items.places[study.point[0] ?? 0] ?? placeIn(scope, expr),
  });
  study.point = [0];
  return items.values;
}

function expectedOf(
  expects: readonly Expect[],
  study: Study,
  scope: Scope,
  count: number,
  taken: Set<number>,
): ("safe" | "unsafe" | undefined)[] | undefined {
  const verdicts: ("safe" | "unsafe" | undefined)[] = Array.from({length: count}, () => undefined);
  const {report} = scope.context;
  const plain = studyScope(study, scope.source, scope.home);
  for (const expect of expects) {
    const {test} = expect;
    const verdict =
      test.kind === "name" && (test.name === "safe" || test.name === "unsafe")
        ? test.name
        : undefined;
    if (verdict === undefined) {
      tell(
        report,
        "E206",
        `\`${textOf(scope.source, test)}\` is not a verdict`,
        placeIn(scope, test as Span),
        "expected safe | unsafe",
        {
          help: "`expect safe`, or `expect unsafe for policy == none`",
        },
      );
      return undefined;
    }
    for (let i = 0; i < count; i++) {
      if (expect.otherwise) {
        if (!taken.has(i)) verdicts[i] = verdict;
        continue;
      }
      if (expect.for === undefined) {
        verdicts[i] = verdict;
        continue;
      }
      study.point = [i];
      const value = evaluate(expect.for, plain);
      if (value.t === "error") return undefined;
      if (value.t !== "bool") {
        tell(
          report,
          "E301",
          "`for` wants a condition",
          placeIn(scope, expect.for),
          "not a condition",
          {
            help: "`for policy in [none, rcu_deferred]`",
          },
        );
        return undefined;
      }
      if (!value.value) continue;
      verdicts[i] = verdict;
      taken.add(i);
    }
  }
  study.point = [0];
  return verdicts;
}
