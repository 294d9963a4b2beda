// Puts a study together: members of the scenario and its ancestors, then of the experiment and its ancestors, then `with` of the run
// and `--set`, each block one level above the one before. Paths are routed to what they name; one that names nothing is E202.

import {fieldOf, fieldsOf, type OwnerKind} from "../../grammar/schema.ts";
import {chainOf, declaredAt} from "./chain.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared, DeclaredAs, Module} from "./environment.ts";
import {fieldLength, fieldNames, unknownField} from "./field.ts";
import {declaredFields} from "./machine.ts";
import {replacement, tell} from "./report.ts";
import type {Context, Scope} from "./scope.ts";
import type {
  Assignment,
  EntityInstance,
  EntityKind,
  LetInstance,
  Origin,
  ParamInstance,
  Study,
} from "./study.ts";
import {studyScope} from "./study-scope.ts";
import {nearest} from "./suggest.ts";
import type {Entity, Field, Let, Name, Param, Source} from "./syntax.ts";

/** Fields that stand outside the declarations: a `with` block of a command, or `--set`. */
export interface Overlay {
  readonly fields: readonly Field[];
  readonly source: Source;
  readonly home: Module;
  readonly origin: Origin;
}

export interface StudyParts {
  readonly name: string;
  readonly context: Context;
  readonly scenario?: DeclaredAs<"scenario">;
  readonly experiment?: DeclaredAs<"experiment">;
  readonly overlays?: readonly Overlay[];
  readonly lenient?: boolean;
}

/** What a path in a `with`, `sweep` or dotted field leads to. */
export type Target =
  | {
      readonly to: "setting";
      readonly row: string;
      readonly list: Assignment[];
      readonly path: readonly Name[];
    }
  | {
      readonly to: "param";
      readonly param: ParamInstance;
      readonly list: Assignment[];
      readonly path: readonly Name[];
    }
  | {
      readonly to: "entity";
      readonly entity: EntityInstance;
      readonly list: Assignment[];
      readonly path: readonly Name[];
    }
  | {
      readonly to: "policy";
      readonly policy: DeclaredAs<"policy">;
      readonly list: Assignment[];
      readonly path: readonly Name[];
    };

/** The study of a scenario, with or without an experiment on top. */
export function composeStudy(parts: StudyParts): Study {
  const {context} = parts;
  const scenarios = parts.scenario === undefined ? [] : chainOf(parts.scenario, context);
  const experiments = parts.experiment === undefined ? [] : chainOf(parts.experiment, context);
  const study: Study = {
    name: parts.name,
    context,
    settings: [],
    params: new Map(),
    lets: new Map(),
    entities: new Map(),
    policyParams: new Map(),
    ...(parts.scenario === undefined ? {} : {scenario: parts.scenario}),
    ...(parts.experiment === undefined ? {} : {experiment: parts.experiment}),
    experimentLevel: scenarios.length * 10,
    commandLevel: (scenarios.length + experiments.length) * 10,
    lenient: parts.lenient ?? false,
    axes: [],
    point: [],
    frames: [],
    memo: new Map(),
    busy: new Set(),
  };
  const pending: {
    field: Field;
    owner: OwnerKind | "with";
    home: Module;
    source: Source;
    level: number;
    origin: Origin;
  }[] = [];
  let level = 0;
  for (const declared of [...scenarios, ...experiments]) {
    const home = declared.home ?? context.session;
    const {source} = declared;
    const add = (field: Field, owner: OwnerKind | "with", at: number, origin: Origin): void => {
      pending.push({field, owner, home, source, level: at, origin});
    };
    for (const member of declared.syntax.members) {
      switch (member.kind) {
        case "field":
          add(member, declared.kind as OwnerKind, level, "declared");
          break;
        case "let":
          addLet(study, member, source, home);
          break;
        case "param":
          addParam(study, member, source, home, level);
          break;
        case "entity":
          addEntity(study, member, source, home, level);
          break;
        case "with":
          for (const field of member.fields) add(field, "with", level + 5, "with");
          break;
        default:
          break;
      }
    }
    level += 10;
  }
  for (const overlay of parts.overlays ?? []) {
    for (const field of overlay.fields)
      pending.push({
        field,
        owner: "with",
        home: overlay.home,
        source: overlay.source,
        level,
        origin: overlay.origin,
      });
    level += 10;
  }
  for (const {field, owner, home, source, level: at, origin} of pending) {
    const scope = studyScope(study, source, home);
    const target = route(study, field.path.names, owner, scope);
    target?.list.push({path: target.path, expr: field.value, scope, level: at, origin});
  }
  return study;
}

