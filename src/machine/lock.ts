// Locks that writers hold across their waits, and the page faults that queue behind them.
//
// (1) First come, first served; a lock is handed over, not raced for.
// (2) mmap_lock and i_mmap sleep: a waiter gives up its CPU and pays its wake-up; the page-table lock spins. lru_lock spins and is held with
//     interrupts off (spin_lock_irq): whoever waits for an acknowledgement of its CPU waits until it has had the lock. Others sleep.
// (3) Which lock a name means to an mm: `program/lock-name.ts`.

import {lockName} from "../program/lock-name.ts";
import {exponential} from "../random/ziggurat.ts";
import type {Context} from "./context.ts";
import {event} from "./events.ts";
import {releaseCpu, spinning} from "./hold.ts";
import {useLine} from "./lock-line.ts";
import {Lock} from "./lock-state.ts";
import {mask, unmask} from "./mask.ts";
import {admitReaders, closeToReaders, readersEnd} from "./read-lock.ts";
import {draw} from "./streams.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

export function lockOf(world: World, key: string): Lock {
  let lock = world.locks.get(key);
  if (lock === undefined) {
    lock = new Lock(key);
    world.locks.set(key, lock);
  }
  return lock;
}

/** What taking the lock costs once it is free: the atomic operation, and the line from where it was. */
export function lockCost(world: World, context: Context, lock: Lock): number {
  const {state} = world.streams;
  const shared = lock.read ? world.lockLines[context.init.mm] : undefined;
  if (shared !== undefined) {
    const {now, cpu, costAt} = context;
    return useLine(world, shared, cpu, now, draw(world.costs.xchg, state, costAt), costAt) - now;
  }
  const line =
    lock.lastCpu < 0
      ? undefined
      : world.line[distanceOf(world.topology, lock.lastCpu, context.cpu)];
  const atomic = draw(world.costs.xchg, state, context.costAt);
  return line === undefined ? atomic : atomic + draw(line, state, context.costAt);
}

/** Takes the lock, or queues for it; then the context will be resumed when it is its own. */
export function takeLock(world: World, context: Context, key: string): boolean {
  const lock = lockOf(world, key);
  if (lock.masks) mask(world, context);
  if (lock.holder === context.id) return true;
  if (lock.holder < 0) {
    lock.holder = context.id;
    lock.lastCpu = context.cpu;
    lock.since = context.now;
    if (!lock.read) return true;
    const gone = closeToReaders(world, context.init.mm, context.now);
    if (gone <= context.now) return true;
    context.draining = context.init.mm;
    releaseCpu(world, context, context.now);
    world.calendar.push(gone, event.resume, context.entity);
    return false;
  }
  lock.queue.push(context.id);
  if (lock.spins) spinning(world, context, true);
  else releaseCpu(world, context, context.now);
  return false;
}

export function releaseLock(world: World, context: Context, key: string): void {
  const lock = lockOf(world, key);
  if (lock.holder !== context.id) return;
  if (lock.masks) unmask(world, context);
  world.recorder?.interval(-1, lock.since, context.now, key);
  const next = lock.queue.shift();
  if (lock.read) admitReaders(world, context.init.mm, context.now, next !== undefined);
  if (next === undefined) {
    lock.holder = -1;
    return;
  }
  const waiter = world.contexts[next];
  if (lock.read) waiter.draining = waiter.init.mm;
  lock.holder = next;
  const from = lock.lastCpu;
  lock.lastCpu = waiter.cpu;
  const {state} = world.streams;
  const law = lock.spins
    ? world.line[distanceOf(world.topology, from, waiter.cpu)]
    : world.costs.wakeup;
  const delay = law === undefined ? 0 : draw(law, state, waiter.costAt);
  lock.since = context.now + delay;
  world.calendar.push(lock.since, event.resume, waiter.entity);
}

/** Whether the readers that a context waits for at `at` are gone; if not, or if it has to wake up first, it is resumed then. */
export function readersGone(world: World, context: Context, at: number): boolean {
  if (context.draining === 0) return true;
  const gone = readersEnd(world, context.draining, at);
  if (gone > at) {
    world.calendar.push(gone, event.resume, context.entity);
    return false;
  }
  lockOf(world, lockName(world.system.mms, "mmap_lock", context.draining)).since = at;
  context.draining = 0;
  const wake = draw(world.costs.wakeup, world.streams.state, context.costAt);
  if (wake === 0) return true;
  world.calendar.push(at + wake, event.resume, context.entity);
  return false;
}

/**
 * Page faults of the mm that arrived while the lock was held: each waits for the rest of the hold. Arrivals are Poisson; threads that
 * wait here already do not fault again, which a rate given for the whole mm leaves out of account.
 */
export function recordFaults(world: World, context: Context, from: number, to: number): void {
  const {faults} = context.init.writer;
  if (faults <= 0) return;
  const mean = 1e12 / faults;
  const recorder = world.recorders.writers[context.init.writerIndex].faults;
  const {state} = world.streams;
  const at = context.init.faultAt;
  for (let t = from + mean * exponential(state, at); t < to; t += mean * exponential(state, at)) {
    recorder.record((to - Math.floor(t)) / 1000);
  }
}
