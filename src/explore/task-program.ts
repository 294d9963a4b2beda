// The programs of all tasks of an exploration: writers with their callbacks, walkers, NMIs, hardware walkers, interrupt handlers.

import {op} from "../program/code.ts";
import {lockName} from "../program/lock-name.ts";
import type {SmallSystem, WalkerTask} from "../program/small-system.ts";
import {handlerCodes, looksAtModes, writesUnderLock} from "../program/step-rules.ts";
import {copyHook, newBlock} from "./copy-hook.ts";
import {flag, type Ins, ProgramBuilder, type TaskProgram, x} from "./instructions.ts";
import {writerProgram} from "./writer-program.ts";

/** All tasks of the exploration: walkers, writers (each followed by its callbacks), NMIs, handlers, MMUs. */
export function taskPrograms(world: SmallSystem): TaskProgram[] {
  const tasks: TaskProgram[] = [];
  for (const [index, task] of world.writers.entries()) writerProgram(world, task, index, tasks);
  for (const task of world.walkers) tasks.push(walkerProgram(world, task, "walker"));
  for (const task of world.nmis) tasks.push(walkerProgram(world, task, "nmi"));
  for (const task of world.mmus) tasks.push(mmuProgram(world, task));
  handlerPrograms(world, tasks);
  return tasks;
}

// Walkers.

function walkerProgram(world: SmallSystem, task: WalkerTask, role: "walker" | "nmi"): TaskProgram {
  const b = new ProgramBuilder();
  const {walker} = task;
  const tracked = walker.tracked ? world.codes.map((_, index) => index) : [];
  const blocks = tracked.map((code) => newBlock(b, world, code));
  const pointer = b.register();
  const again = b.register();
  const entries = [b.register(), b.register()];
  const counter = b.register();
  const scratch = b.register();
  const walks = role === "nmi" ? undefined : world.scope.walks;
  const modes = looksAtModes(world) && role === "walker";
  if (walks !== undefined) b.emit(op.number, counter, walks, 0);
  const top = b.here;
  if (role === "nmi") b.emit(x.nmi);
  else b.emit(x.idle);
  if (walks !== undefined) {
    b.emit(op.number, scratch, 1, 0);
    const go = b.emit(op.jumpUnless, counter, 0);
    b.emit(op.sub, counter, counter, scratch);
    const past = b.emit(op.jump, 0);
    (b.ins[go] as Ins).b = b.here;
    b.emit(x.done);
    (b.ins[past] as Ins).a = b.here;
  }
  if (modes) b.emit(x.mode, 2);
  const aborts: number[] = [];
  const enter = (): void => {
    for (const block of blocks) {
      const entry = world.codes[block.code]?.entry.enter ?? -1;
      if (entry >= 0) copyHook(b, world, block, entry, undefined, aborts);
    }
  };
  const exit = (): void => {
    for (const block of [...blocks].reverse()) {
      const entry = world.codes[block.code]?.entry.exit ?? -1;
      if (entry >= 0) copyHook(b, world, block, entry, undefined, aborts);
    }
  };
  const inside = walker.hooks !== "outside";
  const readLock = (on: boolean): void => {
    const lock = b.lock(lockName(world.system.mms, "mmap_lock", task.mm + 1));
    b.emit(on ? x.readLock : x.readUnlock, lock);
  };
  const protect = (on: boolean): void => {
    if (role === "nmi") return;
    const bits = {irq: flag.irqOff, rcu: flag.rcu, lock: 0, none: 0}[walker.protect];
    if (walker.protect === "lock") readLock(on);
    else if (bits !== 0) b.emit(x.flags, on ? bits : 0, on ? 0 : bits);
  };
  if (!inside) enter();
  protect(true);
  if (inside) enter();
  const pages = Math.min(world.pages, walker.pages);
  // The re-check: the upper entry where that is what a writer clears, or the entry of the table itself, which is then its lower level.
  const unshared = world.writers.some((w) => w.mm === task.mm && w.writer.kind === "unshare");
  const upper = walker.revalidate === "pud" || (walker.revalidate === "pmd" && !unshared);
  const readTables = (split: boolean): void => {
    slotChoice(b, task.slots, (slot) => b.emit(x.loadEntry, pointer, slot));
    if (split) {
      protect(false);
      protect(true);
    }
    const leave: number[] = [];
    for (let page = 0; page < pages; page++) {
      b.emit(x.deref, entries[page] as number, page, pointer);
      if (page === 0) leave.push(b.emit(op.jumpUnless, pointer, 0));
    }
    if (walker.revalidate !== "none") {
      if (upper) slotAgain(b, task.slots, pointer, again, world);
      else b.emit(x.deref, again, 0, pointer);
      b.emit(op.eq, scratch, again, upper ? pointer : (entries[0] as number));
      leave.push(b.emit(op.jumpUnless, scratch, 0));
    }
    // Entries that somebody else may change lawfully are not judged: the mm keeps its own entry for ever.
    if (world.writers.some((w) => task.slots.includes(w.slot))) {
      b.emit(x.use, entries[0] as number, pages > 1 ? (entries[1] as number) : -1);
    }
    for (const from of leave) (b.ins[from] as Ins).b = b.here;
  };
  readTables(walker.split === true);
  // The slow path of a walk that was given up: the same under the lock, with interrupts on.
  const slow = role === "walker" && aborts.length > 0 && writesUnderLock(world, task.mm);
  const gone = slow ? b.register() : -1;
  const aborted = (): void => {
    let past = -1;
    if (slow) {
      b.emit(op.number, gone, 0, 0);
      past = b.emit(op.jump, 0);
    }
    for (const from of aborts) (b.ins[from] as Ins).a = b.here;
    if (!slow) return;
    b.emit(op.number, gone, 1, 0);
    (b.ins[past] as Ins).a = b.here;
  };
  if (inside) aborted();
  if (inside) exit();
  protect(false);
  // Hooks that run outside the section give the walk up before it has begun.
  if (!inside) aborted();
  if (!inside) exit();
  if (slow) {
    const past = b.emit(op.jumpUnless, gone, 0);
    readLock(true);
    readTables(false);
    readLock(false);
    (b.ins[past] as Ins).b = b.here;
  }
  if (modes) b.emit(x.mode, 1);
  if (role === "nmi") b.emit(x.iret, top);
  else b.emit(op.jump, top);
  return {
    role,
    name: role === "nmi" ? `nmi ${walker.name}` : `walker ${walker.name}`,
    place: task.place,
    cpu: world.cpus[task.place] as number,
    mm: task.mm + 1,
    ins: b.ins,
    locks: b.locks,
    registers: b.registers,
    setRegisters: b.setRegisters,
    flags: walker.watched === false ? flag.unwatched : 0,
    sender: -1,
    owner: -1,
  };
}

