import assert from "node:assert/strict";
import {it} from "node:test";
import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
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
    /^target not met at 3 of 3 points \(worst \d\.?\d?% at policy: p\d00\): mean\(thp.sync\) within 0.1%$/,
  );
  assert.equal(notes[1], "`gone` has no data at 3 of 3 points: nothing was recorded for it");
  const cut = await runPlan(plan, {workers: 0, engine, signal: AbortSignal.abort()});
  assert.match(summaryOf(cut).notes[0] ?? "", /^interrupted/);
});

it("says which rule chose how many replications, and how precise they are", async () => {
  const until = [{expr: mean, text: "mean(thp.sync) within 2%", tolerance: 0.02, confidence: 0.95}];
  const plan = fakePlan({until, replications: {min: 5, max: 60}});
  const result = await runPlan(plan, {workers: 0, engine});
  const [reason, ...others] = summaryOf(result).reasons;
  const counts = result.points.map(({replications}) => replications.length);
  const worst = Math.max(...result.points.map(({until: [rule]}) => rule?.reached ?? Number.NaN));
  assert.ok(worst <= 0.02);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range = least === most ? `${least}` : `${least} to ${most}`;
  assert.equal(
    reason,
    `${range} replications a point, of 5 to 60, chosen by \`mean(thp.sync) within 2%\` (${Number((100 * worst).toPrecision(2))}% at worst)`,
  );
  assert.deepEqual(others, []);
  assert.deepEqual(summaryOf({...result, ended: "interrupted"}).reasons, []);
});

it("notes a series whose beginning differs from the rest, and none that does not", async () => {
  const result = await runPlan(fakePlan({replications: {min: 12, max: 12}}), {workers: 0, engine});
  const shaped = (factor: (i: number) => number): typeof result => {
    const points = result.points.map((point) => ({
      ...point,
      replications: point.replications.map((samples) => ({
        ...samples,
        series: samples.series.map(({batches: _, ...series}) =>
          series.metric === "sync"
            ? {...series, exact: samplesOf(samples.replication, factor)}
            : series,
        ),
      })),
    }));
    return {...result, points};
  };
  assert.deepEqual(summaryOf(shaped(() => 1)).notes, []);
  const [note, ...others] = summaryOf(shaped((i) => 1 + 3 * Math.exp(-i / 15))).notes;
  assert.match(
    note ?? "",
    /^`thp.sync` still drifts after the warm-up: its first \d+ of 200 samples average \d+%/,
  );
  assert.deepEqual(others, []);
});

function samplesOf(replication: number, factor: (i: number) => number): Float64Array {
  const state = openStream(3, replication, "thp", "drift");
  return Float64Array.from({length: 200}, (_, i) => factor(i) * exponential(state, 0));
}

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
