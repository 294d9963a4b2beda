// The state of all CPUs as parallel arrays, and the rules by which one CPU's time is taken.
//
// A CPU is taken by sections on five levels. A section of a higher level may begin inside one of a lower level and makes it end later:
//   task        a walk; with interrupts off unless its protection leaves them on
//   foreground  a bystander's activation; never begins inside a walk with interrupts off
//   interrupt   tick, context switch, unrelated interrupts-off section; begins only where interrupts are on
//   nmi         a walk in NMI context, a vCPU taken away by the host; begins anywhere but in another one or in a handler
//   handler     call-function interrupts (`interrupt.ts`)
// Beneath them lies the base: user, idle, or a writer in the kernel.
//
// (1) `busyEnd` is the end of all sections begun so far; a section that begins later than it leaves a gap, which is base time.
// (2) Sections are accounted when they begin, the base when it changes or a section ends its gap. `settled` is the instant up to which
//     everything is accounted; after each step it is `busyEnd` or the instant of the last change of base.
// (3) A tick that one occupation takes is taken from every closed-loop walker that thinks, and from the writer that holds the CPU.

import type {Recorder} from "../engine/recorder.ts";
import type {Protection} from "../plan/system.ts";
import {account, accountNames, accounts} from "./accounts.ts";
import type {Memory} from "./memory.ts";

/** What a private source of activity does; the smaller numbers are walks of the task level. */
export const source = {
  closedWalk: 0,
  openWalk: 1,
  closedNmi: 2,
  openNmi: 3,
  bystander: 4,
  irqOff: 5,
  tick: 6,
  switch: 7,
  steal: 8,
  idleToggle: 9,
  /** Between user mode and the kernel. */
  modeToggle: 10,
} as const;

/** What a walk keeps out: interrupts; nothing; or grace periods, being a read-side section with interrupts on. */
export const walkMask = {irq: 0, open: 1, reader: 2} as const;

export function walkMaskOf(protect: Protection): number {
  return protect === "irq" ? walkMask.irq : protect === "rcu" ? walkMask.reader : walkMask.open;
}

export class Cpus {
  readonly count: number;
  /** Sources of CPU c are first[c] .. first[c + 1] - 1. */
  readonly first: Int32Array;
  /** End of the latest section of each level. */
  readonly taskEnd: Float64Array;
  readonly foregroundEnd: Float64Array;
  readonly irqEnd: Float64Array;
  readonly irqStart: Float64Array;
  readonly nmiEnd: Float64Array;
  readonly handlerEnd: Float64Array;
  /** End of the wake-up before the latest handler. */
  readonly wakeEnd: Float64Array;
  /** Account of the latest section of the interrupt and NMI levels. */
  readonly irqAccount: Uint8Array;
  readonly nmiAccount: Uint8Array;
  readonly busyEnd: Float64Array;
  readonly settled: Float64Array;
  /** How the walk in progress is protected: a `walkMask`. */
  readonly taskOpen: Uint8Array;
  readonly base: Uint8Array;
  /** The base when no writer holds the CPU; and what it is when the CPU does not idle either. */
  readonly naturalBase: Uint8Array;
  readonly busyBase: Uint8Array;
  /** The writer's context that holds the CPU; -1: none. */
  readonly holder: Int32Array;
  /** Taken from the holder since it last looked. */
  readonly taken: Float64Array;
  /** A walk with interrupts on that a holder interrupted: what was left of it. */
  readonly frozen: Float64Array;
  readonly time: Float64Array;
  /** Latest context switch, and latest moments known at which the CPU was in no section and idle, or in user mode. */
  readonly lastSwitch: Float64Array;
  readonly lastIdle: Float64Array;
  readonly lastUser: Float64Array;
  /** Interrupts taken and time stolen by others' syncs, flushes and grace periods. */
  readonly interrupts: Float64Array;
  readonly stolen: Float64Array;
  /** Latest interrupt taken: proof that walks begun before it have ended. */
  readonly lastInterrupt: Float64Array;

  /** Writes down what the base was, where a window of the run is recorded. */
  readonly recorder: Recorder | undefined;

  /** `first` is that of the plan of sources. */
  constructor(first: Int32Array, memory: Memory, recorder?: Recorder) {
    const count = first.length - 1;
    const floats = () => memory.floats(count);
    this.recorder = recorder;
    this.count = count;
    this.first = first;
    this.taskEnd = floats();
    this.foregroundEnd = floats();
    this.irqEnd = floats();
    this.irqStart = floats();
    this.nmiEnd = floats();
    this.handlerEnd = floats();
    this.wakeEnd = floats();
    this.irqAccount = memory.bytes(count);
    this.nmiAccount = memory.bytes(count);
    this.busyEnd = floats();
    this.settled = floats();
    this.taskOpen = memory.bytes(count);
    this.base = memory.bytes(count).fill(account.idle);
    this.naturalBase = memory.bytes(count).fill(account.idle);
    this.busyBase = memory.bytes(count).fill(account.user);
    this.holder = memory.ints(count).fill(-1);
    this.taken = floats();
    this.frozen = floats();
    this.time = memory.floats(count * accounts);
    this.lastSwitch = floats().fill(-1);
    this.lastIdle = floats().fill(-1);
    this.lastUser = floats().fill(-1);
    this.interrupts = floats();
    this.stolen = floats();
    this.lastInterrupt = floats().fill(-1);
  }
}

/** Adds the base's time up to `to` to its account; nothing if that is settled. */
export function settle(cpus: Cpus, cpu: number, to: number): void {
  const from = cpus.settled[cpu];
  if (to <= from) return;
  cpus.time[cpu * accounts + cpus.base[cpu]] += to - from;
  cpus.settled[cpu] = to;
  if (cpus.base[cpu] === account.idle) cpus.lastIdle[cpu] = to;
  else if (cpus.base[cpu] === account.user) cpus.lastUser[cpu] = to;
  cpus.recorder?.interval(cpu, from, to, accountNames[cpus.base[cpu]]);
}

/** Changes what the CPU does between sections, at an instant to which it has been advanced. */
export function setBase(cpus: Cpus, cpu: number, at: number, base: number): void {
  settle(cpus, cpu, at);
  cpus.base[cpu] = base;
}

/**
 * The earliest instant, `at` or later, when an interrupt can be taken, as far as is known at `at`: an NMI or a preemption may still
 * begin and make it later, so ask again then.
 */
export function interruptibleFrom(cpus: Cpus, cpu: number, at: number): number {
  if (cpus.busyEnd[cpu] <= at && cpus.taskEnd[cpu] <= at) return at;
  let from = at;
  if (cpus.irqEnd[cpu] > from) from = cpus.irqEnd[cpu];
  if (cpus.nmiEnd[cpu] > from) from = cpus.nmiEnd[cpu];
  if (cpus.handlerEnd[cpu] > from) from = cpus.handlerEnd[cpu];
  if (cpus.taskEnd[cpu] > from && cpus.taskOpen[cpu] === 0) from = cpus.taskEnd[cpu];
  return from;
}
