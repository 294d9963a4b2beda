import assert from "node:assert/strict";
import {it} from "node:test";
import type {Executor} from "../plan/plan.ts";
import {openStream} from "../random/stream.ts";
import {
  broadcastPolicy,
  constant,
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {holdLittlesLaw} from "./littles-law.ts";
import {randomSystem} from "./random-system.ts";
import {runWorld, simulate} from "./simulate.ts";
import {World} from "./world.ts";

const executors = ["lazy", "closed", "equilibrium"] as const;
const worldOf = (index: number, executor: Executor = "lazy"): World =>
  new World(randomSystem(openStream(29, index, "system", "shape")), {
    seed: 4,
    replication: index,
    executor,
    shuffleTies: 0,
    tickPhases: "aligned",
    earlySelfReport: false,
  });

for (const executor of executors) {
  it(`handles every request and takes every interrupt, but for those on their way at the end: ${executor}`, () => {
    let requests = 0;
    for (let index = 0; index < 50; index++) {
      const world = worldOf(index, executor);
      runWorld(world, 0);
      const {queued, handled, sent, taken, head, next, pending} = world.requests;
      let waiting = 0;
      for (const first of head) for (let at = first; at >= 0; at = next[at] ?? -1) waiting++;
      assert.equal(queued, handled + waiting, `system ${index}`);
      const underWay = pending.reduce((sum, one) => sum + one, 0);
      assert.ok(sent >= taken && sent - taken <= underWay, `system ${index}: ${sent} ${taken}`);
      assert.ok(sent <= queued);
      requests += queued;
    }
    assert.ok(requests > 5_000);
  });

  it(`gives every nanosecond of every CPU to one account, and none less than nothing: ${executor}`, () => {
    for (let index = 0; index < 100; index++) {
      const world = worldOf(index, executor);
      const {duration} = world;
      const {accounts} = runWorld(world, 0);
      for (const {cpus, time} of accounts) {
        const ticks = Object.values(time).reduce((sum, ns) => sum + Math.round(ns * 1000), 0);
        assert.equal(ticks, cpus * duration, `system ${index}`);
        for (const [name, ns] of Object.entries(time))
          assert.ok(ns >= 0, `system ${index}: ${name} ${ns}`);
      }
    }
  });
}

it("gives back all memory that was unhooked, but for what is under way at the end", () => {
  for (let index = 0; index < 50; index++) {
    const world = worldOf(index);
    const samples = runWorld(world, 0);
    for (const series of samples.series) {
      if (series.metric === "retained" && series.count > 0) {
        assert.ok(series.min >= 0 && series.min % 4096 === 0, `system ${index}: ${series.min}`);
      }
      if (series.metric === "backlog" && series.count > 0) assert.ok(series.min >= 0);
    }
  }
});

it("keeps every mean when ties are shuffled, though interactions of one instant change places", () => {
  const system = systemOf({
    machine: freeMachine(
      8,
      {},
      {"ipi.deliver.same_socket": 500, "ipi.handle": 150, "ipi.entry": 100},
    ),
    policies: [broadcastPolicy()],
    duration: 2e6,
    writers: Array.from({length: 4}, (_, on) =>
      writerOf({
        name: `writer${on}`,
        on,
        cadence: {kind: "closed", think: constant(5000)},
        work: exponentially(10),
      }),
    ),
  });
  const run = (shuffleTies: number) => simulate(system, {seed: 1, replication: 0, shuffleTies});
  const plain = run(0);
  const ipis = (of: typeof plain) => of.series.find(({metric}) => metric === "ipis")?.sum ?? 0;
  assert.deepEqual(run(7), run(7));
  for (let seed = 1; seed < 6; seed++) {
    assert.ok(Math.abs(ipis(run(seed)) / ipis(plain) - 1) < 0.02);
  }
});

it("gives no result that Little's law does not hold for", () => {
  const world = worldOf(0);
  const {series} = runWorld(world, 0);
  holdLittlesLaw(world, series);
  const lost = series.map((one) => (one.metric === "backlog" ? {...one, sum: one.sum + 100} : one));
  assert.throws(() => holdLittlesLaw(world, lost), /Little's law does not hold for writer0/);
});

it("keeps an operation's waits apart from interrupts that the one before did not wait for", () => {
  const {hooks, ...rest} = broadcastPolicy(true);
  const [loop] = hooks.sync ?? [];
  assert.ok(loop !== undefined);
  const system = systemOf({
    machine: freeMachine(4, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150, xchg: 20}),
    policies: [{...rest, hooks: {sync: [loop]}}],
    duration: 3_000_000,
    mms: [mmOf("app", [[0, 3]])],
    walkers: [
      walkerOf({
        on: [[1, 3]],
        cadence: {kind: "closed", think: exponentially(500)},
        hold: exponentially(2000),
      }),
    ],
    writers: [writerOf({cadence: {kind: "closed", think: exponentially(1000)}})],
  });
  // Little's law is held in every run: an operation that a late acknowledgement resumed too early would break it.
  const {series} = simulate(system, {seed: 7, replication: 0});
  const done = series.find((one) => one.metric === "latency" && one.entity === "writer");
  assert.ok((done?.count ?? 0) > 100);
});
