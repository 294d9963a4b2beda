// `check ... under lkmm`: the axiomatic answer. The tasks of the operational models, unrolled once, are enumerated under the Linux-kernel
// memory model; a violation in any execution it allows refutes the policy, and the bound says what `never` is about.

import type {CheckCase, CheckScope} from "../../plan/check-plan.ts";
import {type InvariantId, invariantTexts} from "../../plan/invariants.ts";
import type {System} from "../../plan/system.ts";
import {mixedHandlers} from "../../program/step-rules.ts";
import {repairText} from "../repair-text.ts";
import {type Finding, judge, type Outcome, type Verdict} from "../verdict.ts";
import {
  compareUnrolled,
  comparisonUnderLkmm,
  necessityUnderLkmm,
  repairsUnderLkmm,
} from "./answers-lkmm.ts";
import {type Enumeration, type Execution, enumerate} from "./enumerate.ts";
import {canMigrate} from "./policy-migration.ts";
import {type PolicyProgram, policyProgram} from "./policy-program.ts";
import {isBad, violationIn, within} from "./policy-results.ts";
import {TooManyRuns} from "./recorder.ts";
import {TooManyEvents} from "./skeleton.ts";
import {type Story, tell} from "./story.ts";
import type {TaskResult} from "./task-result.ts";

export interface LkmmOptions {
  /** How many different counterexamples to show; default 1. */
  readonly counterexamples?: number;
  /** Whether to compare the models and to look for needed steps and repairs (default true); left out where one check is long already. */
  readonly answers?: boolean;
  readonly signal?: AbortSignal;
}

/** Combinations of runs above which a check is too long to be repeated for every variant. */
const answersBelow = 500;

/** Bad executions worth comparing before the shortest is shown. */
const mostCompared = 200;

interface Answer {
  readonly outcome: Outcome;
  readonly bad: readonly Execution<TaskResult>[];
  readonly vacuous: readonly string[];
  readonly enumeration?: Enumeration;
  readonly largest: number;
  /** Why it is unknown. */
  readonly stopped?: string;
}

/** Checks the safety of one case under the Linux-kernel memory model. Throws a `RangeError` when the scope cannot hold the scenario. */
export function checkLkmm(
  checked: CheckCase,
  scope: CheckScope,
  options: LkmmOptions = {},
): Verdict {
  const program = policyProgram(checked.system, scope);
  if (mixedHandlers(program.world)) {
    throw new RangeError(
      "with a fallback that may run, it depends on the policy that ran which `on ipi` hook an interrupt runs; that is explored under sc, tso and pso only",
    );
  }
  const answer = safety(program, scope, options);
  const stories = answer.bad
    .slice(0, options.counterexamples ?? 1)
    .map((bad) => tell(program, bad));
  const violated = answer.bad[0] === undefined ? undefined : violationIn(answer.bad[0].results);
  const {enumeration} = answer;
  const verdict: Verdict = {
    label: checked.label,
    property: "safety",
    model: "lkmm",
    scope,
    outcome: answer.outcome,
    vacuous: answer.vacuous,
    bound: boundText(program, scope, answer),
    path: program.world.path,
    states: enumeration?.candidates ?? 0,
    transitions: enumeration?.combinations ?? 0,
    depth: answer.largest,
    complete: answer.stopped === undefined,
    counterexamples: stories.map(({trace}) => trace),
    explanation: answer.stopped === undefined ? (stories[0]?.explanation ?? []) : [answer.stopped],
    findings: findingsOf(program, scope),
    bytesPerState: 0,
    memory: 0,
    ...(violated === undefined ? {} : {violated, reason: reasonOf(violated, stories[0])}),
  };
  const repeatable = enumeration !== undefined && enumeration.combinations <= answersBelow;
  const told =
    options.answers === false || !repeatable
      ? verdict
      : withAnswers(verdict, program, checked.system, options);
  if (checked.expect === undefined) return told;
  return {...told, expect: checked.expect, met: judge(told, checked.expect)};
}

function withAnswers(
  verdict: Verdict,
  program: PolicyProgram,
  system: System,
  {signal}: LkmmOptions,
): Verdict {
  const {scope, outcome} = verdict;
  const comparison = compareUnrolled(program, scope);
  if (outcome === "never") {
    const necessity = verdict.vacuous.length > 0 ? [] : necessityUnderLkmm(system, scope, signal);
    return {...verdict, comparison, necessity};
  }
  if (outcome !== "sometimes") return {...verdict, comparison};
  // What SC allows no barrier forbids.
  const repairs = comparison.sc === "sometimes" ? [] : repairsUnderLkmm(system, scope, signal);
  const explanation = [...verdict.explanation, ...comparisonUnderLkmm(comparison)];
  if (comparison.sc === "never") explanation.push(repairText(repairs));
  return {...verdict, comparison, repairs, explanation};
}

