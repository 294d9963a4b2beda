// The timed engine and the checker run the same Code; this holds them to the same answer. Small random policies are run by the engine
// under heavy traffic: whatever it counts as a violation the checker must have called reachable, and what the checker calls unsafe under
// SC on the whole path (the engine keeps stores in order and times the flush) must come about.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "../machine/laboratory.ts";
import {simulate} from "../machine/simulate.ts";
import type {Policy, PolicyStep} from "../plan/policy.ts";
import type {Protection, System} from "../plan/system.ts";
import {checkCase} from "./check.ts";
import {
  broadcast,
  clearWalking,
  flushMm,
  mb,
  policy,
  release,
  setWalking,
  sync,
  targeted,
  unhook,
  waitAcks,
  waitGp,
  walking,
} from "./sample-systems.contract.ts";
import {verdictText} from "./verdict.ts";

const nowait: PolicyStep = {
  ...(broadcast as Extract<PolicyStep, {step: "for"}>),
  steps: [{step: "ipi", cpu: {kind: "local", name: "cpu"}, wait: false}],
};
const deferred: PolicyStep = {step: "defer", expedited: false, steps: [release]};

const waits: Readonly<Record<string, readonly PolicyStep[]>> = {
  nothing: [],
  barrier: [mb],
  broadcast: [mb, broadcast, waitAcks],
  nowait: [mb, nowait],
  targeted: [mb, targeted, waitAcks],
  grace: [waitGp],
};
const orders: Readonly<Record<string, readonly PolicyStep[]>> = {
  usual: [unhook, sync, release],
  flushed: [unhook, flushMm, sync, release],
  early: [sync, unhook, release],
  deferred: [unhook, deferred],
};

interface Sample {
  readonly wait: string;
  readonly order: string;
  readonly tracked: boolean;
  readonly protect: Protection;
  readonly tlb: "ipi" | "invlpgb";
}

function policyOf(sample: Sample): Policy {
  const hooks = {op: orders[sample.order] ?? [], sync: waits[sample.wait] ?? []};
  const track = sample.tracked ? {enter: [setWalking, mb], exit: [clearWalking]} : {};
  return policy("random", {...hooks, ...track}, [walking]);
}

/** Three CPUs, two of which walk nearly all the time, one writer beside them. */
function systemWith(sample: Sample): System {
  const costs = {
    "ipi.deliver.same_socket": 500,
    "ipi.handle": 150,
    xchg: 50,
    store: 1,
    load: 1,
    mb: 8,
  };
  return systemOf({
    machine: freeMachine(3, {tlb: sample.tlb, hz: 1000}, costs),
    policies: [policyOf(sample)],
    duration: 2e7,
    mms: [mmOf("app", [[0, 2]])],
    walkers: [
      walkerOf({
        on: [[1, 2]],
        cadence: {kind: "closed", think: exponentially(500)},
        hold: exponentially(2000),
        protect: sample.protect,
        revalidate: "none",
      }),
    ],
    writers: [
      writerOf({on: 0, cadence: {kind: "closed", think: exponentially(10_000)}, policy: "random"}),
    ],
  });
}

const samples = fc.record({
  wait: fc.constantFrom(...Object.keys(waits)),
  order: fc.constantFrom(...Object.keys(orders)),
  tracked: fc.boolean(),
  protect: fc.constantFrom<Protection>("irq", "rcu", "none"),
  tlb: fc.constantFrom<"ipi" | "invlpgb">("ipi", "invlpgb"),
});

/** A walk of microseconds that nothing protects does not outlive a grace period of milliseconds, though nothing forbids it. */
function outlived(sample: Sample): boolean {
  return sample.protect === "none" && (sample.wait === "grace" || sample.order === "deferred");
}

describe("the engine and the checker agree", () => {
  it("on random policies: what the one does the other calls reachable, and the reverse", () => {
    const reached = new Set<boolean>();
    fc.assert(
      fc.property(samples, fc.nat(1000), (sample, seed) => {
        const system = systemWith(sample);
        const run = simulate(system, {seed, replication: 0});
        const counted = Object.values(run.violationCounts).reduce((sum, n) => sum + n, 0);
        const verdict = checkCase(
          {label: "random", system},
          "safety",
          {
            cpus: 3,
            exactCpus: true,
            writes: 1,
            nmis: 0,
            preemptions: 0,
            migrations: 0,
            path: "whole",
          },
          "sc",
          {answers: false},
        );
        const said = `${counted} violations in the engine; checker: ${verdictText(verdict)}`;
        if (counted > 0) assert.equal(verdict.outcome, "sometimes", said);
        const latency = run.series.find(
          (row) => row.entity === "writer" && row.metric === "latency",
        );
        const often = (latency?.count ?? 0) > 100;
        if (verdict.outcome === "sometimes" && often && !outlived(sample))
          assert.ok(counted > 0, said);
        reached.add(counted > 0);
      }),
      {numRuns: 60, seed: 11},
    );
    assert.equal(reached.size, 2, "both safe and unsafe policies were met");
  });
});
