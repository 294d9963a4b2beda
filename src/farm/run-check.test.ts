import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {
  broadcastPolicy,
  policy,
  rcuPolicy,
  scope,
  system,
  targetedPolicy,
} from "../explore/sample-systems.contract.ts";
import type {CheckPlan} from "../plan/check-plan.ts";
import type {Policy} from "../plan/policy.ts";
import {runCheck} from "./run-check.ts";

function plan(cpus: number, policies: readonly Policy[]): CheckPlan {
  return {
    format: 1,
    property: "safety",
    scenario: "tiny",
    scope: scope(cpus),
    model: "tso",
    cases: policies.map((one) => ({label: one.name, system: system([one])})),
  };
}

describe("runCheck", () => {
  it("answers every case on its thread", async () => {
    const none = policy("none", {sync: []});
    const {result, refused} = await runCheck(plan(2, [none, broadcastPolicy, rcuPolicy]));
    assert.deepEqual(refused, []);
    assert.deepEqual(
      result.verdicts.map((verdict) => [verdict.label, verdict.outcome]),
      [
        ["none", "sometimes"],
        ["broadcast", "never"],
        ["rcu", "never"],
      ],
    );
  });

  it("says unknown, never safe, of a case that was interrupted", async () => {
    const stop = new AbortController();
    const {result, interrupted} = await runCheck(plan(5, [targetedPolicy]), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    assert.equal(interrupted, true);
    for (const verdict of result.verdicts) assert.equal(verdict.outcome, "unknown");
  });
});
