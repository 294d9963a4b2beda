// Protocols of the published study, as systems, with what the Linux-kernel memory model says of each when it is written as a litmus test.

import type {CheckScope} from "../../plan/check-plan.ts";
import type {Policy, PolicyExpr, PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import * as sample from "../sample-systems.contract.ts";

const {broadcast, mb, policy, release, rmb, system, unhook, waitAcks, waitGp} = sample;

/** The targeted policy as it has to be: the writer reads the trackers with acquire. */
export const acquired: PolicyStep = {
  ...(sample.targeted as Extract<PolicyStep, {step: "for"}>),
  where: {
    kind: "binary",
    op: "==",
    left: {kind: "state", name: "walking", index: {kind: "local", name: "cpu"}, acquire: true},
    right: {kind: "builtin", name: "mm"},
  },
};
const hooks = {...sample.targetedPolicy.hooks, sync: [mb, acquired, waitAcks]};
export const targeted: (changes?: Policy["hooks"]) => Policy = (changes = {}) =>
  policy("targeted", {...hooks, ...changes}, [sample.walking]);
/** As first posted: the writer's barrier orders loads only. */
export const rmbWriter: Policy = targeted({sync: [rmb, acquired, waitAcks]});
export const none: Policy = policy("none", {sync: []});
const before = (sync: readonly PolicyStep[]): Policy =>
  policy("before", {op: [{step: "sync"}, unhook, release], sync});
const deferred = policy("deferred", {
  op: [unhook, {step: "defer", expedited: false, steps: [release]}],
});
export const nowait: PolicyStep = {
  ...(broadcast as Extract<PolicyStep, {step: "for"}>),
  steps: [{step: "ipi", cpu: {kind: "local", name: "cpu"}, wait: false}],
};
export const clear: {readonly state: string; readonly value: PolicyExpr} = {
  state: "walking",
  value: {kind: "number", value: 0},
};
const populate = (more: readonly PolicyStep[]): Policy =>
  policy("populate", {op: [{step: "alloc"}, {step: "copy"}, ...more, {step: "publish"}]});

export interface Row {
  readonly name: string;
  readonly system: System;
  readonly verdict: "safe" | "UNSAFE";
  readonly scope?: Partial<CheckScope>;
}

export const row: (
  name: string,
  verdict: Row["verdict"],
  of: System,
  more?: Partial<CheckScope>,
) => Row = (
  name: string,
  verdict: Row["verdict"],
  of: System,
  more: Partial<CheckScope> = {},
): Row => ({
  name,
  system: of,
  verdict,
  scope: more,
});

// What the published model says of the same protocols written as litmus tests.
export const rows: readonly Row[] = [
  row("none", "UNSAFE", system([none])),
  row("none-mb", "UNSAFE", system([policy("none-mb", {sync: [mb]})])),
  row("bcast", "safe", system([sample.broadcastPolicy])),
  row("bcast-nowait", "UNSAFE", system([policy("nowait", {sync: [mb, nowait]})])),
  row("bcast-before-clear", "UNSAFE", system([before([mb, broadcast, waitAcks])])),
  row("bcast-rcuwalker", "UNSAFE", system([sample.broadcastPolicy], {walkers: [{protect: "rcu"}]})),
  row("tgt-ok", "safe", system([targeted()])),
  row("tgt-no-walker-mb", "UNSAFE", system([targeted({enter: [sample.setWalking]})])),
  row("tgt-writer-rmb", "UNSAFE", system([rmbWriter])),
  row(
    "tgt-xchg-walker",
    "safe",
    system([
      targeted({enter: [{step: "xchg", state: "walking", value: {kind: "builtin", name: "mm"}}]}),
    ]),
  ),
  row("tgt-clear-plain", "UNSAFE", system([targeted({exit: [{step: "store", ...clear}]})])),
  row("tgt-read-noacq", "UNSAFE", system([sample.targetedPolicy])),
  row("tgt-irqs-on", "UNSAFE", system([targeted()], {walkers: [{protect: "none"}]})),
  row(
    "tgt-nested-clear",
    "UNSAFE",
    system([targeted()], {walkers: [{}, {name: "p", kind: "perf"}]}),
    {nmis: 1},
  ),
  row(
    "tgt-nested-clear, without an NMI",
    "safe",
    system([targeted()], {walkers: [{}, {name: "p", kind: "perf"}]}),
    {nmis: 0},
  ),
  row("tgt-reuse", "safe", system([targeted()], {writers: [{kind: "unshare"}]})),
  row("flush-native", "safe", system([none]), {path: "whole"}),
  row("flush-invlpgb", "UNSAFE", system([none], {machine: {tlb: "invlpgb"}}), {path: "whole"}),
  row(
    "flush-lazy-skip",
    "UNSAFE",
    system([none], {writers: [{kind: "collapse"}], mms: [{lazy: [[1, 7]]}]}),
    {path: "whole"},
  ),
  row("flush-kvm-preempted", "UNSAFE", system([none], {machine: {virt: "kvm"}}), {
    path: "whole",
    preemptions: 1,
  }),
  row("flush-kvm, no preemption", "safe", system([none], {machine: {virt: "kvm"}}), {
    path: "whole",
  }),
  row("rcu", "safe", system([sample.rcuPolicy])),
  row("rcu-rcuwalker", "safe", system([sample.rcuPolicy], {walkers: [{protect: "rcu"}]})),
  row("rcu-eqs", "UNSAFE", system([sample.rcuPolicy], {walkers: [{watched: false}]})),
  row("rcu-split-section", "UNSAFE", system([sample.rcuPolicy], {walkers: [{split: true}]})),
  row("rcu-before-clear", "UNSAFE", system([before([waitGp])])),
  row("rcu-reuse", "safe", system([sample.rcuPolicy], {writers: [{kind: "unshare"}]})),
  row("callrcu-free", "safe", system([deferred])),
  row("callrcu-reuse", "UNSAFE", system([deferred], {writers: [{kind: "unshare"}]})),
  row("callrcu-collapse", "UNSAFE", system([deferred], {writers: [{kind: "collapse"}]})),
  row(
    "torn-none",
    "UNSAFE",
    system([none], {writers: [{kind: "collapse"}], walkers: [{pages: 2}]}),
  ),
  row("populate-nowmb", "UNSAFE", system([populate([])])),
  row("populate-wmb", "safe", system([populate([{step: "wmb"}])])),
];
