// Two reductions that take the walkers for interchangeable.
//
// Symmetry. Walkers of one kind on CPUs that nothing tells apart are interchangeable: states that differ only in which of them is where need to be
// explored once. The state is laid out with one word per walker's CPU, and the canonical state has these words in order.
//
// That is right if (1) all walkers run the same automaton up to the name of their CPU; (2) nothing else runs on their CPUs; (3) the writer
// treats the CPUs alike: its loops over CPUs are taken in any order, which over-approximates the fixed order, each round is one step
// that touches that CPU only, and no local state of it outside a loop's round depends on one CPU. All three are checked here; where one
// fails, or a walker's part of the state exceeds a word, the exploration is done without.
//
// Cut-off. If moreover (4) walkers store to nothing but words of their own CPU, then what the writer does to a CPU depends on that CPU
// alone and its waits are conjunctions over the CPUs; a run that violates safety, restricted to the writer and the one walker that is
// hurt, is a run. One walker then stands for any number of them. (Not so for deadlock, which takes two.)

import type {CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {smallSystem} from "../program/small-system.ts";
import {hotplugs} from "../program/step-rules.ts";
import {automataOf} from "./automaton.ts";
import {type Automata, act, type LocalState, type TaskAutomaton} from "./local-state.ts";
import type {OperationalModel} from "./operational-model.ts";
import {taskPrograms} from "./task-program.ts";
import {Transitions} from "./transitions.ts";

export interface Reduction {
  readonly transitions: Transitions;
  /** Whether one walker stands for any number. */
  readonly cutOff: boolean;
}

/** The transitions over classes of states, or undefined where the walkers cannot be taken for interchangeable. */
export function reductionOf(
  system: System,
  scope: CheckScope,
  model: OperationalModel,
): Reduction | undefined {
  const world = smallSystem(system, scope);
  const [first] = world.walkers;
  const alone =
    first !== undefined &&
    world.writers.length === 1 &&
    world.nmis.length + world.mmus.length === 0 &&
    scope.migrations === 0 &&
    !hotplugs(world) &&
    world.walkers.length + 1 === world.cpus.length &&
    world.walkers.length >= 2 &&
    world.walkers.every((w) => w.walker === first.walker);
  if (!alone) return undefined;
  const programs = taskPrograms(world);
  if (programs.some((program) => program.role === "handler")) return undefined;
  const automata = automataOf(world, programs, true);
  const walkers = automata.tasks.filter((task) => task.program.role === "walker");
  const [model0, ...others] = walkers;
  if (model0 === undefined) return undefined;
  if (!others.every((task) => sameUpToCpu(automata, model0, task))) return undefined;
  const places = walkers.map((task) => task.program.place);
  if (
    !automata.tasks.every(
      (task) => task.program.role === "walker" || impartial(automata, task, places),
    )
  )
    return undefined;
  let transitions: Transitions;
  try {
    transitions = new Transitions(automata, model, places);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  // A send that waits for the sender's own stores would be a second step of its round.
  if (model !== "sc" && storesBeforeLoop(automata)) return undefined;
  return {transitions, cutOff: storesAtHome(automata, model0)};
}

function storesAtHome(automata: Automata, walker: TaskAutomaton): boolean {
  return walker.states.every((state) => {
    const stores = [act.store, act.release, act.atomic] as readonly number[];
    if (!stores.includes(state.kind)) return true;
    return automata.locations[state.loc]?.home === walker.program.place;
  });
}

function sameUpToCpu(automata: Automata, a: TaskAutomaton, b: TaskAutomaton): boolean {
  if (a.states.length !== b.states.length) return false;
  return a.states.every((state, id) => {
    const other = b.states[id] as LocalState;
    return (
      state.kind === other.kind &&
      state.flags === other.flags &&
      state.value === other.value &&
      state.arg === other.arg &&
      state.arg2 === other.arg2 &&
      state.table === other.table &&
      state.next.join() === other.next.join() &&
      state.written.join() === other.written.join() &&
      sameLocation(automata, state.loc, a, other.loc, b) &&
      sameLocation(automata, state.loc2, a, other.loc2, b)
    );
  });
}

function sameLocation(
  automata: Automata,
  first: number,
  a: TaskAutomaton,
  second: number,
  b: TaskAutomaton,
): boolean {
  if (first === second) return first < 0 || (automata.locations[first]?.home ?? -1) < 0;
  const one = automata.locations[first];
  const two = automata.locations[second];
  if (one === undefined || two === undefined) return false;
  return (
    one.home === a.program.place &&
    two.home === b.program.place &&
    one.name.replace(`[${a.program.cpu}]`, "") === two.name.replace(`[${b.program.cpu}]`, "") &&
    one.values.join() === two.values.join()
  );
}

/** Whether a task that is not a walker singles out no walker's CPU outside the rounds of its loops. */
function impartial(automata: Automata, task: TaskAutomaton, places: readonly number[]): boolean {
  const rounds = new Set<number>();
  const all = places.reduce((mask, place) => mask | (1 << place), 0);
  const loops = task.states.filter((state) => state.kind === act.each);
  for (const loop of loops) {
    for (const body of loop.bodies) {
      if (body < 0) continue;
      if (!roundEnds(task, loop.id, body)) return false;
      rounds.add(body);
      for (const next of task.states[body]?.next ?? []) if (next !== loop.id) rounds.add(next);
    }
    if ((loop.arg & all) !== 0 && (loop.arg & all) !== all) return false;
  }
  const placed: readonly number[] = [act.send, act.sendRunning, act.ackWait, act.gpWait];
  return task.states.every((state) => {
    if (rounds.has(state.id)) return true;
    const homes = [state.loc, state.loc2].map((loc) => automata.locations[loc]?.home ?? -1);
    if (placed.includes(state.kind) || homes.some((home) => places.includes(home))) return false;
    return state.sets.every((set) => (set & all) === 0 || (set & all) === all);
  });
}

/** A round is a send, or a load that leads to a send, to the loop again, or to itself (a poll). */
function roundEnds(task: TaskAutomaton, loop: number, body: number): boolean {
  if (body === loop) return true;
  const state = task.states[body] as LocalState;
  const sends = (id: number): boolean => {
    const next = task.states[id] as LocalState;
    return next.kind === act.send && next.next.every((to) => to === loop);
  };
  if (state.kind === act.send) return sends(body);
  if (state.kind !== act.load) return false;
  return state.next.every((to) => to === loop || to === body || sends(to));
}

function storesBeforeLoop(automata: Automata): boolean {
  const draining: readonly number[] = [act.fence, act.atomic, act.gpStart, act.callback];
  return automata.tasks.some((task) => {
    if (task.program.role !== "writer") return false;
    const dirty = new Set<number>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const state of task.states) {
        const storing = state.kind === act.store || state.kind === act.release;
        if (!storing && (draining.includes(state.kind) || !dirty.has(state.id))) continue;
        for (const to of state.next)
          if (!dirty.has(to)) {
            dirty.add(to);
            grown = true;
          }
      }
    }
    // A round that begins with the send waits for the buffer by itself.
    const loads = (state: LocalState): boolean =>
      state.bodies.some((body) => task.states[body]?.kind === act.load);
    return task.states.some(
      (state) => state.kind === act.each && dirty.has(state.id) && loads(state),
    );
  });
}
