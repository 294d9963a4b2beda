// A text against an environment: declares what it declares, checks every declaration and command, and gives the environment that holds
// from then on. A text with an error defines nothing; its names are remembered as failed.

import type {OwnerKind} from "../../grammar/schema.ts";
import {chainOf, topScope} from "./chain.ts";
import {reportConflictingCadence} from "./check/report-conflicting-cadence.ts";
import {reportDuplicate} from "./check/report-duplicate.ts";
import {reportUnknownField} from "./check/report-unknown-field.ts";
import {reportUnpairedIpi} from "./check/report-unpaired-ipi.ts";
import {checkCommand, planOfCommand} from "./check-command.ts";
import {composeStudy} from "./compose.ts";
import {declare, kindOf} from "./declare.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {
  type Declared,
  type DeclaredAs,
  emptyModule,
  type Imported,
  type Module,
} from "./environment.ts";
import {global} from "./evaluate.ts";
import {type FieldSet, fieldFitted, fieldNames} from "./field.ts";
import type {FileReader} from "./file-reader.ts";
import {importModule} from "./import.ts";
import {declaredFields, machineInstance, resolveMachine} from "./machine.ts";
import {letValue, paramValue} from "./param.ts";
import {parse} from "./parse.ts";
import {type Planned, planStudy} from "./plan.ts";
import {policyInstance, standInMachine} from "./policy.ts";
import {prelude} from "./prelude.ts";
import {hasErrors, type Reporter, reporter, tell} from "./report.ts";
import {
  resolveBystander,
  resolveLoad,
  resolveMm,
  resolveWalker,
  resolveWriter,
} from "./resolve-entity.ts";
import {leafOf} from "./resolve-policy.ts";
import {type Context, placeIn} from "./scope.ts";
import type {EntityKind} from "./study.ts";
import {settingsOf, studyMachine, studyScope} from "./study-scope.ts";
import type {
  CheckCommand,
  Command,
  Field,
  Hook,
  Item,
  Program,
  ReplayCommand,
  Source,
} from "./syntax.ts";

/** What is in force between texts: all that cells have declared, and how files are reached. */
export interface Environment {
  readonly session: Module;
  readonly files?: FileReader;
  /** Threads that runs will use, for the estimate of how long they take; absent: 1. */
  readonly threads?: number;
  /** Name of the experiment that ran last, which `table` and `plot` without `of` refer to. */
  readonly latest?: string;
}

export interface Checked {
  /** The environment from now on: that before, if there was an error, but for the names that failed. */
  readonly environment: Environment;
  /** Errors and warnings in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names declared, in order; none after an error. */
  readonly declared: readonly string[];
  /** What is to be executed, in order; none after an error. */
  readonly commands: readonly (Command | CheckCommand | ReplayCommand)[];
  readonly source: Source;
}

/** The environment of a session that has executed nothing. */
export function startingEnvironment(files?: FileReader): Environment {
  return {session: emptyModule("session", prelude()), ...(files === undefined ? {} : {files})};
}

/** Parses and checks a text; never throws, whatever the text. */
export function checkText(source: Source, environment: Environment): Checked {
  const {program, diagnostics} = parse(source);
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return failed(program, environment, diagnostics);
  const checked = checkProgram(program, environment);
  return {...checked, diagnostics: [...diagnostics, ...checked.diagnostics]};
}

/** Checks a program that parsed. */
function checkProgram(program: Program, environment: Environment): Checked {
  const {module, diagnostics} = checkModule(program, {
    base: environment.session,
    files: environment.files,
    threads: environment.threads ?? 1,
    open: [],
    latest: environment.latest,
  });
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return failed(program, environment, diagnostics);
  return {
    environment: {...environment, session: module},
    diagnostics,
    declared: program.items.flatMap((item) =>
      "name" in item && kindOf(item) !== undefined ? [item.name.text] : [],
    ),
    commands: program.items.filter(isCommand),
    source: program.source,
  };
}

function failed(
  program: Program,
  environment: Environment,
  diagnostics: readonly Diagnostic[],
): Checked {
  const code = diagnostics.find((diagnostic) => diagnostic.severity === "error")?.code ?? "E100";
  const names = new Map(environment.session.failed);
  for (const item of program.items)
    if (
      kindOf(item) !== undefined &&
      "name" in item &&
      !environment.session.names.has(item.name.text)
    )
      names.set(item.name.text, {source: program.source, code});
  return {
    environment: {...environment, session: {...environment.session, failed: names}},
    diagnostics,
    declared: [],
    commands: [],
    source: program.source,
  };
}

function isCommand(item: Item): item is Command | CheckCommand | ReplayCommand {
  return ["run", "plot", "table", "export", "show", "check", "replay"].includes(item.kind);
}

