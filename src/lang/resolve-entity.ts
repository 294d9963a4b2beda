// Entities as the system stores them: every field evaluated against the study at its current point, every default filled in.

import {fieldsOf} from "../../grammar/schema.ts";
import {quantityText, time} from "../../grammar/units.ts";
import type {Bystander, Cadence, Load, Mm, Walker, Writer, WriterContext} from "../plan/system.ts";
import {type CpuSet, cpuSet, cpusOf, difference} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import {chainOf, topScope} from "./chain.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared, DeclaredAs} from "./environment.ts";
import {type FieldSet, fieldFitted, fieldValue} from "./field.ts";
import type {Fitted} from "./fit.ts";
import {declaredFields} from "./machine.ts";
import {tell} from "./report.ts";
import {
  type Assignment,
  assigned,
  type EntityInstance,
  type EntityKind,
  type Study,
} from "./study.ts";
import {studyMachine, studyScope} from "./study-scope.ts";
import {wrongType} from "./wrong-type.ts";

/** Fields of an entity, with what a policy sets for it below what the experiment says. */
export function entitySet(
  study: Study,
  entity: EntityInstance,
  extra: readonly Assignment[] = [],
): FieldSet {
  return {
    owner: entity.kind,
    name: entity.name,
    assignments: extra.length === 0 ? entity.fields : [...entity.fields, ...extra],
    study,
    scope: studyScope(study, entity.source, study.context.session),
  };
}

/** The entity that a field refers to; a top-level one joins the study when it is first referred to. */
export function referredEntity(
  study: Study,
  fitted: Fitted | "absent" | undefined,
): EntityInstance | undefined {
  if (fitted === undefined || fitted === "absent") return undefined;
  if (fitted.t === "entity") return fitted.entity;
  if (fitted.t !== "declared") return undefined;
  return adopt(study, fitted.declared);
}

function adopt(study: Study, declared: Declared): EntityInstance | undefined {
  const known = study.entities.get(declared.name);
  if (known !== undefined) return known;
  if (declared.kind !== "mm" && declared.kind !== "load") return undefined;
  const template = declared as DeclaredAs<EntityKind>;
  const fields = chainOf(template, study.context).flatMap((one, i) => {
    const scope = topScope(one as Declared, study.context);
    return declaredFields(one, -1000 + i, {...studyScope(study, scope.source, scope.home)});
  });
  const instance: EntityInstance = {
    kind: template.kind,
    name: declared.name,
    fields,
    source: declared.source,
    at: declared.at,
  };
  study.entities.set(declared.name, instance);
  return instance;
}

export function resolveMm(study: Study, entity: EntityInstance): Mm | undefined {
  const set = entitySet(study, entity);
  const whole = hasRequired(set, entity);
  const cpus = cpusIn(set, "cpus");
  const lazy = cpus === undefined ? undefined : lazyCpus(study, set, cpus);
  const shares = fieldFitted(set, "shares");
  const tables = numberIn(set, "tables");
  if (
    !whole ||
    cpus === undefined ||
    lazy === undefined ||
    shares === undefined ||
    tables === undefined
  )
    return undefined;
  const names =
    shares !== "absent" && shares.t === "list"
      ? shares.items
          .map((item) => referredEntity(study, item)?.name)
          .filter((name) => name !== undefined)
      : [];
  return {
    name: entity.name,
    cpus,
    lazy,
    shares: [...new Set(names)].filter((name) => name !== entity.name).sort(),
    tables,
  };
}

function lazyCpus(study: Study, set: FieldSet, cpus: CpuSet): CpuSet | undefined {
  const given = fieldValue(set, "lazy");
  // A number says how many CPUs, a set says which; `cpu(2)` is the set of CPU 2. A sweep that puts the process on every CPU leaves none.
  if (given?.value.t === "number") {
    const count = given.value.value;
    if (!Number.isInteger(count) || count < 0) {
      wrongType(
        "CpuSet or a number of CPUs",
        given.value,
        given.at,
        set.scope,
        "`lazy: 2`, or `lazy: [16, 17]`",
      );
      return undefined;
    }
    const all = studyMachine(study)?.facts.cpus();
    return all === undefined
      ? []
      : cpuSet(cpusOf(difference([[0, all - 1]], cpus)).slice(0, count));
  }
  const fitted = fieldFitted(set, "lazy");
  if (fitted === undefined) return undefined;
  if (fitted === "absent" || fitted.t !== "cpus") return [];
  return difference(fitted.set, cpus);
}

