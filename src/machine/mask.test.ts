import assert from "node:assert/strict";
import {it} from "node:test";
import type {System} from "../plan/system.ts";
import {
  broadcastPolicy,
  constant,
  exponentially,
  freeMachine,
  loadOf,
  systemOf,
  underLruLock,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const held = 10_000;

/** A writer that is under the lock for 10 us every 100 us, and one that interrupts its CPU at random. */
function beside(given: Partial<System> = {}): System {
  return systemOf({
    machine: freeMachine(2, {}, {"ipi.handle": 100}),
    policies: [underLruLock(constant(held)), broadcastPolicy()],
    duration: 4e9,
    writers: [
      writerOf({on: 0, policy: "broadcast", cadence: {kind: "closed", think: exponentially(1e6)}}),
      writerOf({
        name: "lru",
        mm: "app",
        on: 1,
        policy: "lru",
        cadence: {kind: "open", gap: constant(100_000)},
      }),
    ],
    ...given,
  });
}

const seriesOf = (system: System, entity: string, metric: string) => {
  const found = simulate(system, {seed: 3, replication: 0}).series.find(
    (row) => row.entity === entity && row.metric === metric,
  );
  assert.ok(found);
  return found;
};

it("makes an interrupt wait for the end of a lock held with interrupts off, as for a walk met at random", () => {
  const sync = seriesOf(beside(), "writer", "sync");
  // A tenth of the interrupts meet the lock and wait for half of it on average.
  const expected = 100 + 0.1 * (held / 2);
  const error = Math.sqrt(sync.m2 / sync.count / sync.count);
  const mean = sync.sum / sync.count;
  assert.ok(Math.abs(mean - expected) < 5 * error, `${mean} +- ${error}, expected ${expected}`);
  assert.ok(sync.max > held * 0.99 && sync.max <= held + 200);
});

it("lets no tick and no unrelated section into such a lock, and keeps walks away", () => {
  const system = beside({
    walkers: [
      walkerOf({
        on: [[1, 1]],
        cadence: {kind: "closed", think: exponentially(500)},
        hold: constant(200),
      }),
    ],
    loads: [loadOf({on: [[1, 1]], irqOff: constant(300), irqRate: 50_000})],
  });
  const {timeline} = simulate(system, {
    seed: 3,
    replication: 0,
    timeline: {from: 0, to: 2_000_000},
  });
  assert.ok(timeline);
  const on = timeline.intervals.filter(({cpu}) => cpu === 1);
  const whole = on.filter(({state, from, to}) => state === "kernel" && to - from >= held - 1);
  // Cut into nothing: nineteen of the twenty operations of the window lie in it as one stretch (the phase is random).
  assert.ok(whole.length >= 19, `${whole.length}`);
  assert.ok(on.some(({state}) => state === "irq_off") && on.some(({state}) => state === "walk"));
});

it("hands the lock from spinner to spinner, and the operations of all wait for one another", () => {
  const writers = [0, 1, 2, 3].map((on) =>
    writerOf({
      name: `w${on}`,
      on,
      policy: "lru",
      cadence: {kind: "closed", think: exponentially(100)},
    }),
  );
  const system = systemOf({
    machine: freeMachine(4),
    policies: [underLruLock(constant(held))],
    duration: 1e7,
    mms: [],
    writers,
  });
  const samples = simulate(system, {seed: 3, replication: 0});
  const operations = samples.series
    .filter(({metric, entity}) => metric === "count" && entity.startsWith("w"))
    .reduce((sum, {sum: count}) => sum + count, 0);
  assert.ok(operations <= 1e7 / held && operations > 0.97 * (1e7 / held), `${operations}`);
  const spin = samples.accounts.reduce((sum, {time}) => sum + (time.spin ?? 0), 0);
  assert.ok(spin > 2 * 1e7);
});
