// One exploration: a system cut down to a scope, its automata, all states under one operational model, and the nearest bad one.
//
// Safety of many CPUs is first tried state by state; where that grows beyond `plainBelow` states and the walkers are interchangeable, one
// walker stands for all of them, or states are taken up to exchanging walkers. What such a reduction calls unsafe is explored plainly
// again, so that a counterexample is always a real interleaving.

import type {CheckProperty, CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {smallSystem} from "../program/small-system.ts";
import {automataOf} from "./automaton.ts";
import type {OperationalModel} from "./operational-model.ts";
import {type SearchOptions, type SearchResult, search} from "./search.ts";
import {stuckStates} from "./stuck.ts";
import {reductionOf} from "./symmetry.ts";
import {taskPrograms} from "./task-program.ts";
import {Transitions} from "./transitions.ts";

export interface ExploreOptions extends SearchOptions {
  /** States explored plainly before a reduction is tried; default 300,000. */
  readonly plainBelow?: number;
}

/** What an exploration found, before anything is said about it. */
export interface Exploration {
  readonly transitions: Transitions;
  readonly result: SearchResult;
  /** Number of the bad state nearest to the start; -1: none was found. */
  readonly target: number;
  /** How states were saved; absent: not at all. */
  readonly reduction?: "symmetry" | "cut-off";
  /** Whether one walker stands for any number of them, so that a safe verdict holds for any number of CPUs. */
  readonly anyNumber: boolean;
}

/** The transitions of a system under a model, ready to be explored or followed. */
export function transitionsOf(
  system: System,
  scope: CheckScope,
  model: OperationalModel,
): Transitions {
  const world = smallSystem(system, scope);
  return new Transitions(automataOf(world, taskPrograms(world)), model);
}

/** Explores one system. Throws a `RangeError` in the user's terms when the scope or the policy cannot be explored. */
export function explore(
  system: System,
  property: CheckProperty,
  scope: CheckScope,
  model: OperationalModel,
  options: ExploreOptions = {},
): Exploration {
  if (property !== "safety") {
    const transitions = transitionsOf(system, scope, model);
    const result = search(transitions, {...options, exhaustive: true});
    const target = result.complete ? stuckStates(transitions, result, property).state : -1;
    return {transitions, result, target, anyNumber: false};
  }
  const reduction = scope.cpus > 2 ? reductionOf(system, scope, model) : undefined;
  const anyNumber = reduction?.cutOff === true;
  const plain = (most?: number): Exploration => {
    const transitions = transitionsOf(system, scope, model);
    const limit = most === undefined ? {} : {maxStates: Math.min(most, options.maxStates ?? most)};
    const result = search(transitions, {...options, ...limit});
    return {transitions, result, target: result.bad[0] ?? -1, anyNumber};
  };
  if (reduction === undefined) return plain();
  const below = options.plainBelow ?? 300_000;
  const first = plain(below);
  const cut = first.result.stopped === "states" && (options.maxStates ?? Infinity) > below;
  if (!cut) return first;
  if (anyNumber) {
    const transitions = transitionsOf(system, {...scope, cpus: 2}, model);
    const result = search(transitions, options);
    if (result.bad.length === 0)
      return {transitions, result, target: -1, reduction: "cut-off", anyNumber};
  }
  const {transitions} = reduction;
  const result = search(transitions, options);
  if (result.bad.length === 0)
    return {transitions, result, target: -1, reduction: "symmetry", anyNumber};
  return plain();
}
