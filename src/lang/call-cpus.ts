// CPU-set expressions: names (`all`, `isolated`), functions (`first(n)`, `socket(k)`), and what else can stand for a set (a number, a
// range, a list of either). All but `first` and literals need the machine in effect.

import {dimensionName} from "../../grammar/units.ts";
import {type CpuSet, cpuSet, difference, sizeOf, union} from "../units/cpuset.ts";
import type {Place} from "./diagnostic.ts";
import {replacement, tell} from "./report.ts";
import type {MachineFacts, Scope} from "./scope.ts";
import {errorValue, type Value} from "./value.ts";
import {type EvaluatedArgument, wrongType} from "./wrong-type.ts";

export const cpuFunctions: ReadonlySet<string> = new Set([
  "first",
  "last",
  "socket",
  "node",
  "core",
  "cpu",
  "size",
]);

export const cpuNames = ["all", "online", "isolated", "nohz_full", "housekeeping"] as const;

/** The set that a name stands for; undefined if it stands for none. */
export function namedCpus(name: string, scope: Scope, at: Place): Value | undefined {
  if (!(cpuNames as readonly string[]).includes(name)) return undefined;
  if (scope.machine === undefined) return withoutMachine(name, at, scope);
  const machine = scope.machine();
  if (machine === undefined) return errorValue;
  if (name === "all" || name === "online") {
    const cpus = machine.cpus();
    return cpus === undefined ? errorValue : {t: "cpus", set: [[0, cpus - 1]]};
  }
  const set = machine.set(name as "isolated");
  return set === undefined ? errorValue : {t: "cpus", set};
}

/** `first(n)`, `last(n)`, `socket(k)`, `node(k)`, `core(k)`, `cpu(k)` and `size(set)`. */
export function callCpus(
  name: string,
  args: readonly EvaluatedArgument[],
  at: Place,
  scope: Scope,
): Value {
  const [only] = args;
  if (args.length !== 1 || only === undefined || only.name !== undefined) {
    tell(
      scope.context.report,
      "E306",
      `\`${name}\` takes one ${name === "size" ? "CPU set" : "number"}`,
      at,
      `${args.length} given`,
      {
        help: name === "size" ? "`size(hit)`" : `\`${name}(1)\``,
      },
    );
    return errorValue;
  }
  if (only.value.t === "error") return errorValue;
  if (name === "size") {
    const set = asCpus(only.value, scope);
    if (set === undefined) return wrongType("CpuSet", only.value, only.at, scope);
    return {t: "number", value: sizeOf(set), dim: {time: 0, bytes: 0, cycles: 0}};
  }
  const count = only.value;
  if (
    count.t !== "number" ||
    dimensionName(count.dim) !== "Number" ||
    !Number.isInteger(count.value) ||
    count.value < 0
  )
    return wrongType("Int", count, only.at, scope);
  const n = count.value;
  if (name === "cpu") return {t: "cpus", set: [[n, n]]};
  const machine = scope.machine?.();
  if (machine === undefined)
    return name === "first"
      ? first(n)
      : scope.machine === undefined
        ? withoutMachine(name, at, scope)
        : errorValue;
  const cpus = machine.cpus();
  if (cpus === undefined) return errorValue;
  if (name === "first" || name === "last") {
    if (n > cpus) {
      absent(n - 1, only.at, machine, cpus, scope, `${cpus}`);
      return errorValue;
    }
    return name === "first" ? first(n) : {t: "cpus", set: n === 0 ? [] : [[cpus - n, cpus - 1]]};
  }
  const unit = name as "socket" | "node" | "core";
  const count_ = machine.count(unit);
  if (count_ === undefined) return errorValue;
  if (n >= count_) {
    tell(
      scope.context.report,
      "E402",
      `${unit} ${n} does not exist`,
      only.at,
      `machine \`${machine.declared.name}\` has ${unit}s 0..${count_ - 1}`,
      {help: `\`${unit}(${count_ - 1})\` is the last`},
    );
    return errorValue;
  }
  const set = machine.set(unit, n);
  return set === undefined ? errorValue : {t: "cpus", set};
}

/** Which CPUs these are depends on the machine, and a top-level `let` has none. */
function withoutMachine(name: string, at: Place, scope: Scope): Value {
  tell(scope.context.report, "E201", `\`${name}\` needs a machine`, at, "CPUs of which machine?", {
    help: "use it in a machine, a scenario or an experiment, where the machine is known",
  });
  return errorValue;
}

function first(n: number): Value {
  return {t: "cpus", set: n === 0 ? [] : [[0, n - 1]]};
}

/** The set that a value stands for: a set, a CPU number, a range or a list of these; undefined if it is none. */
export function asCpus(value: Value, scope: Scope): CpuSet | undefined {
  switch (value.t) {
    case "cpus":
      return value.set;
    case "number":
      return wholeCpu(value.value) && dimensionName(value.dim) === "Number"
        ? [[value.value, value.value]]
        : undefined;
    case "range": {
      const {lo, hi, spacing} = value;
      if (dimensionName(lo.dim) !== "Number" || !wholeCpu(lo.value) || !wholeCpu(hi.value))
        return undefined;
      if (spacing === undefined) return hi.value < lo.value ? [] : [[lo.value, hi.value]];
      if (spacing.kind !== "step" || !wholeCpu(spacing.by.value) || spacing.by.value === 0)
        return undefined;
      const cpus: number[] = [];
      for (let cpu = lo.value; cpu <= hi.value && cpus.length < 65536; cpu += spacing.by.value)
        cpus.push(cpu);
      return cpuSet(cpus);
    }
    case "list": {
      let set: CpuSet = [];
      for (const item of value.items) {
        const part = asCpus(item, scope);
        if (part === undefined) return undefined;
        set = union(set, part);
      }
      return set;
    }
    default:
      return undefined;
  }
}

/** Whether every CPU of the set exists; reports E402 at the expression otherwise. */
export function cpusExist(set: CpuSet, value: Value, at: Place, scope: Scope): boolean {
  const machine = scope.machine?.();
  const cpus = machine?.cpus();
  if (machine === undefined || cpus === undefined) return true;
  const beyond = difference(set, [[0, cpus - 1]]);
  const missing = beyond[0]?.[0];
  if (missing === undefined) return true;
  const named = value.t === "range" ? value.hi.value : missing;
  const whole =
    value.t === "range" && value.lo.value < cpus ? `${value.lo.value}..${cpus - 1}` : undefined;
  absent(named, at, machine, cpus, scope, whole);
  return false;
}

function absent(
  cpu: number,
  at: Place,
  machine: MachineFacts,
  cpus: number,
  scope: Scope,
  instead: string | undefined,
): void {
  tell(
    scope.context.report,
    "E402",
    `CPU ${cpu} does not exist`,
    at,
    `machine \`${machine.declared.name}\` has CPUs 0..${cpus - 1}`,
    instead === undefined
      ? {help: `CPUs are numbered from 0 to ${cpus - 1}`}
      : {
          help: instead.includes("..") ? `\`${instead}\` or \`all\`` : `at most \`${instead}\``,
          fix: replacement(`write \`${instead}\``, at.span, instead, "maybe"),
        },
  );
}

function wholeCpu(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 1e6;
}
