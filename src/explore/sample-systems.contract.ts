// Policies and systems of the tests, each a line or two: a policy is written as its steps, a system as what differs from one writer that
// frees a table under walkers with interrupts off.

import type {CheckScope} from "../plan/check-plan.ts";
import type {Policy, PolicyExpr, PolicyState, PolicyStep} from "../plan/policy.ts";
import type {Cadence, Machine, Mm, System, Walker, Writer} from "../plan/system.ts";

const self: PolicyExpr = {kind: "builtin", name: "self"};
const mm: PolicyExpr = {kind: "builtin", name: "mm"};
const online: PolicyExpr = {kind: "builtin", name: "online"};
const none: PolicyExpr = {kind: "number", value: 0};
const others: PolicyExpr = {kind: "set", op: "-", left: online, right: self};

export const walking: PolicyState = {name: "walking", scope: "percpu", type: "mm", initial: 0};

export const mb: PolicyStep = {step: "mb"};
export const rmb: PolicyStep = {step: "rmb"};
export const waitAcks: PolicyStep = {step: "wait_acks"};
export const waitGp: PolicyStep = {step: "wait_gp", expedited: false};
export const unhook: PolicyStep = {step: "unhook"};
export const release: PolicyStep = {step: "release"};
export const sync: PolicyStep = {step: "sync"};
export const flushMm: PolicyStep = {step: "flush", mm};
export const setWalking: PolicyStep = {step: "store", state: "walking", value: mm};
export const clearWalking: PolicyStep = {step: "store_release", state: "walking", value: none};
export const broadcast: PolicyStep = {
  step: "for",
  cpu: "cpu",
  of: others,
  steps: [{step: "ipi", cpu: {kind: "local", name: "cpu"}, wait: true}],
};
export const targeted: PolicyStep = {
  step: "for",
  cpu: "cpu",
  of: others,
  where: {
    kind: "binary",
    op: "==",
    left: {kind: "state", name: "walking", index: {kind: "local", name: "cpu"}},
    right: mm,
  },
  steps: [{step: "ipi", cpu: {kind: "local", name: "cpu"}, wait: true}],
};

export function policy(
  name: string,
  hooks: Policy["hooks"],
  states: readonly PolicyState[] = [],
): Policy {
  return {name, states, hooks, covers: ["free", "unshare", "collapse"]};
}

export const broadcastPolicy: Policy = policy("broadcast", {sync: [mb, broadcast, waitAcks]});
export const targetedPolicy: Policy = policy(
  "targeted",
  {enter: [setWalking, mb], exit: [clearWalking], sync: [mb, targeted, waitAcks]},
  [walking],
);
export const rcuPolicy: Policy = policy("rcu", {sync: [mb, waitGp]});

const any: Cadence = {kind: "any"};
const zero = {kind: "constant", value: 0} as never;

/** One writer on CPU 0, one walker on every other CPU. */
export function system(
  policies: readonly Policy[],
  changes: {
    readonly cpus?: number;
    readonly machine?: Partial<Machine>;
    readonly mms?: readonly Partial<Mm>[];
    readonly walkers?: readonly Partial<Walker>[];
    readonly writers?: readonly Partial<Writer>[];
  } = {},
): System {
  const cpus = changes.cpus ?? 8;
  const walker: Walker = {
    name: "w",
    mm: "m",
    on: [[1, cpus - 1]],
    cadence: any,
    hold: "any",
    pages: 1,
    kind: "gup",
    protect: "irq",
    revalidate: "none",
    tracked: true,
  };
  const writer: Writer = {
    name: "u",
    mm: "m",
    on: 0,
    cadence: any,
    kind: "free",
    batch: 1,
    work: zero,
    holds: "none",
    policy: policies[0]?.name ?? "",
    lastSharer: 1,
    allocFail: 0,
    faults: 0,
    operations: 0,
  };
  return {
    machine: {
      name: "flat",
      sockets: 1,
      coresPerSocket: cpus,
      smt: 1,
      nodes: 1,
      hz: 250,
      arch: "x86",
      tlb: "ipi",
      virt: "none",
      apic: "cluster",
      preempt: "none",
      idle: "c1",
      mmCpumask: true,
      steal: zero,
      stealRate: 0,
      isolated: [],
      nohzFull: [],
      rcuModel: "quiescent",
      costs: {} as never,
      ...changes.machine,
    },
    mms: (changes.mms ?? [{}]).map((m) => ({
      name: "m",
      cpus: [[0, cpus - 1]],
      lazy: [],
      shares: [],
      tables: 1,
      ...m,
    })),
    walkers: (changes.walkers ?? [{}]).map((w) => ({...walker, ...w})),
    writers: (changes.writers ?? [{}]).map((w) => ({...writer, ...w})),
    bystanders: [],
    loads: [],
    policies,
    duration: 1e9,
    warmup: 0,
  };
}

export function scope(cpus: number, changes: Partial<CheckScope> = {}): CheckScope {
  return {
    cpus,
    exactCpus: true,
    writes: 1,
    nmis: 0,
    preemptions: 0,
    migrations: 0,
    ...changes,
  };
}