function addLet(study: Study, syntax: Let, source: Source, home: Module): void {
  const instance: LetInstance = {syntax, source, home};
  study.lets.set(syntax.name.text, instance);
}

function addParam(study: Study, syntax: Param, source: Source, home: Module, level: number): void {
  const earlier = study.params.get(syntax.name.text);
  const assignments: Assignment[] = earlier === undefined ? [] : [...earlier.assignments];
  const instance: ParamInstance = {syntax, source, home, level, assignments};
  study.params.set(syntax.name.text, instance);
  if (syntax.value !== undefined)
    assignments.push({
      path: [],
      expr: syntax.value,
      scope: studyScope(study, source, home),
      level,
      origin: "declared",
    });
}

function addEntity(
  study: Study,
  syntax: Entity,
  source: Source,
  home: Module,
  level: number,
): void {
  const {report} = study.context;
  if (syntax.entity === "machine" || syntax.entity === "costs") {
    tell(
      report,
      "E113",
      `\`${syntax.entity}\` inside a ${study.experiment === undefined ? "scenario" : "study"}`,
      {source, span: syntax.name},
      "only at the top level",
      {
        help: `move it out and write \`machine: ${syntax.name.text}\``,
      },
    );
    return;
  }
  // What a template declares is amended by what is written here; the fields of both are evaluated in the study.
  const scope = studyScope(study, source, home);
  const template: DeclaredAs<EntityKind> = {
    kind: syntax.entity,
    name: syntax.name.text,
    at: syntax.name,
    source,
    syntax,
    ...(home === study.context.session ? {} : {home}),
  };
  const chain = chainOf(template, study.context);
  const fields = chain.flatMap((one, i) =>
    declaredFields(one, level + (i - chain.length + 1) / 100, {
      ...studyScope(study, one.source, one.home ?? study.context.session),
    }),
  );
  const mm = syntax.fields.find(
    (field) => field.path.names.length === 1 && field.path.names[0]?.text === "mm",
  );
  study.entities.set(syntax.name.text, {
    kind: syntax.entity,
    name: syntax.name.text,
    fields,
    source: scope.source,
    at: syntax.name,
    ...(syntax.doc === undefined ? {} : {doc: syntax.doc}),
    ...(mm?.value.kind === "name" ? {mmName: mm.value.name} : {}),
  });
}

/** Where a path leads in a study; reports E202 and returns undefined if nowhere. `owner` says whose block the path stands in. */
export function route(
  study: Study,
  path: readonly Name[],
  owner: OwnerKind | "with",
  scope: Scope,
): Target | undefined {
  const [head] = path;
  if (head === undefined) return undefined;
  const rest = path.slice(1);
  const place: Place = {
    source: scope.source,
    span: {start: head.start, end: (path.at(-1) ?? head).end},
  };
  const param = study.params.get(head.text);
  if (param !== undefined) return {to: "param", param, list: param.assignments, path: rest};
  const entity = study.entities.get(head.text);
  if (entity !== undefined) {
    if (rest.length === 0) {
      tell(
        study.context.report,
        "E202",
        `\`${head.text}\` is a ${entity.kind}, not a field`,
        place,
        `which of its fields?`,
        {
          help: `fields: ${fieldNames(entity.kind).join(" ")}`,
        },
      );
      return undefined;
    }
    if (fieldLength(entity.kind, rest) === 0) {
      const [field] = rest as [Name, ...Name[]];
      unknownField(
        entity.kind,
        field.text,
        {source: scope.source, span: field},
        fieldNames(entity.kind),
        study.context.report,
      );
      return undefined;
    }
    return {to: "entity", entity, list: entity.fields, path: rest};
  }
  const row = settingRow(head.text, rest.length, owner);
  if (row !== undefined) {
    if (head.text === "machine" && rest.length > 0 && fieldLength("machine", rest) === 0) {
      const [field] = rest as [Name, ...Name[]];
      unknownField(
        "machine",
        field.text,
        {source: scope.source, span: field},
        fieldNames("machine"),
        study.context.report,
      );
      return undefined;
    }
    return {to: "setting", row, list: study.settings, path};
  }
  const policy = policyTarget(study, path, scope);
  if (policy !== undefined) return policy;
  unknownPath(study, path, owner, place);
  return undefined;
}

