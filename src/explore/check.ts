// `check`: from a plan to verdicts. The operational models are explored here; the axiomatic one answers for `lkmm`.

import type {CheckCase, CheckPlan, CheckProperty, CheckScope} from "../plan/check-plan.ts";
import {type InvariantId, invariantTexts} from "../plan/invariants.ts";
import type {System} from "../plan/system.ts";
import {parseSchedule} from "../program/schedule.ts";
import {compareModels, comparisonText, necessityTable, repairs, safetyOf} from "./answers.ts";
import {boundText} from "./bound-text.ts";
import {distinctFirst} from "./distinct-traces.ts";
import {explainTrace} from "./explanation.ts";
import {type ExploreOptions, explore, transitionsOf} from "./explore.ts";
import {findingsOf, vacuity} from "./findings.ts";
import {checkLkmm} from "./lkmm/check-lkmm.ts";
import {isOperational, type OperationalModel} from "./operational-model.ts";
import {repairText} from "./repair-text.ts";
import {shortestPaths} from "./shortest.ts";
import type {Label} from "./step-label.ts";
import {waitsIn} from "./stuck.ts";
import {follow, labelsOf, traceOf} from "./trace.ts";
import {flushCandidates} from "./variants.ts";
import {type CheckResult, judge, type Outcome, type Trace, type Verdict} from "./verdict.ts";
import {waitsUnderLkmm} from "./waits-under-lkmm.ts";

export interface CheckOptions extends ExploreOptions {
  /** How many different counterexamples to show; default 1. */
  readonly counterexamples?: number;
  /** Whether to compare the models and to look for needed steps and repairs (default true); skipped above `answersBelow` states. */
  readonly answers?: boolean;
  /** Default 20,000. */
  readonly answersBelow?: number;
}

/** Shortest paths looked at for each different counterexample that is asked for. */
const pathsTried = 40;

/** Checks one case under an operational model. */
export function checkCase(
  checked: CheckCase,
  property: CheckProperty,
  scope: CheckScope,
  model: OperationalModel,
  options: CheckOptions = {},
): Verdict {
  const explored = explore(checked.system, property, scope, model, options);
  const {transitions, result, target} = explored;
  const {world} = transitions.automata;
  const found = target >= 0;
  const outcome: Outcome = found ? "sometimes" : result.complete ? "never" : "unknown";
  const targets = found && property === "safety" ? result.bad : [target];
  const ways = options.counterexamples ?? 1;
  // Most of the other shortest paths take the same steps in another order.
  const tried = ways === 1 ? 1 : pathsTried * ways;
  const paths: Label[][] = found
    ? shortestPaths(transitions, result.set, result.layers, targets, tried)
    : [];
  // What the exploration reached was noted while it ran; expanding layers again for the paths adds nothing to it.
  const vacuous = outcome === "never" && property === "safety" ? vacuity(transitions) : [];
  const counterexamples = distinctFirst(
    paths.map((path) => traceOf(transitions, path)),
    ways,
  );
  const at = transitions.initial();
  if (found) result.set.read(target, at);
  const violated: InvariantId | undefined = !found
    ? undefined
    : property === "safety"
      ? (counterexamples[0]?.steps.at(-1)?.violation ?? "I1")
      : "I7";
  const cycle = found && property !== "safety" ? waitsIn(transitions, at) : [];
  const explanation = counterexamples[0] === undefined ? [] : explainTrace(counterexamples[0]);
  const verdict: Verdict = {
    label: checked.label,
    property,
    model,
    scope,
    outcome,
    vacuous,
    bound: boundText(explored, scope),
    path: world.path,
    states: result.set.size,
    transitions: result.transitions,
    depth: result.layers.length - 2,
    complete: result.complete || found,
    counterexamples,
    explanation,
    findings: findingsOf(explored, property),
    bytesPerState: 4 * transitions.layout.words,
    memory: result.set.bytes,
    ...(violated === undefined ? {} : {violated}),
    ...(violated === undefined
      ? {}
      : {reason: reasonOf(violated, counterexamples[0], cycle, property)}),
    ...(cycle.length === 0 ? {} : {cycle}),
  };
  const below = options.answersBelow ?? 20_000;
  const wanted = property === "safety" && options.answers !== false && verdict.states <= below;
  const told = wanted ? withAnswers(verdict, checked.system, model, options) : verdict;
  if (checked.expect === undefined) return told;
  return {...told, expect: checked.expect, met: judge(told, checked.expect)};
}

