import assert from "node:assert/strict";
import {it} from "node:test";
import type {MeasureExpr} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {fakeEngine as engine, fakePlan, mean} from "./fake-engine.contract.ts";
import type {Progress, RunResult} from "./result.ts";
import {runPlan} from "./run-plan.ts";

function lengths(result: RunResult): number[] {
  return result.points.map((point) => point.replications.length);
}

const sequential: Partial<Plan> = {
  replications: {min: 5, max: 60},
  until: [{expr: mean, text: "mean(thp.sync) within 2%", tolerance: 0.02, confidence: 0.95}],
  compare: [{axis: "policy", against: "p100"}],
};

it("gives the same bytes in this thread and in one, two or three workers", async () => {
  const plan = fakePlan(sequential);
  const results = [];
  for (const workers of [0, 1, 2, 3]) results.push(await runPlan(plan, {workers, engine}));
  const [first, ...others] = results;
  assert.equal(first?.ended, "complete");
  for (const other of others) assert.deepEqual(other, first);
});

it("runs every planned replication of every point once, in order", async () => {
  const result = await runPlan(fakePlan(), {workers: 2, engine});
  assert.equal(result.ended, "complete");
  result.points.forEach((point, i) => {
    assert.deepEqual(
      point.replications.map((samples) => [samples.point, samples.replication]),
      [0, 1, 2, 3, 4, 5, 6, 7].map((replication) => [i, replication]),
    );
  });
  assert.deepEqual(
    result.measures.map((measure) => measure.estimate.n),
    [8, 8, 8],
  );
});

it("a replication re-run alone gives the same samples", async () => {
  const whole = await runPlan(fakePlan(), {workers: 0, engine});
  const {simulate} = await import("./fake-engine.contract.ts");
  const {systemAt} = await import("../plan/point.ts");
  const alone = simulate(systemAt(fakePlan(), 1), {seed: 7, replication: 5, point: 1});
  assert.deepEqual(alone, whole.points[1]?.replications[5]);
});

it("stops each point at the first look at which its rules are met", async () => {
  const result = await runPlan(fakePlan(sequential), {workers: 0, engine});
  for (const {until, replications} of result.points) {
    assert.ok(until[0]?.met && until[0].reached <= 0.02);
    // A mean of 400 exponential samples has a spread of 5 %: (1.96 * 5 / 2)^2 is about 24 replications.
    assert.ok([10, 15, 23, 35, 53].includes(replications.length), `${replications.length}`);
    assert.ok(replications.length > 10);
  }
});

it("a rule that is not met at the maximum says what was reached", async () => {
  const until = [{expr: mean, text: "impossible", tolerance: 1e-4, confidence: 0.95}];
  const result = await runPlan(fakePlan({replications: {min: 5, max: 12}, until}), {
    workers: 0,
    engine,
  });
  assert.deepEqual(lengths(result), [12, 12, 12]);
  assert.equal(result.ended, "complete");
  assert.ok(result.points.every(({until: [rule]}) => rule && !rule.met && rule.reached > 0.01));
});

it("a rule that reads another point waits for it, keeps it going, and is the same for any number of workers", async () => {
  const base: MeasureExpr = {op: "at", select: {policy: "p100"}, of: mean};
  const ratio: MeasureExpr = {op: "/", left: mean, right: base};
  const until = [{expr: ratio, text: "ratio", tolerance: 0.01, confidence: 0.95}];
  const plan = fakePlan({replications: {min: 4, max: 50}, until, streams: "independent"});
  const alone = await runPlan(plan, {workers: 0, engine});
  assert.deepEqual(await runPlan(plan, {workers: 2, engine}), alone);
  // The ratio to itself does not vary, and would be known after 10; those of independent points do, by 7 %, and pairs are what they need.
  assert.deepEqual(lengths(alone), [50, 50, 50]);
  assert.ok(alone.points.slice(1).every(({until: [rule]}) => rule && !rule.met));
  const wider = {...plan, until: until.map((rule) => ({...rule, tolerance: 0.03}))};
  const met = await runPlan(wider, {workers: 0, engine});
  assert.deepEqual(await runPlan(wider, {workers: 2, engine}), met);
  assert.ok(met.points.every(({until: [rule]}) => rule?.met));
  const [base_, ...readers] = lengths(met);
  assert.ok(
    readers.every((n) => n > 10 && n < 50),
    `${lengths(met)}`,
  );
  assert.equal(base_, Math.max(...readers));
});

