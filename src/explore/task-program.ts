// The program of each task of an exploration: the hooks of the policies' Code, copied in place, and around them what the walker, the
// writer, the MMU, an NMI, a callback or an interrupt handler does itself. Instructions are those of program/code.ts (with registers
// moved so that hooks do not share any) plus those below. A program is flat; `automaton.ts` turns it into local states.
//
// Register 0 is the CPU, register 1 the mm, register 2 the flags of the context; set register 0 is the CPUs online.

import {op} from "../program/code.ts";
import type {SmallSystem, WalkerTask, WriterTask} from "./small-system.ts";

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
  /** an NMI or a handler returns */
  iret: 124,
  /** handler: wait for an interrupt of sender a */
  irq: 125,
  /** callback: not called */
  dormant: 126,
  /** the MMU reads slot b from memory into r[a] */
  mmuLoad: 127,
  /** the MMU reads the table r[a] and fills its TLB; I5 */
  mmuFill: 128,
  /** the MMU uses what it has cached of table r[a]; I4 */
  mmuUse: 129,
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
const firstFree = 3;

class Builder {
  readonly ins: Ins[] = [];
  readonly locks: string[] = [];
  registers = firstFree;
  setRegisters = 1;

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

/** What a writer's hook needs to know to translate its steps. */
interface WriterContext {
  readonly world: SmallSystem;
  readonly task: WriterTask;
  readonly writer: number;
  readonly nth: number;
  readonly tasks: TaskProgram[];
  readonly published: {done: boolean};
  /** Register with whether no other mm shares the table any longer; -1: nobody else does. */
  readonly last: number;
  readonly deferred: boolean;
  readonly place: number;
}

interface Block {
  readonly code: number;
  readonly base: number;
  readonly setBase: number;
}

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
  const b = new Builder();
  const {walker} = task;
  const tracked = walker.tracked ? world.codes.map((_, index) => index) : [];
  const blocks = tracked.map((code) => newBlock(b, world, code));
  const pointer = b.register();
  const again = b.register();
  const entries = [b.register(), b.register()];
  const counter = b.register();
  const scratch = b.register();
  const walks = role === "nmi" ? undefined : world.scope.walks;
  const modes = usesMode(world) && role === "walker";
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
      if (entry >= 0) hook(b, world, block, entry, undefined, aborts);
    }
  };
  const exit = (): void => {
    for (const block of [...blocks].reverse()) {
      const entry = world.codes[block.code]?.entry.exit ?? -1;
      if (entry >= 0) hook(b, world, block, entry, undefined, aborts);
    }
  };
  const inside = walker.hooks !== "outside";
  const protect = (on: boolean): void => {
    if (role === "nmi") return;
    const bits = {irq: flag.irqOff, rcu: flag.rcu, lock: 0, none: 0}[walker.protect];
    if (walker.protect === "lock") b.emit(on ? op.lock : op.unlock, b.lock("mmap_lock"));
    else if (bits !== 0) b.emit(x.flags, on ? bits : 0, on ? 0 : bits);
  };
  if (!inside) enter();
  protect(true);
  if (inside) enter();
  slotChoice(b, task.slots, (slot) => b.emit(x.loadEntry, pointer, slot));
  if (walker.split === true) {
    protect(false);
    protect(true);
  }
  const leave: number[] = [];
  const pages = Math.min(world.pages, walker.pages);
  for (let page = 0; page < pages; page++) {
    b.emit(x.deref, entries[page] as number, page, pointer);
    if (page === 0) leave.push(b.emit(op.jumpUnless, pointer, 0));
  }
  // The re-check: the upper entry where that is what a writer clears, or the entry of the table itself, which is then its lower level.
  const unshared = world.writers.some((w) => w.mm === task.mm && w.writer.kind === "unshare");
  const upper = walker.revalidate === "pud" || (walker.revalidate === "pmd" && !unshared);
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
  for (const from of aborts) (b.ins[from] as Ins).a = b.here;
  if (inside) exit();
  protect(false);
  if (!inside) exit();
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
function slotChoice(b: Builder, slots: readonly number[], each: (slot: number) => void): void {
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
  b: Builder,
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
  const b = new Builder();
  const pointer = b.register();
  slotChoice(b, task.slots, (slot) => b.emit(x.mmuLoad, pointer, slot));
  const none = b.emit(op.jumpUnless, pointer, 0);
  b.emit(x.mmuFill, pointer);
  b.emit(x.mmuUse, pointer);
  b.emit(op.jump, 0);
  (b.ins[none] as Ins).b = 0;
  return {
    role: "mmu",
    name: "mmu",
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

// Interrupt handlers: one per CPU and sender whose policy has an `ipi` hook; an empty hook needs none.

function handlerPrograms(world: SmallSystem, tasks: TaskProgram[]): void {
  for (const [sender, writer] of world.writers.entries()) {
    const code = world.codes[writer.policy];
    if (code === undefined || code.entry.ipi < 0 || code.ops[4 * code.entry.ipi] === op.ret)
      continue;
    for (const [place, cpu] of world.cpus.entries()) {
      const b = new Builder();
      b.emit(x.irq, sender);
      hook(b, world, newBlock(b, world, writer.policy), code.entry.ipi, undefined, []);
      b.emit(x.iret, 0);
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

// Writers.

const contextFlags = {
  task: 0,
  preempt_off: flag.preemptOff,
  rcu: flag.rcu,
  irq_off: flag.irqOff,
} as const;

function writerProgram(
  world: SmallSystem,
  task: WriterTask,
  index: number,
  tasks: TaskProgram[],
): void {
  const b = new Builder();
  const {writer} = task;
  const callbacks: TaskProgram[] = [];
  const around = contextFlags[writer.context ?? "task"];
  const block = newBlock(b, world, task.policy);
  const last = b.register();
  for (let nth = 0; nth < task.tables.length; nth++) {
    if (nth > 0) b.emit(x.storeEntry, task.slot, task.tables[nth] as number, 1);
    if (around !== 0) b.emit(x.flags, around, 0);
    if (writer.holds !== "none") {
      b.emit(op.lock, b.lock(writer.holds));
      if (writer.holds === "ptl") b.emit(x.flags, flag.preemptOff, 0);
    }
    const shared = (world.tables[task.tables[nth] as number]?.sharers ?? 0) > 0;
    const unshare = writer.kind === "unshare";
    if (unshare && !shared && writer.lastSharer < 1) {
      const fork = b.emit(x.choose, 0, 0);
      (b.ins[fork] as Ins).a = b.here;
      b.emit(op.number, last, 1, 0);
      const past = b.emit(op.jump, 0);
      (b.ins[fork] as Ins).b = b.here;
      b.emit(op.number, last, 0, 0);
      (b.ins[past] as Ins).a = b.here;
    } else if (unshare && shared) {
      const one = b.register();
      b.emit(x.shareLoad, last, task.tables[nth] as number);
      b.emit(op.number, one, 1, 0);
      b.emit(op.le, last, last, one);
    }
    const counted = unshare && (shared || writer.lastSharer < 1);
    const run = (policy: number, at: Block): void => {
      const code = world.codes[policy];
      if (code === undefined) return;
      const context: WriterContext = {
        world,
        task,
        writer: index,
        nth,
        tasks: callbacks,
        published: {done: false},
        last: counted ? last : -1,
        deferred: false,
        place: task.place,
      };
      hook(b, world, at, code.entry.op, context, []);
      // Deferring the release of a table that is changed in place defers nothing: its other user goes on with it as soon as the
      // operation is over.
      const direct = reaches(world, policy, code.entry.op, op.release, false);
      const late = reaches(world, policy, code.entry.op, op.release, true);
      if (writer.kind !== "free" && !direct && late && !context.published.done) {
        reuseSteps(b, context);
      }
    };
    if (writer.allocFail > 0 && task.fallback >= 0) {
      const fork = b.emit(x.choose, 0, 0);
      (b.ins[fork] as Ins).a = b.here;
      run(task.policy, block);
      const past = b.emit(op.jump, 0);
      (b.ins[fork] as Ins).b = b.here;
      run(task.fallback, newBlock(b, world, task.fallback));
      (b.ins[past] as Ins).a = b.here;
    } else run(task.policy, block);
    if (writer.holds !== "none") {
      b.emit(op.unlock, b.lock(writer.holds));
      if (writer.holds === "ptl") b.emit(x.flags, 0, flag.preemptOff);
    }
    if (around !== 0) b.emit(x.flags, 0, around);
  }
  b.emit(x.done);
  tasks.push({
    role: "writer",
    name: `writer ${writer.name}`,
    place: task.place,
    cpu: world.cpus[task.place] as number,
    mm: task.mm + 1,
    ins: b.ins,
    locks: b.locks,
    registers: b.registers,
    setRegisters: b.setRegisters,
    flags: 0,
    sender: index,
    owner: index,
  });
  const before = tasks.filter((other) => other.role === "callback").length;
  for (const [id, callback] of callbacks.entries())
    tasks.push({...callback, place: world.cpus.length + before + id});
}

function newBlock(b: Builder, world: SmallSystem, code: number): Block {
  const base = b.registers;
  const setBase = b.setRegisters;
  // Each hook of the block has registers of its own: `op` is still using its locals while `sync` runs.
  b.registers += 2 * (world.codes[code]?.registers ?? 0);
  b.setRegisters += 2 * (world.codes[code]?.setRegisters ?? 0);
  return {code, base, setBase};
}

/** Copies the code reachable from `entry` to the end of the program; every `ret` goes to what follows it, every `abort` is noted. */
function hook(
  b: Builder,
  world: SmallSystem,
  block: Block,
  entry: number,
  context: WriterContext | undefined,
  aborts: number[],
): void {
  const code = world.codes[block.code];
  if (code === undefined || entry < 0) return;
  const moved = new Map<number, number>();
  const jumps: {at: number; operand: "a" | "b" | "c"; to: number}[] = [];
  const ends: number[] = [];
  const r = (register: number): number => (register < 2 ? register : block.base + register - 2);
  const s = (register: number): number => (register < 1 ? register : block.setBase + register - 1);
  const order = [...reachable(world, block.code, entry)].sort((p, q) => p - q);
  if (order[0] !== entry) jumps.push({at: b.emit(op.jump), operand: "a", to: entry});
  for (const [position, pc] of order.entries()) {
    moved.set(pc, b.here);
    const code0 = code.ops[4 * pc] as number;
    const a = code.ops[4 * pc + 1] as number;
    const bb = code.ops[4 * pc + 2] as number;
    const c = code.ops[4 * pc + 3] as number;
    const put = (aa = 0, b2 = 0, c2 = 0): number => b.emit(code0, aa, b2, c2, block.code);
    switch (code0) {
      case op.ret:
        ends.push(b.emit(op.jump));
        break;
      case op.number:
        put(r(a), code.numbers[bb] as number);
        break;
      case op.jump:
        jumps.push({at: put(), operand: "a", to: a});
        break;
      case op.jumpUnless:
        jumps.push({at: put(r(a)), operand: "b", to: bb});
        break;
      case op.move:
      case op.not:
      case op.neg:
      case op.loadMode:
        put(r(a), r(bb));
        break;
      case op.set:
        put(s(a), placesOf(world, code.cpuSets[bb] ?? []));
        break;
      case op.setMove:
        put(s(a), s(bb));
        break;
      case op.setUnion:
      case op.setIntersection:
      case op.setDifference:
        put(s(a), s(bb), s(c));
        break;
      case op.setClear:
        put(s(a));
        break;
      case op.setAdd:
      case op.setOf:
      case op.loadMask:
        put(s(a), r(bb));
        break;
      case op.setSize:
        put(r(a), s(bb));
        break;
      case op.setHas:
        put(r(a), r(bb), s(c));
        break;
      case op.iterate:
        put(r(a));
        break;
      case op.next:
        jumps.push({at: put(r(a), s(bb)), operand: "c", to: c});
        break;
      case op.load:
      case op.loadAcquire:
        put(r(a), bb, c < 0 ? -1 : r(c));
        break;
      case op.store:
      case op.storeRelease:
      case op.exchange:
        put(a, bb < 0 ? -1 : r(bb), r(c));
        break;
      case op.ipi:
        put(r(a), bb);
        break;
      case op.waitUntil:
        jumps.push({at: put(r(a), 0, c), operand: "b", to: bb});
        break;
      case op.abort:
        aborts.push(b.emit(op.jump));
        break;
      case op.delay:
      case op.count:
      case op.alloc:
        break;
      case op.mb:
      case op.wmb:
      case op.rmb:
        put();
        break;
      case op.lock:
      case op.unlock:
        put(b.lock(code.locks[a] as string));
        break;
      case op.add:
      case op.sub:
      case op.mul:
      case op.div:
      case op.eq:
      case op.ne:
      case op.lt:
      case op.le:
        put(r(a), r(bb), r(c));
        break;
      case op.waitAcks:
        for (let place = 0; place < world.cpus.length; place++)
          if (context !== undefined && place !== context.place)
            b.emit(x.ackWait, place, context.writer, 0, block.code);
        break;
      default:
        if (context !== undefined) writerStep(b, context, block, code0, c, {entry: a, jumps});
    }
    // Instructions that fall through to one that was not copied next to them go there by a jump.
    const next = order[position + 1];
    if (!isEnd(code0) && next !== pc + 1)
      jumps.push({at: b.emit(op.jump), operand: "a", to: pc + 1});
  }
  for (const jump of jumps) (b.ins[jump.at] as Ins)[jump.operand] = moved.get(jump.to) ?? b.here;
  for (const end of ends) (b.ins[end] as Ins).a = b.here;
}

function isEnd(code: number): boolean {
  return code === op.ret || code === op.jump || code === op.abort || code === op.defer;
}

interface StepPosition {
  readonly entry: number;
  readonly jumps: {at: number; operand: "a" | "b" | "c"; to: number}[];
}

/** The steps that only writers take. */
function writerStep(
  b: Builder,
  context: WriterContext,
  block: Block,
  code: number,
  c: number,
  at: StepPosition,
): void {
  const {world, task, nth} = context;
  const places = world.cpus.map((_, place) => place);
  switch (code) {
    case op.unhook:
      // pmdp_collapse_flush returns the old value atomically; it belongs to the whole path like the flush that it is named after.
      if (world.path === "whole" && task.writer.kind === "collapse") b.emit(op.mb);
      b.emit(x.storeEntry, task.slot, -1, 0, block.code);
      if (world.path === "whole" && task.writer.kind === "collapse") b.emit(op.mb);
      return;
    case op.publish:
      context.published.done = true;
      b.emit(x.storeEntry, task.slot, task.replacements[nth] as number, 0, block.code);
      return;
    case op.copy:
      b.emit(x.write, task.replacements[nth] as number, 0, 0, block.code);
      return;
    case op.release:
      releaseSteps(b, context);
      return;
    case op.sync: {
      const past = context.last >= 0 ? b.emit(op.jumpUnless, context.last, 0) : -1;
      const own: Block = {
        code: block.code,
        base: block.base + (world.codes[block.code]?.registers ?? 0),
        setBase: block.setBase + (world.codes[block.code]?.setRegisters ?? 0),
      };
      const entry = world.codes[block.code]?.entry.sync ?? -1;
      hook(b, world, own, entry, context, []);
      if (past >= 0) (b.ins[past] as Ins).b = b.here;
      return;
    }
    case op.flush:
      flushSteps(b, context);
      return;
    case op.waitGp:
      b.emit(x.gpStart, context.writer, 0, 0, block.code);
      for (const place of places) b.emit(x.gpWait, place, context.writer, 0, block.code);
      return;
    case op.defer: {
      const id = context.tasks.length;
      context.tasks.push(callbackProgram(context, block, at.entry, id));
      b.emit(x.callback, id, block.base, block.setBase, block.code);
      at.jumps.push({at: b.emit(op.jump), operand: "a", to: c});
      return;
    }
    default:
  }
}

function releaseSteps(b: Builder, context: WriterContext): void {
  const {world, task, nth} = context;
  const table = task.tables[nth] as number;
  const {kind} = task.writer;
  if (context.published.done || kind === "free" || (context.deferred && kind === "collapse")) {
    if ((world.tables[table]?.sharers ?? 0) > 0 && kind !== "unshare") {
      const others = b.register();
      b.emit(x.shareLoad, others, table);
      const alone = b.emit(op.jumpUnless, others, 0);
      b.emit(x.violate, 6);
      (b.ins[alone] as Ins).b = b.here;
    }
    b.emit(x.free, table);
    return;
  }
  if (!context.deferred) reuseSteps(b, context);
}

function reuseSteps(b: Builder, context: WriterContext): void {
  const {world, task, nth} = context;
  const table = task.tables[nth] as number;
  const shared = task.writer.kind === "unshare" && (world.tables[table]?.sharers ?? 0) > 0;
  if (shared) b.emit(x.shareDrop, b.register(), table);
  // Who still shares the table changes nothing in it; that is left to the last.
  const past = context.last >= 0 ? b.emit(op.jumpUnless, context.last, 0) : -1;
  for (let page = 0; page < world.pages; page++) b.emit(x.reuse, table, page);
  if (past >= 0) (b.ins[past] as Ins).b = b.here;
}

function flushSteps(b: Builder, context: WriterContext): void {
  const {world, task} = context;
  const {machine} = world.system;
  if (world.path === "sync") {
    if (world.mmus.length > 0) b.emit(x.invalidate, -1);
    return;
  }
  const mm = world.system.mms[task.mm];
  b.emit(op.mb);
  const all = (1 << world.cpus.length) - 1;
  if (machine.tlb !== "ipi" || machine.virt === "hyperv" || machine.virt === "xen") {
    b.emit(x.invalidate, all);
    return;
  }
  // The flush of a table that goes away (free, unshare) wakes lazy CPUs; that of a collapse does not.
  const loaded = placesOf(world, mm?.cpus ?? []);
  const lazy = placesOf(world, mm?.lazy ?? []);
  const mask = task.writer.kind === "collapse" ? loaded & ~lazy : loaded | lazy;
  const pv = machine.virt === "kvm" ? 1 : 0;
  const targets = world.cpus
    .map((_, place) => place)
    .filter((place) => place !== context.place && (mask >> place) & 1);
  for (const place of targets) b.emit(x.flushSend, place, pv);
  b.emit(x.invalidate, 1 << context.place);
  for (const place of targets) b.emit(x.flushWait, place);
}

function callbackProgram(
  context: WriterContext,
  block: Block,
  entry: number,
  id: number,
): TaskProgram {
  const {world, task} = context;
  const b = new Builder();
  const code = world.codes[block.code];
  const own: Block = {code: block.code, base: firstFree, setBase: 1};
  b.registers += 2 * (code?.registers ?? 0);
  b.setRegisters += 2 * (code?.setRegisters ?? 0);
  const owner = world.writers.length + 16 * context.writer + id;
  b.emit(x.dormant);
  b.emit(x.gpWaitAll, owner);
  hook(b, world, own, entry, {...context, deferred: true, tasks: []}, []);
  b.emit(x.done);
  return {
    role: "callback",
    name: `callback of ${task.writer.name}`,
    place: -1,
    cpu: -1,
    mm: task.mm + 1,
    ins: b.ins,
    locks: b.locks,
    registers: b.registers,
    setRegisters: b.setRegisters,
    flags: 0,
    sender: context.writer,
    owner,
  };
}

/** Program counters that a hook may execute; deferred blocks belong to their callback. */
function reachable(world: SmallSystem, codeIndex: number, entry: number): Set<number> {
  const ops = (world.codes[codeIndex] as SmallSystem["codes"][number]).ops;
  const found = new Set<number>();
  const open = [entry];
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (found.has(pc)) continue;
    found.add(pc);
    const code = ops[4 * pc] as number;
    if (code === op.ret || code === op.abort) continue;
    if (code === op.jump) open.push(ops[4 * pc + 1] as number);
    else if (code === op.defer) open.push(ops[4 * pc + 3] as number);
    else open.push(pc + 1);
    if (code === op.jumpUnless || code === op.waitUntil) open.push(ops[4 * pc + 2] as number);
    if (code === op.next) open.push(ops[4 * pc + 3] as number);
  }
  return found;
}

/** Whether a hook reaches an instruction, within its deferred blocks (`deferred`) or outside them. */
function reaches(
  world: SmallSystem,
  codeIndex: number,
  entry: number,
  wanted: number,
  deferred: boolean,
): boolean {
  const code = world.codes[codeIndex];
  if (code === undefined) return false;
  for (const pc of reachable(world, codeIndex, entry)) {
    const here = code.ops[4 * pc];
    if (!deferred && here === wanted) return true;
    if (here === op.sync && reaches(world, codeIndex, code.entry.sync, wanted, deferred))
      return true;
    if (here !== op.defer) continue;
    if (deferred && reaches(world, codeIndex, code.ops[4 * pc + 1] as number, wanted, false))
      return true;
  }
  return false;
}

/** Bit mask of the chosen CPUs in a set of machine CPUs. */
export function placesOf(
  world: Pick<SmallSystem, "cpus">,
  set: readonly (readonly [number, number])[],
): number {
  let mask = 0;
  for (const [place, cpu] of world.cpus.entries())
    if (set.some(([lo, hi]) => cpu >= lo && cpu <= hi)) mask |= 1 << place;
  return mask;
}

function usesMode(world: SmallSystem): boolean {
  return world.codes.some((code) => {
    for (let at = 0; at < code.ops.length; at += 4) if (code.ops[at] === op.loadMode) return true;
    return false;
  });
}
