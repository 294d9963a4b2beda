// Systems written down in a few lines, for tests, benches and validation runs: everything that is not said costs nothing and is absent.

import {type CostName, costNames} from "../plan/costs.ts";
import type {Policy, PolicyExpr, PolicyStep} from "../plan/policy.ts";
import type {Bystander, Load, Machine, Mm, System, Walker, Writer} from "../plan/system.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";

export const constant = (value: number): Distribution => ({kind: "constant", value});
export const exponentially = (mean: number): Distribution => ({kind: "exponential", mean});
export const first = (count: number): CpuSet => (count > 0 ? [[0, count - 1]] : []);

/** A single-socket machine on which everything is free; `costs` in ns. */
export function freeMachine(
  cpus: number,
  given: Partial<Omit<Machine, "costs">> = {},
  costs: Partial<Record<CostName, number | Distribution>> = {},
): Machine {
  const all: Partial<Record<CostName, Distribution>> = {};
  for (const name of costNames) {
    const cost = costs[name] ?? 0;
    all[name] = typeof cost === "number" ? constant(cost) : cost;
  }
  return {
    name: "lab",
    sockets: 1,
    coresPerSocket: cpus,
    smt: 1,
    nodes: 1,
    hz: 1000,
    arch: "x86",
    tlb: "ipi",
    virt: "none",
    apic: "cluster",
    preempt: "voluntary",
    idle: "poll",
    mmCpumask: true,
    steal: constant(0),
    stealRate: 0,
    isolated: [],
    nohzFull: [],
    rcuModel: "quiescent",
    costs: all as Record<CostName, Distribution>,
    ...given,
  };
}

export function mmOf(name: string, cpus: CpuSet, given: Partial<Mm> = {}): Mm {
  return {name, cpus, lazy: [], shares: [], tables: 1, ...given};
}

export function walkerOf(given: Pick<Walker, "on" | "cadence" | "hold"> & Partial<Walker>): Walker {
  return {
    name: "gup",
    mm: "app",
    pages: 1,
    kind: "gup",
    protect: "irq",
    revalidate: "pmd",
    tracked: true,
    ...given,
  };
}

export function writerOf(given: Pick<Writer, "cadence"> & Partial<Writer>): Writer {
  return {
    name: "writer",
    mm: "app",
    on: 0,
    kind: "free",
    batch: 1,
    work: constant(0),
    holds: "none",
    policy: "broadcast",
    lastSharer: 1,
    allocFail: 0,
    faults: 0,
    operations: 0,
    ...given,
  };
}

export function loadOf(given: Pick<Load, "on"> & Partial<Load>): Load {
  return {
    name: "noise",
    idle: 0,
    user: 1,
    syscalls: 5000,
    switches: 0,
    irqOff: constant(0),
    irqRate: 0,
    ...given,
  };
}

export function bystanderOf(given: Pick<Bystander, "on" | "period" | "work">): Bystander {
  return {name: "rt", priority: 50, deadline: 0, ...given};
}

export function systemOf(
  given: Pick<System, "machine" | "policies" | "duration"> & Partial<System>,
): System {
  return {
    mms: [mmOf("app", first(given.machine.coresPerSocket))],
    walkers: [],
    writers: [],
    bystanders: [],
    loads: [],
    warmup: 0,
    ...given,
  };
}

const others: PolicyExpr = {
  kind: "set",
  op: "-",
  left: {kind: "builtin", name: "online"},
  right: {kind: "builtin", name: "self"},
};
const cpu: PolicyExpr = {kind: "local", name: "cpu"};
const mm: PolicyExpr = {kind: "builtin", name: "mm"};
const ipi: PolicyStep = {step: "ipi", cpu, wait: true};

const policyOf = (name: string, given: Partial<Policy>): Policy => ({
  name,
  states: [],
  hooks: {},
  covers: ["free", "unshare", "collapse"],
  ...given,
});

const bare: readonly PolicyStep[] = [{step: "unhook"}, {step: "sync"}, {step: "release"}];

