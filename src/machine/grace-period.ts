// Grace periods. A normal one emerges from the timer: nothing in it is drawn, except what CPUs happen to be doing.
//
//   request -> the caller's next timer interrupt starts it -> [wait for scan jiffies -> scan]* until every CPU is quiescent
//           -> the caller's next timer interrupt finds it over -> wake-up
//
// (1) A wait of j jiffies ends at the (j + 1)-th timer interrupt from its beginning: the timer wheel rounds up (kernel/time/timer.c).
// (2) A scan reports CPUs that are idle, or in user mode with the timer stopped (nohz_full), or have been so since the scan before. The
//     CPU that runs the grace-period kthread is never idle while it scans, so it is reported at the second scan at the earliest, unless
//     it reports itself when the grace period begins.
// (3) A CPU whose timer runs notices the grace period at its first timer interrupt and reports at a later one that finds user mode, or
//     a context switch since; under full preemption any timer interrupt outside a read-side section will do. The report that
//     completes the set ends the grace period at once.
// (4) A walk that masks interrupts delays the timer interrupt, and a walk under rcu_read_lock() is no quiescent state: hence no grace
//     period ends before every walk that began before it.
// (5) Callers during a grace period share the next one. After 100 ms hold-outs are made to reschedule.
// (6) With `rcu.model: sampled` a grace period lasts a draw of `rcu.gp`; everything else stays.

import {uniform53} from "../random/stream.ts";
import {account} from "./accounts.ts";
import {type Context, phase} from "./context.ts";
import {interruptibleFrom, walkMask} from "./cpus.ts";
import {event} from "./events.ts";
import type {Callback, GraceWaiter} from "./grace-state.ts";
import {runAtomic} from "./handler-hook.ts";
import {level, occupy} from "./occupy.ts";
import {isPreemptible} from "./preemptible.ts";
import {checkRelease} from "./safety.ts";
import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

const resched = 1e11; // 100 ms
const unknownEnd = 1_000_000; // ticks until a CPU whose writer masks interrupts is looked at again

/** Tables in one batch page: (4096 - 24) / 8 (mm/mmu_gather.c). One callback frees a batch. */
export const tablesPerCallback = 509;

/** Entity of the grace-period machinery in the calendar. */
export function graceEntity(world: World): number {
  return world.cpus.count + world.contexts.length;
}

/** Lets a waiter's turn come after a normal grace period that begins at `at` or later. */
export function requestGrace(world: World, waiter: GraceWaiter, at: number): void {
  const {grace, calendar} = world;
  grace.next.push(waiter);
  if (grace.active || grace.starting) return;
  grace.starting = true;
  const start = sampled(world) ? at : nextTick(world, waiter.cpu, at);
  calendar.push(start, event.graceStart, graceEntity(world));
}

/** Makes a waiter of a context that goes to sleep. */
export function sleeper(context: Context): GraceWaiter {
  return {cpu: context.cpu, context: context.id, callback: undefined};
}

function sampled(world: World): boolean {
  return world.system.machine.rcuModel === "sampled";
}

/** The first timer interrupt of a CPU after `at`. */
function nextTick(world: World, cpu: number, at: number): number {
  const {jiffy} = world.grace;
  const phase = world.tickPhase[cpu];
  return phase + (Math.floor((at - phase) / jiffy) + 1) * jiffy;
}

function scanAfter(world: World, at: number): number {
  const {jiffy, scanJiffies} = world.grace;
  return (Math.floor(at / jiffy) + scanJiffies + 1) * jiffy;
}

/** A grace period begins. */
export function startGrace(world: World, at: number): void {
  const {grace, calendar, cpus} = world;
  world.note(at, graceEntity(world), event.graceStart);
  grace.starting = false;
  grace.active = true;
  grace.startedAt = at;
  grace.scans = 0;
  grace.current = grace.next;
  grace.next = [];
  if (sampled(world)) {
    const length = draw(world.costs["rcu.gp"], world.streams.state, world.graceStream);
    calendar.push(at + length, event.graceEnd, graceEntity(world));
    return;
  }
  grace.holdout.fill(1);
  grace.noticed.fill(-1);
  grace.holdouts = cpus.count;
  if (world.options.earlySelfReport) {
    advance(world, world.graceCpu, at);
    if (cpus.busyEnd[world.graceCpu] <= at) clearHoldout(world, world.graceCpu);
  }
  calendar.push(scanAfter(world, at), event.graceScan, graceEntity(world));
  if (world.options.tickPhases === "skewed") {
    for (let cpu = 0; cpu < cpus.count; cpu++) {
      if (world.nohzFull[cpu] === 0) calendar.push(nextTick(world, cpu, at), event.report, cpu);
    }
  } else if (!grace.ticking) {
    grace.ticking = true;
    calendar.push(nextTick(world, 0, at), event.graceTick, graceEntity(world));
  }
}