function settingRow(name: string, more: number, owner: OwnerKind | "with"): string | undefined {
  const row =
    owner === "scenario"
      ? fieldOf("scenario", name)
      : (fieldOf("experiment", name) ?? fieldOf("scenario", name));
  if (row === undefined) return undefined;
  return more === 0 || row.type.kind === "ref" ? name : undefined;
}

function policyTarget(study: Study, path: readonly Name[], scope: Scope): Target | undefined {
  const declared = declaredAt(path, scope);
  if (declared?.kind !== "policy") return undefined;
  const named = declared.name === path[0]?.text ? 1 : 2;
  const rest = path.slice(named);
  const [name] = rest;
  const params = chainOf(declared, study.context).flatMap((one) =>
    one.syntax.members
      .filter((member) => member.kind === "param")
      .map((member) => member.name.text),
  );
  if (name === undefined || !params.includes(name.text)) {
    const at = name ?? (path.at(-1) as Name);
    const meant = name === undefined ? undefined : nearest(name.text, params);
    tell(
      study.context.report,
      "E202",
      name === undefined
        ? `\`${declared.name}\` is a policy, not a field`
        : `policy \`${declared.name}\` has no param \`${name.text}\``,
      {source: scope.source, span: at},
      name === undefined ? "which of its params?" : "unknown param",
      {
        help:
          params.length === 0
            ? "it has no params"
            : meant === undefined
              ? `params: ${params.join(" ")}`
              : `did you mean \`${meant}\`?`,
        ...(meant === undefined ? {} : {fix: replacement(`write \`${meant}\``, at, meant)}),
      },
    );
    return undefined;
  }
  let list = study.policyParams.get(declared.name);
  if (list === undefined) {
    list = [];
    study.policyParams.set(declared.name, list);
  }
  return {to: "policy", policy: declared, list, path: rest};
}

function unknownPath(
  study: Study,
  path: readonly Name[],
  owner: OwnerKind | "with",
  place: Place,
): void {
  const {report} = study.context;
  const [head] = path as [Name, ...Name[]];
  const own = [...study.params.keys(), ...study.entities.keys()];
  const fields =
    owner === "with"
      ? fieldsOf("experiment")
          .filter((row) => row.sweepable)
          .map((row) => row.name)
      : fieldNames(owner);
  if (path.length === 1 && owner !== "with") {
    unknownField(owner, head.text, place, [...fields, ...own], report);
    return;
  }
  const kin = visiblePolicies(study);
  const meant = nearest(head.text, [...own, ...fields, ...kin]);
  tell(
    report,
    "E202",
    `nothing here is called \`${head.text}\``,
    {source: place.source, span: head},
    "unknown path",
    {
      help:
        meant === undefined
          ? `paths begin with: ${[...own, ...fields].join(" ")}, or a policy`
          : `did you mean \`${meant}\`?`,
      ...(meant === undefined
        ? {}
        : {fix: replacement(`write \`${meant}\``, head, meant, "maybe")}),
    },
  );
}

function visiblePolicies(study: Study): string[] {
  return [...study.context.session.names.values()]
    .filter((declared: Declared) => declared.kind === "policy")
    .map((declared) => declared.name);
}