function withAnswers(
  verdict: Verdict,
  system: System,
  model: OperationalModel,
  options: CheckOptions,
): Verdict {
  const {scope, outcome} = verdict;
  // Variants are bounded more tightly than the case itself: a variant that explodes is reported as unknown.
  const limits = {
    maxStates: 50 * (options.answersBelow ?? 20_000),
    ...(options.signal === undefined ? {} : {signal: options.signal}),
  };
  if (outcome === "never") {
    const {rows: necessity, unsafeUnderLkmm} = necessityTable(system, scope, limits);
    const beyond =
      "Under LKMM this very case is unsafe: the kernel's memory model promises less than the models explored here. `check ... under lkmm` shows how.";
    const explanation = [...verdict.explanation, ...(unsafeUnderLkmm ? [beyond] : [])];
    return {...verdict, explanation, necessity};
  }
  if (outcome !== "sometimes") return verdict;
  const comparison = compareModels(system, scope, limits);
  const explanation = [...verdict.explanation];
  const sentence = comparisonText(comparison);
  if (sentence !== undefined) explanation.push(sentence);
  if (verdict.path === "sync") {
    const whole = safetyOf(system, {...scope, path: "whole"}, model, limits);
    if (whole === "never")
      explanation.push(
        "It is safe on the whole path, where the barrier and the interrupts of the TLB flush before it count (`path: whole`): the policy alone relies on its caller.",
      );
  }
  const found = comparison.sc === "never" ? repairs(system, scope, model, limits) : [];
  if (comparison.sc === "never") explanation.push(repairText(found));
  if (verdict.violated === "I4" || verdict.violated === "I5") {
    for (const {text, system: flushed} of flushCandidates(system)) {
      if (safetyOf(flushed, scope, model, limits) !== "never") continue;
      explanation.push(`Only an invalidation stops a hardware walk: ${text} repairs it.`);
      break;
    }
  }
  return {...verdict, comparison, repairs: found, explanation};
}

/** Runs a schedule in the checker and tells what it reaches. Throws a `RangeError` where a move is not possible. */
export function replay(system: System, scope: CheckScope, text: string): Trace {
  const schedule = parseSchedule(text);
  if (!isOperational(schedule.model)) {
    throw new RangeError(`schedule: the model is ${schedule.model}; it must be sc, tso or pso`);
  }
  const transitions = transitionsOf(system, scope, schedule.model);
  const labels = labelsOf(transitions, schedule);
  follow(transitions, labels);
  return traceOf(transitions, labels);
}

/** Checks every case of a plan under its model. */
export function check(plan: CheckPlan, options: CheckOptions = {}): CheckResult {
  const {property, scenario, scope, model} = plan;
  const verdicts = plan.cases.map((one) => {
    if (isOperational(model)) return checkCase(one, property, scope, model, options);
    return property === "safety"
      ? checkLkmm(one, scope, options)
      : waitsUnderLkmm(one, checkCase(one, property, scope, "pso", options));
  });
  return {format: 1, property, scenario, scope, model, verdicts};
}

function reasonOf(
  violated: InvariantId,
  trace: Trace | undefined,
  cycle: readonly string[],
  property: CheckProperty,
): string {
  if (property !== "safety") {
    if (cycle.length > 0) return cycle.join("; ");
    return "from the last state shown, an operation can never end";
  }
  const last = trace?.steps.at(-1);
  const text = invariantTexts[violated];
  if (last === undefined) return text;
  const who = last.cpu < 0 ? trace?.lanes[last.lane]?.title : `CPU ${last.cpu}`;
  return `${text} (step ${last.number}, ${who}: ${last.text})`;
}
