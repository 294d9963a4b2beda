// Runs the Code of a writer's operation with costs and time.
//
// (1) An instruction takes effect when its cost has passed; instructions that only compute take no time.
// (2) A context runs ahead of the calendar as long as nothing else can happen before the instruction's end (`World.mayRunTo`); else it
//     puts itself into the calendar and goes on from there. The reference executor always does the latter.
// (3) Interrupt commands for queued requests are written before the first instruction after them that is neither a load nor another
//     request: the kernel collects a mask first and sends once.
// (4) What interrupts and other sections take from the CPU makes the instruction under way last so much longer.

import {op} from "../program/code.ts";
import {lockName} from "../program/lock-name.ts";
import type {BitSet} from "./bit-set.ts";
import {type Context, phase} from "./context.ts";
import {event} from "./events.ts";
import {requestExpedited} from "./expedited.ts";
import {requestGrace, sleeper} from "./grace-period.ts";
import {acquireCpu, releaseCpu, spinning} from "./hold.ts";
import {acknowledgedAt, enqueue, enqueueCost, enqueueSelf, sendInterrupts} from "./interrupt.ts";
import {enqueueAll, interruptAll} from "./interrupt-all.ts";
import {lockCost, lockOf, readersGone, releaseLock, takeLock} from "./lock.ts";
import {modeOf} from "./mode.ts";
import {request} from "./requests.ts";
import {checkRelease, fateOf} from "./safety.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import {beginFlush, localFlush} from "./tlb.ts";
import {distanceOf} from "./topology.ts";
import {readWord, storeWord} from "./tracked-word.ts";
import {compute, firstTimedOp} from "./value-ops.ts";
import type {World} from "./world.ts";
import {beginOperation, finishOperation} from "./writer.ts";

const spinPause = 10_000; // ticks: cpu_relax()
const sleepPause = 10_000_000; // ticks between two looks of a sleeping wait

/** A context's turn has come, at `at`. */
export function resume(world: World, context: Context, at: number): void {
  const {cpus, calendar} = world;
  const {cpu} = context;
  if (context.draining > 0 && !readersGone(world, context, at)) return;
  if (!context.running) {
    if (!acquireCpu(world, context, at)) return;
    context.now = at;
  } else {
    advance(world, cpu, at);
    const waiting = context.phase === phase.acks || context.phase === phase.flushAcks;
    const taken = cpus.taken[cpu];
    cpus.taken[cpu] = 0;
    if (waiting ? cpus.busyEnd[cpu] > at : taken > 0) {
      calendar.push(waiting ? cpus.busyEnd[cpu] : at + taken, event.resume, context.entity);
      return;
    }
    context.now = at;
  }
  goOn(world, context);
}

function goOn(world: World, context: Context): void {
  switch (context.phase) {
    case phase.start:
      if (beginOperation(world, context)) execute(world, context);
      return;
    case phase.locking:
    case phase.working:
      if (beginOperation(world, context)) execute(world, context);
      return;
    case phase.acks:
      spinning(world, context, false);
      context.phase = phase.code;
      execute(world, context);
      return;
    case phase.flushAcks:
      spinning(world, context, false);
      endFlush(world, context);
      execute(world, context);
      return;
    case phase.flushQueue:
    case phase.flushLocal:
      if (flushOn(world, context)) execute(world, context);
      return;
    case phase.sleep:
      context.phase = phase.code;
      execute(world, context);
      return;
    default:
      execute(world, context);
  }
}

/** Lets `length` ticks of work pass; false if the context has gone to the calendar. */
function spend(world: World, context: Context, length: number): boolean {
  if (length === 0 && world.mayRunTo(context.now)) return true;
  const {cpus} = world;
  const {cpu} = context;
  let end = context.now + length;
  while (world.mayRunTo(end)) {
    advance(world, cpu, end);
    const taken = cpus.taken[cpu];
    if (taken === 0) {
      context.now = end;
      return true;
    }
    cpus.taken[cpu] = 0;
    end += taken;
  }
  world.calendar.push(end, event.resume, context.entity);
  return false;
}

