// Which policies let a walk use a table that is gone, seen in timed runs: the engine must find the known hazards and accuse nobody else.
import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import type {Machine, Walker, Writer} from "../plan/system.ts";
import {openStream} from "../random/stream.ts";
import type {Samples} from "../record/samples.ts";
import {
  broadcastPolicy,
  constant,
  deferredPolicy,
  exponentially,
  fencePolicy,
  flushImpliesPolicy,
  freeMachine,
  gracePolicy,
  mmOf,
  nonePolicy,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {randomSystem} from "./random-system.ts";
import {simulate} from "./simulate.ts";

interface Scene {
  readonly policy: Policy;
  readonly machine?: Partial<Machine>;
  readonly walkers?: readonly Partial<Walker>[];
  readonly writer?: Partial<Writer>;
  readonly executor?: "lazy" | "reference";
}

function run({
  policy,
  machine = {},
  walkers = [{}],
  writer = {},
  executor = "lazy",
}: Scene): Samples {
  const system = systemOf({
    machine: freeMachine(
      6,
      {hz: 10_000, ...machine},
      {
        load: 1,
        store: 1,
        xchg: 7,
        mb: 7,
        "ipi.deliver.same_socket": 500,
        "ipi.handle": 150,
        "ipi.entry": 200,
        "tlb.full": 200,
        "rcu.handle": 100,
        "rcu.callback": 45,
        "tlb.broadcast": 300,
      },
    ),
    policies: [policy],
    duration: 3e7,
    mms: [mmOf("app", [[0, 5]])],
    walkers: walkers.map((given) =>
      walkerOf({
        on: [[1, 5]],
        cadence: {kind: "closed", think: exponentially(1500)},
        hold: exponentially(700),
        ...given,
      }),
    ),
    writers: [
      writerOf({
        cadence: {kind: "closed", think: exponentially(15_000)},
        policy: policy.name,
        ...writer,
      }),
    ],
  });
  return simulate(system, {seed: 8, replication: 0, executor});
}

const violations = (scene: Scene): number =>
  Object.values(run(scene).violationCounts).reduce((sum, count) => sum + count, 0);

const perf: Partial<Walker> = {
  name: "perf",
  kind: "perf",
  cadence: {kind: "open", gap: exponentially(3000)},
  hold: exponentially(200),
};
const preempted: Partial<Machine> = {virt: "kvm", stealRate: 3000, steal: exponentially(30_000)};

it("finds walks that nobody waited for (L1)", () => {
  assert.ok(violations({policy: nonePolicy()}) > 100);
  const {violations: first} = run({policy: nonePolicy()});
  assert.equal(first.length, 1);
  assert.equal(first[0]?.kind, "I1");
});

it("accuses no policy that waits for masked walks", () => {
  for (const policy of [
    broadcastPolicy(),
    targetedPolicy(),
    gracePolicy(false),
    gracePolicy(true),
    deferredPolicy(),
    fencePolicy(),
    flushImpliesPolicy(),
  ]) {
    for (const kind of ["free", "collapse", "unshare"] as const) {
      // Deferring says nothing about changes in place.
      if (policy.name === "deferred" && kind !== "free") continue;
      assert.equal(violations({policy, writer: {kind}}), 0, `${policy.name} ${kind}`);
    }
  }
});

it("finds the tracker that an NMI clears (L5), and not the one that it restores", () => {
  const walkers = [{}, perf];
  assert.ok(violations({policy: targetedPolicy(), walkers}) > 0);
  const value = {kind: "builtin", name: "mm"} as const;
  const saving: Policy = {
    ...targetedPolicy(),
    hooks: {
      ...targetedPolicy().hooks,
      enter: [
        {step: "let", name: "old", value: {kind: "state", name: "walking"}},
        {step: "store", state: "walking", value},
        {step: "mb"},
      ],
      exit: [{step: "store_release", state: "walking", value: {kind: "local", name: "old"}}],
    },
  };
  assert.equal(violations({policy: saving, walkers}), 0);
  assert.equal(violations({policy: broadcastPolicy(), walkers}), 0);
});

it("takes a collapse that nothing waits for as harmless to a walker that re-checks the pmd, and as a mixed table to one that does not", () => {
  const collapse = {policy: nonePolicy(), writer: {kind: "collapse" as const}};
  assert.equal(violations({...collapse, walkers: [{revalidate: "pmd"}]}), 0);
  assert.ok(violations({...collapse, walkers: [{revalidate: "none"}]}) > 0);
  assert.ok(
    violations({policy: nonePolicy(), writer: {kind: "free"}, walkers: [{revalidate: "pmd"}]}) > 0,
  );
});

it("finds the preempted vCPU that a paravirtual flush leaves out (L7), and lets a plain interrupt wait for it", () => {
  assert.ok(violations({policy: flushImpliesPolicy(), machine: preempted}) > 0);
  assert.equal(violations({policy: broadcastPolicy(), machine: preempted}), 0);
  assert.equal(violations({policy: gracePolicy(false), machine: preempted}), 0);
  assert.equal(violations({policy: flushImpliesPolicy()}), 0);
});

it("finds the flush that interrupts nobody: INVLPGB and TLBI imply no sync", () => {
  for (const tlb of ["invlpgb", "tlbi", "hypercall"] as const) {
    assert.ok(violations({policy: flushImpliesPolicy(), machine: {tlb}}) > 100, tlb);
  }
});

it("finds readers under rcu_read_lock() that an interrupt does not wait for (L14), and lets grace periods wait", () => {
  const walkers = [{protect: "rcu"}] as const;
  assert.ok(violations({policy: broadcastPolicy(), walkers}) > 0);
  assert.equal(violations({policy: gracePolicy(false), walkers}), 0);
  assert.equal(violations({policy: gracePolicy(true), walkers}), 0);
  assert.equal(violations({policy: deferredPolicy(), walkers}), 0);
});

it("finds that deferring does not license changes in place (L2), unless the walk re-validates the level above", () => {
  assert.ok(violations({policy: deferredPolicy(), writer: {kind: "unshare"}}) > 0);
  assert.equal(
    violations({
      policy: deferredPolicy(),
      writer: {kind: "unshare"},
      walkers: [{revalidate: "pud"}],
    }),
    0,
  );
});

it("finds hardware walks where no flush reached the CPU", () => {
  const walkers = [{name: "mmu", kind: "hardware"}] as const;
  assert.ok(violations({policy: broadcastPolicy(), walkers}) > 100);
  assert.equal(violations({policy: broadcastPolicy(true), walkers}), 0);
});

it("accuses no broadcast and no grace period in random systems with masked walks", () => {
  const sound = [broadcastPolicy(), gracePolicy(false), gracePolicy(true)];
  let operations = 0;
  for (let index = 0; index < 45; index++) {
    const drawn = randomSystem(openStream(31, index, "system", "shape"));
    const policy = sound[index % 3] as Policy;
    const system = {
      ...drawn,
      machine: {...drawn.machine, rcuModel: "quiescent" as const},
      policies: [policy],
      walkers: drawn.walkers.map((walker) => ({...walker, protect: "irq" as const})),
      writers: drawn.writers.map((writer) => ({...writer, policy: policy.name})),
    };
    const samples = simulate(system, {seed: 1, replication: index});
    assert.deepEqual(samples.violations, [], `system ${index} ${policy.name}`);
    for (const {entity, metric, count} of samples.series) {
      if (entity.startsWith("writer") && metric === "latency") operations += count;
    }
  }
  assert.ok(operations > 500, `${operations}`);
});

it("finds the same violations in both executors", () => {
  const scene = {policy: targetedPolicy(), walkers: [{hold: constant(800)}, perf]};
  assert.deepEqual(run(scene), run({...scene, executor: "reference"}));
});

it("finds nobody in mm_cpumask where the architecture does not keep it up (L8), and lazy CPUs where it does", () => {
  const byMask: Policy = {
    ...broadcastPolicy(),
    hooks: {
      op: [{step: "unhook"}, {step: "sync"}, {step: "release"}],
      sync: [
        {
          step: "for",
          cpu: "cpu",
          of: {kind: "mask", mm: {kind: "builtin", name: "mm"}},
          steps: [{step: "ipi", cpu: {kind: "local", name: "cpu"}, wait: true}],
        },
        {step: "wait_acks"},
      ],
    },
  };
  const masked = (mmCpumask: boolean) => violations({policy: byMask, machine: {mmCpumask}});
  assert.equal(masked(true), 0);
  assert.ok(masked(false) > 100);
});
