// The life of an operation: it arrives, waits for a worker, takes the CPU and its lock, works, runs the policy's `op`, ends.

import {lockName} from "../program/lock-name.ts";
import {uniform53} from "../random/stream.ts";
import {type Context, phase} from "./context.ts";
import {event} from "./events.ts";
import {releaseCpu} from "./hold.ts";
import {addSojourn} from "./littles-law.ts";
import {lockCost, lockOf, recordFaults, releaseLock, takeLock} from "./lock.ts";
import {checkRelease} from "./safety.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

/** Puts the first operation of every writer into the calendar. */
export function scheduleWriters(world: World): void {
  for (const context of world.contexts) {
    const {queue} = context;
    const {cadence, cadenceAt, closed} = context.init;
    // What arrives on its own goes into the queue of all workers, by way of the first.
    if (!closed && queue.workers[0] !== context) continue;
    const first = draw(cadence, world.streams.state, cadenceAt);
    // Periodic writers begin at a random phase, or several of them would run in step.
    const phased = !closed && cadence.constant >= 0;
    const at = phased ? Math.floor(first * uniform53(world.streams.state, cadenceAt)) : first;
    world.calendar.push(at, event.operation, context.entity);
  }
}

/** An operation arrives. */
export function arriveOperation(world: World, context: Context, at: number): void {
  const {init} = context;
  world.note(at, context.entity, event.operation);
  const {queue} = context;
  if (init.writer.operations > 0 && queue.arrivals >= init.writer.operations) return;
  queue.arrivals++;
  const recorders = world.recorders.writers[init.writerIndex];
  recorders.backlog.add(at / 1000, 1);
  recorders.arrivals++;
  if (!init.closed) {
    const gap = draw(init.cadence, world.streams.state, init.cadenceAt);
    world.calendar.push(at + Math.max(1, gap), event.operation, context.entity);
  }
  const free = init.closed ? context : queue.workers.find((one) => one.phase === phase.idle);
  if (free === undefined) queue.push(at);
  else start(world, free, at, at);
}

function start(world: World, context: Context, arrived: number, at: number): void {
  context.arrived = arrived;
  context.phase = phase.start;
  context.now = at;
  world.calendar.push(at, event.resume, context.entity);
}

/**
 * Goes on with an operation that has its CPU but has not come to the policy yet; true when it has, false if it waits or has gone to
 * the calendar.
 */
export function beginOperation(world: World, context: Context): boolean {
  const {init} = context;
  const {state} = world.streams;
  if (context.phase === phase.start) {
    const {writer} = init;
    context.started = context.now;
    context.code = init.policy;
    context.paid = false;
    context.returnPc = -1;
    context.unhooked = 0;
    context.unhookedAt = Number.POSITIVE_INFINITY;
    context.replaced = false;
    context.released = false;
    context.deferred = false;
    // What nobody waited for in the operation before may be acknowledged yet: it must not be taken for what this one waits for.
    if (context.outstanding === 0) {
      context.waited = 0;
      context.lastAck = 0;
    }
    // Both are always drawn, so that changing one probability leaves the draws of the other.
    const fails = uniform53(state, init.choiceAt) < writer.allocFail;
    context.lastSharer = uniform53(state, init.choiceAt) < writer.lastSharer;
    if (fails && init.fallback >= 0) context.code = init.fallback;
    context.pc = world.codes[context.code].entry.op;
    context.registers[0] = context.cpu;
    context.registers[1] = init.mm;
    context.sets[0].copy(world.online);
    context.phase = phase.locking;
    context.lockAsked = context.now;
    context.holds =
      writer.holds === "none" ? "" : lockName(world.system.mms, writer.holds, init.mm);
    if (context.holds !== "" && !takeLock(world, context, context.holds)) return false;
  }
  if (context.phase === phase.locking) {
    context.phase = phase.working;
    const cost = context.holds === "" ? 0 : lockCost(world, context, lockOf(world, context.holds));
    context.lockedAt = context.now + cost;
    if (context.holds !== "") {
      const recorders = world.recorders.writers[init.writerIndex];
      recorders.queue.record((context.now - context.lockAsked) / 1000);
    }
    const work = draw(init.work, state, init.workAt);
    world.calendar.push(context.now + cost + work, event.resume, context.entity);
    return false;
  }
  context.phase = phase.code;
  return true;
}

/** The policy's `op` has run to its end. */
export function finishOperation(world: World, context: Context): void {
  const {init, now} = context;
  const recorders = world.recorders.writers[init.writerIndex];
  advance(world, context.cpu, now);
  // Deferring the release of a table that is changed in place defers nothing: its other user goes on with it as soon as the operation is
  // over.
  const {writer} = init;
  const left = context.deferred && !context.released && !context.replaced && context.lastSharer;
  if (left && writer.kind !== "free") {
    checkRelease(world, writer, context.reach, context.unhookedAt, now, "changed");
  }
  if (context.holds !== "") {
    releaseLock(world, context, context.holds);
    recorders.hold.record((now - context.lockedAt) / 1000);
    recordFaults(world, context, context.lockedAt, now);
  }
  recorders.latency.record((now - context.arrived) / 1000);
  recorders.backlog.add(now / 1000, -1);
  addSojourn(world, context);
  recorders.count++;
  context.queue.done++;
  context.phase = phase.idle;
  world.note(now, context.entity, 30);
  releaseCpu(world, context, now);
  if (init.closed) {
    if (init.writer.operations > 0 && context.queue.done >= init.writer.operations) return;
    const think = draw(init.cadence, world.streams.state, init.cadenceAt);
    world.calendar.push(now + Math.max(1, think), event.operation, context.entity);
    return;
  }
  const waiting = context.queue.shift();
  if (waiting >= 0) start(world, context, waiting, now);
}
