// A machine in effect: its declaration and ancestors, what the study changed in it, and the costs it points to. Every field is evaluated
// when it is asked for, so that `isolated: last(8)` may use the number of CPUs and a cost may ask `machine.virt`.

import {costPaths, fieldOf} from "../../grammar/schema.ts";
import {frequency} from "../../grammar/units.ts";
import type {CostName} from "../plan/costs.ts";
import type {Machine} from "../plan/system.ts";
import {type CpuSet, difference, union} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import {chainOf} from "./chain.ts";
import type {Place} from "./diagnostic.ts";
import {type DeclaredAs, lookup} from "./environment.ts";
import {
  type FieldSet,
  fieldFitted,
  fieldLength,
  fieldNames,
  fieldValue,
  plain,
  refinementsOf,
  unknownField,
} from "./field.ts";
import type {Fitted} from "./fit.ts";
import {tell} from "./report.ts";
import type {Context, MachineFacts, Scope} from "./scope.ts";
import {type Assignment, remember, type Study} from "./study.ts";
import {errorValue, type Value} from "./value.ts";

export interface MachineInstance {
  readonly declared: DeclaredAs<"machine">;
  readonly fields: FieldSet;
  readonly facts: MachineFacts;
  /** The fields of its costs, those of every ancestor preset included. */
  costs(): FieldSet;
}

/** Level of what a study changes in a machine: above everything the declarations say. */
const studyLevel = 1e6;

/** The machine with the refinements of a study (`machine.tlb: invlpgb`) on top. */
export function machineInstance(
  declared: DeclaredAs<"machine">,
  context: Context,
  refinements: readonly Assignment[] = [],
  study?: Study,
): MachineInstance {
  const known = new Map<string, Fitted | "absent" | undefined>();
  const assignments: Assignment[] = [];
  const facts: MachineFacts = {
    declared,
    cpus: () => {
      const [sockets, cores, smt] = ["sockets", "cores", "smt"].map(number);
      return sockets === undefined || cores === undefined || smt === undefined
        ? undefined
        : sockets * cores * smt;
    },
    set,
    count,
    field: attribute,
  };
  const scope: Scope = {
    context,
    source: declared.source,
    home: declared.home ?? context.session,
    machine: () => facts,
  };
  for (const [level, one] of chainOf(declared, context).entries())
    assignments.push(
      ...declaredFields(one, level, {
        ...scope,
        source: one.source,
        home: one.home ?? context.session,
      }),
    );
  for (const one of refinements) assignments.push({...one, level: studyLevel + one.level});
  const fields: FieldSet = {
    owner: "machine",
    name: declared.name,
    assignments,
    scope,
    ...(study === undefined ? {} : {study}),
  };
  let costs: FieldSet | undefined;
  return {
    declared,
    fields,
    facts,
    costs: () => {
      if (study !== undefined)
        return remember(study, `costs of ${declared.name}`, () =>
          costFields(fields, scope, context, study),
        );
      costs ??= costFields(fields, scope, context, undefined);
      return costs;
    },
  };

  function fitted(name: string): Fitted | "absent" | undefined {
    // Fields of a machine under a study depend on the point; the study memoises the whole machine instead.
    if (study === undefined && known.has(name)) return known.get(name);
    const value = fieldFitted(fields, name);
    known.set(name, value);
    return value;
  }

  function number(name: string): number | undefined {
    const value = fitted(name);
    return value !== undefined && value !== "absent" && value.t === "number"
      ? value.value
      : undefined;
  }

  function named(name: "isolated" | "nohz_full"): CpuSet | undefined {
    const value = fitted(name);
    return value !== undefined && value !== "absent" && value.t === "cpus" ? value.set : undefined;
  }

  function set(
    name: "isolated" | "nohz_full" | "housekeeping" | "socket" | "node" | "core",
    index = 0,
  ): CpuSet | undefined {
    if (name === "isolated" || name === "nohz_full") return named(name);
    const cpus = facts.cpus();
    if (cpus === undefined) return undefined;
    if (name === "housekeeping") {
      const isolated = named("isolated");
      const quiet = named("nohz_full");
      return isolated === undefined || quiet === undefined
        ? undefined
        : difference([[0, cpus - 1]], union(isolated, quiet));
    }
    const smt = number("smt");
    const units = count(name);
    if (smt === undefined || units === undefined) return undefined;
    const threads = cpus / smt;
    const size = threads / units;
    let found: CpuSet = [];
    for (let thread = 0; thread < smt; thread++) {
      const start = thread * threads + index * size;
      found = union(found, [[start, start + size - 1]]);
    }
    return found;
  }

  function count(name: "socket" | "node" | "core"): number | undefined {
    if (name === "socket") return number("sockets");
    if (name === "node") return number("nodes") ?? number("sockets");
    const [sockets, cores] = [number("sockets"), number("cores")];
    return sockets === undefined || cores === undefined ? undefined : sockets * cores;
  }

  function attribute(name: string, at: Place): Value {
    if (name === "cpus") {
      const cpus = facts.cpus();
      return cpus === undefined ? errorValue : plain(cpus);
    }
    const row = fieldOf("machine", name);
    if (row === undefined) {
      unknownField("machine", name, at, ["cpus", ...fieldNames("machine")], context.report);
      return errorValue;
    }
    const value = fitted(name);
    if (value === undefined) return errorValue;
    if (value === "absent") {
      if (name === "nodes") return plain(number("sockets") ?? 1);
      if (at.span.end > 0)
        tell(
          context.report,
          "E304",
          `machine \`${declared.name}\` has no \`${name}\``,
          at,
          "not given",
          {
            help: `add \`${name}:\` to \`${declared.name}\``,
          },
        );
      return errorValue;
    }
    switch (value.t) {
      case "number":
        return row.type.kind === "quantity" && row.type.of === "Frequency"
          ? {t: "number", value: value.value, dim: frequency}
          : plain(value.value);
      case "text":
        return {t: "word", value: value.value, of: row.type};
      case "bool":
        return value;
      case "cpus":
        return value;
      case "declared":
        return {t: "declared", declared: value.declared};
      default:
        return errorValue;
    }
  }
}

