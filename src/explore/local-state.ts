// The parts of an automaton as data: local states and what they will do, locations, interrupts. `automaton.ts` builds them,
// `transitions.ts` has the rules of each kind of action.

import type {SmallSystem} from "../program/small-system.ts";
import type {TaskProgram} from "./instructions.ts";

/** Kinds of action; the transition rules stand in `transitions.ts`. */
export const act = {
  /** nothing to do, finished */
  done: 0,
  /** local step: interrupts off or on, a fence that orders nothing here, a choice; goes to any of `next` */
  step: 1,
  /** full barrier */
  fence: 2,
  /** store barrier */
  storeFence: 3,
  /** next[value of loc * size of loc2 + value of loc2] */
  load: 4,
  store: 5,
  /** release store */
  release: 6,
  /** atomic: for each old value the new value and the next state; a new value of -1 blocks */
  atomic: 7,
  /** queue an interrupt */
  send: 8,
  /** flush interrupt that a preempted vCPU is spared */
  sendRunning: 9,
  /** wait until none of the interrupts in mask `arg2` is pending at place `arg` */
  ackWait: 10,
  gpStart: 11,
  gpWait: 12,
  gpWaitAll: 13,
  /** start a callback task in local state `arg2` */
  callback: 14,
  invalidate: 15,
  nmi: 16,
  iret: 17,
  /** handler idle: started by a delivery */
  irq: 18,
  /** callback not called yet */
  dormant: 19,
  /** load past the store buffers, from memory itself */
  memoryLoad: 20,
  violation: 21,
  /** blocked for ever */
  stuck: 22,
  /** symmetric only: run the body of a loop for any CPU of `arg` it has not been run for; `next` once it has for all */
  each: 23,
  /** symmetric only: wait until none of the interrupts in `arg2` is pending anywhere */
  ackWaitAll: 24,
  /** stores a value beyond those that can be kept apart: ends the exploration if it is ever reached */
  overflow: 25,
} as const;

/** Attributes of a local state. */
export const attribute = {
  irqOff: 1,
  section: 2,
  atomic: 4,
  /** An NMI or handler that runs. */
  active: 8,
  /** A walker between walks, or a task that is over: nothing is owed. */
  rest: 16,
} as const;

export interface Location {
  /** Its cell (`program/cells.ts`). */
  readonly key: string;
  readonly name: string;
  readonly index: number;
  /** Place whose block of the state holds it; -1: the global part. */
  readonly home: number;
  readonly values: number[];
  readonly show: (value: number) => string;
  /** Whether a second store of the same value is I10. */
  readonly once: boolean;
}

export interface LocalState {
  readonly id: number;
  readonly pc: number;
  readonly kind: number;
  readonly flags: number;
  /** Machine CPU it is on (register 0). */
  readonly cpu: number;
  readonly attributes: number;
  /** Locations (-1: none); the value stored is an index into `values` of the location. */
  readonly loc: number;
  readonly loc2: number;
  readonly value: number;
  readonly arg: number;
  readonly arg2: number;
  next: number[];
  /** Local state at each place it may migrate to; -1: not there. Empty: it stays. */
  moves: number[];
  /** For `each`: the local state at the start of the body for each place, -1 where the loop does not go. */
  bodies: number[];
  /** For `atomic`: new value index for each old one. */
  written: number[];
  readonly text: string;
  /** What it is for the trace: the instruction. */
  readonly ins: number;
  /** The table a dereference reads, 1-based; 0 none. */
  readonly table: number;
  /** Registers, for starting a callback and for moving to another CPU. */
  readonly registers: readonly number[];
  readonly sets: readonly number[];
}

export interface TaskAutomaton {
  readonly program: TaskProgram;
  readonly states: readonly LocalState[];
  readonly start: number;
}

/**
 * A kind of interrupt: who sends it, whether its sender waits, or it flushes, and what it runs. One bit per target in the state. Those of a
 * sender and a kind take the same slot at a target, so that one of them at most is pending there.
 */
export interface Interrupt {
  readonly sender: number;
  readonly kind: "wait" | "nowait" | "flush";
  /** Which hook of its sender's handler taking it runs; -1: none, it is just acknowledged. */
  readonly hook: number;
}

export interface Automata {
  readonly world: SmallSystem;
  readonly tasks: readonly TaskAutomaton[];
  readonly locations: readonly Location[];
  readonly interrupts: readonly Interrupt[];
  /** Owners of grace periods, in bit order: task index. */
  readonly owners: readonly number[];
  /** The location of the CPUs online; -1: all are, always. */
  readonly online: number;
}

/** The place a task is at in a local state; callbacks have places of their own, and a walker that migrated is elsewhere. */
export function placeOf(automata: Automata, task: number, state: LocalState): number {
  const {program} = automata.tasks[task] as TaskAutomaton;
  if (program.role === "callback") return program.place;
  const at = automata.world.cpus.indexOf(state.cpu);
  return at < 0 ? program.place : at;
}
