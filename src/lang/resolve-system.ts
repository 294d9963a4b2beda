// A study at one point as a System: the machine, the entities sorted by name (so that the order of declarations reaches no hash), the
// leaf policies in force, and the lints that need all of it.

import type {Policy} from "../plan/policy.ts";
import type {Bystander, Load, Mm, System, Walker, Writer} from "../plan/system.ts";
import {reportLockTakenTwice} from "./check/report-lock-taken-twice.ts";
import {reportUncoveredKind} from "./check/report-uncovered-kind.ts";
import {reportUnflushedTable} from "./check/report-unflushed-table.ts";
import {reportUntrackedWalker, reportUnwaitedWalker} from "./check/report-unprotected-walker.ts";
import type {Place} from "./diagnostic.ts";
import type {DeclaredAs} from "./environment.ts";
import {fieldFitted, fieldValue} from "./field.ts";
import {resolveMachine} from "./machine.ts";
import {tell} from "./report.ts";
import {
  entitySet,
  numberIn,
  referredEntity,
  resolveBystander,
  resolveLoad,
  resolveMm,
  resolveWalker,
  resolveWriter,
  textIn,
} from "./resolve-entity.ts";
import {chooseLeaf, type LeafChoice} from "./resolve-policy.ts";
import {
  type Assignment,
  assigned,
  type EntityInstance,
  type EntityKind,
  remember,
  type Study,
} from "./study.ts";
import {settingsOf, studyMachine} from "./study-scope.ts";

export interface SystemOptions {
  /** Whether coverage and protection are judged here; a `check` command leaves that to the checker. */
  readonly lints: boolean;
  /** Place of the experiment or command, for what is missing altogether. */
  readonly at: Place;
}

