// `check`: from a plan to verdicts. The operational models are explored here; the axiomatic one answers for `lkmm`.

import type {
  CheckCase,
  CheckPlan,
  CheckProperty,
  CheckScope,
  MemoryModel,
} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {op} from "../program/code.ts";
import {parseSchedule} from "../program/schedule.ts";
import {act, attribute, automataOf, invariantText, type LocalState} from "./automaton.ts";
import {explainTrace} from "./explanation.ts";
import {type SearchOptions, type SearchResult, search} from "./search.ts";
import {shortestPaths} from "./shortest.ts";
import {type SmallSystem, smallSystem} from "./small-system.ts";
import {stuckStates, waitsIn} from "./stuck.ts";
import {flag, taskPrograms} from "./task-program.ts";
import {follow, labelsOf, traceOf} from "./trace.ts";
import {type Label, Transitions} from "./transitions.ts";
import {
  type CheckResult,
  type Finding,
  type InvariantId,
  judge,
  type Outcome,
  type Trace,
  type Verdict,
} from "./verdict.ts";

export type OperationalModel = Exclude<MemoryModel, "lkmm">;

export interface CheckOptions extends SearchOptions {
  /** How many different counterexamples to show; default 1. */
  readonly counterexamples?: number;
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
  options: CheckOptions = {},
): Exploration {
  const world = smallSystem(system, scope);
  const automata = automataOf(world, taskPrograms(world));
  const transitions = new Transitions(automata, model);
  const result = search(transitions, {...options, exhaustive: property !== "safety"});
  if (property === "safety") return {transitions, result, target: result.bad[0] ?? -1};
  if (!result.complete) return {transitions, result, target: -1};
  return {transitions, result, target: stuckStates(transitions, result, property).state};
}

/** Checks one case under an operational model. */
export function checkCase(
  checked: CheckCase,
  property: CheckProperty,
  scope: CheckScope,
  model: OperationalModel,
  options: CheckOptions = {},
): Verdict {
  const {transitions, result, target} = explore(checked.system, property, scope, model, options);
  const {world} = transitions.automata;
  const found = target >= 0;
  const outcome: Outcome = found ? "sometimes" : result.complete ? "never" : "unknown";
  const targets = found && property === "safety" ? result.bad : [target];
  const paths: Label[][] = found
    ? shortestPaths(transitions, result.set, result.layers, targets, options.counterexamples ?? 1)
    : [];
  // What the exploration reached was noted while it ran; expanding layers again for the paths adds nothing to it.
  const vacuous = outcome === "never" && property === "safety" ? vacuity(transitions) : [];
  const counterexamples = paths.map((path) => traceOf(transitions, path));
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
    bound: boundText(transitions, result),
    path: world.path,
    states: result.set.size,
    transitions: result.transitions,
    depth: result.layers.length - 2,
    complete: result.complete || found,
    counterexamples,
    explanation,
    findings: findingsOf(transitions, result, property),
    bytesPerState: 4 * transitions.layout.words,
    memory: result.set.bytes,
    ...(violated === undefined ? {} : {violated}),
    ...(violated === undefined
      ? {}
      : {reason: reasonOf(violated, counterexamples[0], cycle, property)}),
    ...(cycle.length === 0 ? {} : {cycle}),
  };
  if (checked.expect === undefined) return verdict;
  return {...verdict, expect: checked.expect, met: judge(verdict, checked.expect)};
}

/** Runs a schedule in the checker and tells what it reaches. Throws a `RangeError` where a move is not possible. */
export function replay(system: System, scope: CheckScope, text: string): Trace {
  const schedule = parseSchedule(text);
  if (!isOperational(schedule.model)) {
    throw new RangeError(`schedule: the model is ${schedule.model}; it must be sc, tso or pso`);
  }
  const world = smallSystem(system, scope);
  const transitions = new Transitions(automataOf(world, taskPrograms(world)), schedule.model);
  const labels = labelsOf(transitions, schedule);
  follow(transitions, labels);
  return traceOf(transitions, labels);
}

export function isOperational(model: string): model is OperationalModel {
  return model === "sc" || model === "tso" || model === "pso";
}

/** Checks every case of a plan under its model. */
export function check(plan: CheckPlan, options: CheckOptions = {}): CheckResult {
  const {property, scenario, scope, model} = plan;
  if (!isOperational(model)) throw new RangeError(`model ${model} is not an operational one`);
  const verdicts = plan.cases.map((one) => checkCase(one, property, scope, model, options));
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
  const text = invariantText(Number(violated.slice(1)));
  return last === undefined ? text : `${text} (step ${last.number}, CPU ${last.cpu}: ${last.text})`;
}

