// Control variates in whole runs: the fake engine's mean is known to be the duration of its system, and all it measures follows from the
// same samples.
import assert from "node:assert/strict";
import {it} from "node:test";
import type {ExpectExpr, MeasureExpr} from "../plan/measure.ts";
import type {Control, Plan} from "../plan/plan.ts";
import {fakeEngine as engine, fakePlan, mean} from "./fake-engine.contract.ts";
import type {RunResult} from "./result.ts";
import {runPlan} from "./run-plan.ts";
import {summaryOf} from "./summary.ts";

const control: Control = {expr: mean, known: [100, 110, 300]};
const tail: MeasureExpr = {...mean, aggregator: "quantile", q: 0.9};
const base: MeasureExpr = {op: "at", select: {policy: "p100"}, of: tail};
const number = (value: number): MeasureExpr => ({op: "number", value});

const compared: Partial<Plan> = {
  replications: {min: 30, max: 30},
  measures: [{name: "tail", expr: tail, unit: "ns"}],
  compare: [{axis: "policy", against: "p100"}],
};

async function bothWays(overrides: Partial<Plan>): Promise<[RunResult, RunResult]> {
  const plain = await runPlan(fakePlan(overrides), {workers: 0, engine});
  const controlled = await runPlan(fakePlan({...overrides, control}), {workers: 0, engine});
  return [plain, controlled];
}

function width({lo, hi}: {readonly lo: number; readonly hi: number}): number {
  return hi - lo;
}

it("narrows paired differences and ratios, of common random numbers and of independent ones", async () => {
  for (const streams of ["common", "independent"] as const) {
    const [plain, controlled] = await bothWays({...compared, streams});
    for (const [i, one] of controlled.comparisons.entries()) {
      const before = plain.comparisons[i];
      assert.ok(before !== undefined && before.gain === undefined);
      assert.ok(one.gain !== undefined && one.gain > 1.5, `${streams}: ${one.gain}`);
      assert.ok(width(one.difference) < 0.9 * width(before.difference));
      // Under common random numbers the ratio does not vary at all.
      if (streams === "independent") assert.ok(width(one.ratio) < 0.9 * width(before.ratio));
      assert.equal(one.difference.n, 30);
    }
  }
});

it("decides expectations that are left open without, and says in the verdict what was controlled", async () => {
  const expr: ExpectExpr = {op: "<", left: tail, right: number(236)};
  const itself: ExpectExpr = {op: "within", left: tail, tolerance: 0.02};
  const overrides: Partial<Plan> = {
    replications: {min: 40, max: 40},
    streams: "independent",
    expectations: [expr, itself].map((one, i) => ({text: `${i}`, expr: one, points: [0]})),
  };
  const [plain, controlled] = await bothWays(overrides);
  assert.deepEqual(
    plain.expectations.map(({outcome}) => outcome),
    ["inconclusive", "inconclusive"],
  );
  assert.deepEqual(
    controlled.expectations.map(({outcome}) => outcome),
    ["pass", "pass"],
  );
  assert.match(plain.expectations[0]?.because ?? "", /\(n=40, policy: p100\)/);
  assert.match(controlled.expectations[0]?.because ?? "", /\(n=40, controlled, policy: p100\)/);
});

it("decides what follows from the known mean alone, and nothing by rounding", async () => {
  const is = (op: "==" | "<" | "<=", value: number): ExpectExpr => ({
    op,
    left: mean,
    right: number(value),
  });
  const exprs = [is("==", 110), is("<", 110), is("<=", 110), is("==", 111)];
  const expectations = exprs.map((expr, i) => ({text: `${i}`, expr, points: [1]}));
  const [plain, controlled] = await bothWays({expectations});
  assert.ok(plain.expectations.every(({outcome}) => outcome === "inconclusive"));
  assert.deepEqual(
    controlled.expectations.map(({outcome}) => outcome),
    ["pass", "fail", "pass", "fail"],
  );
});

it("lets a rule that compares points stop sooner, at the same replications for any number of workers", async () => {
  const ratio: MeasureExpr = {op: "/", left: tail, right: base};
  const overrides: Partial<Plan> = {
    replications: {min: 5, max: 400},
    streams: "independent",
    until: [{expr: ratio, text: "ratio", tolerance: 0.02, confidence: 0.95}],
  };
  const [plain, controlled] = await bothWays(overrides);
  const sizes = ({points}: RunResult) => points.map(({replications}) => replications.length);
  for (const point of [1, 2]) {
    assert.ok((sizes(controlled)[point] as number) < (sizes(plain)[point] as number));
  }
  const again = await runPlan(fakePlan({...overrides, control}), {workers: 2, engine});
  assert.deepEqual(again, controlled);
});

it("says what was controlled and what that was worth, or that nothing could be", async () => {
  const [plain, controlled] = await bothWays({
    ...compared,
    measures: [
      {name: "tail", expr: tail, unit: "ns"},
      {name: "sync", expr: mean, unit: "ns"},
    ],
  });
  assert.deepEqual(summaryOf(plain).reasons, []);
  const [what, worth] = summaryOf(controlled).reasons;
  assert.equal(
    what,
    "controlled by the arrivals of `thp`: means over replications, their differences and ratios, verdicts and stopping rules",
  );
  assert.match(
    worth ?? "",
    /^worth so many times the replications: `tail` [\d.]+( to [\d.]+)?, `sync` exact; in differences `tail` [\d.]+( to [\d.]+)?, `sync` exact$/,
  );
  const few = fakePlan({control, replications: {min: 2, max: 2}});
  const [nothing, ...others] = summaryOf(await runPlan(few, {workers: 0, engine})).reasons;
  assert.match(nothing ?? "", /; nothing could be, with fewer than 3 replications/);
  assert.deepEqual(others, []);
});