function execute(world: World, context: Context): void {
  for (;;) {
    const code = world.codes[context.code];
    const opcode = code.ops[4 * context.pc];
    if (opcode < firstTimedOp) {
      if (world.loops[context.code][context.pc] === 1 && enqueueLoop(world, context)) {
        context.paid = true;
        if (!spend(world, context, interruptAll(world, context, request.sync))) return;
        continue;
      }
      const next = compute(code, context.pc, context.registers, context.sets);
      if (next >= 0) {
        context.pc = next;
        continue;
      }
      if (context.sending > 0) {
        const sent = sendInterrupts(world, context, false);
        if (!spend(world, context, sent)) return;
      }
      if (context.returnPc < 0) {
        finishOperation(world, context);
        return;
      }
      endSync(world, context);
      continue;
    }
    if (!context.paid) {
      let cost = 0;
      if (context.sending > 0 && collects[opcode] === 0) {
        cost = sendInterrupts(world, context, opcode === op.waitAcks);
      }
      context.paid = true;
      if (!spend(world, context, cost + costOf(world, context, opcode))) return;
    }
    context.paid = false;
    world.watch?.step(context, opcode);
    if (!apply(world, context, opcode)) return;
  }
}

/** Queues the requests of a loop of interrupts at one go and comes to its waiting; false, and nothing has happened, if it must not. */
function enqueueLoop(world: World, context: Context): boolean {
  const {ops} = world.codes[context.code];
  const place = 4 * context.pc;
  if (context.registers[ops[place + 1]] !== -1) return false;
  if (!enqueueAll(world, context, context.sets[ops[place + 2]], request.sync)) return false;
  context.pc = ops[place + 3];
  return true;
}

/** Whether requests go on being collected at an instruction. */
const collects = new Uint8Array(128);
for (const name of ["load", "loadAcquire", "loadMask", "loadMode", "ipi", "count"] as const) {
  collects[op[name]] = 1;
}

/** What the instruction at the context's `pc` costs, from its `now` on; draws. */
export function costOf(world: World, context: Context, opcode: number): number {
  const {costs, streams} = world;
  const {state} = streams;
  const at = context.costAt;
  const code = world.codes[context.code];
  const place = 4 * context.pc;
  const a = code.ops[place + 1];
  const b = code.ops[place + 2];
  const c = code.ops[place + 3];
  const r = context.registers;
  const {batch} = context.init.writer;
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
      return draw(costs.load, state, at) + lineCost(world, context, b, c < 0 ? 0 : r[c], false);
    case op.store:
    case op.storeRelease:
      return draw(costs.store, state, at) + lineCost(world, context, a, b < 0 ? 0 : r[b], true);
    case op.exchange:
      return draw(costs.xchg, state, at) + lineCost(world, context, a, b < 0 ? 0 : r[b], true);
    case op.mb:
      return draw(costs.mb, state, at);
    case op.wmb:
      return draw(costs.wmb, state, at);
    case op.rmb:
      return draw(costs.rmb, state, at);
    case op.loadMask:
      return draw(costs.load, state, at);
    case op.loadMode: {
      const line = world.line[distanceOf(world.topology, context.cpu, r[b])];
      const load = draw(costs.load, state, at);
      return line === undefined ? load : load + draw(line, state, at);
    }
    case op.ipi:
      return r[a] === context.cpu
        ? draw(costs["ipi.handle"], state, at)
        : enqueueCost(world, context, r[a]);
    case op.unhook: {
      let cost = 0;
      for (let i = 0; i < batch; i++) cost += draw(costs.xchg, state, at);
      return cost;
    }
    case op.release:
    case op.publish: {
      let cost = 0;
      for (let i = 0; i < batch; i++) cost += draw(costs.store, state, at);
      return cost;
    }
    case op.alloc:
    case op.copy: {
      const law = opcode === op.alloc ? costs.alloc : costs.copy;
      let cost = 0;
      for (let i = 0; i < batch; i++) cost += draw(law, state, at);
      return cost;
    }
    case op.delay:
      return draw(world.delays[context.code][a], state, at);
    case op.defer:
      return draw(costs["rcu.callback"], state, at);
    case op.lock: {
      const lock = lockOf(world, lockName(world.system.mms, code.locks[a], context.init.mm));
      const masking = lock.masks ? draw(costs["irq.save"], state, at) : 0;
      return masking + lockCost(world, context, lock);
    }
    case op.unlock: {
      const lock = lockOf(world, lockName(world.system.mms, code.locks[a], context.init.mm));
      const unmasking = lock.masks ? draw(costs["irq.restore"], state, at) : 0;
      return unmasking + draw(costs.store, state, at);
    }
    default:
      return 0;
  }
}

