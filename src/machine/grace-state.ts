// The state of grace periods: who waits for the current and the next one, which CPUs still hold it out.

import type {Machine} from "../plan/system.ts";
import type {ReadyList} from "./callbacks.ts";
import type {Memory} from "./memory.ts";

/** Somebody whose turn comes after a grace period: a sleeping context, or a deferred block. */
export interface GraceWaiter {
  readonly cpu: number;
  /** Context id of a sleeper; -1 for a deferred block. */
  readonly context: number;
  readonly callback: Callback | undefined;
}

/** A deferred block with what it needs of the operation that deferred it. */
export interface Callback {
  readonly context: number;
  readonly code: number;
  readonly pc: number;
  readonly registers: Float64Array;
  readonly unhookedAt: number;
  readonly unhooked: number;
  /** Whether a copy took the place of what it releases. */
  readonly replaced: boolean;
}

export class GracePeriods {
  /** Ticks between two timer interrupts; jiffies a scan waits. */
  readonly jiffy: number;
  readonly scanJiffies: number;
  active: boolean = false;
  /** A first request has been made and the grace period will begin at the next timer interrupt. */
  starting: boolean = false;
  startedAt: number = 0;
  /** Ticks that all grace periods so far have lasted. */
  total: number = 0;
  scans: number = 0;
  scannedAt: number = 0;
  current: GraceWaiter[] = [];
  next: GraceWaiter[] = [];
  /** CPUs that have not passed a quiescent state. */
  readonly holdout: Uint8Array;
  /** When a CPU noticed the grace period; -1: not yet. */
  readonly noticed: Float64Array;
  /** Whether a hold-out has been interrupted to make it reschedule. */
  readonly rescheduled: Uint8Array;
  holdouts: number = 0;
  /** Whether a timer interrupt of a hold-out is in the calendar. */
  ticking: boolean = false;
  /** Per CPU: whose grace period is over and whose turn has not come yet. */
  readonly ready: (ReadyList | undefined)[] = [];

  expeditedActive: boolean = false;
  expeditedCurrent: GraceWaiter[] = [];
  expeditedNext: GraceWaiter[] = [];
  readonly expeditedHoldout: Uint8Array;
  expeditedHoldouts: number = 0;
  expeditedAt: number = 0;

  constructor(cpus: number, machine: Machine, memory: Memory) {
    this.jiffy = Math.round(1e12 / machine.hz);
    // RCU_JIFFIES_TILL_FORCE_QS + nr_cpu_ids / RCU_JIFFIES_FQS_DIV of kernel/rcu/tree.h
    this.scanJiffies =
      1 + (machine.hz > 250 ? 1 : 0) + (machine.hz > 500 ? 1 : 0) + Math.floor(cpus / 256);
    this.holdout = memory.bytes(cpus);
    this.noticed = memory.floats(cpus);
    this.rescheduled = memory.bytes(cpus);
    this.expeditedHoldout = memory.bytes(cpus);
  }
}