export function resolveWalker(
  study: Study,
  entity: EntityInstance,
  extra: readonly Assignment[],
): Walker | undefined {
  const set = entitySet(study, entity, extra);
  const whole = hasRequired(set, entity);
  const mm = referredEntity(study, fieldFitted(set, "mm"));
  const on = fieldFitted(set, "on");
  const cpus =
    on === "absent"
      ? mm && cpusIn(entitySet(study, mm), "cpus")
      : on?.t === "cpus"
        ? on.set
        : undefined;
  const cadence = cadenceOf(set, entity);
  const hold = fieldFitted(set, "hold");
  const pages = numberIn(set, "pages");
  const kind = textIn<Walker["kind"]>(set, "kind");
  const protect = textIn<Walker["protect"]>(set, "protect");
  const revalidate = textIn<Walker["revalidate"]>(set, "revalidate");
  const tracked = boolIn(set, "tracked");
  const hooks = textIn<"inside" | "outside">(set, "hooks");
  const watched = boolIn(set, "watched");
  const split = boolIn(set, "split");
  if (
    !whole ||
    mm === undefined ||
    cpus === undefined ||
    cadence === undefined ||
    hold === undefined ||
    pages === undefined ||
    kind === undefined ||
    protect === undefined ||
    revalidate === undefined ||
    tracked === undefined ||
    hooks === undefined ||
    watched === undefined ||
    split === undefined
  )
    return undefined;
  return {
    name: entity.name,
    mm: mm.name,
    on: cpus,
    cadence,
    ...(hold === "absent"
      ? {}
      : hold.t === "law"
        ? {hold: hold.distribution}
        : {hold: "any" as const}),
    pages,
    kind,
    protect,
    revalidate,
    tracked,
    // What only the checker tells apart stays out of the plan while it is as usual.
    ...(hooks === "inside" ? {} : {hooks}),
    ...(watched ? {} : {watched}),
    ...(split ? {split} : {}),
  };
}

/** A writer without its policy, which the system adds. */
export function resolveWriter(
  study: Study,
  entity: EntityInstance,
  extra: readonly Assignment[],
): Omit<Writer, "policy"> | undefined {
  const set = entitySet(study, entity, extra);
  const whole = hasRequired(set, entity);
  const mm = referredEntity(study, fieldFitted(set, "mm"));
  const on = fieldFitted(set, "on");
  const cadence = cadenceOf(set, entity);
  const kind = textIn<Writer["kind"]>(set, "kind");
  const batch = numberIn(set, "batch");
  const work = lawIn(set, "work");
  const holds = textIn<Writer["holds"]>(set, "holds");
  const lastSharer = numberIn(set, "last_sharer");
  const allocFail = numberIn(set, "alloc_fail");
  const faults = numberIn(set, "faults");
  const operations = numberIn(set, "operations");
  const workers = numberIn(set, "workers");
  const context = textIn<WriterContext>(set, "context");
  if (
    !whole ||
    mm === undefined ||
    on === undefined ||
    cadence === undefined ||
    kind === undefined ||
    batch === undefined ||
    work === undefined ||
    holds === undefined ||
    lastSharer === undefined ||
    allocFail === undefined ||
    faults === undefined ||
    operations === undefined ||
    workers === undefined ||
    context === undefined
  )
    return undefined;
  const first = on === "absent" || on.t !== "number" ? writerCpu(study, mm) : on.value;
  const all = studyMachine(study)?.facts.cpus();
  if (all !== undefined && first + workers > all) {
    tell(
      set.scope.context.report,
      "E504",
      `${workers} workers from CPU ${first} on need CPU ${first + workers - 1}, and the machine has ${all}`,
      fieldValue(set, "workers")?.at ?? {source: entity.source, span: entity.at},
      "each worker runs on a CPU of its own",
      {help: `\`workers: ${Math.max(1, all - first)}\`, or an earlier \`on\``},
    );
    return undefined;
  }
  return {
    name: entity.name,
    mm: mm.name,
    on: first,
    cadence,
    kind,
    batch,
    work,
    holds,
    lastSharer,
    allocFail,
    faults,
    operations,
    ...(workers === 1 ? {} : {workers}),
    ...(context === "task" ? {} : {context}),
  };
}

/** The first housekeeping CPU that does not run the mm, else the first housekeeping CPU, else CPU 0. */
function writerCpu(study: Study, mm: EntityInstance): number {
  const facts = studyMachine(study)?.facts;
  const housekeeping = facts?.set("housekeeping") ?? [];
  const cpus = cpusIn(entitySet(study, mm), "cpus") ?? [];
  return difference(housekeeping, cpus)[0]?.[0] ?? housekeeping[0]?.[0] ?? 0;
}

export function resolveBystander(study: Study, entity: EntityInstance): Bystander | undefined {
  const set = entitySet(study, entity);
  const whole = hasRequired(set, entity);
  const on = cpusIn(set, "on");
  const cadence = cadenceOf(set, entity);
  const work = lawIn(set, "work");
  const priority = numberIn(set, "priority");
  const deadline = numberIn(set, "deadline");
  if (
    !whole ||
    on === undefined ||
    cadence === undefined ||
    work === undefined ||
    priority === undefined ||
    deadline === undefined
  )
    return undefined;
  const period = cadence.kind === "open" ? cadence.gap : ({kind: "constant", value: 0} as const);
  return {name: entity.name, on, period, work, priority, deadline};
}