/** The fields of a declaration as assignments at one level. */
export function declaredFields(
  declared: DeclaredAs<"machine" | "costs" | "mm" | "walker" | "writer" | "bystander" | "load">,
  level: number,
  scope: Scope,
): Assignment[] {
  return declared.syntax.fields.map((field) => ({
    path: field.path.names,
    expr: field.value,
    scope,
    level,
    origin: "declared",
  }));
}

function costFields(
  fields: FieldSet,
  scope: Scope,
  context: Context,
  study: Study | undefined,
): FieldSet {
  const assignments: Assignment[] = [];
  const root = lookup(context.session, "default_x86");
  const given = fieldValue(fields, "costs");
  const chosen =
    given?.value.t === "declared" && given.value.declared.kind === "costs"
      ? given.value.declared
      : undefined;
  if (given !== undefined && chosen === undefined) fieldFitted(fields, "costs");
  let level = 0;
  const chain = [
    ...(root?.kind === "costs" && root !== chosen ? [root] : []),
    ...(chosen === undefined ? [] : chainOf(chosen, context)),
  ];
  for (const one of chain)
    assignments.push(
      ...declaredFields(one, level++, {
        ...scope,
        source: one.source,
        home: one.home ?? context.session,
      }),
    );
  for (const one of refinementsOf(fields, "costs")) {
    if (fieldLength("costs", one.path) === 0)
      unknownField(
        "costs",
        one.path.map((part) => part.text).join("."),
        {source: one.scope.source, span: one.path[0] ?? one.expr},
        fieldNames("costs"),
        context.report,
      );
    assignments.push({...one, level: level + one.level});
  }
  return {
    owner: "costs",
    name: chosen?.name ?? "default_x86",
    assignments,
    scope,
    ...(study === undefined ? {} : {study}),
  };
}

