import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import {smallSystem} from "../program/small-system.ts";
import {automataOf} from "./automaton.ts";
import {
  broadcastPolicy,
  rcuPolicy,
  scope,
  system,
  targetedPolicy,
} from "./sample-systems.contract.ts";
import {search} from "./search.ts";
import {taskPrograms} from "./task-program.ts";
import {Transitions} from "./transitions.ts";

function states(policy: Policy, model: "sc" | "tso", walkers: number): number {
  const world = smallSystem(system([policy]), scope(walkers + 1));
  const automata = automataOf(world, taskPrograms(world));
  const result = search(new Transitions(automata, model));
  assert.equal(result.complete, true);
  assert.deepEqual(result.bad, []);
  return result.set.size;
}

// The counts of independent models of the same protocols (a SPIN model among them): they pin down what one step is.
describe("the granularity of a step", () => {
  it("gives a broadcast under SC 31, 260, 2,269 and 20,162 states", () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((n) => states(broadcastPolicy, "sc", n)),
      [31, 260, 2269, 20162],
    );
  });

  it("gives a targeted IPI under TSO 111, 2,308 and 52,109 states", () => {
    assert.deepEqual(
      [1, 2, 3].map((n) => states(targetedPolicy, "tso", n)),
      [111, 2308, 52109],
    );
  });

  it("gives a grace period under SC 30, 194, 1,338 and 9,698 states", () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((n) => states(rcuPolicy, "sc", n)),
      [30, 194, 1338, 9698],
    );
  });
});