/** Emits one alternative per slot and lets the walk take any of them. */
function slotChoice(
  b: ProgramBuilder,
  slots: readonly number[],
  each: (slot: number) => void,
): void {
  const ends: number[] = [];
  for (const [index, slot] of slots.entries()) {
    const last = index === slots.length - 1;
    const fork = last ? -1 : b.emit(x.choose, 0, 0);
    if (fork >= 0) (b.ins[fork] as Ins).a = b.here;
    each(slot);
    if (!last) {
      ends.push(b.emit(op.jump, 0));
      (b.ins[fork] as Ins).b = b.here;
    }
  }
  for (const end of ends) (b.ins[end] as Ins).a = b.here;
}

/** Reads again the slot that the pointer came from: a table stands in one slot of an mm only. */
function slotAgain(
  b: ProgramBuilder,
  slots: readonly number[],
  pointer: number,
  again: number,
  world: SmallSystem,
): void {
  if (slots.length === 1) {
    b.emit(x.loadEntry, again, slots[0] as number);
    return;
  }
  const table = b.register();
  const same = b.register();
  const ends: number[] = [];
  for (const slot of slots) {
    for (const id of tablesIn(world, slot)) {
      b.emit(op.number, table, id + 1, 0);
      b.emit(op.eq, same, pointer, table);
      const past = b.emit(op.jumpUnless, same, 0);
      b.emit(x.loadEntry, again, slot);
      ends.push(b.emit(op.jump, 0));
      (b.ins[past] as Ins).b = b.here;
    }
  }
  for (const end of ends) (b.ins[end] as Ins).a = b.here;
}

function tablesIn(world: SmallSystem, slot: number): number[] {
  const tables = world.writers
    .filter((w) => w.slot === slot)
    .flatMap((w) => [...w.tables, ...w.replacements.filter((table) => table >= 0)]);
  const initial = world.slots[slot]?.initial ?? -1;
  return [...new Set([...(initial >= 0 ? [initial] : []), ...tables])];
}

function mmuProgram(world: SmallSystem, task: WalkerTask): TaskProgram {
  const b = new ProgramBuilder();
  const pointer = b.register();
  slotChoice(b, task.slots, (slot) => b.emit(x.mmuLoad, pointer, slot));
  const none = b.emit(op.jumpUnless, pointer, 0);
  b.emit(x.mmuFill, pointer);
  b.emit(x.mmuUse, pointer);
  b.emit(op.jump, 0);
  (b.ins[none] as Ins).b = 0;
  return {
    role: "mmu",
    name: `mmu ${task.walker.name}`,
    place: task.place,
    cpu: world.cpus[task.place] as number,
    mm: task.mm + 1,
    ins: b.ins,
    locks: b.locks,
    registers: b.registers,
    setRegisters: b.setRegisters,
    flags: 0,
    sender: -1,
    owner: -1,
  };
}

// Interrupt handlers: one per CPU and sender whose policy has an `ipi` hook, or the policy it falls back to; empty hooks need none.

function handlerPrograms(world: SmallSystem, tasks: TaskProgram[]): void {
  for (const [sender, writer] of world.writers.entries()) {
    const hooks = handlerCodes(world, writer);
    if (hooks.length === 0) continue;
    for (const [place, cpu] of world.cpus.entries()) {
      const b = new ProgramBuilder();
      b.emit(x.irq, sender);
      for (const [nth, code] of hooks.entries()) {
        if (nth > 0) (b.ins[0] as Ins).b = b.here;
        const entry = world.codes[code]?.entry.ipi ?? -1;
        copyHook(b, world, newBlock(b, world, code), entry, undefined, []);
        b.emit(x.iret, 0, nth);
      }
      tasks.push({
        role: "handler",
        name: `interrupt of ${writer.writer.name}`,
        place,
        cpu,
        mm: writer.mm + 1,
        ins: b.ins,
        locks: b.locks,
        registers: b.registers,
        setRegisters: b.setRegisters,
        flags: 0,
        sender,
        owner: -1,
      });
    }
  }
}
