// The hooks of a policy, copied from its Code to where they run in a task program: jumps and registers move, and the steps that only a
// writer takes become what the scope makes of them (a wait per CPU, a flush by the machine's kind, a release by the writer's).

import {op} from "../program/code.ts";
import {lockName, masksInterrupts} from "../program/lock-name.ts";
import {reachable} from "../program/reachable.ts";
import type {SmallSystem, WriterTask} from "../program/small-system.ts";
import {flushBroadcasts, hotplugs, readsOnline} from "../program/step-rules.ts";
import {firstFree, flag, type Ins, ProgramBuilder, type TaskProgram, x} from "./instructions.ts";

/** What a writer's hook needs to know to translate its steps. */
export interface WriterContext {
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

export interface Block {
  readonly code: number;
  readonly base: number;
  readonly setBase: number;
}

export function newBlock(b: ProgramBuilder, world: SmallSystem, code: number): Block {
  const base = b.registers;
  const setBase = b.setRegisters;
  // Each hook of the block has registers of its own: `op` is still using its locals while `sync` runs.
  b.registers += 2 * (world.codes[code]?.registers ?? 0);
  b.setRegisters += 2 * (world.codes[code]?.setRegisters ?? 0);
  return {code, base, setBase};
}

/** Copies the code reachable from `entry` to the end of the program; every `ret` goes to what follows it, every `abort` is noted. */
export function copyHook(
  b: ProgramBuilder,
  world: SmallSystem,
  block: Block,
  entry: number,
  context: WriterContext | undefined,
  aborts: number[],
): void {
  const code = world.codes[block.code];
  if (code === undefined || entry < 0) return;
  const lockMm = (context?.task.mm ?? 0) + 1;
  const moved = new Map<number, number>();
  const jumps: {at: number; operand: "a" | "b" | "c"; to: number}[] = [];
  const ends: number[] = [];
  const r = (register: number): number => (register < 2 ? register : block.base + register - 2);
  const s = (register: number): number => (register < 1 ? register : block.setBase + register - 1);
  const order = [...reachable(code, entry)].sort((p, q) => p - q);
  if (order[0] !== entry) jumps.push({at: b.emit(op.jump), operand: "a", to: entry});
  for (const [position, pc] of order.entries()) {
    moved.set(pc, b.here);
    const code0 = code.ops[4 * pc] as number;
    const a = code.ops[4 * pc + 1] as number;
    const bb = code.ops[4 * pc + 2] as number;
    const c = code.ops[4 * pc + 3] as number;
    if (hotplugs(world) && readsOnline(code, pc)) b.emit(x.loadOnline);
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
        put(r(a), r(bb));
        break;
      case op.loadMode:
        put(r(a), r(bb), c);
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
      case op.unlock: {
        const lock = code.locks[a] as string;
        // spin_lock_irq()
        if (code0 === op.lock && masksInterrupts(lock)) b.emit(x.flags, flag.irqOff);
        put(b.lock(lockName(world.system.mms, lock, lockMm)));
        if (code0 === op.unlock && masksInterrupts(lock)) b.emit(x.flags, 0, flag.irqOff);
        break;
      }
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
  b: ProgramBuilder,
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
      copyHook(b, world, own, entry, context, []);
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

function releaseSteps(b: ProgramBuilder, context: WriterContext): void {
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

export function reuseSteps(b: ProgramBuilder, context: WriterContext): void {
  const {world, task, nth} = context;
  const table = task.tables[nth] as number;
  const shared = task.writer.kind === "unshare" && (world.tables[table]?.sharers ?? 0) > 0;
  if (shared) b.emit(x.shareDrop, b.register(), table);
  // Who still shares the table changes nothing in it; that is left to the last.
  const past = context.last >= 0 ? b.emit(op.jumpUnless, context.last, 0) : -1;
  for (let page = 0; page < world.pages; page++) b.emit(x.reuse, table, page);
  if (past >= 0) (b.ins[past] as Ins).b = b.here;
}

function flushSteps(b: ProgramBuilder, context: WriterContext): void {
  const {world, task} = context;
  const {machine} = world.system;
  if (world.path === "sync") {
    if (world.mmus.length > 0) b.emit(x.invalidate, -1);
    return;
  }
  const mm = world.system.mms[task.mm];
  b.emit(op.mb);
  const all = (1 << world.cpus.length) - 1;
  if (flushBroadcasts(world, task.mm + 1)) {
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
  const b = new ProgramBuilder();
  const code = world.codes[block.code];
  const own: Block = {code: block.code, base: firstFree, setBase: 1};
  b.registers += 2 * (code?.registers ?? 0);
  b.setRegisters += 2 * (code?.setRegisters ?? 0);
  const owner = world.writers.length + 16 * context.writer + id;
  b.emit(x.dormant);
  b.emit(x.gpWaitAll, owner);
  copyHook(b, world, own, entry, {...context, deferred: true, tasks: []}, []);
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