interface ModuleOptions {
  /** What the text adds to: the session, or an empty module over the prelude. */
  readonly base: Module;
  readonly files: FileReader | undefined;
  readonly threads: number;
  /** The files being imported, outermost first; the last is this text, unless it is none. */
  readonly open: readonly string[];
  readonly latest: string | undefined;
}

function checkModule(
  program: Program,
  options: ModuleOptions,
): {module: Module; diagnostics: Diagnostic[]} {
  const report = reporter();
  const {base} = options;
  const file = options.open.at(-1);
  reportDuplicate(program, report);
  const imports = importsOf(program, options, report);
  const names = new Map(base.names);
  const failures = new Map(base.failed);
  const module: Module = {
    ...base,
    names,
    aliases: new Map([
      ...base.aliases,
      ...imports.flatMap((one): [string, Imported][] =>
        one.syntax.as === undefined ? [] : [[one.syntax.as.text, one]],
      ),
    ]),
    open: [...base.open, ...imports.filter((one) => one.syntax.as === undefined)],
    failed: failures,
    inputs: [...base.inputs, ...imports.flatMap((one) => one.module.inputs)],
    ...(file === undefined ? {} : {file}),
  };
  // An imported file keeps seeing itself, whatever the session declares later.
  const fresh = declare(program, file === undefined ? undefined : module);
  for (const declared of fresh) {
    names.delete(declared.name);
    names.set(declared.name, declared);
    failures.delete(declared.name);
  }
  const shared: Omit<Context, "report"> = {
    session: module,
    files: options.files,
    threads: options.threads,
    globals: new Map(),
    inputs: new Map(),
    used: new Set(),
  };
  const missing = new Set(
    program.items.filter((item) => item.kind === "import").map((item) => item.as?.text),
  );
  for (const one of imports) missing.delete(one.syntax.as?.text);
  if (missing.size === 0) {
    const planned = new Map<string, Planned>();
    for (const declared of fresh)
      merge(report, (local) => checkDeclared(declared, {...shared, report: local}, planned));
    let latest = options.latest;
    for (const item of program.items)
      if (isCommand(item)) {
        merge(report, (local) =>
          checkCommand(item, {...shared, report: local}, program.source, module, {planned, latest}),
        );
        if (item.kind === "run") latest = planOfCommand(item) ?? latest;
      }
  }
  const relevant = report.found.filter(
    (diagnostic) => diagnostic.severity === "error" || diagnostic.primary.source === program.source,
  );
  return {module, diagnostics: relevant.toSorted(inOrder(program.source))};
}

function importsOf(program: Program, options: ModuleOptions, report: Reporter): Imported[] {
  return program.items
    .filter((item) => item.kind === "import")
    .map((item) =>
      importModule(item, program.source, {
        files: options.files,
        from: options.open.at(-1),
        open: options.open,
        report,
        check: (source, own, open) => {
          const parsed = parse(source);
          const base = {...emptyModule(source.name, prelude()), inputs: [own]};
          const checked = checkModule(parsed.program, {...options, base, open, latest: undefined});
          return {
            module: checked.module,
            diagnostics: [...parsed.diagnostics, ...checked.diagnostics],
          };
        },
      }),
    )
    .filter((one) => one !== undefined);
}

/** Runs a check with a report of its own, so that one declaration's errors do not stop another's check; tells everything once. */
function merge(report: Reporter, run: (local: Reporter) => void): void {
  const local = reporter();
  run(local);
  for (const one of local.found) {
    const {source, span} = one.primary;
    const key = `${one.code}@${source.name}:${span.start}:${span.end}`;
    if (report.seen.has(key)) continue;
    report.seen.add(key);
    report.found.push(one);
  }
}

function inOrder(source: Source): (a: Diagnostic, b: Diagnostic) => number {
  return (a, b) => {
    const here = Number(b.primary.source === source) - Number(a.primary.source === source);
    return here !== 0 ? here : a.primary.span.start - b.primary.span.start;
  };
}

function checkDeclared(declared: Declared, context: Context, planned: Map<string, Planned>): void {
  const {report} = context;
  const {source} = declared;
  switch (declared.kind) {
    case "let": {
      const scope = topScope(declared, context);
      letValue(declared.syntax, global(declared, scope), scope);
      break;
    }
    case "param": {
      const scope = topScope(declared, context);
      const {syntax} = declared;
      const own =
        syntax.value === undefined
          ? []
          : [{path: [], expr: syntax.value, scope, level: 0, origin: "declared" as const}];
      paramValue(
        {syntax, source, home: scope.home, level: 0, assignments: own},
        scope,
        undefined,
        true,
      );
      break;
    }
    case "machine":
      reportUnknownField("machine", declared.syntax.fields, source, report);
      if (checkRequired(declared, context)) resolveMachine(machineInstance(declared, context));
      break;
    case "costs":
      reportUnknownField("costs", declared.syntax.fields, source, report);
      checkFields("costs", declared, context);
      break;
    case "mm":
    case "walker":
    case "writer":
    case "bystander":
    case "load":
      reportUnknownField(declared.kind, declared.syntax.fields, source, report);
      reportConflictingCadence(declared.kind, declared.syntax.fields, source, report);
      checkFields(declared.kind, declared, context);
      break;
    case "policy":
      checkPolicy(declared, context);
      break;
    case "scenario":
      checkScenario(declared, context);
      break;
    case "experiment": {
      for (const member of declared.syntax.members)
        if (member.kind === "entity") checkMember(member.entity, member.fields, source, report);
      if (hasErrors(report)) break;
      const plan = planStudy(declared, context);
      if (plan !== undefined) planned.set(declared.name, plan);
      break;
    }
  }
}

