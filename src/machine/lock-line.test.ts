import assert from "node:assert/strict";
import {it} from "node:test";
import type {Executor} from "../plan/plan.ts";
import type {Policy} from "../plan/policy.ts";
import type {System, Walker} from "../plan/system.ts";
import {cpuSet} from "../units/cpuset.ts";
import {
  broadcastPolicy,
  constant,
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";
import {World} from "./world.ts";

const atomic = 10;
const near = 100;
const far = 250;

/** Readers of mmap_lock on CPUs of two sockets of four; only the lock costs anything. */
function reading(cpus: readonly number[], walker: Partial<Walker>, given: Partial<System> = {}) {
  return systemOf({
    machine: freeMachine(
      4,
      {sockets: 2},
      {xchg: atomic, "line.same_socket": near, "line.cross_socket": far},
    ),
    policies: [],
    duration: 1e6,
    mms: [mmOf("app", cpuSet(cpus))],
    walkers: [
      walkerOf({
        on: cpuSet(cpus),
        protect: "lock",
        cadence: {kind: "closed", think: constant(1000)},
        hold: constant(300),
        ...walker,
      }),
    ],
    ...given,
  });
}

function seriesOf(system: System, entity: string, metric: string) {
  const {series} = simulate(system, {seed: 4, replication: 0});
  const found = series.find((row) => row.entity === entity && row.metric === metric);
  assert.ok(found);
  return found;
}

for (const [other, line] of [
  [1, near],
  [4, far],
] as const) {
  it(`makes two readers in step take the line from each other at every operation, over ${line} ns`, () => {
    // Both begin at 1000. CPU 0 has the line at once, the other after it; then the order stays, and both operations of a walk wait only for
    // the line to come. So the first walks take 2 atomics, 300 ns and 1 or 2 moves, the other one waiting for an atomic besides; all later
    // ones 2 atomics, 300 ns and 2 moves.
    const later = 2 * (atomic + line) + 300;
    const latency = seriesOf(reading([0, other], {}, {duration: 4000}), "gup", "latency");
    assert.equal(latency.count, 4);
    assert.equal(latency.min, 2 * atomic + 300 + line);
    assert.equal(latency.max, later + atomic);
    assert.equal(latency.sum, 2 * atomic + 300 + line + (later + atomic) + 2 * later);
  });
}

it("serves one operation at a time: readers that do nothing else take turns, however many they are", () => {
  for (const n of [2, 3, 4]) {
    const cpus = Array.from({length: n}, (_, cpu) => cpu);
    const busy = reading(cpus, {
      cadence: {kind: "closed", think: constant(0)},
      hold: constant(0),
    });
    const walks = seriesOf(busy, "gup", "count").sum;
    assert.ok(Math.abs(walks - 1e6 / (2 * (atomic + near))) <= n, `${n}: ${walks}`);
  }
});

it("lets a line cross between sockets as often as neighbours in the queue live on two", () => {
  // In turn: 0, 1, 4, 5, so that two moves in four cross.
  const busy = reading([0, 1, 4, 5], {
    cadence: {kind: "closed", think: constant(0)},
    hold: constant(0),
  });
  const walks = seriesOf(busy, "gup", "count").sum;
  const turn = 2 * (atomic + near) + 2 * (atomic + far);
  assert.ok(Math.abs(walks - (4 * 1e6) / (2 * turn)) <= 4, `${walks}`);
});

const working: Policy = {
  name: "work",
  states: [],
  hooks: {op: []},
  covers: ["free", "unshare", "collapse"],
};

it("makes a writer fetch the line from the last reader, and the next reader from the writer", () => {
  const system = reading(
    [1],
    {cadence: {kind: "closed", think: constant(9000)}, hold: constant(300)},
    {
      policies: [working],
      duration: 1e7,
      writers: [
        writerOf({
          policy: "work",
          holds: "mmap_lock",
          cadence: {kind: "open", gap: constant(200_100)},
          work: constant(50),
        }),
      ],
    },
  );
  const latency = seriesOf(system, "writer", "latency");
  const queue = seriesOf(system, "writer", "queue");
  assert.equal(latency.min, atomic + near + 50);
  // Whoever meets no reader waits for nothing but the line.
  assert.ok(queue.min === 0 && queue.max <= 2 * (atomic + near) + 300);
  // Readers have the line otherwise, and pay for one move after every writer; the last may not have been followed by a reader.
  const [walks, blocked] = ["latency", "blocked"].map((metric) => seriesOf(system, "gup", metric));
  assert.ok(walks && blocked);
  const moves = (walks.sum - blocked.sum - walks.count * (2 * atomic + 300)) / near;
  assert.ok(latency.count > 40 && Math.abs(moves - latency.count) <= 1, `${moves}`);
});

it("leaves walks that no line moves for to their own timelines", () => {
  const options = {
    seed: 1,
    replication: 0,
    executor: "lazy",
    shuffleTies: 0,
    tickPhases: "aligned",
    earlySelfReport: false,
  } as const;
  const events = (system: System): number[] => [...new World(system, options).byEvent];
  assert.deepEqual(events(reading([1], {})), new Array(8).fill(0));
  assert.deepEqual(events(reading([1, 2], {protect: "irq"})), new Array(8).fill(0));
  assert.deepEqual(events(reading([1, 2], {})), [0, 1, 1, 0, 0, 0, 0, 0]);
});

it("ends the accounts with the run where it ends in an interrupt of a walk under the lock", () => {
  for (let k = 0; k < 30; k++) {
    const system = reading(
      [1, 2],
      {hold: constant(8000)},
      {
        machine: freeMachine(4, {}, {"line.same_socket": near, "ipi.handle": 4000}),
        policies: [broadcastPolicy()],
        duration: 60_000 + 500 * k,
        writers: [writerOf({cadence: {kind: "closed", think: constant(3000)}})],
      },
    );
    const {accounts} = simulate(system, {seed: 4, replication: 0});
    for (const {cpus, time} of accounts) {
      const spent = Object.values(time).reduce((sum, ns) => sum + Math.round(1000 * ns), 0);
      assert.equal(spent, cpus * system.duration * 1000, `${k}`);
    }
  }
});

/** Walks that are over by `until` of readers on those CPUs and the sum of their lengths, by simulating nothing but the line [ns]. */
function readersAlone(
  readers: readonly {readonly cpu: number; readonly think: number; readonly hold: number}[],
  until: number,
): {walks: number; time: number}[] {
  const done = readers.map(() => ({walks: 0, time: 0}));
  const next = readers.map(({think}) => think);
  const began = readers.map(() => -1);
  let last = -1;
  let freeAt = 0;
  for (;;) {
    const i = next.indexOf(Math.min(...next));
    const at = next[i] ?? Number.NaN;
    const reader = readers[i];
    const own = done[i];
    if (reader === undefined || own === undefined || at >= until) return done;
    const {cpu} = reader;
    const distance = last < 0 || last === cpu ? 0 : last >> 2 === cpu >> 2 ? near : far;
    freeAt = Math.max(freeAt, at) + distance + atomic;
    last = cpu;
    if (began[i] === -1) {
      began[i] = at;
      next[i] = freeAt + reader.hold;
      continue;
    }
    if (freeAt <= until) {
      own.walks++;
      own.time += freeAt - (began[i] ?? Number.NaN);
    }
    began[i] = -1;
    next[i] = freeAt + reader.think;
  }
}

it("agrees to the picosecond with a simulation of the line alone, where readers meet at odd times", () => {
  const readers = [0, 1, 3, 4, 6].map((cpu, i) => ({
    cpu,
    think: 701 + 97.003 * i,
    hold: 131 + 31.007 * i,
  }));
  const until = 1e6;
  const system = reading(
    readers.map(({cpu}) => cpu),
    {},
    {
      duration: until,
      walkers: readers.map(({cpu, think, hold}) =>
        walkerOf({
          name: `reader${cpu}`,
          on: [[cpu, cpu]],
          protect: "lock",
          cadence: {kind: "closed", think: constant(think)},
          hold: constant(hold),
        }),
      ),
    },
  );
  readersAlone(readers, until).forEach(({walks, time}, i) => {
    const {count, sum} = seriesOf(system, `reader${readers[i]?.cpu}`, "latency");
    assert.ok(walks > 200);
    assert.equal(count, walks);
    assert.ok(Math.abs(sum - time) < 1e-3, `${sum} ${time}`);
  });
});

/** Readers under the lock on two CPUs who hardly ever read, and on CPU 3 a walker with interrupts off nine tenths of the time. */
function beside(executor: Executor) {
  const system = reading(
    [1, 2],
    {cadence: {kind: "closed", think: exponentially(5e6)}},
    {
      policies: [targetedPolicy()],
      duration: 2e7,
      walkers: [
        ...reading([1, 2], {cadence: {kind: "closed", think: exponentially(5e6)}}).walkers,
        walkerOf({
          name: "fast",
          on: [[3, 3]],
          cadence: {kind: "closed", think: exponentially(1000)},
          hold: exponentially(9000),
        }),
      ],
      writers: [
        writerOf({policy: "targeted", cadence: {kind: "closed", think: exponentially(20_000)}}),
      ],
    },
  );
  return simulate(system, {seed: 4, replication: 0, executor});
}

it("sees the trackers of walkers that are not stepped, and passes over their walks, while readers elsewhere move a line", () => {
  for (const executor of ["lazy", "closed", "equilibrium"] as const) {
    const {series, passed} = beside(executor);
    const sum = (entity: string, metric: string): number =>
      series.find((row) => row.entity === entity && row.metric === metric)?.sum ?? Number.NaN;
    const targets = sum("sync", "targets") / sum("writer", "count");
    assert.ok(Math.abs(targets - 0.9) < 0.05, `${executor}: ${targets}`);
    assert.deepEqual(passed, executor === "lazy" ? undefined : ["fast"]);
  }
});
