// What an expression inside a study sees: its params, lets and entities, the policy in force, the machine in effect.

import {type FieldType, fieldOf} from "../../grammar/schema.ts";
import {dimensionNamed, none} from "../../grammar/units.ts";
import {metricsOf} from "../plan/metrics.ts";
import type {Place} from "./diagnostic.ts";
import type {DeclaredAs, Module} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {
  type FieldSet,
  fieldFitted,
  fieldNames,
  fieldValue,
  plain,
  refinementsOf,
  unknownField,
} from "./field.ts";
import {type MachineInstance, machineInstance} from "./machine.ts";
import {letValue, paramValue} from "./param.ts";
import {reference} from "./reference.ts";
import {lineAt, tell} from "./report.ts";
import type {NameOffer, Scope} from "./scope.ts";
import {type EntityInstance, remember, type Study} from "./study.ts";
import type {Source} from "./syntax.ts";
import {errorValue, type Value} from "./value.ts";

/** The scope of an expression that stands in `source` and belongs to the study. */
export function studyScope(study: Study, source: Source, home: Module): Scope {
  return {
    context: study.context,
    source,
    home,
    find: (name, at) => findInStudy(study, name, at),
    offers: () => offersOf(study, source),
    machine: () => studyMachine(study)?.facts,
    field: (entity, name, at) => entityField(study, entity, name, at),
  };
}

function findInStudy(study: Study, name: string, at: Place): Value | undefined {
  const param = study.params.get(name);
  if (param !== undefined)
    return guarded(study, name, at, () => {
      const scope = studyScope(study, param.source, param.home);
      return paramValue(param, scope, study, study.lenient);
    });
  const constant = study.lets.get(name);
  if (constant !== undefined)
    return guarded(study, name, at, () => {
      const scope = studyScope(study, constant.source, constant.home);
      return letValue(constant.syntax, evaluate(constant.syntax.value, scope), scope);
    });
  const entity = study.entities.get(name);
  if (entity !== undefined) return {t: "entity", entity};
  if (name === "policy" || name === "scenario") {
    const found = fieldValue(settingsOf(study), name);
    if (found === undefined) return undefined;
    return found.value.t === "list" && found.value.items.length === 1
      ? (found.value.items[0] as Value)
      : found.value;
  }
  return undefined;
}

/** Computes a value once per combination of axes, and reports a circle instead of following it. */
function guarded(study: Study, name: string, at: Place, compute: () => Value): Value {
  if (study.busy.has(name)) {
    tell(
      study.context.report,
      "E207",
      `\`${name}\` is built from itself`,
      at,
      "its value is needed to compute it",
      {
        help: "break the circle: give one of them a value of its own",
      },
    );
    return errorValue;
  }
  return remember(study, `value ${name}`, () => {
    study.busy.add(name);
    try {
      return compute();
    } finally {
      study.busy.delete(name);
    }
  });
}

function offersOf(study: Study, source: Source): NameOffer[] {
  const offers: NameOffer[] = [];
  const add = (name: string, kind: string, from: Source, start: number): void => {
    offers.push({name, kind, where: from === source ? `line ${lineAt(from, start)}` : from.name});
  };
  for (const [name, param] of study.params)
    add(name, "param", param.source, param.syntax.name.start);
  for (const [name, constant] of study.lets)
    add(name, "let", constant.source, constant.syntax.name.start);
  for (const [name, entity] of study.entities)
    add(name, entity.kind, entity.source, entity.at.start);
  return offers;
}

/** The fields of the scenario and experiment. */
export function settingsOf(study: Study): FieldSet {
  const source = study.experiment?.source ?? study.scenario?.source ?? {name: study.name, text: ""};
  const home = study.experiment?.home ?? study.scenario?.home ?? study.context.session;
  return {
    owner: "experiment",
    name: study.name,
    assignments: study.settings,
    study,
    scope: studyScope(study, source, home),
  };
}

/** The machine in effect at the current point; undefined if none is named or it is in error. */
export function studyMachine(study: Study): MachineInstance | undefined {
  return remember(study, "machine instance", () => {
    const settings = settingsOf(study);
    const found = fieldValue(settings, "machine");
    if (found === undefined || found.value.t === "error") return undefined;
    const value = found.value;
    if (!reference(value, "machine", found.at, found.assignment.scope) || value.t !== "declared")
      return undefined;
    return machineInstance(
      value.declared as DeclaredAs<"machine">,
      study.context,
      refinementsOf(settings, "machine"),
      study,
    );
  });
}

/** The fields of an entity as the study has them; what a policy sets lies below what the experiment says. */
export function entityFields(study: Study, entity: EntityInstance): FieldSet {
  return {
    owner: entity.kind,
    name: entity.name,
    assignments: entity.fields,
    study,
    scope: studyScope(study, entity.source, study.context.session),
  };
}

/** `gup.pages`: a field of an entity as a value. */
function entityField(study: Study, entity: EntityInstance, name: string, at: Place): Value {
  const row = fieldOf(entity.kind, name);
  if (row === undefined) {
    const metrics =
      entity.kind === "load" ||
      entity.kind === "mm" ||
      entity.kind === "walker" ||
      entity.kind === "writer" ||
      entity.kind === "bystander"
        ? metricsOf(entity.kind).map((one) => one.metric)
        : [];
    unknownField(
      entity.kind,
      name,
      at,
      [...fieldNames(entity.kind), ...metrics],
      study.context.report,
    );
    return errorValue;
  }
  const set = entityFields(study, entity);
  const found = fieldValue(set, name);
  if (found !== undefined && row.type.kind !== "cpus") return withType(found.value, row.type);
  const fitted = fieldFitted(set, name);
  if (fitted === undefined) return errorValue;
  if (fitted === "absent") {
    if (name === "on" && entity.kind === "walker") {
      const mm = fieldValue(set, "mm")?.value;
      if (mm?.t === "entity") return entityField(study, mm.entity, "cpus", at);
    }
    tell(study.context.report, "E202", `\`${entity.name}\` has no \`${name}\``, at, "not given", {
      help: `add \`${name}:\` to \`${entity.name}\``,
    });
    return errorValue;
  }
  switch (fitted.t) {
    case "number":
      return {
        t: "number",
        value: fitted.value,
        dim: row.type.kind === "quantity" ? (dimensionNamed(row.type.of) ?? none) : none,
      };
    case "text":
      return {t: "word", value: fitted.value, of: row.type};
    case "cpus":
    case "bool":
      return fitted;
    case "law":
      return {t: "law", law: fitted.law, dim: dimensionNamed("Duration") ?? none};
    default:
      return plain(0);
  }
}

function withType(value: Value, type: FieldType): Value {
  return value.t === "word" ? {...value, of: type} : value;
}
