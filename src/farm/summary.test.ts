import assert from "node:assert/strict";
import {it} from "node:test";
import {fakeEngine as engine, fakePlan, mean} from "./fake-engine.contract.ts";
import {forecast} from "./forecast.ts";
import {runPlan} from "./run-plan.ts";
import {summaryOf} from "./summary.ts";

it("counts what was run and how the expectations came out", async () => {
  const expr = {op: "<", left: mean, right: {op: "number", value: 200}} as const;
  const plan = fakePlan({expectations: [{text: "fast", expr, points: [0, 1, 2]}]});
  const summary = summaryOf(await runPlan(plan, {workers: 0, engine}));
  assert.equal(summary.pointsRun, 3);
  assert.equal(summary.replications, 24);
  assert.equal(summary.events, 24 * 400);
  assert.deepEqual(summary.outcomes, {pass: 2, fail: 1, inconclusive: 0});
  assert.deepEqual(summary.notes, []);
});

it("notes what was not reached, not measured and cut short", async () => {
  const until = [
    {expr: mean, text: "mean(thp.sync) within 0.1%", tolerance: 1e-3, confidence: 0.95},
  ];
  const measures = [{name: "gone", expr: {...mean, entity: "nobody"}, unit: "ns"}] as const;
  const plan = fakePlan({until, measures, replications: {min: 5, max: 5}});
  const {notes} = summaryOf(await runPlan(plan, {workers: 0, engine}));
  assert.match(
    notes[0] ?? "",
    /^target not met \(\d\.?\d?%\): mean\(thp.sync\) within 0.1% at policy: p100$/,
  );
  assert.equal(notes[3], "`gone` has no data at 3 of 3 points: nothing was recorded for it");
  const cut = await runPlan(plan, {workers: 0, engine, signal: AbortSignal.abort()});
  assert.match(summaryOf(cut).notes[0] ?? "", /^interrupted/);
});

it("forecasts a positive time that grows with the replications and shrinks with workers", async () => {
  const until = [{expr: mean, text: "", tolerance: 0.2, confidence: 0.95}];
  const one = await forecast(fakePlan({until, replications: {min: 5, max: 80}}), {
    workers: 1,
    engine,
  });
  assert.deepEqual(one.replications, {min: 40, max: 80});
  assert.ok(one.seconds.min > 0);
  assert.ok(Math.abs(one.seconds.max - 2 * one.seconds.min) < 1e-9);
  assert.equal(one.points, 3);
});
