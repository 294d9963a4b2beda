// A warm-up that pilots choose, with the real engine where not said otherwise.
import assert from "node:assert/strict";
import {it} from "node:test";
import {
  broadcastPolicy,
  constant,
  exponentially,
  freeMachine,
  systemOf,
  writerOf,
} from "../machine/laboratory.ts";
import {planHash} from "../plan/hash.ts";
import type {MeasureExpr} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import type {System} from "../plan/system.ts";
import {withWarmUp} from "./chosen-warm-up.ts";
import {fakeEngine, fakePlan} from "./fake-engine.contract.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import type {Progress} from "./result.ts";
import {chooseWarmUp, runPlan} from "./run-plan.ts";
import {decodeStored, encodeStored, type Stored} from "./stored-result.ts";
import {summaryOf} from "./summary.ts";

const latency: MeasureExpr = {
  op: "stat",
  aggregator: "mean",
  entity: "writer",
  metric: "latency",
};

function planOf(base: System, overrides: Partial<Plan> = {}): Plan {
  return fakePlan({
    base,
    axes: [],
    points: [{at: [], patches: []}],
    measures: [{name: "latency", expr: latency, unit: "ns"}],
    warmup: "auto",
    ...overrides,
  });
}

/** A queue of one writer, open at this load of its CPU, which works for 1 us on average. */
function queue(load: number, duration: number): System {
  return systemOf({
    machine: freeMachine(1),
    policies: [broadcastPolicy()],
    duration,
    writers: [
      writerOf({
        on: 0,
        cadence: {kind: "open", gap: exponentially(1000 / load)},
        work: exponentially(1000),
      }),
    ],
  });
}

it("removes the bias of a queue that starts empty near saturation", async () => {
  const many = {replications: {min: 600, max: 600}};
  const duration = 1.5e6;
  const chosen = await runPlan(planOf(queue(0.9, duration), many), {workers: 0});
  const {warmUp, plan} = chosen;
  assert.ok(warmUp?.settledAfter !== undefined && warmUp.slowest?.what === "writer.latency");
  assert.ok(warmUp.warmup >= 0.05 * duration && warmUp.warmup <= 0.5 * duration);
  assert.equal(plan.base.warmup, warmUp.warmup);
  assert.equal(chosen.points[0]?.replications[0]?.measured, duration - warmUp.warmup);
  const {warmup: _, ...stated} = planOf(queue(0.9, duration), many);
  const whole = await runPlan(stated, {workers: 0});
  // M/M/1: 1 us / (1 - 0.9).
  const truth = 10_000;
  const [with_, without] = [chosen, whole].map(({measures}) => measures[0]?.estimate);
  assert.ok(with_ && without);
  assert.ok(without.hi < truth, `without a warm-up ${without.mean}`);
  assert.ok(with_.lo < truth && with_.hi > truth, `with one ${with_.mean}`);
  assert.ok(Math.abs(with_.mean - truth) < 0.5 * Math.abs(without.mean - truth));
});

it("takes next to nothing from a system without a transient, and nothing where nothing varies", async () => {
  const plan = laboratoryPlan([1, 8], 1.5e7, {warmup: "auto"});
  // A sync in an RCU grace period takes longer than these runs.
  const points = plan.points.slice(0, 4);
  const {duration} = plan.base;
  const some = await chooseWarmUp({...plan, points});
  assert.ok(some.settledAfter !== undefined && some.warmup <= 0.08 * duration, `${some.warmup}`);
  const [writer] = queue(0.5, 1e6).writers;
  assert.ok(writer);
  const clockwork: System = {
    ...queue(0.5, 1e6),
    writers: [{...writer, cadence: {kind: "open", gap: constant(2000)}, work: constant(1000)}],
  };
  assert.equal((await chooseWarmUp(planOf(clockwork), {workers: 0})).warmup, 0);
});

it("chooses and measures the same bytes for any number of workers", async () => {
  const plan = laboratoryPlan([8], 3e6, {
    warmup: "auto",
    replications: {min: 3, max: 3},
    control: {
      expr: {op: "stat", aggregator: "sum", entity: "thp", metric: "count"},
      known: [1, 2, 3].map((k) => 30 * k),
    },
  });
  const alone = await runPlan(plan, {workers: 0});
  assert.equal(alone.ended, "complete", alone.failure);
  assert.deepEqual(await runPlan(plan, {workers: 1}), alone);
  assert.deepEqual(await runPlan(plan, {workers: 3}), alone);
  assert.equal(alone.planHash, planHash(plan));
  const {warmUp} = alone;
  assert.ok(warmUp !== undefined && warmUp.warmup > 0);
  assert.deepEqual(warmUp.pilots, {each: 5, deciding: 20});
  assert.deepEqual(await chooseWarmUp(plan, {workers: 2}), warmUp);
  // Stated, it is the same run, and what is expected to arrive is in proportion to what is measured.
  const {warmup: _, ...stated} = withWarmUp(plan, warmUp);
  const again = await runPlan(stated, {workers: 0});
  assert.deepEqual(again.measures, alone.measures);
  const share = 1 - warmUp.warmup / 3e6;
  alone.plan.control?.known.forEach((known, i) => {
    assert.ok(Math.abs(known - 30 * (i + 1) * share) < 1e-9);
  });
  const stored: Stored = {kind: "run", name: "which", result: alone};
  const back = decodeStored(encodeStored(stored));
  assert.ok(back.kind === "run");
  assert.deepEqual(back.result.warmUp, warmUp);
  assert.deepEqual(summaryOf(back.result).reasons, summaryOf(alone).reasons);
  // What the result says of its plan chooses the same once more.
  assert.deepEqual((await runPlan(alone.plan, {workers: 0})).warmUp, warmUp);
});

