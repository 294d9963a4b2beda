// Schedules that one interpreter found, run by the other: counterexamples of the checker in the timed engine, violations of timed runs in
// both.
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import fc from "fast-check";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import {
  exponentially,
  freeMachine,
  mmOf,
  nonePolicy,
  systemOf,
  walkerOf,
  writerOf,
} from "../machine/laboratory.ts";
import {runSchedule} from "../machine/schedule/run-schedule.ts";
import {violationSchedule} from "../machine/schedule/violation-schedule.ts";
import {simulate} from "../machine/simulate.ts";
import type {System} from "../plan/system.ts";
import {systemOfSchedule} from "../program/narrow-system.ts";
import {parseSchedule} from "../program/schedule.ts";
import {checkCase, replay} from "./check.ts";
import {isOperational} from "./operational-model.ts";
import {randomCases} from "./random-case.contract.ts";

const folder = new URL("../../../grammar/catalogue/", import.meta.url);

/** What a schedule violates in the smallest system for it, by both interpreters. */
function replayed(whole: System, schedule: string): {engine?: string; checker?: string} {
  const {system, scope} = systemOfSchedule(whole, parseSchedule(schedule));
  const engine = runSchedule(system, scope, schedule).violation;
  const checker = replay(system, scope, schedule).steps.at(-1)?.violation;
  return {
    ...(engine === undefined ? {} : {engine}),
    ...(checker === undefined ? {} : {checker}),
  };
}

describe("a counterexample of the checker", () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".quiesce"))) {
    it(`${name}: is the same violation in the timed engine, step by step`, () => {
      const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
      const {environment, commands} = checkText(source, startingEnvironment());
      let replays = 0;
      for (const command of commands) {
        const {plan} = planCheckCommand(environment, command as never, source);
        assert.ok(plan !== undefined);
        if (!isOperational(plan.model) || plan.property !== "safety") continue;
        for (const one of plan.cases) {
          const found = checkCase(one, "safety", plan.scope, plan.model, {answers: false});
          for (const {schedule, steps} of found.counterexamples) {
            const timed = runSchedule(one.system, plan.scope, schedule);
            assert.equal(timed.violation, steps.at(-1)?.violation, `${one.label}: ${schedule}`);
            assert.equal(timed.steps.length, steps.length);
            replays++;
          }
        }
      }
      const unsafe = /expect unsafe/.test(source.text) && /safety/.test(source.text);
      assert.ok(replays > 0 || !unsafe, `${replays} replays`);
    });
  }

  it("is the same violation in the timed engine, on random systems too", () => {
    const violated = new Set<string>();
    fc.assert(
      fc.property(randomCases, ({system, scope, model}) => {
        let found: ReturnType<typeof checkCase>;
        try {
          const limits = {answers: false, maxStates: 30_000, plainBelow: 30_000};
          found = checkCase({label: "random", system}, "safety", scope, model, limits);
        } catch (error) {
          // Too large to be explored at all.
          if (error instanceof RangeError) return;
          throw error;
        }
        for (const {schedule, steps} of found.counterexamples) {
          const violation = steps.at(-1)?.violation;
          assert.equal(runSchedule(system, scope, schedule).violation, violation, schedule);
          violated.add(violation ?? "");
        }
      }),
      {numRuns: 40, seed: 3},
    );
    assert.ok(violated.size >= 4, [...violated].join(" "));
  });
});

describe("a violation of a timed run", () => {
  it("is the same violation in the checker and in the scheduled engine, wherever a schedule can be given", () => {
    const options = {seed: 7, replication: 0};
    const given = new Map<string, number>();
    let without = 0;
    fc.assert(
      fc.property(randomCases, (one) => {
        const system = {...one.system, duration: 300_000};
        for (const violation of simulate(system, options).violations) {
          const schedule = violationSchedule(system, violation, options);
          if (schedule === undefined) {
            without++;
            continue;
          }
          const both = {engine: violation.kind, checker: violation.kind};
          assert.deepEqual(replayed(system, schedule), both, schedule);
          given.set(violation.kind, (given.get(violation.kind) ?? 0) + 1);
        }
      }),
      {numRuns: 120, seed: 1},
    );
    assert.deepEqual([...given.keys()].sort(), ["I1", "I2", "I3", "I4", "I5"]);
    const all = [...given.values()].reduce((sum, count) => sum + count, 0);
    // What is left are writers in contexts that only a check knows, and locks taken twice.
    assert.ok(without <= all / 10, `${without} without a schedule, ${all} with`);
  });

  it("is found in the walk and the operation that are guilty, among many", () => {
    const system = systemOf({
      machine: freeMachine(16, {}, {xchg: 20, store: 2, load: 1, "irq.save": 3}),
      policies: [nonePolicy()],
      duration: 2_000_000,
      mms: [mmOf("app", [[0, 15]])],
      walkers: [
        walkerOf({
          on: [[1, 15]],
          cadence: {kind: "closed", think: exponentially(20_000)},
          hold: exponentially(300),
          revalidate: "none",
        }),
      ],
      writers: [
        writerOf({on: 0, cadence: {kind: "closed", think: exponentially(10_000)}, policy: "none"}),
      ],
    });
    const options = {seed: 5, replication: 3};
    const [violation] = simulate(system, options).violations;
    assert.equal(violation?.kind, "I1");
    const schedule = violationSchedule(system, violation, options) ?? "";
    const {cpu} = violation;
    assert.equal(schedule, `quiesce-schedule 1 sc: gup@${cpu}*2 writer@0*2 gup@${cpu}`);
    assert.deepEqual(replayed(system, schedule), {engine: "I1", checker: "I1"});
  });
});
