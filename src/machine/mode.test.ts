import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy, PolicyExpr, PolicyStep} from "../plan/policy.ts";
import type {Load, System} from "../plan/system.ts";
import {
  bystanderOf,
  constant,
  exponentially,
  freeMachine,
  gracePolicy,
  loadOf,
  systemOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const cpu: PolicyExpr = {kind: "local", name: "cpu"};
const all: PolicyExpr = {kind: "builtin", name: "online"};
const inKernel: PolicyExpr = {
  kind: "binary",
  op: "==",
  left: {kind: "mode", cpu},
  right: {kind: "number", value: 2},
};
const counting = (counter: string): PolicyStep => ({
  step: "for",
  cpu: "cpu",
  of: {kind: "set", op: "-", left: all, right: {kind: "builtin", name: "self"}},
  where: inKernel,
  steps: [{step: "count", counter}],
});
const looking: Policy = {
  name: "look",
  states: [],
  hooks: {op: [counting("first"), counting("second"), {step: "count", counter: "looks"}]},
  covers: ["free", "unshare", "collapse"],
};

function loaded(load: Partial<Load>, given: Partial<System> = {}): System {
  return systemOf({
    machine: freeMachine(5),
    policies: [looking],
    duration: 1e9,
    mms: [],
    loads: [loadOf({on: [[1, 4]], user: 0.3, syscalls: 20_000, ...load})],
    writers: [writerOf({policy: "look", cadence: {kind: "closed", think: exponentially(30_000)}})],
    ...given,
  });
}

it("shows everybody who looks at one instant the same mode, and user mode as often as the load says", () => {
  const {counters, accounts} = simulate(loaded({}), {seed: 2, replication: 0});
  const {first = 0, second, looks = 0} = counters;
  assert.equal(first, second);
  assert.ok(Math.abs(first / (4 * looks) - 0.7) < 0.01, `${first / (4 * looks)}`);
  const time = accounts.find(({cpuClass}) => cpuClass === "busy")?.time ?? {};
  const {user = 0, kernel = 0} = time;
  assert.ok(Math.abs(user / (user + kernel) - 0.3) < 0.01, `${user} ${kernel}`);
});

it("keeps the fractions of user and kernel time within the busy time of CPUs that idle", () => {
  const {accounts} = simulate(loaded({idle: 0.6}), {seed: 2, replication: 0});
  const time = accounts.find(({cpuClass}) => cpuClass === "busy")?.time ?? {};
  const {user = 0, kernel = 0, idle = 0} = time;
  assert.ok(Math.abs(idle / 4e9 - 0.6) < 0.02, `${idle}`);
  assert.ok(Math.abs(user / (user + kernel) - 0.3) < 0.01, `${user} ${kernel}`);
});

it("stays in one mode where the load says all, nothing, or that it never enters the kernel", () => {
  for (const [load, expected] of [
    [{user: 1}, "user"],
    [{user: 0}, "kernel"],
  ] as const) {
    const {accounts} = simulate(loaded(load), {seed: 2, replication: 0});
    assert.equal(accounts.find(({cpuClass}) => cpuClass === "busy")?.time[expected], 4e9);
  }
  const {accounts} = simulate(loaded({syscalls: 0}), {seed: 2, replication: 0});
  const user = accounts.find(({cpuClass}) => cpuClass === "busy")?.time.user ?? 0;
  assert.ok(user % 1e9 === 0);
});

it("lets an expedited grace period pass over a nohz_full CPU in user mode, and wait for one until it returns there", () => {
  const expedited = (load: Partial<Load>, preempt: "none" | "full"): [number, number] => {
    const system = loaded(load, {
      machine: freeMachine(
        5,
        {isolated: [[1, 4]], nohzFull: [[1, 4]], preempt, hz: 100},
        {"rcu.handle": 100},
      ),
      policies: [gracePolicy(true)],
      writers: [
        writerOf({policy: "expedited", cadence: {kind: "closed", think: exponentially(1e6)}}),
      ],
    });
    const {series} = simulate(system, {seed: 2, replication: 0});
    const of = (entity: string, metric: string) => {
      const row = series.find((one) => one.entity === entity && one.metric === metric);
      assert.ok(row);
      return row;
    };
    const sync = of("writer", "sync");
    return [
      of("machine", "interrupts_isolated").sum / of("sync", "gps").sum,
      sync.sum / sync.count,
    ];
  };
  assert.equal(expedited({user: 1}, "none")[0], 0);
  // Four CPUs, each in the kernel seven tenths of the time.
  assert.ok(Math.abs(expedited({}, "none")[0] - 2.8) < 0.15);
  // What is left of a stretch in the kernel, 35 us on average, of 2.8 CPUs, the longest: more than 35 us, less than the tick of 10 ms.
  const [, waits] = expedited({}, "none");
  assert.ok(waits > 35_000 && waits < 100_000, `${waits}`);
  assert.ok(expedited({}, "full")[1] < 1000);
});

it("does not interrupt a real-time task in user mode on a nohz_full CPU for an expedited grace period", () => {
  const system = loaded(
    {},
    {
      machine: freeMachine(3, {isolated: [[2, 2]], nohzFull: [[2, 2]]}, {"rcu.handle": 100}),
      policies: [gracePolicy(true)],
      loads: [],
      writers: [
        writerOf({policy: "expedited", cadence: {kind: "closed", think: exponentially(100_000)}}),
      ],
      bystanders: [bystanderOf({on: [[2, 2]], period: constant(1e6), work: constant(900_000)})],
    },
  );
  const {series} = simulate(system, {seed: 2, replication: 0});
  const taken = series.find(({metric}) => metric === "interrupts_isolated");
  assert.equal(taken?.sum, 0);
});
