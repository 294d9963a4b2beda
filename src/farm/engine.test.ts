// The farm with the real engine.
import assert from "node:assert/strict";
import {it} from "node:test";
import {systemAt} from "../plan/point.ts";
import {engineModule, loadEngine} from "./engine.ts";
import {forecast} from "./forecast.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {runPlan} from "./run-plan.ts";

it("a sweep over policies has the same bytes for any number of workers", async () => {
  const p99 = {op: "stat", aggregator: "quantile", entity: "thp", metric: "sync", q: 0.99} as const;
  const plan = laboratoryPlan([1, 4, 8], 3e6, {
    replications: {min: 4, max: 15},
    until: [{expr: p99, text: "p99(thp.sync) within 3%", tolerance: 0.03, confidence: 0.95}],
  });
  const alone = await runPlan(plan, {workers: 0});
  assert.equal(alone.ended, "complete", alone.failure);
  assert.deepEqual(await runPlan(plan, {workers: 1}), alone);
  assert.deepEqual(await runPlan(plan, {workers: 3}), alone);
  // Broadcast sends 8 requests a sync to the 8 other CPUs, whoever walks; targeted only to those that do; RCU none.
  const ipis = alone.measures
    .filter((one) => one.measure === "ipis")
    .map((one) => one.estimate.mean);
  assert.equal(ipis.length, 9);
  assert.ok(Math.min(...ipis.slice(0, 3)) > 5 * Math.max(...ipis.slice(3, 6)));
  assert.deepEqual(ipis.slice(6), [0, 0, 0]);
  const compared = alone.comparisons.filter((one) => one.measure === "ipis");
  assert.equal(compared.length, 6);
  assert.ok(compared.every((one) => one.difference.n >= 10 && one.difference.hi < 0));
  // No grace period ends within 3 ms, so RCU has no p99, and its rule cannot be met.
  assert.ok(alone.points.slice(6).every(({until: [rule]}) => rule && !rule.met));
});

it("replication k of point p runs alone to the same samples", async () => {
  const plan = laboratoryPlan([2, 8], 2e6, {replications: {min: 3, max: 3}});
  const whole = await runPlan(plan, {workers: 2});
  const simulate = await loadEngine(engineModule);
  const alone = simulate(systemAt(plan, 3), {seed: plan.seed, replication: 2, point: 3});
  assert.deepEqual(alone, whole.points[3]?.replications[2]);
});

it("a timeline plot makes the first replication of each point record its window, and nothing else", async () => {
  const outputs = [{kind: "plot", y: [], by: [], as: "timeline", options: {}}] as const;
  const plan = laboratoryPlan([8], 3e6, {outputs, replications: {min: 2, max: 2}});
  const plain = await runPlan({...plan, outputs: []}, {workers: 0});
  for (const workers of [0, 1]) {
    const drawn = await runPlan(plan, {workers});
    drawn.points.forEach(({replications: [first, second]}, point) => {
      assert.equal(first?.timeline?.from, 3e5);
      assert.equal(first?.timeline?.to, 1.3e6);
      assert.ok((first?.timeline?.intervals.length ?? 0) > 10);
      assert.equal(second?.timeline, undefined);
      assert.equal(first?.fingerprint, plain.points[point]?.replications[0]?.fingerprint);
    });
  }
  const asked = await runPlan(plan, {workers: 1, timeline: {from: 0, to: 5e4}});
  assert.equal(asked.points[0]?.replications[0]?.timeline?.to, 5e4);
});

it("a single long replication has an interval from its batches, a short one has none", async () => {
  const mean = {op: "stat", aggregator: "mean", entity: "thp", metric: "sync"} as const;
  const plan = laboratoryPlan([8], 6e7, {
    replications: {min: 1, max: 1},
    measures: [{name: "sync", expr: mean, unit: "ns"}],
  });
  const [broadcast, targeted, rcu] = (await runPlan(plan, {workers: 2})).measures;
  // 650 + 200 sum of (1 - (10/11)^k) / k, k = 1 .. 8: the longest residual of eight walks.
  const {lo, hi, n} = broadcast?.estimate ?? {lo: 0, hi: 0, n: 0};
  assert.equal(n, 1);
  assert.ok(lo < 774.8933 && 774.8933 < hi && hi - lo < 40, `${lo} to ${hi}`);
  assert.ok((targeted?.estimate.hi ?? 0) < lo);
  assert.ok(Number.isNaN(rcu?.estimate.lo));
});

it("a forecast is of the order of what the run takes", async () => {
  const plan = laboratoryPlan([8], 20e6, {replications: {min: 5, max: 5}});
  const {seconds} = await forecast(plan, {workers: 1});
  assert.ok(seconds.min > 0.001 && seconds.min < 60, `${seconds.min} s`);
  assert.equal(seconds.min, seconds.max);
});