it("says that a system does not settle, and takes half of its run", async () => {
  const result = await runPlan(planOf(queue(1.2, 1e6)), {workers: 0});
  assert.equal(result.warmUp?.warmup, 5e5);
  assert.equal(result.warmUp.settledAfter, undefined);
  const {reasons, notes} = summaryOf(result);
  assert.match(
    reasons[0] ?? "",
    /^warm-up 500us, chosen by 5 pilots: `writer.latency` had not settled by half of 1ms \(20 pilots there\)$/,
  );
  assert.match(
    notes.join("\n"),
    /^`writer.latency` had not settled by half of its run.*use a longer duration/m,
  );
  // And why.
  assert.match(notes.join("\n"), /^`writer` cannot keep up/m);
});

it("takes no more than half of the shortest run, and says so", async () => {
  const plan = planOf(queue(0.9, 3e6), {
    axes: [{path: "duration", unit: "ns", values: [{label: "3ms"}, {label: "20us"}]}],
    points: [
      {at: [0], patches: []},
      {at: [1], patches: [{path: ["duration"], value: 20_000}]},
    ],
  });
  const {warmUp, ...result} = await runPlan(plan, {workers: 0});
  assert.equal(warmUp?.warmup, 10_000);
  assert.ok((warmUp.settledAfter ?? 0) > 10_000);
  assert.equal(systemAt(result.plan, 1).warmup, 10_000);
  assert.match(
    summaryOf({...result, warmUp}).notes.join("\n"),
    /at duration: 3ms settled after .*, but the warm-up is no longer than half of the shortest run, 10us/,
  );
});

it("says what had too few samples to be judged", async () => {
  const result = await runPlan(planOf(queue(0.001, 5e6)), {workers: 0});
  assert.equal(result.warmUp?.warmup, 0);
  const {reasons, notes} = summaryOf(result);
  assert.match(reasons[0] ?? "", /chosen by 5 pilots: nothing measured could be judged$/);
  assert.match(notes.join("\n"), /^`writer.latency` has too few samples in its pilots/m);
});

it("a pilot that fails says how to run it alone", async () => {
  for (const workers of [0, 2]) {
    const plan = fakePlan({warmup: "auto"}, "throw");
    const {ended, failure, points, warmUp} = await runPlan(plan, {workers, engine: fakeEngine});
    assert.equal(ended, "failed");
    assert.equal(warmUp, undefined);
    assert.ok(points.every(({replications}) => replications.length === 0));
    assert.match(
      failure ?? "",
      /^pilot 3 of point 1 \(policy: p110\) .* failed: the walkers have met\. .*--point 1 --replication 1073741827 --set warmup=0ns`/,
    );
    await assert.rejects(chooseWarmUp(plan, {workers, engine: fakeEngine}), /pilot 3 of point 1/);
  }
});

it("an interrupt and a budget end pilots too", async () => {
  for (const workers of [0, 1]) {
    const abort = new AbortController();
    const stages = new Set<Progress["stage"]>();
    const points = Array.from({length: 300}, (_, i) => ({at: [i % 3], patches: []}));
    const slow = fakePlan({warmup: "auto", points}, "slow");
    const result = await runPlan(slow, {
      workers,
      engine: fakeEngine,
      signal: abort.signal,
      onProgress: ({stage, replicationsDone}) => {
        stages.add(stage);
        if (replicationsDone > 3) abort.abort();
      },
    });
    assert.equal(result.ended, "interrupted");
    assert.deepEqual([...stages], ["pilots"]);
    const brief = await runPlan({...slow, budget: 1e8}, {workers, engine: fakeEngine});
    assert.equal(brief.ended, "budget");
    assert.equal(brief.warmUp, undefined);
    assert.deepEqual(
      [result, brief].map((one) => summaryOf(one).notes[0]),
      [
        "interrupted: the pilots were still choosing the warm-up, nothing was measured",
        "the budget of wall time ran out: the pilots were still choosing the warm-up, nothing was measured",
      ],
    );
  }
});
