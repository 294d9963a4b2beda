// What a verdict leads to: the same case under the other models, the steps a safe policy really needs, the single barriers that would repair
// an unsafe one. Each is answered by checking again, never by reasoning about barriers.

import type {CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {smallSystem} from "../program/small-system.ts";
import {mixedHandlers} from "../program/step-rules.ts";
import {explore} from "./explore.ts";
import {unrolledOutcome} from "./lkmm/answers-lkmm.ts";
import {policyProgram} from "./lkmm/policy-program.ts";
import {type OperationalModel, operationalModels} from "./operational-model.ts";
import type {SearchOptions} from "./search.ts";
import {mutants, repairCandidates} from "./variants.ts";
import type {NecessityRow, Outcome} from "./verdict.ts";

/** Safety of one system under one model, without a trace. */
export function safetyOf(
  system: System,
  scope: CheckScope,
  model: OperationalModel,
  options: SearchOptions = {},
): Outcome {
  const {result, target} = explore(system, "safety", scope, model, options);
  return target >= 0 ? "sometimes" : result.complete ? "never" : "unknown";
}

/** The outcome under every operational model, strongest first. */
export function compareModels(
  system: System,
  scope: CheckScope,
  options: SearchOptions = {},
): Readonly<Record<OperationalModel, Outcome>> {
  return {
    sc: safetyOf(system, scope, "sc", options),
    tso: safetyOf(system, scope, "tso", options),
    pso: safetyOf(system, scope, "pso", options),
  };
}

/** `safe under SC; unsafe from TSO on: it needs a store and a later load to be ordered`, or undefined when all models agree. */
export function comparisonText(
  outcomes: Readonly<Record<OperationalModel, Outcome>>,
): string | undefined {
  const {sc, tso, pso} = outcomes;
  if (sc === "sometimes") return "Unsafe under SC already: no barrier can repair it.";
  if (sc !== "never") return undefined;
  if (tso === "sometimes")
    return "Safe under SC, unsafe from TSO on: a store and a later load of one CPU must be kept in order.";
  if (tso === "never" && pso === "sometimes")
    return "Safe under SC and TSO, unsafe under PSO: two stores of one CPU must be kept in order.";
  return undefined;
}

/** The necessity table of a safe case, and whether the Linux-kernel model calls the case itself unsafe, which then says nothing of a step. */
export interface Necessity {
  readonly rows: readonly NecessityRow[];
  readonly unsafeUnderLkmm: boolean;
}

/** Every waiting or ordering step, and the models in which it cannot be left out. */
export function necessityTable(
  system: System,
  scope: CheckScope,
  options: SearchOptions = {},
): Necessity {
  const rows: NecessityRow[] = [];
  // The axiomatic enumeration is of one walk and one operation, and cheap only where little else runs.
  const unrolls = scope.nmis === 0 && (scope.hotplugs ?? 0) === 0;
  const mixed = mixedHandlers(smallSystem(system, scope));
  const small = scope.cpus <= 2 && unrolls && !mixed && system.writers.length === 1;
  const underLkmm = (of: System): Outcome =>
    unrolledOutcome(policyProgram(of, scope), scope, "lkmm");
  const unsafeUnderLkmm = small && underLkmm(system) === "sometimes";
  let ends: boolean | undefined;
  for (const mutant of mutants(system)) {
    if (options.signal?.aborted === true) break;
    const explored = compareModels(mutant.system, scope, options);
    const outcomes: NecessityRow["outcomes"] =
      small && !unsafeUnderLkmm ? {...explored, lkmm: underLkmm(mutant.system)} : explored;
    const models = [...operationalModels, "lkmm"] as const;
    const needed = models.find((model) => outcomes[model] === "sometimes");
    const known = models.every((model) => outcomes[model] !== "unknown");
    // A wait that never ends keeps everybody safe: the step is needed all the same.
    const looked = needed === undefined && known;
    if (looked) ends ??= goesOn(system, scope, options);
    const stalls = looked && ends === true && !goesOn(mutant.system, scope, options);
    rows.push({
      actor: mutant.actor,
      change: mutant.text,
      outcomes,
      ...(needed === undefined ? {} : {needed}),
      ...(stalls ? {stalls} : {}),
      superfluous: looked && !stalls,
    });
  }
  return {rows, unsafeUnderLkmm};
}

/** Whether every operation can come to its end, from every state under SC. */
function goesOn(system: System, scope: CheckScope, options: SearchOptions): boolean {
  const {result, target} = explore(system, "progress", scope, "sc", options);
  return target < 0 && result.complete;
}

/** Single changes after which the case is safe under `model` and every stronger one. The case itself must be unsafe. */
export function repairs(
  system: System,
  scope: CheckScope,
  model: OperationalModel,
  options: SearchOptions = {},
): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  for (const candidate of repairCandidates(system)) {
    if (options.signal?.aborted === true) break;
    if (done.has(candidate.place)) continue;
    if (safetyOf(candidate.system, scope, model, options) !== "never") continue;
    done.add(candidate.place);
    found.push(`${candidate.actor}: ${candidate.text}`);
  }
  return found;
}
