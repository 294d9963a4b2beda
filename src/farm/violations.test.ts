import assert from "node:assert/strict";
import {it} from "node:test";
import {nonePolicy} from "../machine/laboratory.ts";
import {systemAt} from "../plan/point.ts";
import {systemOfSchedule} from "../program/narrow-system.ts";
import {parseSchedule} from "../program/schedule.ts";
import {violationWords} from "../session/event-words.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {replayBoth} from "./replay.ts";
import {runPlan} from "./run-plan.ts";
import {violationsOf} from "./violations.ts";

it("gives the first violation of each kind as a schedule that both interpreters run to it", async () => {
  const plan = laboratoryPlan([8], 2_000_000);
  const [, targeted] = plan.points;
  assert.ok(targeted !== undefined);
  const unsafe = {
    ...plan,
    points: plan.points.map((point) => ({
      ...point,
      patches: [
        {path: ["policies", 0], value: nonePolicy()},
        {path: ["writers", 0, "policy"], value: "none"},
      ],
    })),
  } as typeof plan;
  const result = await runPlan(unsafe, {workers: 0});
  const [violation, ...others] = violationsOf(result);
  assert.equal(others.length, 0);
  assert.equal(violation?.kind, "I1");
  assert.equal(violation.point, 0);
  assert.ok(violation.count > 10);
  const {schedule = ""} = violation;
  const {system, scope} = systemOfSchedule(systemAt(result.plan, 0), parseSchedule(schedule));
  const names = {label: "none", scenario: "lab"};
  assert.equal(replayBoth(system, scope, schedule, names).violation, "I1");
  const words = violationWords(result);
  assert.match(words[0] ?? "", /^\d+ safety violations in the timed runs: I1, use after free/);
  assert.match(words[1] ?? "", /first: walker \w+ on CPU \d against writer thp after/);
  assert.equal(words[2], `    replay: ${schedule}`);
});

it("says nothing of a run without violations", async () => {
  const result = await runPlan(laboratoryPlan([2], 200_000), {workers: 0});
  assert.deepEqual(violationsOf(result), []);
  assert.deepEqual(violationWords(result), []);
});
