import assert from "node:assert/strict";
import {it} from "node:test";
import type {Machine, System} from "../plan/system.ts";
import {
  constant,
  deferredPolicy,
  exponentially,
  freeMachine,
  gracePolicy,
  loadOf,
  systemOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

/** Operations on CPU 0, a microsecond apart, that defer their release. */
function deferring(operations: number, duration: number, machine: Partial<Machine> = {}): System {
  return systemOf({
    machine: freeMachine(2, {hz: 1000, ...machine} as Partial<Omit<Machine, "costs">>, {store: 50}),
    policies: [deferredPolicy()],
    duration,
    mms: [],
    writers: [
      writerOf({operations, policy: "deferred", cadence: {kind: "closed", think: constant(1000)}}),
    ],
  });
}

const sumOf = (system: System, entity: string, metric: string): number =>
  simulate(system, {seed: 1, replication: 0}).series.find(
    (row) => row.entity === entity && row.metric === metric,
  )?.sum ?? Number.NaN;

it("runs a hundred callbacks a timer interrupt where three hundred wait: ten rounds of ten, the rest for ksoftirqd", () => {
  const run = Array.from({length: 16}, (_, ms) =>
    sumOf(deferring(300, (ms + 1) * 1e6 + 5e5), "sync", "callbacks"),
  );
  const steps = run.slice(1).map((value, i) => value - (run[i] ?? 0));
  assert.deepEqual(
    steps.filter((step) => step > 0),
    [100, 100, 100],
  );
  assert.equal(run.at(-1), 300);
});

it("runs a 128th of them in a round where there are many", () => {
  const {callbacks} = {callbacks: sumOf(deferring(4000, 2.05e7), "sync", "callbacks")};
  assert.ok(callbacks > 300 && callbacks % 10 === 0, `${callbacks}`);
});

it("keeps the CPU of an offloaded callback free of it", () => {
  const busy = (machine: Partial<Machine>) => {
    const system = {...deferring(300, 3e7, machine), loads: [loadOf({on: [[0, 1]]})]};
    const {timeline} = simulate(system, {
      seed: 1,
      replication: 0,
      timeline: {from: 0, to: 3e7},
    });
    assert.ok(timeline);
    const {accounts, series} = simulate(system, {seed: 1, replication: 0});
    const writer = accounts.find(({cpuClass}) => cpuClass === "writer")?.time.handler ?? 0;
    assert.equal(series.find(({metric}) => metric === "callbacks")?.sum, 300);
    return writer;
  };
  assert.equal(busy({}), 300 * 50);
  assert.equal(busy({isolated: [[0, 0]], nohzFull: [[0, 0]]}), 0);
});

it("looks into the calendar in proportion to the callbacks that wait for one CPU", () => {
  const looks = (operations: number): number =>
    simulate(deferring(operations, 4e8), {seed: 1, replication: 0}).events;
  // Eight times as many; if each that comes asked for a look at all it would be 64.
  const [few, many] = [looks(5000), looks(40_000)];
  assert.ok(many < 10 * few, `${few} ${many}`);
});

it("interrupts a nohz_full CPU that stays in the kernel once a grace period has lasted 109 ms", () => {
  const system = systemOf({
    machine: freeMachine(
      2,
      {hz: 1000, isolated: [[1, 1]], nohzFull: [[1, 1]]},
      {"ipi.entry": 300, "ipi.exit": 300, switch: 1200},
    ),
    policies: [gracePolicy(false)],
    duration: 3e9,
    mms: [],
    loads: [loadOf({on: [[1, 1]], user: 0})],
    writers: [
      writerOf({policy: "rcu", on: 0, cadence: {kind: "closed", think: exponentially(1e6)}}),
    ],
  });
  const {series} = simulate(system, {seed: 1, replication: 0});
  const of = (metric: string) => series.find((row) => row.metric === metric);
  const sync = of("sync");
  assert.ok(
    sync && sync.count > 20 && sync.min > 1.09e8 && sync.max < 1.18e8,
    JSON.stringify(sync),
  );
  const gps = of("gps")?.sum ?? 0;
  assert.ok(Math.abs((of("interrupts_isolated")?.sum ?? 0) - gps) <= 1);
  assert.ok(Math.abs((of("stolen_isolated")?.sum ?? 0) - gps * 1800) <= 1800);
  const inUser = {...system, loads: [loadOf({on: [[1, 1]], user: 1})]};
  assert.equal(sumOf(inUser, "machine", "interrupts_isolated"), 0);
});
