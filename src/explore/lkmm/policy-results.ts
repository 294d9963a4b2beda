// What the results of a check's tasks amount to together.

import type {CheckScope} from "../../plan/check-plan.ts";
import type {InvariantId} from "../../plan/invariants.ts";
import {consistent} from "./policy-migration.ts";
import type {TaskResult} from "./task-result.ts";

type Results = readonly TaskResult[];

/** The first violation of an execution; freeing a table twice is nobody's alone. */
export function violationIn(results: Results): InvariantId | undefined {
  for (const {violation} of results) if (violation !== undefined) return violation;
  const freed = results.flatMap((result) => result.freed);
  return new Set(freed).size < freed.length ? "I10" : undefined;
}

export function isBad(results: Results): boolean {
  return violationIn(results) !== undefined;
}

/** Narrows a question to runs with no more NMIs, vCPU preemptions and migrations, over all CPUs, than the scope allows. */
export function within(
  scope: CheckScope,
  wanted: (results: Results) => boolean,
): (results: Results) => boolean {
  return (results) => {
    let nmis = 0;
    let spared = 0;
    let migrations = 0;
    for (const result of results) {
      nmis += result.nmis;
      spared += result.spared;
      migrations += result.moves.migrations;
    }
    if (nmis > scope.nmis || spared > scope.preemptions || migrations > scope.migrations)
      return false;
    return consistent(results.map(({moves}) => moves)) && wanted(results);
  };
}
