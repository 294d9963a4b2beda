// What a verdict under the Linux-kernel model leads to: the same unrolled program under SC, TSO and PSO, what each ordering step of a safe
// policy is for, and the single barriers that make an unsafe one safe. The enumerator is the oracle for all of it.

import type {CheckScope, MemoryModel} from "../../plan/check-plan.ts";
import type {System} from "../../plan/system.ts";
import {mutants, repairCandidates} from "../variants.ts";
import type {NecessityRow, Outcome} from "../verdict.ts";
import {enumerate} from "./enumerate.ts";
import {type PolicyProgram, policyProgram} from "./policy-program.ts";
import {isBad, within} from "./policy-results.ts";
import {TooManyRuns} from "./recorder.ts";
import {TooManyEvents} from "./skeleton.ts";

type StoreOrder = Exclude<MemoryModel, "lkmm">;

/** Safety of the unrolled program under one model, without a story. */
export function unrolledOutcome(
  program: PolicyProgram,
  scope: CheckScope,
  model: MemoryModel,
): Outcome {
  let found = false;
  try {
    const wanted = within(scope, isBad);
    enumerate(program.program, {model, wanted, combinationLimit: 50_000}, () => {
      found = true;
      return false;
    });
  } catch (error) {
    if (!(error instanceof TooManyRuns || error instanceof TooManyEvents)) throw error;
    return "unknown";
  }
  return found ? "sometimes" : "never";
}

export function compareUnrolled(
  program: PolicyProgram,
  scope: CheckScope,
): Readonly<Record<StoreOrder, Outcome>> {
  return {
    sc: unrolledOutcome(program, scope, "sc"),
    tso: unrolledOutcome(program, scope, "tso"),
    pso: unrolledOutcome(program, scope, "pso"),
  };
}

/** Which of the stronger models are safe where the Linux-kernel model is not, in one sentence; none where the story says it already. */
export function comparisonUnderLkmm(outcomes: Readonly<Record<StoreOrder, Outcome>>): string[] {
  const {sc, tso, pso} = outcomes;
  if (sc === "sometimes") return ["Unsafe under SC already: no barrier can repair it."];
  if (tso === "sometimes") return ["Safe under SC, unsafe from TSO on."];
  if (pso === "sometimes") return ["Safe under SC and TSO, unsafe from PSO on."];
  if (pso === "never") {
    return [
      "Safe under SC, TSO and PSO, unsafe under LKMM: what the kernel's memory model promises is less than what x86 does.",
    ];
  }
  return [];
}

/** Every waiting or ordering step, and the strongest model in which it cannot be left out; `lkmm` where the others can do without. */
export function necessityUnderLkmm(
  system: System,
  scope: CheckScope,
  signal?: AbortSignal,
): NecessityRow[] {
  const rows: NecessityRow[] = [];
  for (const mutant of mutants(system)) {
    if (signal?.aborted === true) break;
    const program = policyProgram(mutant.system, scope);
    const outcomes = compareUnrolled(program, scope);
    const lkmm = unrolledOutcome(program, scope, "lkmm");
    const all: Readonly<Record<MemoryModel, Outcome>> = {...outcomes, lkmm};
    const needed = (["sc", "tso", "pso", "lkmm"] as const).find(
      (model) => all[model] === "sometimes",
    );
    const known = Object.values(all).every((outcome) => outcome !== "unknown");
    rows.push({
      actor: mutant.actor,
      change: mutant.text,
      outcomes: all,
      ...(needed === undefined ? {} : {needed}),
      superfluous: needed === undefined && known,
    });
  }
  return rows;
}

/** Single changes after which no execution is bad. */
export function repairsUnderLkmm(
  system: System,
  scope: CheckScope,
  signal?: AbortSignal,
): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  for (const candidate of repairCandidates(system)) {
    if (signal?.aborted === true) break;
    if (done.has(candidate.place)) continue;
    const program = policyProgram(candidate.system, scope);
    if (unrolledOutcome(program, scope, "lkmm") !== "never") continue;
    done.add(candidate.place);
    found.push(`${candidate.actor}: ${candidate.text}`);
  }
  return found;
}
