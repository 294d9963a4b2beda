// A worker's running operation: where it is in which Code, its registers, the acknowledgements it waits for. One context per worker of a writer,
// reused from operation to operation, so that an operation allocates nothing.

import type {Writer} from "../plan/system.ts";
import {BitSet} from "./bit-set.ts";
import type {Memory} from "./memory.ts";
import type {OperationQueue} from "./operation-queue.ts";
import type {Reach} from "./reach.ts";
import type {Law} from "./streams.ts";

/** What a context does between two entries of the calendar. */
export const phase = {
  /** Between operations. */
  idle: 0,
  /** Begins an operation as soon as it has the CPU. */
  start: 1,
  /** Has asked for the lock that its operations hold. */
  locking: 2,
  working: 3,
  /** Executes Code. */
  code: 4,
  /** Spins for acknowledgements of a sync, or of a flush. */
  acks: 5,
  flushAcks: 6,
  /** Queues requests of a flush, or flushes its own TLB meanwhile. */
  flushQueue: 7,
  flushLocal: 8,
  /** Sleeps: until a grace period has passed, for a lock, until it polls again. */
  sleep: 9,
} as const;

export interface ContextInit {
  readonly id: number;
  readonly entity: number;
  readonly writer: Writer;
  readonly writerIndex: number;
  readonly cpu: number;
  readonly mm: number;
  readonly policy: number;
  readonly fallback: number;
  readonly closed: boolean;
  readonly cadence: Law;
  readonly work: Law;
  readonly cadenceAt: number;
  readonly workAt: number;
  readonly costAt: number;
  readonly choiceAt: number;
  readonly faultAt: number;
  readonly reach: readonly Reach[];
  /** TLB entries its flushes invalidate one by one; 0: everything. */
  readonly entries: number;
  /** How many registers and sets any Code needs. */
  readonly registers: number;
  readonly sets: number;
  readonly cpus: number;
}

export class Context {
  readonly init: ContextInit;
  /** What it shares with the other workers of its writer. */
  readonly queue: OperationQueue;
  readonly id: number;
  readonly entity: number;
  readonly cpu: number;
  readonly costAt: number;
  /** Walkers that a release must be checked against. */
  readonly reach: readonly Reach[];
  readonly registers: Float64Array;
  readonly sets: BitSet[] = [];
  /** Key of the lock its operations hold; empty for none. */
  holds: string = "";
  phase: number = phase.idle;
  /** Index of the Code in force. */
  code: number = 0;
  pc: number = 0;
  /** Where to go on after the `sync` hook; -1 outside it. */
  returnPc: number = -1;
  now: number = 0;
  /** Whether the cost of the instruction at `pc` has been paid. */
  paid: boolean = false;
  /** Whether it holds its CPU. */
  running: boolean = false;
  /** How many locks it spins for or holds that keep interrupts out, and what the walk it interrupted keeps out. */
  masks: number = 0;
  open: number = 0;

  /** Interrupts decided on and not yet sent. */
  readonly toSend: Int32Array;
  sending: number = 0;
  /** Waited requests since the last wait, in order, and when each was acknowledged. */
  readonly targets: Int32Array;
  readonly acked: Float64Array;
  waited: number = 0;
  outstanding: number = 0;
  lastAck: number = 0;

  /** The mm whose readers it waits for, having the lock otherwise; 0: none. */
  draining: number = 0;

  /** The operation in progress. */
  arrived: number = 0;
  started: number = 0;
  lockAsked: number = 0;
  lockedAt: number = 0;
  unhookedAt: number = Number.POSITIVE_INFINITY;
  unhooked: number = 0;
  /** Whether a copy took the place of what was unhooked; whether the operation has released it, or left that to a deferred block. */
  replaced: boolean = false;
  released: boolean = false;
  deferred: boolean = false;
  syncStart: number = 0;
  syncTargets: number = 0;
  flushStart: number = 0;
  /** The mm it flushes, 1-based, and the number of that flush among those of the mm. */
  flushMm: number = 0;
  flushNumber: number = 0;
  /** CPUs a flush has to reach, and the one it has come to. */
  readonly flushSet: BitSet;
  flushCpu: number = -1;
  lastSharer: boolean = true;

  constructor(init: ContextInit, queue: OperationQueue, memory: Memory) {
    this.init = init;
    this.queue = queue;
    this.id = init.id;
    this.entity = init.entity;
    this.cpu = init.cpu;
    this.costAt = init.costAt;
    this.reach = init.reach;
    this.registers = memory.floats(init.registers);
    for (let i = 0; i < init.sets; i++) this.sets.push(new BitSet(init.cpus, memory));
    this.flushSet = new BitSet(init.cpus, memory);
    this.toSend = memory.ints(init.cpus);
    this.targets = memory.ints(init.cpus);
    this.acked = memory.floats(init.cpus);
  }
}
