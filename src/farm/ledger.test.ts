import assert from "node:assert/strict";
import {it} from "node:test";
import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import {fakePlan, mean, simulate} from "./fake-engine.contract.ts";
import {Ledger} from "./ledger.ts";
import {Schedule} from "./schedule.ts";
import type {Shard} from "./shard.ts";

const p99 = {...mean, aggregator: "quantile", q: 0.99} as const;

function fill(ledger: Ledger, plan: Plan, point: number, replications: Iterable<number>): void {
  for (const replication of replications) {
    ledger.add(simulate(systemAt(plan, point), {seed: plan.seed, replication, point}));
  }
}

it("late replications of a large plan are kept slim, but what the plan measures is read before", () => {
  const points = Array.from({length: 400}, (_, i) => ({at: [i % 3], patches: []}));
  const measures = [{name: "p99", expr: p99, unit: "ns"}] as const;
  const plan = fakePlan({points, measures});
  const ledger = new Ledger(plan);
  fill(ledger, plan, 5, [0, 1, 2, 3]);
  const [first, , third] = ledger.samplesOf(5);
  assert.notEqual(first?.series[0]?.histogram, undefined);
  assert.equal(third?.series[0]?.histogram, undefined);
  assert.equal(third?.series[0]?.count, 400);
  const values = ledger.valuesOf(p99, 5);
  assert.equal(values.length, 4);
  assert.ok(values.every((value) => value > 200 && value < 1000));
});

it("values and pairs leave out what is not finished", () => {
  const plan = fakePlan();
  const ledger = new Ledger(plan);
  fill(ledger, plan, 0, [0, 1, 4]);
  fill(ledger, plan, 1, [1, 2, 4]);
  assert.equal(ledger.valuesOf(mean, 0).length, 3);
  assert.equal(ledger.valuesOf(mean, 0, 2).length, 2);
  const {left, right} = ledger.pairsOf(mean, 0, mean, 1);
  assert.equal(left.length, 2);
  // The same random numbers, with means 100 and 110.
  for (const [i, value] of left.entries()) {
    assert.ok(Math.abs((right[i] as number) / value - 1.1) < 1e-12);
  }
  assert.ok(Number.isNaN(ledger.valueOf({op: "at", select: {policy: "p110"}, of: mean}, 0, 0)));
});

it("shards go out lowest replication first, and lowest point among equals", () => {
  const plan = fakePlan({replications: {min: 5, max: 5}});
  const ledger = new Ledger(plan);
  const schedule = new Schedule(plan, ledger);
  const order: Shard[] = [];
  for (let shard = schedule.next(() => 2); shard; shard = schedule.next(() => 2)) order.push(shard);
  assert.deepEqual(
    order.map(({point, from, to}) => `${point}:${from}-${to}`),
    ["0:0-2", "1:0-2", "2:0-2", "0:2-4", "1:2-4", "2:2-4", "0:4-5", "1:4-5", "2:4-5"],
  );
  for (const {point, from, to} of order.toReversed()) {
    assert.ok(!schedule.done);
    for (let replication = to - 1; replication >= from; replication--) {
      fill(ledger, plan, point, [replication]);
      schedule.accept(point);
    }
  }
  assert.ok(schedule.done);
});
