// The checker and the timed engine interpret the same Code apart from each other. Here they take the same moves side by side: after each
// move they must be in the same state, cell by cell, and call the same moves possible.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {scheduleText} from "../program/schedule.ts";
import {Lockstep} from "./lockstep.contract.ts";
import {type RandomCase, randomCases} from "./random-case.contract.ts";

const runs = Number(process.env["QUIESCE_LOCKSTEP_RUNS"] ?? 150);
const seed = Number(process.env["QUIESCE_LOCKSTEP_SEED"] ?? 5);

function lockstepOf({system, scope, model}: RandomCase): Lockstep | undefined {
  try {
    return new Lockstep(system, scope, model);
  } catch (error) {
    // Too large for a check, or not one at all: it says so in words.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

describe("the checker and the timed engine, step by step", () => {
  it("are in the same state after every move of a random walk, and call the same moves possible", () => {
    let moves = 0;
    let cases = 0;
    const violated = new Set<string>();
    fc.assert(
      fc.property(
        randomCases,
        fc.array(fc.nat(1_000_000), {minLength: 60, maxLength: 60}),
        (one, choices) => {
          const both = lockstepOf(one);
          if (both === undefined) return;
          cases++;
          for (const choice of choices) {
            const said = (): string =>
              scheduleText({model: one.model, moves: []}) + both.taken.join(" ");
            assert.deepEqual(both.differences(), [], said());
            if (both.violated !== undefined) {
              violated.add(both.violated);
              break;
            }
            assert.deepEqual(both.disagreements(), [], said());
            const next = both.successors();
            if (next.length === 0) break;
            both.take(next[choice % next.length] as (typeof next)[number]);
            moves++;
          }
        },
      ),
      {numRuns: runs, seed},
    );
    assert.ok(moves > 20 * runs, `${moves} moves in ${cases} cases`);
    assert.ok(violated.size >= 3, `violations met: ${[...violated].join(" ")}`);
  });
});
