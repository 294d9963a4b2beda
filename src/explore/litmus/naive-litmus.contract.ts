// A litmus test judged by the oracle: runs of the threads over all values that are stored, every way to combine them, every candidate over
// each combination.

import assert from "node:assert/strict";
import type {Event} from "../lkmm/event.ts";
import {tag} from "../lkmm/event.ts";
import {naiveCandidates, naiveCount, naiveVerdict} from "../lkmm/naive-lkmm.contract.ts";
import {type Readable, runs, TooManyRuns, type Trace} from "../lkmm/recorder.ts";
import {evaluateLitmus, valueName} from "./evaluate-litmus.ts";
import type {LitmusTest} from "./litmus-test.ts";
import {litmusThread, type Registers} from "./litmus-thread.ts";
import {readLitmus} from "./read-litmus.ts";
import {thinAirValues} from "./thin-air-values.ts";

interface NaiveAnswer {
  /** Final states, each with the number of executions that end in it. */
  readonly states: ReadonlyMap<string, number>;
  /** Of the data-race part only. */
  readonly flags: readonly string[];
  readonly candidates: number;
}

/** Flags that are not of the data-race part. */
const wellFormed = /^(unmatched|multiple|bad|invalid)/;

/** Fails where the model under test and the oracle differ; false where the test is too large for the oracle. */
export function againstOracle(text: string, limit: number): boolean {
  const test = readLitmus(text);
  const oracle = naiveLitmus(test, limit);
  if (oracle === undefined) return false;
  const verdict = evaluateLitmus(test);
  assert.deepEqual(verdict.states, [...oracle.states.keys()].sort(), text);
  const executions = [...oracle.states.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(verdict.satisfying + verdict.others, executions, text);
  const racing = verdict.flags.filter((flag) => !wellFormed.test(flag));
  assert.deepEqual(racing, oracle.flags, text);
  return true;
}

/** Undefined where more than `limit` candidates would have to be judged. */
function naiveLitmus(test: LitmusTest, limit: number): NaiveAnswer | undefined {
  const traces = settled(test);
  if (traces === undefined) return undefined;
  const states = new Map<string, number>();
  const flags = new Set<string>();
  let candidates = 0;
  for (const combination of combinations(traces)) {
    const events = combination.map((trace) => trace.events);
    if (!readable(events.flat(), test.initial)) continue;
    candidates += naiveCount(events, test.initial);
    if (candidates > limit) return undefined;
    for (const candidate of naiveCandidates(events, test.initial)) {
      const verdict = naiveVerdict(candidate);
      if (!verdict.allowed) continue;
      for (const flag of verdict.flags) flags.add(flag);
      const state = test.shown
        .map(({thread, register, variable}) => {
          if (thread >= 0) {
            const {result} = combination[thread] as Trace<Registers>;
            const value = result.get(register) ?? 0;
            return `${thread}:${register}=${valueName(test, value)};`;
          }
          const last = candidate.events[candidate.last[variable] as number] as Event;
          return `[${test.variables[variable]}]=${valueName(test, last.value)};`;
        })
        .join(" ");
      states.set(state, (states.get(state) ?? 0) + 1);
    }
  }
  return {states, flags: [...flags].sort(), candidates};
}

type Run = Trace<Registers | undefined>;

/** The runs of every thread over all values that can be in a variable: a value needs no more rounds than an execution has stores. */
function settled(test: LitmusTest): Run[][] | undefined {
  try {
    return settledWithin(test);
  } catch (error) {
    if (error instanceof TooManyRuns) return undefined;
    throw error;
  }
}

function settledWithin(test: LitmusTest): Run[][] {
  const guesses = thinAirValues(test);
  const domains = test.initial.map((value, at) => new Set([value, ...(guesses[at] ?? [])]));
  for (let round = 0; ; round++) {
    let grown = false;
    const traces = test.threads.map((thread) =>
      runs(
        litmusThread(thread),
        everything(domains.map((domain) => [...domain])),
        5000,
        (events) => {
          for (const {tags, location, value} of events) {
            if ((tags & tag.write) === 0) continue;
            grown ||= !domains[location]?.has(value);
            domains[location]?.add(value);
          }
        },
      ),
    );
    if (!grown || round > 8) return traces;
  }
}

/** Any value that anybody stores may be loaded: the oracle leaves to its axioms what coherence rules out. */
function everything(domains: readonly (readonly number[])[]): Readable {
  return {locations: domains.length, at: (location) => domains[location] as readonly number[]};
}

function* combinations(traces: readonly (readonly Run[])[]): Generator<readonly Run[]> {
  const [first, ...rest] = traces;
  if (first === undefined) yield [];
  else for (const one of first) for (const more of combinations(rest)) yield [one, ...more];
}

/** Whether every load finds a store of its value. */
function readable(events: readonly Event[], initial: readonly number[]): boolean {
  return events.every(
    (load) =>
      (load.tags & tag.read) === 0 ||
      initial[load.location] === load.value ||
      events.some(
        (store) =>
          (store.tags & tag.write) !== 0 &&
          store.location === load.location &&
          store.value === load.value,
      ),
  );
}
