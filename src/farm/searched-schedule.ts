// A schedule for a violation that takes more than one walk and one operation to show, as of a table that several mms share: the checker looks
// for the shortest in a system of the guilty walker and of all writers of the mms that share the table with it. It shows how this walker comes
// to that violation, not in which order the timed run came to it.

import {checkCase} from "../explore/check.ts";
import type {InvariantId} from "../plan/invariants.ts";
import type {System} from "../plan/system.ts";
import {narrowSystem} from "../program/narrow-system.ts";
import {sharersOf} from "../program/sharers-of.ts";
import {mostCpus} from "../program/small-system.ts";
import type {Violation} from "../record/samples.ts";

/** Most bytes of states that a search may take, and different ways looked at for one that ends in the kind of violation asked for. */
const most = {bytes: 64_000_000, ways: 8} as const;

/** The schedule under SC; undefined where the tables of the violation are not shared, or the search finds none. */
export function searchedSchedule(system: System, violation: Violation): string | undefined {
  const walker = system.walkers.find(({name}) => name === violation.walker);
  if (walker === undefined) return undefined;
  const mms = sharersOf(system, walker.mm);
  const writers = system.writers.filter(({mm}) => mms.has(mm));
  if (mms.size < 2 || writers.length + 1 > mostCpus) return undefined;
  const {system: narrow, scope} = narrowSystem(system, {
    writers: new Set(writers.map(({name}) => name)),
    walkers: new Map([[walker.name, new Set([violation.cpu])]]),
    nmis: walker.kind === "perf" ? 1 : 0,
    preemptions: 0,
    shared: true,
  });
  const options = {answers: false, counterexamples: most.ways, maxBytes: most.bytes};
  try {
    const {counterexamples} = checkCase(
      {label: "", system: narrow},
      "safety",
      scope,
      "sc",
      options,
    );
    return counterexamples.find((trace) => violatedBy(trace) === violation.kind)?.schedule;
  } catch (error) {
    // Too large for a check, which says so in words.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function violatedBy({steps}: {readonly steps: readonly {readonly violation?: InvariantId}[]}) {
  return steps.at(-1)?.violation;
}
