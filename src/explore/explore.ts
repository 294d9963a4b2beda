// One exploration: a system cut down to a scope, its automata, all states under one operational model, and the nearest bad one.

import type {CheckProperty, CheckScope, MemoryModel} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {automataOf} from "./automaton.ts";
import {type SearchOptions, type SearchResult, search} from "./search.ts";
import {smallSystem} from "./small-system.ts";
import {stuckStates} from "./stuck.ts";
import {taskPrograms} from "./task-program.ts";
import {Transitions} from "./transitions.ts";

export type OperationalModel = Exclude<MemoryModel, "lkmm">;

export function isOperational(model: string): model is OperationalModel {
  return model === "sc" || model === "tso" || model === "pso";
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

/** What an exploration of one system under one operational model found, before anything is said about it. */
export interface Exploration {
  readonly transitions: Transitions;
  readonly result: SearchResult;
  /** Number of the bad state nearest to the start; -1: none was found. */
  readonly target: number;
}

/** Explores one system. Throws a `RangeError` in the user's terms when the scope or the policy cannot be explored. */
export function explore(
  system: System,
  property: CheckProperty,
  scope: CheckScope,
  model: OperationalModel,
  options: SearchOptions = {},
): Exploration {
  const transitions = transitionsOf(system, scope, model);
  const result = search(transitions, {...options, exhaustive: property !== "safety"});
  if (property === "safety") return {transitions, result, target: result.bad[0] ?? -1};
  if (!result.complete) return {transitions, result, target: -1};
  return {transitions, result, target: stuckStates(transitions, result, property).state};
}
