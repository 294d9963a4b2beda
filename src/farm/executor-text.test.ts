import assert from "node:assert/strict";
import {it} from "node:test";
import {fencePolicy} from "../machine/laboratory.ts";
import type {Plan} from "../plan/plan.ts";
import {executorText} from "./executor-text.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {runPlan} from "./run-plan.ts";
import {summaryOf} from "./summary.ts";

const once = {min: 1, max: 1};
/** The first points of the laboratory's plan; those of `stepped` with hooks that walks must be stepped for. */
function planOf(
  executor: "closed" | "equilibrium",
  count: number,
  stepped: readonly number[],
): Plan {
  const plan = laboratoryPlan([4], 2e6, {executor, replications: once, measures: [], compare: []});
  const fence = fencePolicy();
  const points = plan.points.slice(0, count).map((point, p) => ({
    ...point,
    patches: stepped.includes(p)
      ? [
          {path: ["policies", 0], value: fence},
          {path: ["writers", 0, "policy"], value: fence.name},
        ]
      : point.patches,
  }));
  return {...plan, points};
}

for (const [executor, all, none] of [
  ["closed", "closed form: equal in law", "closed form asked for, every walk walked"],
  [
    "equilibrium",
    "walkers in equilibrium: equal in law, their time in accounts expected",
    "walkers in equilibrium asked for, every walk walked",
  ],
] as const) {
  it(`says at which points it passed over walks: ${executor}`, async () => {
    const told = async (count: number, stepped: readonly number[]) => {
      const result = await runPlan(planOf(executor, count, stepped), {workers: 0});
      return [executorText(result), summaryOf(result).notes] as const;
    };
    assert.deepEqual(await told(2, []), [all, []]);
    const [text, [note, ...others]] = await told(3, [1, 2]);
    assert.equal(text, all.replace(":", " at 1 of 3 points:"));
    assert.match(
      note ?? "",
      /passed over nothing at 2 of 3 points \(the first is policy: \w+, readers: 4\): hooks that depend on the moment/,
    );
    assert.deepEqual(others, []);
    assert.match((await told(2, [0]))[1][0] ?? "", /passed over nothing at policy: /);
    const [nothing, notes] = await told(1, [0]);
    assert.equal(nothing, none);
    assert.match(notes[0] ?? "", /^`executor: \w+` passed over nothing: hooks/);
  });
}

it("says nothing of executors that walk every walk", async () => {
  const {executor: _, ...plan} = planOf("closed", 1, []);
  const result = await runPlan(plan, {workers: 0});
  assert.equal(executorText(result), undefined);
  assert.deepEqual(summaryOf(result).notes, []);
});