/** Fetching the line of a word from where it was written or read last. */
function lineCost(
  world: World,
  context: Context,
  word: number,
  index: number,
  store: boolean,
): number {
  const {words, topology, line, streams} = world;
  const w = words.base[context.code] + word;
  const percpu = words.scope[w] === "percpu";
  const place = words.scope[w] === "global" ? 0 : index;
  let distance = 0;
  if (percpu && index !== context.cpu) {
    advance(world, index, context.now);
    // A line that its CPU has not stored to since somebody read it is shared: another look is free, a store is not.
    if (store || world.remoteRead[index] === 0) distance = distanceOf(topology, context.cpu, index);
    world.remoteRead[index] = distanceOf(topology, context.cpu, index);
  } else {
    const owner = words.owner[w][place];
    if (owner >= 0 && owner !== context.cpu) distance = distanceOf(topology, context.cpu, owner);
    if (!percpu) words.owner[w][place] = context.cpu;
  }
  const law = line[distance];
  return law === undefined ? 0 : draw(law, streams.state, context.costAt);
}

/** The instruction at `pc` takes effect; false if the context waits now, or has gone to the calendar. */
export function apply(world: World, context: Context, opcode: number): boolean {
  const code = world.codes[context.code];
  const place = 4 * context.pc;
  const a = code.ops[place + 1];
  const b = code.ops[place + 2];
  const c = code.ops[place + 3];
  const r = context.registers;
  const base = world.words.base[context.code];
  const {init, now} = context;
  context.pc++;
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
      r[a] = readWord(world, base + b, c < 0 ? 0 : r[c], now);
      return true;
    case op.store:
    case op.storeRelease:
    case op.exchange:
      storeWord(world, base + a, b < 0 ? 0 : r[b], r[c], now, context.cpu);
      return true;
    case op.loadMask: {
      loadMask(world, context.sets[a], r[b]);
      return true;
    }
    case op.loadMode:
      r[a] = modeOf(world, r[b], now);
      return true;
    case op.ipi:
      context.syncTargets++;
      if (r[a] === context.cpu) enqueueSelf(context, b === 1);
      else enqueue(world, context, r[a], request.sync, b === 1);
      return true;
    case op.waitAcks:
      return awaitAcks(world, context, phase.acks);
    case op.waitGp:
      context.phase = phase.sleep;
      if (a === 1) requestExpedited(world, sleeper(context), now);
      else requestGrace(world, sleeper(context), now);
      releaseCpu(world, context, now);
      return false;
    case op.waitUntil:
      if (r[a] !== 0) {
        context.pc = b;
        return true;
      }
      if (c === 0) return spend(world, context, spinPause);
      context.phase = phase.sleep;
      releaseCpu(world, context, now);
      world.calendar.push(now + sleepPause, event.resume, context.entity);
      return false;
    case op.defer: {
      const waiter = {
        cpu: context.cpu,
        context: -1,
        callback: {
          context: context.id,
          code: context.code,
          pc: a,
          registers: r.slice(),
          unhookedAt: context.unhookedAt,
          unhooked: context.unhooked,
          replaced: context.replaced,
        },
      };
      // What is deferred is the callback's to release.
      context.unhooked = 0;
      context.deferred = true;
      context.pc = c;
      if (b === 1) requestExpedited(world, waiter, now);
      else requestGrace(world, waiter, now);
      return true;
    }
    case op.flush: {
      const length = beginFlush(world, context, r[a]);
      if (length >= 0) {
        context.phase = phase.flushLocal;
        context.flushSet.clear();
        if (!spend(world, context, length)) return false;
        endFlush(world, context);
        return true;
      }
      return flushOn(world, context);
    }
    case op.unhook:
    case op.publish:
      context.unhookedAt = now;
      context.replaced = opcode === op.publish;
      world.lastUnhook[init.mm] = now;
      context.unhooked += init.writer.batch;
      world.note(now, context.entity, opcode === op.unhook ? 22 : 23);
      world.recorders.writers[init.writerIndex].retained.add(now / 1000, init.writer.batch * 4096);
      return true;
    case op.release:
      world.note(now, context.entity, event.release);
      context.released = true;
      if (init.writer.kind !== "unshare" || context.lastSharer) {
        const fate = fateOf(init.writer, context.replaced, false);
        if (fate !== undefined) {
          checkRelease(world, init.writer, context.reach, context.unhookedAt, now, fate);
        }
      }
      world.recorders.writers[init.writerIndex].retained.add(now / 1000, -context.unhooked * 4096);
      context.unhooked = 0;
      return true;
    case op.sync:
      // Whoever is not the last sharer leaves a table that stays in use as it is: nothing to wait for.
      if (init.writer.kind === "unshare" && !context.lastSharer) return true;
      context.returnPc = context.pc;
      context.pc = code.entry.sync;
      context.syncStart = now;
      context.syncTargets = 0;
      return true;
    case op.count:
      world.counters[world.counterBase[context.code] + a]++;
      return true;
    case op.lock: {
      const key = lockName(world.system.mms, code.locks[a], init.mm);
      if (key === context.holds || takeLock(world, context, key)) return true;
      context.phase = phase.sleep;
      return false;
    }
    case op.unlock: {
      const key = lockName(world.system.mms, code.locks[a], init.mm);
      if (key !== context.holds) releaseLock(world, context, key);
      return true;
    }
    default:
      return true;
  }
}