/** `TSO, 3 CPUs, unbounded walks, 1 write, sync alone, 52,109 states, complete` */
function boundText(transitions: Transitions, result: SearchResult): string {
  const {world} = transitions.automata;
  const {scope} = world;
  const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
  const parts = [
    transitions.model.toUpperCase(),
    many(scope.cpus, "CPU"),
    scope.walks === undefined ? "unbounded walks" : `${many(scope.walks, "walk")} a walker`,
    many(scope.writes, "write"),
    many(world.tables.filter((table) => !table.replacement).length, "table"),
    many(world.system.mms.length, "mm"),
    world.path === "whole" ? "flush counted" : "sync alone",
  ];
  if (scope.nmis > 0) parts.push(many(scope.nmis, "NMI"));
  if (scope.preemptions > 0) parts.push(many(scope.preemptions, "vCPU preemption"));
  if (scope.migrations > 0) parts.push(many(scope.migrations, "migration"));
  const deepest = Math.max(0, ...transitions.depth);
  if (transitions.model !== "sc" && deepest > 0)
    parts.push(
      transitions.bufferBounded
        ? `store buffers of at most ${deepest}`
        : `store buffers of ${deepest}, which is exact`,
    );
  const states = `${result.set.size.toLocaleString("en")} states`;
  const why = {
    states: `stopped at ${states}`,
    memory: `out of memory at ${states}`,
    signal: `interrupted at ${states}`,
  };
  if (result.stopped !== undefined) parts.push(why[result.stopped]);
  else parts.push(states, result.complete ? "complete" : "to the first violation");
  return parts.join(", ");
}

/** What a "never" did not exercise. */
function vacuity(transitions: Transitions): string[] {
  const {world, tasks, interrupts, locations} = transitions.automata;
  const reached = (wanted: (state: LocalState, role: string) => boolean): boolean =>
    tasks.some((task, t) =>
      task.states.some(
        (state) =>
          transitions.seen[(transitions.base[t] as number) + state.id] === 1 &&
          wanted(state, task.program.role),
      ),
    );
  const missing: string[] = [];
  if (!reached((state) => state.table !== 0)) missing.push("no walker ever reads a table");
  const given = (state: LocalState): boolean => {
    const storing = state.kind === act.store || state.kind === act.release;
    const name = locations[state.loc]?.name ?? "";
    return storing && (locations[state.loc]?.once === true || name.includes(".contents"));
  };
  if (!reached(given)) missing.push("no table is ever given up");
  const sends = world.writers.some((w) => {
    const ops = world.codes[w.policy]?.ops ?? new Int32Array();
    for (let pc = 0; pc < ops.length; pc += 4) if (ops[pc] === op.ipi) return true;
    return false;
  });
  const other = reached((state) => state.kind === act.gpStart || state.kind === act.callback);
  if (sends && !other && transitions.delivered === 0)
    missing.push(
      interrupts.length === 0
        ? "the policy's condition for sending an interrupt is never true"
        : "no interrupt is ever delivered",
    );
  return missing;
}

function findingsOf(
  transitions: Transitions,
  result: SearchResult,
  property: CheckProperty,
): Finding[] {
  const {world, tasks} = transitions.automata;
  const findings: Finding[] = world.notes.map((text) => ({severity: "note", text}));
  const told = new Set<string>();
  const tell = (invariant: InvariantId, text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    findings.push({invariant, severity: "warning", text});
  };
  for (const [t, task] of tasks.entries()) {
    for (const state of task.states) {
      if (transitions.seen[(transitions.base[t] as number) + state.id] !== 1) continue;
      const {name} = task.program;
      const off = (state.attributes & attribute.irqOff) !== 0;
      const atomic = (state.flags & (flag.irqOff | flag.preemptOff | flag.rcu | flag.nmi)) !== 0;
      if (state.kind === act.ackWait && off)
        tell(
          "I9",
          `${name} waits for an IPI with interrupts off: two such senders wait for each other for ever`,
        );
      if (state.kind === act.gpStart && atomic)
        tell("I8", `${name} waits for a grace period in atomic context`);
      const sleeping = state.text === "lock mmap_lock" || state.text === "lock i_mmap";
      if (state.kind === act.atomic && sleeping && atomic)
        tell("I8", `${name} takes ${state.text.slice(5)}, which may sleep, in atomic context`);
    }
    if (property === "progress" && task.program.role === "writer" && polls(task.states))
      findings.push({
        severity: "warning",
        text: `${task.program.name} polls: a scheduler that lets it look only while a walk is under way keeps it waiting for ever (livelock without fairness)`,
      });
  }
  for (const text of untidyTrackers(world)) tell("I11", text);
  if (property === "safety" && result.dead.length > 0) {
    const state = transitions.initial();
    for (const n of result.dead) {
      result.set.read(n, state);
      if (transitions.violationIn(state) !== 0) continue;
      const waits = waitsIn(transitions, state);
      if (waits.length === 0) continue;
      tell("I7", `a deadlock is reachable: ${waits.join("; ")}`);
      break;
    }
  }
  return findings;
}

function polls(states: readonly LocalState[]): boolean {
  return states.some((state) => state.kind === act.load && state.next.includes(state.id));
}

/** State words of type Mm that a walk sets and does not take back. */
function untidyTrackers(world: SmallSystem): string[] {
  if (!world.system.walkers.some((walker) => walker.tracked)) return [];
  return world.codes.flatMap((code) => {
    const stored = (entry: number): Set<number> => {
      const found = new Set<number>();
      if (entry < 0) return found;
      for (let pc = entry; code.ops[4 * pc] !== op.ret; pc++) {
        const kind = code.ops[4 * pc];
        if (kind === op.store || kind === op.storeRelease || kind === op.exchange)
          found.add(code.ops[4 * pc + 1] as number);
      }
      return found;
    };
    const cleared = stored(code.entry.exit);
    return [...stored(code.entry.enter)]
      .filter((word) => code.states[word]?.type === "mm" && !cleared.has(word))
      .map(
        (word) =>
          `${code.policy}: ${code.states[word]?.name} is set on enter and not taken back on exit`,
      );
  });
}