/** The system at the study's current point; undefined after a report. */
export function resolveSystem(study: Study, options: SystemOptions): System | undefined {
  const {report} = study.context;
  const instance = studyMachine(study);
  if (instance === undefined && fieldValue(settingsOf(study), "machine") === undefined) {
    tell(report, "E210", `\`${study.name}\` has no machine`, options.at, "on what does it run?", {
      help: "`machine: epyc_2x64` in it or in its scenario",
    });
    return undefined;
  }
  const machine = instance && remember(study, "machine", () => resolveMachine(instance));
  const loads = declaredLoads(study);
  const named = (kind: EntityKind): EntityInstance[] =>
    [...study.entities.values()]
      .filter((entity) => entity.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  const each = <T>(
    kind: EntityKind,
    resolve: (entity: EntityInstance) => T | undefined,
  ): (T | undefined)[] =>
    named(kind).map((entity) => remember(study, `${kind} ${entity.name}`, () => resolve(entity)));
  const choices = writerPolicies(study, options);
  // Asked for again inside each memo, so that what a policy depends on is noted there too.
  const policiesFor = (
    entities: readonly EntityInstance[],
    kind: "walker" | "writer",
  ): Assignment[] =>
    policySettings(
      study,
      entities.map((entity) => policyOf(study, entity, options)).filter((one) => one !== undefined),
      kind,
    );
  const walkers = each<Walker>("walker", (entity) =>
    resolveWalker(study, entity, policiesFor(named("writer"), "walker")),
  );
  const writers = each<Writer>("writer", (entity) => {
    const writer = resolveWriter(study, entity, policiesFor([entity], "writer"));
    const policy = policyOf(study, entity, options)?.leaf.name;
    return writer === undefined || policy === undefined ? undefined : {...writer, policy};
  });
  const bystanders = each<Bystander>("bystander", (entity) => resolveBystander(study, entity));
  // Only now: resolving walkers and writers may have brought in mms that are declared outside.
  const mms = each<Mm>("mm", (entity) => resolveMm(study, entity));
  const background = each<Load>("load", (entity) => resolveLoad(study, entity));
  const time = remember(study, "duration", () => durations(study));
  const parts = [mms, walkers, writers, bystanders, background];
  if (
    machine === undefined ||
    choices === undefined ||
    loads === undefined ||
    time === undefined ||
    parts.some((list) => list.some((part) => part === undefined))
  )
    return undefined;
  const policies = new Map<string, Policy>();
  for (const choice of choices.values())
    for (const leaf of [choice.leaf, ...choice.fallbacks]) policies.set(leaf.name, leaf);
  const system: System = {
    machine,
    mms: mms as Mm[],
    walkers: walkers as Walker[],
    writers: writers as Writer[],
    bystanders: bystanders as Bystander[],
    loads: background as Load[],
    policies: [...policies.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    duration: time.duration,
    warmup: time.warmup,
  };
  if (options.lints) {
    reportUncoveredKind(study, system, options.at);
    reportLockTakenTwice(study, system, options.at);
    reportUnwaitedWalker(study, system);
    reportUntrackedWalker(study, system);
    reportUnflushedTable(study, system, options.at);
  }
  return system;
}

/** Brings in the loads that `load:` names; undefined after a report. */
function declaredLoads(study: Study): true | undefined {
  const fitted = fieldFitted(settingsOf(study), "load");
  if (fitted === undefined) return undefined;
  if (fitted !== "absent" && fitted.t === "list")
    for (const item of fitted.items) referredEntity(study, item);
  return true;
}

/** The leaf that each writer runs; undefined after a report. */
function writerPolicies(
  study: Study,
  options: SystemOptions,
): ReadonlyMap<string, LeafChoice> | undefined {
  const choices = new Map<string, LeafChoice>();
  let whole = true;
  for (const entity of study.entities.values()) {
    if (entity.kind !== "writer") continue;
    const choice = policyOf(study, entity, options);
    if (choice === undefined) whole = false;
    else choices.set(entity.name, choice);
  }
  return whole ? choices : undefined;
}

function policyOf(
  study: Study,
  entity: EntityInstance,
  options: SystemOptions,
): LeafChoice | undefined {
  return remember(study, `policy of ${entity.name}`, () => writerPolicy(study, entity, options));
}

function writerPolicy(
  study: Study,
  entity: EntityInstance,
  options: SystemOptions,
): LeafChoice | undefined {
  const set = entitySet(study, entity);
  const kind = textIn<"free">(set, "kind");
  const own = fieldValue(set, "policy");
  const settings = settingsOf(study);
  const found = own ?? fieldValue(settings, "policy");
  if (found === undefined) {
    tell(
      study.context.report,
      "E210",
      `\`${study.name}\` has no policy`,
      options.at,
      "how do its writers wait?",
      {
        help: "`policy: broadcast_ipi`",
      },
    );
    return undefined;
  }
  const fitted =
    own === undefined && found.value.t === "list" && found.value.items.length === 1
      ? found.value.items[0]
      : found.value;
  if (fitted?.t === "error" || kind === undefined) return undefined;
  if (fitted?.t !== "declared" || fitted.declared.kind !== "policy") {
    // Reports what it is instead.
    fieldFitted(own === undefined ? settings : set, "policy");
    return undefined;
  }
  return chooseLeaf(study, fitted.declared as DeclaredAs<"policy">, kind, entity, found.at);
}

/** What the policies set for entities of a kind, as assignments just below the experiment's own. */
function policySettings(
  study: Study,
  choices: readonly LeafChoice[],
  kind: "walker" | "writer",
): Assignment[] {
  const found: Assignment[] = [];
  for (const choice of choices)
    for (const policy of choice.through)
      for (const one of policy.entityFields)
        if (one.path[0]?.text === kind)
          found.push({
            ...one,
            path: one.path.slice(1),
            level: study.experimentLevel - 0.5 + one.level / 1e6,
            origin: "policy",
          });
  return found;
}

/** Duration and warmup, ns, which is 0 where it is still to be chosen; undefined after a report. */
function durations(study: Study): {duration: number; warmup: number} | undefined {
  const settings = settingsOf(study);
  const duration = numberIn(settings, "duration");
  const given = fieldFitted(settings, "warmup");
  if (duration === undefined || given === undefined) return undefined;
  // The plan says so, and its pilots will tell how long.
  if (given !== "absent" && given.t === "text") return {duration, warmup: 0};
  const stated = given === "absent" || given.t !== "number" ? undefined : given.value;
  const outdated =
    stated !== undefined && stated >= duration && olderThan(study, "warmup", "duration");
  const warmup = stated === undefined || outdated ? duration / 10 : stated;
  if (warmup >= duration) {
    const found = fieldValue(settings, given === "absent" ? "duration" : "warmup");
    const at = found?.at ?? {source: settings.scope.source, span: {start: 0, end: 0}};
    const suggestion = duration / 10 >= 1e6 ? `${duration / 1e7}ms` : `${duration / 10}ns`;
    tell(
      study.context.report,
      "E506",
      "warmup is not shorter than duration",
      at,
      "nothing would be measured",
      {
        help: `\`warmup: ${suggestion}\``,
      },
    );
    return undefined;
  }
  return {duration, warmup};
}

// `experiment quick from which { duration: 200ms }` must not fail on the warmup that suited the old duration.
function olderThan(study: Study, field: string, than: string): boolean {
  const [a, b] = [field, than].map((name) => assigned(study.settings, [name]).base?.level);
  return a !== undefined && b !== undefined && a < b;
}