it("points whose rules read each other, in a chain or in turn, end together", async () => {
  const to = (policy: string): MeasureExpr => {
    return {op: "/", left: mean, right: {op: "at", select: {policy}, of: mean}};
  };
  // At p100 the second rule reads p300, whose own first rule reads p110.
  for (const policies of [["p110", "p300"], ["p100", "p300"], ["p300"]]) {
    const until = policies.map((policy) => {
      return {expr: to(policy), text: policy, tolerance: 0.03, confidence: 0.95};
    });
    const plan = fakePlan({replications: {min: 4, max: 90}, until, streams: "independent"});
    const alone = await runPlan(plan, {workers: 0, engine});
    assert.equal(alone.ended, "complete");
    assert.ok(alone.points.every(({until: rules}) => rules.every((rule) => rule.met)));
    assert.deepEqual(await runPlan(plan, {workers: 3, engine}), alone);
  }
});

for (const workers of [0, 2]) {
  it(`an interrupt keeps what is finished, balanced over the points (${workers} workers)`, async () => {
    const abort = new AbortController();
    const plan = fakePlan({replications: {min: 1000, max: 1000}}, "slow");
    let seen = 0;
    const result = await runPlan(plan, {
      workers,
      engine,
      signal: abort.signal,
      onProgress: ({replicationsDone}) => {
        seen = replicationsDone;
        if (replicationsDone >= 9) abort.abort();
      },
    });
    assert.equal(result.ended, "interrupted");
    const finished = lengths(result).reduce((a, b) => a + b);
    assert.ok(finished >= 9 && finished < 3000 && finished >= seen, `${finished}`);
    assert.ok(
      Math.max(...lengths(result)) - Math.min(...lengths(result)) <= 16,
      `${lengths(result)}`,
    );
    assert.ok(result.measures.every((measure) => measure.estimate.n > 0));
  });
}

it("an interrupt ends threads that would never return", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 200);
  const result = await runPlan(fakePlan({}, "spin"), {workers: 1, engine, signal: abort.signal});
  assert.equal(result.ended, "interrupted");
  assert.deepEqual(lengths(result), [0, 0, 0]);
  // The next run gets fresh threads.
  assert.equal((await runPlan(fakePlan(), {workers: 1, engine})).ended, "complete");
});

it("an interrupt of one run leaves another that goes on beside it alone", async () => {
  const abort = new AbortController();
  const spinning = runPlan(fakePlan({}, "spin"), {workers: 2, engine, signal: abort.signal});
  const other = runPlan(fakePlan({replications: {min: 40, max: 40}}, "slow"), {workers: 2, engine});
  setTimeout(() => abort.abort(), 150);
  assert.equal((await spinning).ended, "interrupted");
  assert.equal((await other).ended, "complete");
});

it("a signal that was given before starts nothing", async () => {
  const result = await runPlan(fakePlan(), {workers: 0, engine, signal: AbortSignal.abort()});
  assert.equal(result.ended, "interrupted");
  assert.deepEqual(lengths(result), [0, 0, 0]);
});

it("a budget ends the run with what it has", async () => {
  const plan = fakePlan({replications: {min: 1000, max: 1000}, budget: 150e6}, "slow");
  const result = await runPlan(plan, {workers: 0, engine});
  assert.equal(result.ended, "budget");
  assert.ok((lengths(result)[0] ?? 0) > 0);
});

for (const [how, workers, reason] of [
  ["throw", 0, /the walkers have met/],
  ["throw", 2, /the walkers have met/],
  ["exit", 2, /its thread failed: .*7/],
  ["hoard", 2, /more memory than the limit of 48 MB/],
] as const) {
  it(`names the replication that failed and keeps the others (${how}, ${workers} workers)`, async () => {
    const result = await runPlan(fakePlan({}, how), {workers, engine, memory: 48});
    assert.equal(result.ended, "failed");
    assert.match(result.failure ?? "", reason);
    assert.match(
      result.failure ?? "",
      /replication 3 of point 1 \(policy: p110\) of `which` failed/,
    );
    assert.match(
      result.failure ?? "",
      /quiesce replicate FILE --experiment which --seed 7 --point 1 --replication 3`; the \d+ replications/,
    );
    const kept = lengths(result).reduce((a, b) => a + b);
    assert.ok(kept >= 3);
    assert.match(
      result.failure ?? "",
      new RegExp(`the ${kept} replications that finished are kept`),
    );
    assert.equal((await runPlan(fakePlan(), {workers, engine})).ended, "complete");
  });
}

it("tells how far it is, at the end that all is done", async () => {
  const told: Progress[] = [];
  await runPlan(fakePlan(sequential), {workers: 0, engine, onProgress: (one) => told.push(one)});
  const last = told.at(-1);
  assert.equal(last?.pointsDone, 3);
  assert.equal(last?.replicationsDone, last?.replicationsPlanned);
  assert.equal(last?.left, 0);
  assert.equal(last?.precision?.target, 0.02);
  assert.equal(last?.experiment, "which");
});

it("refuses options out of range and plans that are not plain data", async () => {
  await assert.rejects(runPlan(fakePlan(), {workers: -1, engine}), /`workers` to be an integer/);
  await assert.rejects(
    runPlan(fakePlan({seed: Number.NaN}), {workers: 0, engine}),
    /finite numbers/,
  );
});
