import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import type {System, Walker} from "../plan/system.ts";
import {
  constant,
  exponentially,
  fencePolicy,
  first,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const held = 20_000;
const period = 100_000;

const working: Policy = {
  name: "work",
  states: [],
  hooks: {op: [{step: "delay", time: constant(held)}]},
  covers: ["free", "unshare", "collapse"],
};

/** A writer holds mmap_lock for 20 us every 100 us; a walker reads under it on three CPUs. */
function reading(walker: Partial<Walker>, given: Partial<System> = {}): System {
  return systemOf({
    machine: freeMachine(4),
    policies: [working],
    duration: 2e9,
    mms: [mmOf("app", [[1, 3]])],
    walkers: [
      walkerOf({
        on: [[1, 3]],
        protect: "lock",
        cadence: {kind: "open", gap: exponentially(50_000)},
        hold: constant(0),
        ...walker,
      }),
    ],
    writers: [
      writerOf({
        policy: "work",
        holds: "mmap_lock",
        cadence: {kind: "open", gap: constant(period)},
      }),
    ],
    ...given,
  });
}

function seriesOf(system: System, entity: string, metric: string) {
  const {series} = simulate(system, {seed: 4, replication: 0});
  const found = series.find((row) => row.entity === entity && row.metric === metric);
  assert.ok(found);
  return {...found, mean: found.sum / found.count};
}

it("lets a walk under the lock wait for what is left of the hold, and for nobody when there is none", () => {
  const blocked = seriesOf(reading({}), "gup", "blocked");
  // A fifth of the arrivals meet the hold and wait for half of it.
  const expected = (held / period) * (held / 2);
  const error = Math.sqrt(blocked.m2 / blocked.count / blocked.count);
  assert.ok(Math.abs(blocked.mean - expected) < 5 * error, `${blocked.mean} +- ${error}`);
  assert.ok(error < 0.02 * expected && blocked.max <= held);
  assert.equal(seriesOf(reading({protect: "none"}), "gup", "blocked").max, 0);
  const elsewhere = reading({}, {mms: [mmOf("app", [[1, 3]]), mmOf("other", [])]});
  const others = elsewhere.writers.map((writer) => ({...writer, mm: "other"}));
  assert.equal(seriesOf({...elsewhere, writers: others}, "gup", "blocked").max, 0);
});

it("lets the writer wait for the longest walk under the lock that has begun", () => {
  const walk = 10_000;
  const queue = seriesOf(reading({hold: constant(walk)}), "writer", "queue");
  assert.ok(queue.min === 0 && queue.max > 0.9 * walk && queue.max <= walk);
  assert.ok(queue.mean > 0.05 * walk, `${queue.mean}`);
  const irq = seriesOf(reading({hold: constant(walk), protect: "irq"}), "writer", "queue");
  assert.equal(irq.max, 0);
});

it("never lets a walk under the lock and the hold of it overlap", () => {
  const system = reading({
    hold: exponentially(3000),
    cadence: {kind: "closed", think: exponentially(9000)},
  });
  const timeline = simulate(
    {...system, duration: 1e7},
    {
      seed: 4,
      replication: 0,
      timeline: {from: 0, to: 1e7},
    },
  ).timeline;
  assert.ok(timeline);
  const holds = timeline.intervals.filter(({state}) => state.startsWith("mmap_lock"));
  const walks = timeline.intervals.filter(({state}) => state === "walk");
  assert.ok(holds.length > 80 && walks.length > 1000);
  for (const hold of holds) {
    const inside = walks.find(({from, to}) => from < hold.to - 1e-9 && to > hold.from + 1e-9);
    assert.equal(inside, undefined, JSON.stringify([hold, inside]));
  }
});

it("lets readers in between two writers that follow one another", () => {
  const names = ["a", "b", "c"];
  const system = reading(
    {cadence: {kind: "closed", think: exponentially(1000)}, hold: constant(500)},
    {
      machine: freeMachine(6),
      duration: 1e8,
      writers: names.map((name, i) =>
        writerOf({
          name,
          on: i === 0 ? 0 : 3 + i,
          policy: "work",
          holds: "mmap_lock",
          cadence: {kind: "closed", think: constant(0)},
        }),
      ),
    },
  );
  // Three writers want the lock all the time; every reader gets in once a hold and waits for one hold at the most, and for the readers.
  const blocked = seriesOf(system, "gup", "blocked");
  const operations = names.reduce((sum, name) => sum + seriesOf(system, name, "count").sum, 0);
  assert.ok(blocked.max <= held + 1000, `${blocked.max}`);
  assert.ok(
    Math.abs(blocked.count / (3 * operations) - 1) < 0.05,
    `${blocked.count} ${operations}`,
  );
});

it("sends an aborted walk behind the writer that made it abort", () => {
  const fence = fencePolicy();
  const system = (holds: "mmap_lock" | "none"): System =>
    systemOf({
      machine: freeMachine(4, {}, {alloc: 1}),
      policies: [
        {
          ...fence,
          hooks: {
            ...fence.hooks,
            op: (fence.hooks.op ?? []).flatMap((step) =>
              step.step === "unhook"
                ? [step, {step: "delay", time: constant(held)} as const]
                : [step],
            ),
          },
        },
      ],
      duration: 1e8,
      mms: [mmOf("app", first(3))],
      walkers: [
        walkerOf({
          on: first(3),
          cadence: {kind: "closed", think: exponentially(2000)},
          hold: constant(300),
        }),
      ],
      writers: [
        writerOf({
          on: 3,
          holds,
          policy: "fence",
          kind: "collapse",
          cadence: {kind: "open", gap: constant(period)},
        }),
      ],
    });
  const behind = seriesOf(system("mmap_lock"), "gup", "latency");
  const beside = seriesOf(system("none"), "gup", "latency");
  assert.ok(seriesOf(system("mmap_lock"), "gup", "aborts").sum > 2000);
  assert.ok(behind.max > 0.95 * held && behind.max < held + 2000, `${behind.max}`);
  assert.ok(beside.max < 2000, `${beside.max}`);
});