/** mm_cpumask of an mm (1-based): who runs it and who keeps it lazily. Nobody is in it where the architecture does not keep it up. */
export function loadMask(world: World, into: BitSet, mm: number): void {
  into.clear();
  if (!world.system.machine.mmCpumask) return;
  for (const of of [world.mmCpus, world.mmLazy]) {
    const set = of[mm - 1];
    if (set === undefined) continue;
    for (let cpu = set.next(-1); cpu >= 0; cpu = set.next(cpu)) into.add(cpu);
  }
}

function endSync(world: World, context: Context): void {
  const {recorders} = world;
  const writer = recorders.writers[context.init.writerIndex];
  writer.sync.record((context.now - context.syncStart) / 1000);
  recorders.targets.record(context.syncTargets);
  context.pc = context.returnPc;
  context.returnPc = -1;
}

/** Waits for what has been requested; true if that is over. */
function awaitAcks(world: World, context: Context, during: number): boolean {
  if (context.outstanding > 0) {
    context.phase = during;
    spinning(world, context, true);
    return false;
  }
  const seen = acknowledgedAt(world, context);
  context.phase = during;
  if (world.mayRunTo(seen)) {
    spinning(world, context, true);
    advance(world, context.cpu, seen);
    world.cpus.taken[context.cpu] = 0;
    const busy = world.cpus.busyEnd[context.cpu];
    if (busy <= seen) {
      context.now = seen;
      spinning(world, context, false);
      context.phase = phase.code;
      return true;
    }
    world.calendar.push(busy, event.resume, context.entity);
    return false;
  }
  spinning(world, context, true);
  world.calendar.push(seen, event.resume, context.entity);
  return false;
}

/** Goes on with a flush that interrupts others; true when it is over. */
function flushOn(world: World, context: Context): boolean {
  const {flushSet} = context;
  const begins = context.phase === phase.flushQueue && context.flushCpu < 0;
  if (begins && enqueueAll(world, context, flushSet, request.flush)) {
    const sent = interruptAll(world, context, request.flush);
    context.phase = phase.flushLocal;
    if (!spend(world, context, sent + localFlush(world, context))) return false;
  }
  while (context.phase === phase.flushQueue) {
    if (context.paid) {
      context.paid = false;
      enqueue(world, context, context.flushCpu, request.flush, true);
    }
    const next = flushSet.next(context.flushCpu);
    if (next < 0) {
      const sent = sendInterrupts(world, context, true);
      context.phase = phase.flushLocal;
      if (!spend(world, context, sent + localFlush(world, context))) return false;
      break;
    }
    context.flushCpu = next;
    context.paid = true;
    if (!spend(world, context, enqueueCost(world, context, next))) return false;
  }
  if (flushSet.size() > 0 && !awaitAcks(world, context, phase.flushAcks)) return false;
  endFlush(world, context);
  return true;
}

function endFlush(world: World, context: Context): void {
  context.phase = phase.code;
  const writer = world.recorders.writers[context.init.writerIndex];
  writer.flush.record((context.now - context.flushStart) / 1000);
}