function safety(program: PolicyProgram, scope: CheckScope, options: LkmmOptions): Answer {
  const bad: Execution<TaskResult>[] = [];
  let largest = 0;
  const goOn = (): boolean => {
    if (options.signal?.aborted === true) throw new Interrupted();
    return true;
  };
  try {
    const wanted = within(scope, (results) => goOn() && isBad(results));
    const enumeration = enumerate(program.program, {model: "lkmm", wanted}, (execution) => {
      largest = Math.max(largest, execution.skeleton.n);
      return bad.push(execution) < mostCompared;
    });
    bad.sort((a, b) => a.skeleton.n - b.skeleton.n);
    if (bad.length > 0) {
      return {outcome: "sometimes", bad, vacuous: [], enumeration, largest: bad[0].skeleton.n};
    }
    const vacuous = vacuity(program, scope, (execution) => {
      largest = Math.max(largest, execution.skeleton.n);
      return goOn();
    });
    const stopped = unexplored(program, scope);
    if (stopped !== undefined) {
      return {outcome: "unknown", bad, vacuous, enumeration, largest, stopped};
    }
    return {outcome: "never", bad, vacuous, enumeration, largest};
  } catch (error) {
    if (
      error instanceof TooManyRuns ||
      error instanceof TooManyEvents ||
      error instanceof Interrupted
    ) {
      const stopped = `${error.message}; ask for fewer CPUs or pages, or check under tso or pso, which keep states`;
      return {outcome: "unknown", bad: [], vacuous: [], largest, stopped};
    }
    throw error;
  }
}

/** What of the scope's hotplugs and migrations the unrolled program leaves out, as a sentence. */
function unexplored(
  {world, programs}: PolicyProgram,
  {migrations, hotplugs = 0}: CheckScope,
): string | undefined {
  if (hotplugs > 0) {
    return "no execution in which all CPUs stay online is bad; hotplug is explored under sc, tso and pso only";
  }
  if (migrations === 0) return undefined;
  if (!canMigrate(world, programs)) {
    return "no execution without migrations is bad; with `on ipi` hooks, which idle CPUs run as well, migrations are explored under sc, tso and pso only";
  }
  return undefined;
}

class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("the check was interrupted");
  }
}

/** What a `never` did not exercise: found by looking for one allowed execution that does. */
function vacuity(
  program: PolicyProgram,
  scope: CheckScope,
  looked: (execution: Execution<TaskResult>) => boolean,
): string[] {
  const some = (wanted: (results: readonly TaskResult[]) => boolean): boolean => {
    let found = false;
    const narrowed = within(scope, wanted);
    enumerate(program.program, {model: "lkmm", wanted: narrowed}, (execution) => {
      looked(execution);
      found = true;
      return false;
    });
    return found;
  };
  const walked = (results: readonly TaskResult[]): boolean =>
    results.some((result) => result.walked);
  const released = (results: readonly TaskResult[]): boolean =>
    results.some((result) => result.released);
  if (some((results) => walked(results) && released(results))) return [];
  if (!some(() => true)) return ["no execution comes to its end"];
  const missing: string[] = [];
  if (!some(walked)) missing.push("no walker ever reads a table");
  if (!some(released)) missing.push("no table is ever given up");
  return missing.length > 0 ? missing : ["no execution both walks a table and gives one up"];
}

function reasonOf(violated: InvariantId, story: Story | undefined): string {
  const step = story?.trace.steps.find(({violation}) => violation !== undefined);
  const text = invariantTexts[violated];
  return step === undefined ? text : `${text} (step ${step.number}, CPU ${step.cpu}: ${step.text})`;
}

/** `LKMM, 2 CPUs, 1 walk a walker, 1 write, sync alone, 4 candidate executions of at most 19 events, complete` */
function boundText({world}: PolicyProgram, scope: CheckScope, answer: Answer): string {
  const many = (count: number, word: string): string =>
    `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
  const parts = [
    "LKMM",
    many(scope.cpus, "CPU"),
    "1 walk a walker",
    many(scope.writes, "write"),
    many(world.tables.filter((table) => !table.replacement).length, "table"),
    many(world.system.mms.length, "mm"),
    world.path === "whole" ? "flush counted" : "sync alone",
  ];
  if (scope.nmis > 0) parts.push(many(scope.nmis, "NMI"));
  if (scope.preemptions > 0) parts.push(many(scope.preemptions, "vCPU preemption"));
  if (scope.migrations > 0) parts.push(many(scope.migrations, "migration"));
  const {enumeration, largest, outcome} = answer;
  if (enumeration === undefined) parts.push("not decided");
  else {
    parts.push(`${many(enumeration.candidates, "candidate execution")} with a violation`);
    if (largest > 0) parts.push(`at most ${largest} events`);
    parts.push(outcome === "sometimes" ? "some allowed" : "all forbidden");
  }
  return parts.join(", ");
}

function findingsOf({world}: PolicyProgram, scope: CheckScope): Finding[] {
  const notes = [...world.notes];
  if ((scope.walks ?? 1) > 1) notes.push("under lkmm a walker walks once, whatever the scope says");
  return notes.map((text) => ({severity: "note", text}));
}