/** An IPI to every other CPU, waited for; without a TLB flush before it unless `flush`. */
export function broadcastPolicy(flush = false): Policy {
  const sync: readonly PolicyStep[] = [
    {step: "for", cpu: "cpu", of: others, steps: [ipi]},
    {step: "wait_acks"},
  ];
  return policyOf("broadcast", {hooks: flush ? {sync} : {op: bare, sync}});
}

/** IPIs to the CPUs whose tracker shows a walk of the writer's mm. */
export function targetedPolicy(flush = false): Policy {
  const walking: PolicyExpr = {kind: "state", name: "walking", index: cpu};
  const sync: readonly PolicyStep[] = [
    {step: "mb"},
    {
      step: "for",
      cpu: "cpu",
      of: others,
      where: {kind: "binary", op: "==", left: walking, right: mm},
      steps: [ipi, {step: "count", counter: "targets"}],
    },
    {step: "wait_acks"},
  ];
  return policyOf("targeted", {
    states: [{name: "walking", scope: "percpu", type: "mm", initial: 0}],
    hooks: {
      enter: [{step: "store", state: "walking", value: mm}, {step: "mb"}],
      exit: [{step: "store_release", state: "walking", value: {kind: "number", value: 0}}],
      ...(flush ? {} : {op: bare}),
      sync,
    },
  });
}

/** A grace period, waited for. */
export function gracePolicy(expedited: boolean, flush = false): Policy {
  const sync: readonly PolicyStep[] = [{step: "wait_gp", expedited}];
  return policyOf(expedited ? "expedited" : "rcu", {hooks: flush ? {sync} : {op: bare, sync}});
}

/** Frees after a grace period without waiting for it. */
export function deferredPolicy(): Policy {
  return policyOf("deferred", {
    covers: ["free"],
    hooks: {
      op: [{step: "unhook"}, {step: "defer", expedited: false, steps: [{step: "release"}]}],
    },
  });
}

/** No synchronisation at all. */
export function nonePolicy(): Policy {
  return policyOf("none", {hooks: {op: [{step: "unhook"}, {step: "release"}]}});
}

/** A broadcast after work of `held` ns under a lock that is held with interrupts off. */
export function underLruLock(held: Distribution): Policy {
  const {sync} = broadcastPolicy().hooks;
  return policyOf("lru", {
    hooks: {
      op: [
        {step: "lock", lock: "lru_lock"},
        {step: "delay", time: held},
        {step: "unlock", lock: "lru_lock"},
        {step: "unhook"},
        {step: "flush", mm},
        {step: "sync"},
        {step: "release"},
      ],
      ...(sync === undefined ? {} : {sync}),
    },
  });
}

/** The flush is all there is: its interrupts, if it sends any, imply the sync. */
export function flushImpliesPolicy(): Policy {
  return policyOf("implied", {
    hooks: {op: [{step: "unhook"}, {step: "flush", mm}, {step: "sync"}, {step: "release"}]},
  });
}

/** A per-mm flag that walkers read on their way in, and give up if it is set (P13). */
export function fencePolicy(): Policy {
  const closing = (value: number): PolicyStep => ({
    step: "store",
    state: "closing",
    value: {kind: "number", value},
  });
  return policyOf("fence", {
    states: [
      {name: "walking", scope: "percpu", type: "mm", initial: 0},
      {name: "closing", scope: "permm", type: "bool", initial: 0},
    ],
    hooks: {
      enter: [
        {step: "store", state: "walking", value: mm},
        {step: "mb"},
        {step: "if", test: {kind: "state", name: "closing"}, then: [{step: "abort"}], else: []},
      ],
      exit: [{step: "store_release", state: "walking", value: {kind: "number", value: 0}}],
      op: [
        closing(1),
        {step: "mb"},
        {step: "sync"},
        {step: "unhook"},
        {step: "release"},
        closing(0),
      ],
      sync: [
        {
          step: "for",
          cpu: "cpu",
          of: others,
          steps: [
            {
              step: "wait_until",
              test: {
                kind: "binary",
                op: "!=",
                left: {kind: "state", name: "walking", index: cpu},
                right: mm,
              },
              how: "spin",
            },
          ],
        },
      ],
    },
  });
}
