// Small systems, policies and scopes drawn at random, as mixed as the language allows: for the tests that hold the checker and the timed
// engine to the same steps.

import fc from "fast-check";
import {
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "../machine/laboratory.ts";
import type {CheckScope} from "../plan/check-plan.ts";
import type {Policy, PolicyExpr, PolicyState, PolicyStep, WriterKind} from "../plan/policy.ts";
import type {System, Walker, Writer} from "../plan/system.ts";
import {difference} from "../units/cpuset.ts";
import type {OperationalModel} from "./operational-model.ts";
import {
  broadcast,
  clearWalking,
  flushMm,
  mb,
  release,
  rmb,
  setWalking,
  sync,
  targeted,
  unhook,
  waitAcks,
  waitGp,
  walking,
} from "./sample-systems.contract.ts";

export interface RandomCase {
  readonly system: System;
  readonly scope: CheckScope;
  readonly model: OperationalModel;
}

const cpu: PolicyExpr = {kind: "local", name: "cpu"};
const mm: PolicyExpr = {kind: "builtin", name: "mm"};
const wmb: PolicyStep = {step: "wmb"};
const seen: PolicyState = {name: "seen", scope: "percpu", type: "bool", initial: 0};
const closing: PolicyState = {name: "closing", scope: "permm", type: "bool", initial: 0};
const turn: PolicyState = {name: "turn", scope: "global", type: "int", initial: 0};

const number = (value: number): PolicyExpr => ({kind: "number", value});
const store = (
  state: string,
  value: number,
  step: "store" | "store_release" | "xchg" = "store",
): PolicyStep => ({step, state, value: number(value)});
const others: PolicyExpr = {
  kind: "set",
  op: "-",
  left: {kind: "builtin", name: "online"},
  right: {kind: "builtin", name: "self"},
};
const each = (steps: readonly PolicyStep[], of: PolicyExpr = others): PolicyStep => ({
  step: "for",
  cpu: "cpu",
  of,
  steps,
});
const walkingThere: PolicyExpr = {kind: "state", name: "walking", index: cpu};
const notWalking: PolicyExpr = {kind: "binary", op: "!=", left: walkingThere, right: mm};
const poll = each([{step: "wait_until", test: notWalking, how: "spin"}]);
const nowait = each([{step: "ipi", cpu, wait: false}]);
const masked = each([{step: "ipi", cpu, wait: true}], {
  kind: "set",
  op: "-",
  left: {kind: "mask", mm},
  right: {kind: "builtin", name: "self"},
});
const byMode: PolicyStep = {
  ...(each([{step: "ipi", cpu, wait: true}]) as Extract<PolicyStep, {step: "for"}>),
  where: {kind: "binary", op: "!=", left: {kind: "mode", cpu}, right: number(1)},
};
const count: PolicyStep = {step: "let", name: "n", value: {kind: "size", of: {kind: "mask", mm}}};
const ifMany: PolicyStep = {
  step: "if",
  test: {kind: "binary", op: ">", left: {kind: "local", name: "n"}, right: number(1)},
  then: [mb, broadcast, waitAcks],
  else: [waitGp],
};
const defer = (steps: readonly PolicyStep[]): PolicyStep => ({
  step: "defer",
  expedited: false,
  steps,
});
const ifClosing = (then: readonly PolicyStep[]): PolicyStep => ({
  step: "if",
  test: {kind: "state", name: "closing"},
  then,
  else: [],
});

/** What a walker stores on its way in, with or without the barrier that it needs. */
const enters: readonly (readonly PolicyStep[])[] = [
  [],
  [setWalking],
  [setWalking, mb],
  [setWalking, wmb],
  [setWalking, rmb],
  [{...setWalking, step: "xchg"} as PolicyStep],
  [setWalking, mb, ifClosing([{step: "abort"}])],
  [{step: "let", name: "old", value: {kind: "state", name: "walking"}}, setWalking, mb],
  [store("turn", 1), setWalking, mb, {step: "count", counter: "walks"}],
];
const exits: readonly (readonly PolicyStep[])[] = [
  [],
  [clearWalking],
  [store("walking", 0)],
  [store("walking", 0, "xchg")],
  [wmb, store("walking", 0), store("turn", 0)],
];
const syncs: readonly (readonly PolicyStep[])[] = [
  [],
  [mb],
  [rmb, targeted, waitAcks],
  [mb, targeted, waitAcks],
  [mb, broadcast, waitAcks],
  [broadcast],
  [nowait],
  [nowait, waitAcks, broadcast, waitAcks],
  [mb, masked, waitAcks],
  [mb, byMode, waitAcks],
  [poll],
  [mb, poll],
  [waitGp],
  [{step: "wait_gp", expedited: true}],
  [count, ifMany],
  [store("closing", 1, "store_release"), mb, broadcast, waitAcks, store("closing", 0)],
  [store("turn", 2), wmb, store("closing", 1), poll],
  [ifClosing([waitGp]), mb, targeted, waitAcks],
];
const ops: readonly (readonly PolicyStep[])[] = [
  [unhook, flushMm, sync, release],
  [unhook, sync, release],
  [sync, unhook, release],
  [unhook, release],
  [unhook, mb, flushMm, release, sync],
  [flushMm, unhook, sync, release],
  [unhook, defer([release])],
  [unhook, flushMm, defer([mb, release])],
  [unhook, defer([store("turn", 1), release]), sync],
  [{step: "alloc"}, {step: "copy"}, {step: "publish"}, sync, release],
  [{step: "alloc"}, {step: "copy"}, wmb, {step: "publish"}, defer([release])],
  [{step: "publish"}, {step: "copy"}, sync, release],
  [unhook, sync, release, release],
  [count, unhook, sync, {step: "if", test: {kind: "local", name: "n"}, then: [release], else: []}],
  [{step: "lock", lock: "i_mmap"}, unhook, {step: "unlock", lock: "i_mmap"}, sync, release],
  [{step: "lock", lock: "lru_lock"}, unhook, {step: "unlock", lock: "lru_lock"}, sync, release],
  [store("closing", 1), mb, sync, unhook, release, store("closing", 0, "store_release")],
];
const handlers: readonly (readonly PolicyStep[] | undefined)[] = [
  undefined,
  undefined,
  [],
  [mb],
  [store("seen", 1)],
  [store("seen", 1), wmb, store("turn", 3, "store_release")],
  [ifClosing([store("seen", 1, "xchg")])],
];

const policies = (name: string): fc.Arbitrary<Policy> =>
  fc
    .record({
      enter: fc.constantFrom(...enters),
      exit: fc.constantFrom(...exits),
      sync: fc.constantFrom(...syncs),
      op: fc.constantFrom(...ops),
      ipi: fc.constantFrom(...handlers),
    })
    .map(({enter, exit, sync: wait, op, ipi}) => ({
      name,
      states: [walking, seen, closing, turn],
      hooks: {
        ...(enter.length > 0 ? {enter} : {}),
        ...(exit.length > 0 ? {exit} : {}),
        op,
        sync: wait,
        ...(ipi === undefined ? {} : {ipi}),
      },
      covers: ["free", "unshare", "collapse"],
    }));

const walkers = (index: number): fc.Arbitrary<Walker> =>
  fc
    .record({
      mm: fc.constantFrom("app", "app", "app", "db"),
      protect: fc.constantFrom("irq", "irq", "irq", "rcu", "lock", "none"),
      revalidate: fc.constantFrom("none", "none", "pmd", "pud"),
      kind: fc.constantFrom("gup", "gup", "gup", "perf", "hardware"),
      hooks: fc.constantFrom("inside", "inside", "outside"),
      pages: fc.constantFrom(1, 1, 2),
      tracked: fc.constantFrom(true, true, true, false),
      watched: fc.constantFrom(true, true, true, false),
      split: fc.constantFrom(false, false, false, true),
    } as const)
    .map((given) =>
      walkerOf({
        name: `w${index}`,
        on: [[0, 3]],
        cadence: {kind: "closed", think: exponentially(500)},
        hold: exponentially(2000),
        ...given,
      } as Parameters<typeof walkerOf>[0]),
    );

const writers = (index: number): fc.Arbitrary<Writer> =>
  fc
    .record({
      mm: fc.constantFrom("app", "app", "db"),
      kind: fc.constantFrom<WriterKind>("free", "free", "unshare", "collapse"),
      holds: fc.constantFrom("none", "none", "mmap_lock", "ptl", "i_mmap"),
      lastSharer: fc.constantFrom(1, 1, 0.5, 0),
      allocFail: fc.constantFrom(0, 0, 0.5),
      context: fc.constantFrom("task", "task", "task", "rcu", "preempt_off", "irq_off"),
      on: fc.constantFrom(0, 0, 1),
      policy: fc.constantFrom("first", "first", "second"),
    } as const)
    .map((given) =>
      writerOf({
        name: `u${index}`,
        cadence: {kind: "closed", think: exponentially(1000)},
        ...given,
      }),
    );

const scopes: fc.Arbitrary<CheckScope> = fc
  .record({
    cpus: fc.constantFrom(2, 2, 3),
    writes: fc.constantFrom(1, 1, 2),
    nmis: fc.constantFrom(0, 1, 2),
    preemptions: fc.constantFrom(0, 1),
    migrations: fc.constantFrom(0, 0, 1),
    path: fc.constantFrom<"sync" | "whole" | undefined>("sync", "whole", undefined),
    walks: fc.constantFrom<number | undefined>(undefined, undefined, 2),
    hotplugs: fc.constantFrom<number | undefined>(undefined, undefined, 1, 2),
  })
  .map(({path, walks, hotplugs, ...scope}) => ({
    ...scope,
    exactCpus: true,
    // A check has one or the other.
    ...(hotplugs === undefined ? {} : {hotplugs, migrations: 0}),
    ...(path === undefined ? {} : {path}),
    ...(walks === undefined ? {} : {walks}),
  }));

/** Any case at all; some are too large for a check, which then says so. */
export const randomCases: fc.Arbitrary<RandomCase> = fc
  .record({
    first: policies("first"),
    second: policies("second"),
    alone: fc.boolean(),
    walkers: fc.oneof(fc.tuple(walkers(0)), fc.tuple(walkers(0), walkers(1))) as fc.Arbitrary<
      Walker[]
    >,
    writers: fc.oneof(
      {weight: 3, arbitrary: fc.tuple(writers(0))},
      {weight: 1, arbitrary: fc.tuple(writers(0), writers(1))},
    ) as fc.Arbitrary<Writer[]>,
    tlb: fc.constantFrom("ipi", "ipi", "invlpgb", "tlbi"),
    virt: fc.constantFrom("none", "none", "kvm"),
    mmCpumask: fc.constantFrom(true, true, false),
    shares: fc.constantFrom(false, false, false, true),
    lazy: fc.constantFrom<[number, number][]>([], [], [[1, 1]]),
    scope: scopes,
    model: fc.constantFrom<OperationalModel>("sc", "tso", "pso"),
  } as const)
  .map(({first, second, alone, walkers: who, writers: by, scope, model, ...given}) => {
    const {tlb, virt, mmCpumask, shares, lazy} = given;
    const costs = {
      xchg: 20,
      store: 1,
      load: 1,
      mb: 8,
      "tlb.full": 90,
      "tlb.broadcast": 300,
      "irq.save": 3,
      "irq.restore": 4,
    };
    const system = systemOf({
      machine: freeMachine(4, {tlb, virt, mmCpumask} as never, {
        ...costs,
        "ipi.send": 30,
        "ipi.icr": 100,
        "ipi.deliver.same_socket": 500,
        "ipi.handle": 150,
      }),
      policies: alone ? [first] : [{...first, fallback: "second"}, second],
      duration: 1e6,
      mms: [
        mmOf("app", difference([[0, 3]], lazy), {shares: shares ? ["db"] : [], lazy}),
        mmOf("db", [[0, 3]], {shares: shares ? ["app"] : []}),
      ],
      walkers: who,
      writers: by.map((writer) => (alone ? {...writer, policy: "first"} : writer)),
    });
    return {system, scope, model};
  });