/** The kthread looks at every hold-out. */
export function scanGrace(world: World, at: number): void {
  const {grace, calendar, cpus} = world;
  if (!grace.active || grace.holdouts === 0) return;
  world.note(at, graceEntity(world), event.graceScan);
  const since = grace.scans === 0 ? at : scanBefore(world, at);
  grace.scans++;
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    if (grace.holdout[cpu] === 0) continue;
    advance(world, cpu, at);
    const kthread = cpu === world.graceCpu && idleBeside(world, cpu);
    const free = cpus.busyEnd[cpu] <= at;
    if (kthread ? free && grace.scans > 1 : extended(world, cpu, at, since)) {
      clearHoldout(world, cpu);
    }
  }
  if (grace.holdouts === 0) finishGrace(world, at);
  else calendar.push(scanAfter(world, at), event.graceScan, graceEntity(world));
}

function scanBefore(world: World, at: number): number {
  return at - (world.grace.scanJiffies + 1) * world.grace.jiffy;
}

/** Whether the CPU has nothing to do but to run the kthread. */
function idleBeside(world: World, cpu: number): boolean {
  return world.cpus.holder[cpu] < 0 && world.cpus.naturalBase[cpu] === account.idle;
}

/** Whether RCU does not watch the CPU, or has not for a moment since the last scan. */
function extended(world: World, cpu: number, at: number, since: number): boolean {
  const {cpus} = world;
  if (cpus.holder[cpu] < 0 && cpus.busyEnd[cpu] <= at) {
    if (cpus.base[cpu] === account.idle) return true;
    if (world.nohzFull[cpu] === 1 && inUserMode(world, cpu)) return true;
  }
  if (cpus.lastIdle[cpu] > since) return true;
  return world.nohzFull[cpu] === 1 && cpus.lastUser[cpu] > since && inUserMode(world, cpu);
}

/** What context tracking would say of a CPU that is neither idle nor in a section nor held: drawn by its fraction of user time. */
function inUserMode(world: World, cpu: number): boolean {
  const fraction = world.userFraction[cpu];
  if (fraction >= 1) return true;
  if (fraction <= 0) return false;
  const {state} = world.streams;
  return uniform53(state, world.modeStream[cpu]) < fraction;
}

/** The timer interrupts of all hold-outs, which come at one instant. */
export function tickGrace(world: World, at: number): void {
  const {grace, calendar, cpus} = world;
  if (!grace.active || grace.holdouts === 0) {
    grace.ticking = false;
    return;
  }
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    if (grace.holdout[cpu] === 0 || world.nohzFull[cpu] === 1) continue;
    advance(world, cpu, at);
    if (cpus.base[cpu] === account.idle && cpus.busyEnd[cpu] <= at) continue;
    const from = interruptibleFrom(cpus, cpu, at);
    if (from > at && from < Number.POSITIVE_INFINITY) calendar.push(from, event.report, cpu);
    else tickOf(world, cpu, at);
  }
  if (!grace.active) {
    grace.ticking = false;
    return;
  }
  calendar.push(at + grace.jiffy, event.graceTick, graceEntity(world));
}

/** The timer interrupt of one CPU, taken at `at`. */
export function tickOf(world: World, cpu: number, at: number): void {
  const {grace, cpus} = world;
  if (!grace.active || grace.holdout[cpu] === 0) return;
  advance(world, cpu, at);
  const from = interruptibleFrom(cpus, cpu, at);
  if (from > at) {
    if (from < Number.POSITIVE_INFINITY) world.calendar.push(from, event.report, cpu);
    return;
  }
  if (world.options.tickPhases === "skewed") {
    world.calendar.push(nextTick(world, cpu, at), event.report, cpu);
    if (cpus.base[cpu] === account.idle && cpus.busyEnd[cpu] <= at) return;
  }
  const noticed = grace.noticed[cpu];
  if (noticed < 0) {
    grace.noticed[cpu] = at;
    return;
  }
  const reading = cpus.taskEnd[cpu] > at && cpus.taskOpen[cpu] === walkMask.reader;
  const {preempt} = world.system.machine;
  const preemptible = isPreemptible(preempt);
  const user = cpus.holder[cpu] < 0 && cpus.base[cpu] !== account.idle && inUserMode(world, cpu);
  const late = at - grace.startedAt >= resched;
  const quiescent = !reading && (user || preemptible || late || cpus.base[cpu] === account.idle);
  if (!quiescent && cpus.lastSwitch[cpu] <= noticed) return;
  clearHoldout(world, cpu);
  if (grace.holdouts === 0) finishGrace(world, at);
}

