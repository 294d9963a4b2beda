// Walks whose hooks depend on the moment (`if closing { abort }`) or have random costs: instruction by instruction, each taking effect
// when its cost has passed, and only as far as somebody looks.
//
// (1) While such a walk lasts its end is unknown: the CPU's `taskEnd`, `busyEnd` and `settled` are infinite; its time is accounted when it
//     ends, less what sections inside it took.
// (2) In NMI context nothing on the CPU can come between: the hooks are run at once when the section begins; what `exit` stores in the
//     CPU's own words is seen when its time comes (`late-stores.ts`).
// (3) Walks under an mmap_lock whose line moves (`lock-line.ts`) are stepped for its sake, hooks or none: taking and giving back the lock
//     last as long as the line takes to come, and nobody knows before.

import {type Code, op} from "../program/code.ts";
import {account, accounts} from "./accounts.ts";
import {settle, source, walkMask} from "./cpus.ts";
import {settleStores, storeLate} from "./late-stores.ts";
import {type LockLine, useLine} from "./lock-line.ts";
import {level, occupy} from "./occupy.ts";
import {SteppedWalk} from "./stepped-state.ts";
import {draw, type Law} from "./streams.ts";
import {compute, firstTimedOp} from "./value-ops.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

const stage = {over: 0, enter: 1, walk: 2, exit: 3, unlock: 4} as const;

export function beginSteppedWalk(world: World, cpu: number, i: number, start: number): void {
  const {sources} = world;
  const nmi = sources.kind[i] === source.closedNmi || sources.kind[i] === source.openNmi;
  const frames = nmi ? world.steppedNmi : world.stepped;
  settleStores(world, cpu, start);
  frames[cpu] ??= new SteppedWalk(world.codes.map((code) => code.registers));
  const frame = frames[cpu] as SteppedWalk;
  if (!nmi) recordWalk(world, cpu);
  frame.source = i;
  frame.arrival = sources.next[i];
  frame.start = start;
  frame.line = sources.needsLock[i] === 1 ? world.lockLines[sources.mm[i]] : undefined;
  frame.time =
    frame.line === undefined
      ? start + sources.before[i]
      : lockedFrom(world, cpu, frame.line, start);
  frame.hooks = 0;
  frame.nested = 0;
  frame.slow = 0;
  frame.aborted = false;
  frame.bare = false;
  enterStage(world, cpu, frame, stage.enter);
  if (nmi) runInNmi(world, cpu, frame);
  else begun(world, cpu, i, start, world.walkOpen[i]);
}

/** When an operation on the line of a lock is done that a CPU begins at `at`. */
function lockedFrom(world: World, cpu: number, line: LockLine, at: number): number {
  const {costs, streams} = world;
  const atomic = draw(costs.xchg, streams.state, world.cpuStream[cpu]);
  return useLine(world, line, cpu, at, atomic, world.cpuStream[cpu]);
}

/** The CPU has such a walk from `start` on, without a known end; until that it is no source's turn. */
function begun(world: World, cpu: number, i: number, start: number, open: number): void {
  const {cpus, sources} = world;
  settle(cpus, cpu, start);
  cpus.taskOpen[cpu] = open;
  cpus.taskEnd[cpu] = Number.POSITIVE_INFINITY;
  cpus.busyEnd[cpu] = Number.POSITIVE_INFINITY;
  cpus.settled[cpu] = Number.POSITIVE_INFINITY;
  sources.next[i] = Number.POSITIVE_INFINITY;
  world.walk[cpu] = i;
}

/** Steps the CPU's walk up to `to`, exclusively. */
export function stepWalks(world: World, cpu: number, to: number): void {
  const frame = world.stepped[cpu];
  if (frame === undefined || frame.stage === stage.over) return;
  // Nothing of it happens inside an NMI or while the host has the vCPU.
  while (frame.stage !== stage.over) {
    if (frame.stage === stage.walk || frame.stage === stage.unlock) {
      if (frame.walkTo >= to) return;
      frame.time = frame.walkTo;
      if (frame.stage === stage.unlock) finish(world, cpu, frame, frame.time);
      else if (frame.bare) unlock(world, cpu, frame);
      else enterStage(world, cpu, frame, stage.exit);
      continue;
    }
    const at = stepHook(world, cpu, frame, to);
    if (at < 0) return;
  }
}