export function resolveLoad(study: Study, entity: EntityInstance): Load | undefined {
  const set = entitySet(study, entity);
  const whole = hasRequired(set, entity);
  const on = cpusIn(set, "on");
  const idle = numberIn(set, "idle");
  const user = numberIn(set, "user");
  const syscalls = numberIn(set, "syscalls");
  const switches = numberIn(set, "switches");
  const irqOff = lawIn(set, "irq_off");
  const irqRate = numberIn(set, "irq_rate");
  if (
    !whole ||
    on === undefined ||
    idle === undefined ||
    user === undefined ||
    syscalls === undefined ||
    switches === undefined ||
    irqOff === undefined ||
    irqRate === undefined
  )
    return undefined;
  return {name: entity.name, on, idle, user, syscalls, switches, irqOff, irqRate};
}

/** Of `every`, `rate`, `think` and `period` the one assigned last; two in one block are reported by another pass. */
function cadenceOf(set: FieldSet, entity: EntityInstance): Cadence | undefined {
  const names = fieldsOf(entity.kind)
    .filter((row) => row.group === "cadence")
    .map((row) => row.name);
  let chosen: string | undefined;
  let level = Number.NEGATIVE_INFINITY;
  for (const name of names) {
    const {base, refinements} = assigned(set.assignments, [name]);
    if (base === undefined) continue;
    const top = refinements.at(-1)?.level ?? base.level;
    if (top > level) [chosen, level] = [name, top];
  }
  const place: Place = {source: entity.source, span: entity.at};
  if (chosen === undefined) {
    tell(
      set.scope.context.report,
      "E210",
      `${entity.kind} \`${entity.name}\` has no cadence`,
      place,
      "when does work arrive?",
      {
        help: `one of: ${names.map((name) => `${name}${cadenceNotes[name] ?? ""}`).join(" | ")}`,
      },
    );
    return undefined;
  }
  const fitted = fieldFitted(set, chosen);
  if (fitted === undefined || fitted === "absent") return undefined;
  if (fitted.t === "text") return {kind: "any"};
  if (fitted.t === "number") {
    if (fitted.value <= 0) {
      const at = fieldValue(set, chosen)?.at ?? place;
      tell(
        set.scope.context.report,
        "E504",
        "a rate of 0 never arrives",
        at,
        `\`${chosen}\` must be above 0`,
        {
          help: "leave the entity out instead",
        },
      );
      return undefined;
    }
    const mean = 1e9 / fitted.value;
    const gap: Distribution =
      entity.kind === "bystander" ? {kind: "constant", value: mean} : {kind: "exponential", mean};
    return {kind: "open", gap};
  }
  if (fitted.t !== "law") return undefined;
  if (chosen === "think") return {kind: "closed", think: fitted.distribution};
  if (fitted.distribution.kind === "constant" && fitted.distribution.value <= 0) {
    const at = fieldValue(set, chosen)?.at ?? place;
    tell(
      set.scope.context.report,
      "E504",
      `a gap of ${quantityText(0, time)} never ends`,
      at,
      `\`${chosen}\` must be above 0`,
      {
        help: "`think: 0ns` starts again as soon as the last one is done",
      },
    );
    return undefined;
  }
  return {kind: "open", gap: fitted.distribution};
}

export const cadenceNotes: Readonly<Record<string, string>> = {
  every: " (gap per CPU)",
  rate: " (per second)",
  think: " (closed loop)",
};

/** Reports the required fields that nothing assigns. */
function hasRequired(set: FieldSet, entity: EntityInstance): boolean {
  let whole = true;
  for (const row of fieldsOf(entity.kind)) {
    if (!row.required || assigned(set.assignments, [row.name]).base !== undefined) continue;
    whole = false;
    tell(
      set.scope.context.report,
      "E210",
      `${entity.kind} \`${entity.name}\` has no \`${row.name}\``,
      {source: entity.source, span: entity.at},
      `\`${row.name}\` is required`,
      {help: row.doc},
    );
  }
  return whole;
}

export function numberIn(set: FieldSet, name: string): number | undefined {
  const value = fieldFitted(set, name);
  return value !== undefined && value !== "absent" && value.t === "number"
    ? value.value
    : undefined;
}

export function textIn<T extends string>(set: FieldSet, name: string): T | undefined {
  const value = fieldFitted(set, name);
  return value !== undefined && value !== "absent" && value.t === "text"
    ? (value.value as T)
    : undefined;
}

function boolIn(set: FieldSet, name: string): boolean | undefined {
  const value = fieldFitted(set, name);
  return value !== undefined && value !== "absent" && value.t === "bool" ? value.value : undefined;
}

function lawIn(set: FieldSet, name: string): Distribution | undefined {
  const value = fieldFitted(set, name);
  return value !== undefined && value !== "absent" && value.t === "law"
    ? value.distribution
    : undefined;
}

function cpusIn(set: FieldSet, name: string): CpuSet | undefined {
  const value = fieldFitted(set, name);
  return value !== undefined && value !== "absent" && value.t === "cpus" ? value.set : undefined;
}