function checkMember(
  owner: OwnerKind,
  fields: readonly Field[],
  source: Source,
  report: Reporter,
): void {
  reportUnknownField(owner, fields, source, report);
  reportConflictingCadence(owner, fields, source, report);
}

function checkRequired(declared: DeclaredAs<"machine">, context: Context): boolean {
  const given = chainOf(declared, context).flatMap((one) =>
    one.syntax.fields.map((field) => field.path.names[0]?.text),
  );
  if (given.includes("cores") || hasErrors(context.report)) return !hasErrors(context.report);
  tell(
    context.report,
    "E210",
    `machine \`${declared.name}\` has no \`cores\``,
    {source: declared.source, span: declared.at},
    "`cores` is required",
    {
      help: "`cores: 16`, or build on a preset: `from epyc_2x64`",
    },
  );
  return false;
}

/** Every field that a top-level template gives, on its own: there is no machine and no study to see yet. */
function checkFields(
  owner: "costs" | EntityKind,
  declared: DeclaredAs<"costs" | EntityKind>,
  context: Context,
): void {
  const study = composeStudy({name: declared.name, context, lenient: true});
  const base = {
    ...studyScope(study, declared.source, declared.home ?? context.session),
    machine: () => undefined,
  };
  const set: FieldSet = {
    owner,
    name: declared.name,
    assignments: declaredFields(declared, 0, base),
    study,
    scope: base,
  };
  chainOf(declared, context);
  for (const name of fieldNames(owner))
    if (set.assignments.some((one) => name === one.path.map((part) => part.text).join(".")))
      fieldFitted(set, name, {clock: () => 1e9});
}

function checkPolicy(declared: DeclaredAs<"policy">, context: Context): void {
  const {report} = context;
  const {syntax, source} = declared;
  const fields = syntax.members.filter((member): member is Field => member.kind === "field");
  reportUnknownField("policy", fields, source, report);
  for (const member of syntax.members)
    if (member.kind === "hook") reportUnknownHook(member, source, report);
  if (hasErrors(report)) return;
  const machine = standInMachine(context);
  const policy = policyInstance(declared, {context, machine: () => machine});
  for (const [name, param] of policy.params)
    if (param.source === source)
      policy
        .scope(param.source, param.home)
        .find?.(name, placeIn(policy.fields.scope, param.syntax.name));
  for (const name of ["fallback", "free", "unshare", "collapse"]) fieldFitted(policy.fields, name);
  if (leafOf(undefined, policy) !== undefined) reportUnpairedIpi(policy);
}

function reportUnknownHook(hook: Hook, source: Source, report: Reporter): void {
  const names = ["enter", "exit", "op", "sync", "ipi"];
  if (names.includes(hook.name.text)) return;
  tell(
    report,
    "E202",
    `policy has no hook \`${hook.name.text}\``,
    {source, span: hook.name},
    "unknown hook",
    {
      help: `hooks: ${names.join(" ")}`,
    },
  );
}

function checkScenario(declared: DeclaredAs<"scenario">, context: Context): void {
  const {report} = context;
  for (const member of declared.syntax.members)
    if (member.kind === "entity")
      checkMember(member.entity, member.fields, declared.source, report);
  if (hasErrors(report)) return;
  const study = composeStudy({name: declared.name, context, scenario: declared, lenient: true});
  studyMachine(study);
  fieldFitted(settingsOf(study), "machine");
  const scope = studyScope(study, declared.source, declared.home ?? context.session);
  for (const name of [...study.params.keys(), ...study.lets.keys()])
    scope.find?.(name, placeIn(scope, declared.at));
  for (const entity of study.entities.values()) {
    if (entity.kind === "mm") resolveMm(study, entity);
    else if (entity.kind === "walker") resolveWalker(study, entity, []);
    else if (entity.kind === "writer") resolveWriter(study, entity, []);
    else if (entity.kind === "bystander") resolveBystander(study, entity);
    else resolveLoad(study, entity);
  }
}