/** When it is worth asking again whether interrupts are on, for a CPU in such a walk. */
export function recheckAt(frame: SteppedWalk, now: number): number {
  const due = frame.stage === stage.walk || frame.stage === stage.unlock ? frame.walkTo : frame.due;
  return Math.max(now, due) + 1;
}

/** Executes the next instruction of a hook, or passes to the next stage; -1 if that lies at `to` or beyond. */
function stepHook(world: World, cpu: number, frame: SteppedWalk, to: number): number {
  for (;;) {
    if (frame.pc < 0) {
      if (!nextHook(world, cpu, frame)) return 0;
      continue;
    }
    const code = world.codes[frame.hook];
    const opcode = code.ops[4 * frame.pc];
    if (opcode < firstTimedOp) {
      frame.pc = compute(code, frame.pc, frame.registers[frame.hook], []);
      continue;
    }
    if (frame.due < 0) frame.due = frame.time + hookCost(world, cpu, frame, code, opcode);
    if (frame.due >= to) return -1;
    settleStores(world, cpu, frame.due);
    frame.hooks += frame.due - frame.time;
    frame.time = frame.due;
    frame.due = -1;
    applyHook(world, cpu, frame, code, opcode);
    return 0;
  }
}

/** What the instruction at the frame's `pc` costs; draws. */
export function hookCost(
  world: World,
  cpu: number,
  frame: SteppedWalk,
  code: Code,
  opcode: number,
): number {
  const {costs, streams} = world;
  let law: Law | undefined;
  let moved = 0;
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
      law = costs.load;
      break;
    case op.store:
    case op.storeRelease:
      law = costs.store;
      moved = lineMove(world, cpu);
      break;
    case op.exchange:
      law = costs.xchg;
      moved = lineMove(world, cpu);
      break;
    case op.mb:
      law = costs.mb;
      break;
    case op.wmb:
      law = costs.wmb;
      break;
    case op.rmb:
      law = costs.rmb;
      break;
    case op.delay: {
      const delay = world.delays[frame.hook][code.ops[4 * frame.pc + 1]];
      return draw(delay, streams.state, world.cpuStream[cpu]);
    }
    default:
      return 0;
  }
  return moved + draw(law, streams.state, world.cpuStream[cpu]);
}

function lineMove(world: World, cpu: number): number {
  const law = world.line[world.remoteRead[cpu]];
  world.remoteRead[cpu] = 0;
  return law === undefined ? 0 : draw(law, world.streams.state, world.cpuStream[cpu]);
}

/** The instruction at the frame's `pc` takes effect, at the frame's `time`. */
export function applyHook(
  world: World,
  cpu: number,
  frame: SteppedWalk,
  code: Code,
  opcode: number,
): void {
  const {words} = world;
  const at = 4 * frame.pc;
  const a = code.ops[at + 1];
  const b = code.ops[at + 2];
  const c = code.ops[at + 3];
  const r = frame.registers[frame.hook];
  const base = words.base[frame.hook];
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
      r[a] = words.values[base + b][c < 0 ? 0 : r[c]];
      break;
    case op.store:
    case op.storeRelease:
    case op.exchange: {
      const place = b < 0 ? 0 : r[b];
      words.values[base + a][place] = r[c];
      words.stored[base + a][place] = frame.time;
      words.owner[base + a][place] = cpu;
      break;
    }
    case op.count:
      world.counters[world.counterBase[frame.hook] + a]++;
      break;
    case op.abort:
      frame.aborted = true;
      frame.pc = -1;
      frame.hook = world.codes.length;
      return;
  }
  frame.pc++;
}

function enterStage(world: World, cpu: number, frame: SteppedWalk, to: number): void {
  frame.stage = to;
  frame.hook = to === stage.enter ? -1 : world.codes.length;
  frame.pc = -1;
  frame.due = -1;
  if (to === stage.enter) {
    const walker = world.system.walkers[world.sources.owner[frame.source]];
    const mm = world.system.mms.findIndex(({name}) => name === walker.mm) + 1;
    for (const registers of frame.registers) {
      registers[0] = cpu;
      registers[1] = mm;
    }
  }
}

