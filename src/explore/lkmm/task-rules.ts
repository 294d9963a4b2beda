// What the unrolled form of a task rests on: which tasks are threads, when code is a read-side section, where an interrupt makes a difference.

import {op} from "../../program/code.ts";
import {flag, type Ins, type TaskProgram, x} from "../instructions.ts";
import type {RequestKind} from "./policy-places.ts";

/** Whether a task becomes a thread: NMIs run inside others, and so do handlers, but for those of a CPU that runs nothing else. */
export function isThread(program: TaskProgram, programs: readonly TaskProgram[]): boolean {
  if (program.role === "handler") return !isBusy(programs, program.place);
  return program.role !== "nmi";
}

/** Whether anything with a thread of its own runs on a CPU and can take its interrupts. */
export function isBusy(programs: readonly TaskProgram[], place: number): boolean {
  return programs.some((p) => p.place === place && (p.role === "walker" || p.role === "writer"));
}

/** The task that handles the interrupts of a sender at a place; -1: none, the handler does nothing. */
export function handlerOf(programs: readonly TaskProgram[], sender: number, place: number): number {
  return programs.findIndex(
    (p) => p.role === "handler" && p.sender === sender && p.place === place,
  );
}

/** What is said when a flag begins a section, and when it ends it. */
export function sectionWords(bit: number): [enter: string, leave: string] {
  if ((bit & flag.irqOff) !== 0) return ["irq off", "irq on"];
  if ((bit & flag.preemptOff) !== 0) return ["preemption off", "preemption on"];
  return ["rcu_read_lock", "rcu_read_unlock"];
}

/** Whether code with these flags is an RCU read-side critical section. */
export function inSection(flags: number): boolean {
  const bits = flag.irqOff | flag.rcu | flag.preemptOff | flag.nmi;
  return (flags & flag.unwatched) === 0 && (flags & bits) !== 0;
}

const events: ReadonlySet<number> = new Set([
  ...[op.load, op.loadAcquire, op.loadMode, op.store, op.storeRelease, op.exchange],
  ...[op.mb, op.wmb, op.rmb, op.ipi, op.lock, op.unlock, x.loadEntry, x.deref, x.storeEntry],
  ...[x.free, x.reuse, x.write, x.gpStart, x.gpWaitAll, x.ackWait, x.callback, x.invalidate],
  ...[x.flushSend, x.flushWait, x.shareLoad, x.shareDrop, x.mode, x.mmuLoad, x.mmuFill, x.mmuUse],
  ...[x.readLock, x.readUnlock],
]);

/**
 * Whether an interrupt just before an instruction differs from one before the next: before what touches shared memory, and before what
 * keeps interrupts out or begins a section.
 */
export function isPoint(ins: Ins, flags: number): boolean {
  return ins.op === x.flags ? (ins.a & ~flags) !== 0 : events.has(ins.op);
}

/** How many instructions of a task may make such a request to a place. */
export function sendsOf(program: TaskProgram, kind: RequestKind, place: number): number {
  return program.ins.filter((ins) => {
    const flushes = ins.op === x.flushSend && ins.a === place;
    if (kind === "flush") return flushes;
    if (kind === "invalidate") return flushes || (ins.op === x.invalidate && (ins.a >> place) & 1);
    return ins.op === op.ipi && (ins.b === 1) === (kind === "wait");
  }).length;
}