/** The machine as the system stores it; undefined after a report. */
export function resolveMachine(instance: MachineInstance): Machine | undefined {
  const {fields, declared, facts} = instance;
  const {report} = fields.scope.context;
  const at: Place = {source: declared.source, span: declared.at};
  const get = (name: string): Fitted | "absent" | undefined => fieldFitted(fields, name);
  const number = (name: string): number | undefined => {
    const value = get(name);
    return value !== undefined && value !== "absent" && value.t === "number"
      ? value.value
      : undefined;
  };
  const text = <T extends string>(name: string): T | undefined => {
    const value = get(name);
    return value !== undefined && value !== "absent" && value.t === "text"
      ? (value.value as T)
      : undefined;
  };
  const set = (name: string): CpuSet | undefined => {
    const value = get(name);
    return value !== undefined && value !== "absent" && value.t === "cpus" ? value.set : undefined;
  };
  const law = (name: string): Distribution | undefined => {
    const value = get(name);
    return value !== undefined && value !== "absent" && value.t === "law"
      ? value.distribution
      : undefined;
  };
  const sockets = number("sockets");
  const coresPerSocket = number("cores");
  const smt = number("smt");
  const cpus = facts.cpus();
  if (cpus !== undefined && cpus > 65536)
    tell(report, "E504", `${cpus} CPUs are too many`, at, "sockets x cores x smt", {
      help: "at most 65536",
    });
  const clock = number("clock");
  const hz = number("hz");
  const arch = text<Machine["arch"]>("arch");
  const nodesGiven = get("nodes");
  const nodes = nodesGiven === "absent" ? sockets : number("nodes");
  if (
    nodes !== undefined &&
    sockets !== undefined &&
    coresPerSocket !== undefined &&
    (sockets * coresPerSocket) % nodes !== 0
  )
    tell(
      report,
      "E504",
      `${nodes} nodes do not divide ${sockets * coresPerSocket} cores`,
      fieldPlace(fields, "nodes", at),
      "uneven",
      {
        help: "cores are spread evenly over nodes",
      },
    );
  const mask = get("mm_cpumask");
  const steal = law("steal");
  const rate = get("steal_rate");
  const stealRate =
    rate === "absent"
      ? steal?.kind === "constant" && steal.value === 0
        ? 0
        : hz
      : number("steal_rate");
  const costs = resolveCosts(instance, clock);
  const tlb = text<Machine["tlb"]>("tlb");
  const virt = text<Machine["virt"]>("virt");
  const apic = text<Machine["apic"]>("apic");
  const preempt = text<Machine["preempt"]>("preempt");
  const idle = text<Machine["idle"]>("idle");
  const isolated = set("isolated");
  const nohzFull = set("nohz_full");
  const rcuModel = fieldFitted(instance.costs(), "rcu.model");
  if (
    sockets === undefined ||
    coresPerSocket === undefined ||
    smt === undefined ||
    hz === undefined ||
    arch === undefined ||
    nodes === undefined ||
    steal === undefined ||
    stealRate === undefined ||
    costs === undefined ||
    tlb === undefined ||
    virt === undefined ||
    apic === undefined ||
    preempt === undefined ||
    idle === undefined ||
    isolated === undefined ||
    nohzFull === undefined ||
    mask === undefined ||
    rcuModel === undefined ||
    rcuModel === "absent" ||
    rcuModel.t !== "text"
  )
    return undefined;
  return {
    name: declared.name,
    sockets,
    coresPerSocket,
    smt,
    nodes,
    ...(clock === undefined ? {} : {clock}),
    hz,
    arch,
    tlb,
    virt,
    apic,
    preempt,
    idle,
    mmCpumask: mask === "absent" || mask.t !== "bool" ? arch !== "arm64" : mask.value,
    steal,
    stealRate,
    isolated,
    nohzFull,
    rcuModel: rcuModel.value as Machine["rcuModel"],
    costs,
  };
}

function resolveCosts(
  instance: MachineInstance,
  clock: number | undefined,
): Record<CostName, Distribution> | undefined {
  const costs = instance.costs();
  const {declared} = instance;
  const {report} = costs.scope.context;
  const resolved: Partial<Record<CostName, Distribution>> = {};
  let whole = true;
  for (const path of costPaths) {
    const value = fieldFitted(costs, path, {
      clock: () => clock,
      noClock: (text) =>
        tell(
          report,
          "E304",
          "cycles need a clock",
          {source: declared.source, span: declared.at},
          `\`${costs.name}.${path}\` is ${text} but \`${declared.name}\` has no \`clock\``,
          {help: `add \`clock: 2.7GHz\`, or give \`${path}\` in ns`},
        ),
    });
    if (value !== undefined && value !== "absent" && value.t === "law")
      resolved[path as CostName] = value.distribution;
    else {
      // Without the prelude there is no preset to fall back on; tests of single rules run so.
      if (value === "absent") resolved[path as CostName] = {kind: "constant", value: 0};
      else whole = false;
    }
  }
  return whole ? (resolved as Record<CostName, Distribution>) : undefined;
}

function fieldPlace(fields: FieldSet, name: string, otherwise: Place): Place {
  const found = fieldValue(fields, name);
  return found?.at ?? otherwise;
}
