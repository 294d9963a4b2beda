// A litmus test's answer: the final states under a memory model, and how many executions satisfy the condition.

import type {MemoryModel} from "../../plan/check-plan.ts";
import {type Enumeration, type Execution, enumerate} from "../lkmm/enumerate.ts";
import type {Flag} from "../lkmm/lkmm-model.ts";
import {addressBase} from "../lkmm/recorder.ts";
import type {LitmusTest, Observable, Proposition} from "./litmus-test.ts";
import {litmusThread, type Registers} from "./litmus-thread.ts";
import {placesOf, satisfies} from "./read-condition.ts";
import {thinAirValues} from "./thin-air-values.ts";

export interface LitmusVerdict {
  readonly name: string;
  readonly model: MemoryModel;
  /** One line a final state, sorted: `0:r0=1; [x]=2;`. */
  readonly states: readonly string[];
  /** Executions that satisfy the condition's proposition, and that do not. */
  readonly satisfying: number;
  readonly others: number;
  readonly observation: "Never" | "Sometimes" | "Always";
  /** Whether the condition, with its quantifier, holds. */
  readonly holds: boolean;
  readonly flags: readonly Flag[];
  /** An execution that satisfies the proposition, if there is one. */
  readonly witness?: Execution<Registers>;
  readonly enumeration: Enumeration;
}

/** Evaluates a test; LKMM if no model is given. Throws `TooManyRuns`, `TooManyEvents`, `BadAddress`. */
export function evaluateLitmus(test: LitmusTest, model: MemoryModel = "lkmm"): LitmusVerdict {
  const states = new Set<string>();
  const flags = new Set<Flag>();
  let satisfying = 0;
  let others = 0;
  let witness: Execution<Registers> | undefined;
  const program = {
    threads: test.threads.map(litmusThread),
    initial: test.initial,
    guesses: thinAirValues(test),
  };
  const {filter} = test;
  // A filter on registers alone is decided before anybody says who reads from whom.
  const early = filter !== undefined && placesOf(filter).every(({thread}) => thread >= 0);
  const wanted = (results: readonly Registers[]): boolean =>
    satisfies(filter as Proposition, (place) => registerOf(results, place));
  const options = early ? {model, wanted} : {model};
  const enumeration = enumerate(program, options, (execution) => {
    const finalOf = (place: Observable): number => finalValue(test, execution, place);
    if (filter !== undefined && !early && !satisfies(filter, finalOf)) return true;
    const state = test.shown
      .map((place) => `${placeName(test, place)}=${valueName(test, finalOf(place))};`)
      .join(" ");
    states.add(state);
    if (satisfies(test.condition, finalOf)) {
      satisfying++;
      witness ??= execution;
    } else others++;
    for (const flag of execution.allowed.flags) flags.add(flag);
    return true;
  });
  const holds =
    test.quantifier === "exists"
      ? satisfying > 0
      : test.quantifier === "forall"
        ? others === 0
        : satisfying === 0;
  return {
    name: test.name,
    model,
    states: [...states].sort(),
    satisfying,
    others,
    observation: satisfying === 0 ? "Never" : others === 0 ? "Always" : "Sometimes",
    holds,
    flags: [...flags].sort(),
    ...(witness === undefined ? {} : {witness}),
    enumeration,
  };
}

function registerOf(results: readonly Registers[], {thread, register}: Observable): number {
  return results[thread].get(register) ?? 0;
}

/** The value of a register, or what the last store to a variable left there. */
function finalValue(
  test: LitmusTest,
  {results, communication, skeleton}: Execution<Registers>,
  place: Observable,
): number {
  if (place.thread >= 0) return registerOf(results, place);
  const last = communication.last[place.variable];
  return last < 0 ? test.initial[place.variable] : skeleton.events[last].value;
}

function placeName(test: LitmusTest, {thread, register, variable}: Observable): string {
  return thread < 0 ? `[${test.variables[variable]}]` : `${thread}:${register}`;
}

/** A number, or the name of the variable whose address it is. */
export function valueName(test: LitmusTest, value: number): string {
  return test.variables[value - addressBase] ?? String(value);
}

/** The verdict in herd's words, line by line. */
export function litmusReport(test: LitmusTest, verdict: LitmusVerdict): string {
  const asked = {exists: "Allowed", "~exists": "Forbidden", forall: "Required"}[test.quantifier];
  const {satisfying, others} = verdict;
  // A witness of `~exists` is an execution that does not satisfy the proposition.
  const [positive, negative] =
    test.quantifier === "~exists" ? [others, satisfying] : [satisfying, others];
  return [
    `Test ${test.name} ${asked}`,
    `States ${verdict.states.length}`,
    ...verdict.states,
    verdict.holds ? "Ok" : "No",
    "Witnesses",
    `Positive: ${positive} Negative: ${negative}`,
    ...verdict.flags.map((flag) => `Flag ${flag}`),
    `Condition ${test.conditionText}`,
    `Observation ${test.name} ${verdict.observation} ${satisfying} ${others}`,
    "",
  ].join("\n");
}