/** Goes to the next policy's hook of the stage, or to the next stage; false when the walk is over or waits for its end. */
function nextHook(world: World, cpu: number, frame: SteppedWalk): boolean {
  const entering = frame.stage === stage.enter;
  const tracked = world.system.walkers[world.sources.owner[frame.source]].tracked;
  for (;;) {
    frame.hook += entering ? 1 : -1;
    if (!tracked || frame.hook < 0 || frame.hook >= world.codes.length) break;
    const {entry} = world.codes[frame.hook];
    frame.pc = entering ? entry.enter : entry.exit;
    if (frame.pc >= 0) return true;
  }
  if (!entering) {
    unlock(world, cpu, frame);
    return false;
  }
  const i = frame.source;
  const {sources, streams} = world;
  frame.walkFrom = frame.time;
  const hold = draw(sources.section[i], streams.state, sources.sectionAt[i]);
  if (frame.aborted) {
    // To the slow path: what the hooks did is undone, then the same work is done under the lock.
    world.recorders.walkers[sources.owner[i]].aborts++;
    frame.walkTo = frame.time;
    frame.stage = stage.walk;
    frame.slow = hold;
    return false;
  }
  frame.walkTo = frame.time + hold;
  frame.stage = stage.walk;
  return false;
}

/** All but the protection of the walk is over. */
function unlock(world: World, cpu: number, frame: SteppedWalk): void {
  if (frame.line === undefined) {
    finish(world, cpu, frame, frame.time + world.sources.after[frame.source]);
    return;
  }
  frame.stage = stage.unlock;
  frame.walkTo = lockedFrom(world, cpu, frame.line, frame.time);
}

function finish(world: World, cpu: number, frame: SteppedWalk, end: number): void {
  const {cpus, sources, recorders} = world;
  const i = frame.source;
  const owner = sources.owner[i];
  frame.stage = stage.over;
  const own = end - frame.start - frame.nested;
  const row = cpu * accounts;
  cpus.time[row + account.tracker] += frame.hooks;
  cpus.time[row + account.walk] += own - frame.hooks;
  cpus.taskEnd[cpu] = end;
  cpus.busyEnd[cpu] = end;
  cpus.settled[cpu] = end;
  world.recorder?.interval(cpu, frame.start, end, "walk");
  if (frame.aborted) {
    // The same work is done under mmap_lock, which has to be waited for.
    sources.needsLock[i] = 1;
    sources.slow[i] = Math.max(1, frame.slow);
    sources.slowHooks[i] = frame.hooks;
    sources.slowArrival[i] = frame.arrival;
    sources.next[i] = end;
    return;
  }
  if (frame.bare) {
    frame.hooks = sources.slowHooks[i];
    sources.slow[i] = 0;
    sources.needsLock[i] = 0;
  }
  const closed = sources.kind[i] === source.closedWalk;
  const wait = draw(sources.cadence[i], world.streams.state, sources.cadenceAt[i]);
  sources.next[i] = (closed ? end : frame.arrival) + (wait > 0 ? wait : 1);
  if (end > world.duration) return;
  const walker = recorders.walkers[owner];
  walker.count[cpu]++;
  walker.latency.record(cpu, end, (end - frame.arrival) / 1000);
  walker.blocked.record(cpu, frame.start, (frame.start - frame.arrival) / 1000);
  walker.overhead.record(cpu, frame.start, frame.hooks / 1000);
}

