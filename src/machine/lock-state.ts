import {lockKind, masksInterrupts} from "../program/lock-name.ts";

/** A lock that tasks queue for, first come, first served. */
export class Lock {
  /** Whether waiters spin, and whether they and the holder keep interrupts out. */
  readonly spins: boolean;
  readonly masks: boolean;
  /** Whether walkers take it for reading (`read-lock.ts`). */
  readonly read: boolean;
  /** Context id; -1: free. */
  holder: number = -1;
  /** Since when the holder has it. */
  since: number = 0;
  /** CPU that held it last, -1: none yet. */
  lastCpu: number = -1;
  readonly queue: number[] = [];

  constructor(name: string) {
    const kind = lockKind(name);
    this.masks = masksInterrupts(name);
    this.read = kind === "mmap_lock";
    this.spins = this.masks || kind === "ptl";
  }
}
