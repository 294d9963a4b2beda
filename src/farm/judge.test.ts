import assert from "node:assert/strict";
import {it} from "node:test";
import type {ExpectExpr, MeasureExpr} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {fakeEngine as engine, fakePlan, ipis, mean} from "./fake-engine.contract.ts";
import type {ExpectationResult} from "./result.ts";
import {runPlan} from "./run-plan.ts";

const number = (value: number): MeasureExpr => ({op: "number", value});
const base: MeasureExpr = {op: "at", select: {policy: "p100"}, of: mean};

async function verdicts(
  exprs: readonly ExpectExpr[],
  points: readonly number[],
  overrides: Partial<Plan> = {},
): Promise<readonly ExpectationResult[]> {
  const expectations = exprs.map((expr, i) => ({text: `expectation ${i}`, expr, points}));
  const plan = fakePlan({expectations, replications: {min: 20, max: 20}, ...overrides});
  return (await runPlan(plan, {workers: 0, engine})).expectations;
}

async function outcomes(...exprs: ExpectExpr[]): Promise<string[]> {
  return (await verdicts(exprs, [0])).map((verdict) => verdict.outcome);
}

it("a bound is passed, failed, or too close to call", async () => {
  assert.deepEqual(
    await outcomes(
      {op: "<", left: mean, right: number(120)},
      {op: "<", left: mean, right: number(80)},
      {op: "<", left: mean, right: number(100)},
      {op: ">", left: mean, right: number(80)},
      {op: "!=", left: mean, right: number(80)},
      {op: "==", left: mean, right: number(80)},
    ),
    ["pass", "fail", "inconclusive", "pass", "pass", "fail"],
  );
});

it("numbers that do not vary are decided exactly", async () => {
  assert.deepEqual(
    await outcomes(
      {op: "==", left: ipis, right: number(63)},
      {op: "==", left: ipis, right: number(62)},
      {op: "<=", left: ipis, right: number(63)},
      {op: "<", left: ipis, right: number(63)},
      {op: "!=", left: ipis, right: number(63)},
    ),
    ["pass", "fail", "pass", "fail", "fail"],
  );
});

it("common random numbers decide a small difference that independent ones do not", async () => {
  const faster: ExpectExpr = {
    op: "<",
    left: mean,
    right: {op: "*", left: base, right: number(1.005)},
  };
  const slower: ExpectExpr = {
    op: ">",
    left: mean,
    right: {op: "*", left: base, right: number(1.09)},
  };
  assert.deepEqual(
    (await verdicts([faster], [0])).map((one) => one.outcome),
    ["pass"],
  );
  assert.equal((await verdicts([slower], [1]))[0]?.outcome, "pass");
  const independent = await verdicts([slower], [1], {streams: "independent"});
  assert.equal(independent[0]?.outcome, "inconclusive");
});

it("within a tolerance of a reference is shown, refuted, or left open", async () => {
  const within = (tolerance: number, reference?: MeasureExpr): ExpectExpr => {
    return {op: "within", left: mean, tolerance, ...(reference ? {reference} : {})};
  };
  const [near, far, open] = await verdicts(
    [within(0.15, base), within(0.05, base), within(0.1, number(108))],
    [1],
  );
  assert.deepEqual([near?.outcome, far?.outcome, open?.outcome], ["pass", "fail", "pass"]);
  assert.deepEqual(await outcomes(within(0.1), within(0.001)), ["pass", "inconclusive"]);
});

it("and, or and not combine three values", async () => {
  const yes: ExpectExpr = {op: "<", left: mean, right: number(150)};
  const no: ExpectExpr = {op: ">", left: mean, right: number(150)};
  const open: ExpectExpr = {op: "<", left: mean, right: number(100)};
  const two = (op: "and" | "or", left: ExpectExpr, right: ExpectExpr): ExpectExpr => ({
    op,
    left,
    right,
  });
  assert.deepEqual(
    await outcomes(
      two("and", yes, yes),
      two("and", yes, no),
      two("and", yes, open),
      two("and", no, open),
      two("or", yes, open),
      two("or", no, open),
      {op: "not", of: yes},
      {op: "not", of: open},
    ),
    ["pass", "fail", "inconclusive", "fail", "pass", "inconclusive", "fail", "inconclusive"],
  );
});

it("a verdict shows both sides with value, interval, number and point", async () => {
  const [bound, paired] = await verdicts(
    [
      {op: "<", left: mean, right: number(50)},
      {op: ">", left: mean, right: base},
    ],
    [2],
    {replications: {min: 40, max: 40}},
  );
  assert.match(
    bound?.because ?? "",
    /^mean\(thp\.sync\) = \d{3}\.\dns ±[\d.]+ns \(n=40, policy: p300\) {2}< {2}50ns {2}-> fail$/,
  );
  assert.match(
    paired?.because ?? "",
    /> {2}mean\(thp\.sync\) = [\d.]+ns ±[\d.]+ns \(n=40, policy: p100\), difference [\d.]+ns ±.* -> pass$/,
  );
  // Holm: the clearer of the two is tested at half the error probability, then the other at all of it.
  const confidences = [bound?.confidence ?? 0, paired?.confidence ?? 0].sort();
  assert.ok(Math.abs((confidences[0] ?? 0) - 0.95) < 1e-12);
  assert.ok(Math.abs((confidences[1] ?? 0) - 0.975) < 1e-12);
});

it("a claim that names its points itself is judged once, whatever the points it is asked of", async () => {
  const at = (policy: string): MeasureExpr => ({op: "at", select: {policy}, of: mean});
  const named: ExpectExpr = {op: "<", left: at("p100"), right: at("p300")};
  const [first, ...others] = await verdicts([named], [0, 1, 2]);
  assert.equal(first?.outcome, "pass");
  assert.equal(first?.confidence, 1 - (1 - 0.95));
  assert.deepEqual(others, []);
  const open: ExpectExpr = {op: "<", left: mean, right: at("p300")};
  assert.equal((await verdicts([open], [0, 1])).length, 2);
});

it("one replication, or none with data, decides nothing", async () => {
  const expr: ExpectExpr = {op: "<", left: mean, right: number(1e9)};
  const [one] = await verdicts([expr], [0], {replications: {min: 1, max: 1}});
  assert.equal(one?.outcome, "inconclusive");
  const nothing = {...mean, entity: "nobody"};
  const [none] = await verdicts([{op: "<", left: nothing, right: number(1)}], [0]);
  assert.equal(none?.outcome, "inconclusive");
  assert.equal(none?.because, "mean(nobody.sync) = no data  <  1ns  -> inconclusive");
});