/** The slow path of an aborted walk: under the lock, with interrupts on. */
export function beginSlowWalk(world: World, cpu: number, i: number, start: number): void {
  const {cpus, sources, streams} = world;
  recordWalk(world, cpu);
  const arrival = sources.slowArrival[i];
  const line = world.lockLines[sources.mm[i]];
  const frame = world.stepped[cpu];
  if (line !== undefined && frame !== undefined) {
    frame.source = i;
    frame.arrival = arrival;
    frame.start = start;
    frame.line = line;
    frame.bare = true;
    frame.aborted = false;
    frame.hooks = 0;
    frame.nested = 0;
    frame.time = lockedFrom(world, cpu, line, start);
    frame.walkFrom = frame.time;
    frame.walkTo = frame.time + sources.slow[i];
    frame.stage = stage.walk;
    begun(world, cpu, i, start, walkMask.open);
    return;
  }
  world.walk[cpu] = i;
  world.walkStart[cpu] = start;
  world.walkArrival[cpu] = arrival;
  world.walkPending[cpu] = 1;
  world.walkExtra[cpu] = sources.slowHooks[i];
  world.walkShift[cpu] = 0;
  cpus.taskOpen[cpu] = walkMask.open;
  const end = occupy(world, cpu, start, sources.slow[i], level.task, account.walk, i);
  sources.slow[i] = 0;
  sources.needsLock[i] = 0;
  const closed = sources.kind[i] === source.closedWalk;
  const wait = draw(sources.cadence[i], streams.state, sources.cadenceAt[i]);
  sources.next[i] = (closed ? end : arrival) + (wait > 0 ? wait : 1);
}

function runInNmi(world: World, cpu: number, frame: SteppedWalk): void {
  const {sources} = world;
  const i = frame.source;
  const never = Number.POSITIVE_INFINITY;
  while (frame.stage === stage.enter) stepHook(world, cpu, frame, never);
  frame.time = frame.walkTo;
  enterStage(world, cpu, frame, stage.exit);
  let guard = 0;
  while (frame.stage === stage.exit && frame.hook >= 0 && guard++ < 1_000_000) {
    if (!stepNmiExit(world, cpu, frame)) break;
  }
  frame.stage = stage.over;
  const end = frame.time + sources.after[i];
  const length = end - frame.start;
  world.nmiWalk[cpu] = i;
  world.nmiStart[cpu] = frame.start;
  world.nmiWalkEnd[cpu] = end;
  occupy(world, cpu, frame.start, length, level.nmi, account.walk, i);
  const row = cpu * accounts;
  world.cpus.time[row + account.walk] -= frame.hooks;
  world.cpus.time[row + account.tracker] += frame.hooks;
  const closed = sources.kind[i] === source.closedNmi;
  const wait = draw(sources.cadence[i], world.streams.state, sources.cadenceAt[i]);
  sources.next[i] = (closed ? end : frame.arrival) + (wait > 0 ? wait : 1);
  world.recorder?.interval(cpu, frame.start, end, "nmi");
  if (end > world.duration) return;
  const walker = world.recorders.walkers[sources.owner[i]];
  walker.count[cpu]++;
  walker.latency.record(cpu, end, (end - frame.arrival) / 1000);
  walker.blocked.record(cpu, frame.start, (frame.start - frame.arrival) / 1000);
  walker.overhead.record(cpu, frame.start, frame.hooks / 1000);
}

/** Runs the whole `exit` of one policy; false when there is none left. */
function stepNmiExit(world: World, cpu: number, frame: SteppedWalk): boolean {
  for (;;) {
    frame.hook--;
    if (frame.hook < 0) return false;
    frame.pc = world.codes[frame.hook].entry.exit;
    if (frame.pc < 0) continue;
    while (frame.pc >= 0) {
      const code = world.codes[frame.hook];
      const opcode = code.ops[4 * frame.pc];
      if (opcode < firstTimedOp) {
        frame.pc = compute(code, frame.pc, frame.registers[frame.hook], []);
        continue;
      }
      const cost = hookCost(world, cpu, frame, code, opcode);
      frame.hooks += cost;
      frame.time += cost;
      if (!storesLater(world, cpu, frame, code, opcode)) {
        applyHook(world, cpu, frame, code, opcode);
      }
    }
    return true;
  }
}

/** Keeps a store to the CPU's own word for when its time comes; false if the instruction is none. */
function storesLater(
  world: World,
  cpu: number,
  frame: SteppedWalk,
  {ops, states}: Code,
  opcode: number,
): boolean {
  const at = 4 * frame.pc;
  const stores = opcode === op.store || opcode === op.storeRelease || opcode === op.exchange;
  if (!stores || states[ops[at + 1]].scope !== "percpu") return false;
  const r = frame.registers[frame.hook];
  if (r[ops[at + 2]] !== cpu) return false;
  const word = world.words.base[frame.hook] + ops[at + 1];
  storeLate(world, cpu, {word, value: r[ops[at + 3]], at: frame.time});
  frame.pc++;
  return true;
}
