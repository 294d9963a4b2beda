// The instructions of task programs: those of program/code.ts (with registers moved so that hooks do not share any) plus the ones below,
// which are what a walker, a writer, the MMU, an NMI, a callback or an interrupt handler does itself. A program is flat; `automaton.ts`
// turns it into local states.
//
// Register 0 is the CPU, register 1 the mm, register 2 the flags of the context; set register 0 is the CPUs online.

/** Instructions beyond those of a Code. */
export const x = {
  /** flags = (flags | a) & ~b; a step of its own */
  flags: 100,
  /** r[a] = table of slot b, 1-based, 0 for none; one load */
  loadEntry: 101,
  /** r[a] = contents of entry b of table r[c]: 0 old, 1 changed in place, 2 not yet written; I1 if the table is freed */
  deref: 102,
  /** I2, I3 by the contents in registers a and b (b = -1: one entry) */
  use: 103,
  /** slot a = table b (-1 none); c = 1: release */
  storeEntry: 104,
  /** table a = freed */
  free: 105,
  /** entry b of table a = changed */
  reuse: 106,
  /** contents of replacement a = written */
  write: 107,
  /** start the grace period of owner a */
  gpStart: 108,
  /** wait until place a has passed a quiescent state for owner b */
  gpWait: 109,
  /** the same for all places */
  gpWaitAll: 110,
  /** wait until place a has no waited IPI of sender b */
  ackWait: 111,
  /** go on at a or at b, either may happen */
  choose: 112,
  done: 113,
  /** start callback a of this writer with a copy of the registers from b and the sets from c; its grace period starts here */
  callback: 114,
  /** clear the TLBs and walk caches of the places in mask a */
  invalidate: 115,
  /** flush interrupt to place a; b = 1: skipped if its vCPU is preempted */
  flushSend: 116,
  /** wait until place a has handled the flush */
  flushWait: 117,
  /** r[a] = number of other sharers of table b; one load */
  shareLoad: 118,
  /** r[a] = what is left after dropping a share of table b; atomic, full barrier */
  shareDrop: 119,
  violate: 120,
  /** context-tracking mode of this CPU = a; atomic */
  mode: 121,
  /** between two walks */
  idle: 122,
  /** an NMI arrives, if any is left */
  nmi: 123,
  /** an NMI or a handler returns, to a; b: which of a handler's hooks it ran */
  iret: 124,
  /** handler: wait for an interrupt of sender a; those of its second hook go on at b */
  irq: 125,
  /** callback: not called */
  dormant: 126,
  /** the MMU reads slot b from memory into r[a] */
  mmuLoad: 127,
  /** the MMU reads the table r[a] and fills its TLB; I5 */
  mmuFill: 128,
  /** the MMU uses what it has cached of table r[a]; I4 */
  mmuUse: 129,
  /** take lock a for reading, or wait while a writer has it; atomic */
  readLock: 130,
  /** give it back; atomic, release */
  readUnlock: 131,
  /** s[0] = CPUs online; one load */
  loadOnline: 132,
} as const;

/** Flags of a context. */
export const flag = {irqOff: 1, rcu: 2, preemptOff: 4, unwatched: 8, nmi: 16} as const;

export interface Ins {
  op: number;
  a: number;
  b: number;
  c: number;
  /** Index of the Code it was copied from; -1: own. */
  readonly code: number;
}

export type Role = "walker" | "writer" | "nmi" | "handler" | "callback" | "mmu";

export interface TaskProgram {
  readonly role: Role;
  readonly name: string;
  /** Place of the CPU; callbacks run on a CPU of their own beyond those of the scope. */
  readonly place: number;
  readonly cpu: number;
  readonly mm: number;
  readonly ins: readonly Ins[];
  /** Names of the locks that its lock and unlock instructions number. */
  readonly locks: readonly string[];
  readonly registers: number;
  readonly setRegisters: number;
  /** Flags while it is at its first instruction. */
  readonly flags: number;
  /** Sender number, owner of a grace period: the index of the writer; callbacks own one each. */
  readonly sender: number;
  readonly owner: number;
}

export const flagsRegister = 2;
export const firstFree = 3;

export class ProgramBuilder {
  readonly ins: Ins[] = [];
  readonly locks: string[] = [];
  registers: number = firstFree;
  setRegisters: number = 1;

  emit(code: number, a = 0, b = 0, c = 0, from = -1): number {
    return this.ins.push({op: code, a, b, c, code: from}) - 1;
  }
  get here(): number {
    return this.ins.length;
  }
  register(): number {
    return this.registers++;
  }
  lock(name: string): number {
    const at = this.locks.indexOf(name);
    return at >= 0 ? at : this.locks.push(name) - 1;
  }
}