function clearHoldout(world: World, cpu: number): void {
  const {grace} = world;
  if (grace.holdout[cpu] === 0) return;
  grace.holdout[cpu] = 0;
  grace.holdouts--;
}

function finishGrace(world: World, at: number): void {
  const wake = draw(world.costs.wakeup, world.streams.state, world.graceStream);
  world.calendar.push(at + wake, event.graceEnd, graceEntity(world));
}

/** A grace period is over. */
export function endGrace(world: World, at: number): void {
  const {grace, calendar} = world;
  world.note(at, graceEntity(world), event.graceEnd);
  world.recorder?.interval(-1, grace.startedAt, at, "grace period");
  world.recorders.gps++;
  grace.total += at - grace.startedAt;
  grace.active = false;
  for (const waiter of grace.current) {
    // Callbacks are run from the CPU's timer interrupt, unless they are offloaded to a kthread.
    const direct = sampled(world) || world.nohzFull[waiter.cpu] === 1;
    grace.done.push({at: direct ? at : nextTick(world, waiter.cpu, at), waiter});
  }
  grace.current = [];
  scheduleCallbacks(world);
  if (grace.next.length > 0) {
    grace.starting = true;
    calendar.push(at, event.graceStart, graceEntity(world));
  }
}

/** Runs what is due of the waiters of a finished grace period. */
export function runCallbacks(world: World, at: number): void {
  const {grace} = world;
  if (at !== grace.callbacksAt) return;
  grace.callbacksAt = Number.POSITIVE_INFINITY;
  const due: GraceWaiter[] = [];
  const later: typeof grace.done = [];
  for (const entry of grace.done) {
    if (entry.at <= at) due.push(entry.waiter);
    else later.push(entry);
  }
  grace.done = later;
  for (const waiter of due) completeWaiter(world, waiter, at);
  scheduleCallbacks(world);
}

/** Sees to it that somebody looks at the callbacks when the next is due; one look is in the calendar at a time, however many wait. */
export function scheduleCallbacks(world: World): void {
  const {grace, calendar} = world;
  let next = Number.POSITIVE_INFINITY;
  for (const entry of grace.done) next = Math.min(next, entry.at);
  if (next >= grace.callbacksAt) return;
  grace.callbacksAt = next;
  calendar.push(next, event.callbacks, graceEntity(world));
}

/** Wakes a sleeper, or runs a deferred block; one that has to wait for its CPU joins those that are due, so schedule these after it. */
export function completeWaiter(world: World, waiter: GraceWaiter, at: number): void {
  if (waiter.callback !== undefined) {
    const from = softirqFrom(world, waiter.cpu, at);
    if (from <= at) runCallback(world, waiter.callback, waiter.cpu, at);
    else {
      // Not inside a walk or a handler: as soon as that is over.
      world.grace.done.push({at: from, waiter});
    }
    return;
  }
  const context = world.contexts[waiter.context];
  if (context.phase !== phase.sleep) return;
  const wake = draw(world.costs.wakeup, world.streams.state, context.costAt);
  world.calendar.push(at + wake, event.resume, context.entity);
}

function softirqFrom(world: World, cpu: number, at: number): number {
  advance(world, cpu, at);
  const from = interruptibleFrom(world.cpus, cpu, at);
  if (from < Number.POSITIVE_INFINITY) return from;
  const frame = world.stepped[cpu];
  // A writer keeps interrupts out for as long as it likes.
  return frame === undefined ? at + unknownEnd : recheckAt(frame, at);
}

function runCallback(world: World, callback: Callback, cpu: number, start: number): void {
  const context = world.contexts[callback.context];
  const {writer, writerIndex} = context.init;
  const end = runAtomic(
    world,
    cpu,
    callback.code,
    callback.pc,
    callback.registers,
    start,
    (time) => {
      world.note(time, context.entity, event.release);
      checkRelease(world, writer, context.reach, callback.unhookedAt, time, "released");
      const recorders = world.recorders.writers[writerIndex];
      recorders.retained.add(time / 1000, -callback.unhooked * 4096);
    },
  );
  world.recorders.callbacks += Math.max(1, Math.ceil(callback.unhooked / tablesPerCallback));
  // In softirq context: it takes the time, but does not keep interrupts out.
  if (end > start) occupy(world, cpu, start, end - start, level.irq, account.handler, -1);
}
