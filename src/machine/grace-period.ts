// Grace periods. A normal one emerges from the timer: nothing in it is drawn, except what CPUs happen to be doing.
//
//   request -> the caller's next timer interrupt starts it -> [wait for scan jiffies -> scan]* until every CPU is quiescent
//           -> the caller's next timer interrupt finds it over -> wake-up
//
// (1) A wait of j jiffies ends at the (j + 1)-th timer interrupt from its beginning: the timer wheel rounds up (kernel/time/timer.c). The
//     kthread then runs as soon as `wakeup` lets it, as it does when it is woken to begin and to end.
// (2) A scan reports CPUs that are idle, or in user mode with the timer stopped (nohz_full), or have been so since the scan before: the
//     recorded mode of the CPU decides (`mode.ts`), as context tracking does. The
//     CPU that runs the grace-period kthread is never idle while it scans, so it is reported at the second scan at the earliest, unless
//     it reports itself when the grace period begins.
// (3) A CPU whose timer runs notices the grace period at its first timer interrupt and reports at a later one that finds user mode, or
//     a context switch since; under full preemption any timer interrupt outside a read-side section will do. The report that
//     completes the set ends the grace period at once.
// (4) A walk that masks interrupts delays the timer interrupt, and a walk under rcu_read_lock() is no quiescent state: hence no grace
//     period ends before every walk that began before it.
// (5) Callers during a grace period share the next one. After 100 ms a timer interrupt anywhere in the kernel counts, since cond_resched()
//     is a quiescent state from then on; a scan after 109 ms interrupts hold-outs in nohz_full mode, which have no timer interrupt, and
//     one after 10 s everybody: whoever is made to reschedule reports (`reschedule.ts`).
// (6) With `rcu.model: sampled` a grace period lasts a draw of `rcu.gp`; everything else stays.

import {account} from "./accounts.ts";
import {ready} from "./callbacks.ts";
import type {Context} from "./context.ts";
import {interruptibleFrom, walkMask} from "./cpus.ts";
import {event} from "./events.ts";
import type {GraceWaiter} from "./grace-state.ts";
import {beneath, isUnwatched} from "./mode.ts";
import {isPreemptible} from "./preemptible.ts";
import {reschedule} from "./reschedule.ts";
import {draw} from "./streams.ts";
import {nextTick} from "./tick.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

// When a grace period has lasted that long: cond_resched() counts; CPUs in nohz_full mode are interrupted; so is everybody.
const urgent = 1e11; // 100 ms
const urgentNohzFull = 1.09e11;
const urgentForAll = 1e13; // 10 s

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
  const start = sampled(world) ? at : nextTick(world, waiter.cpu, at) + kthreadWakes(world);
  calendar.push(start, event.graceStart, graceEntity(world));
}

/** Makes a waiter of a context that goes to sleep. */
export function sleeper(context: Context): GraceWaiter {
  return {cpu: context.cpu, context: context.id, callback: undefined};
}

function sampled(world: World): boolean {
  return world.system.machine.rcuModel === "sampled";
}

/** How long the grace-period kthread takes to run once it has been woken. */
function kthreadWakes(world: World): number {
  return draw(world.costs.wakeup, world.streams.state, world.graceStream);
}

function scanAfter(world: World, at: number): number {
  const {jiffy, scanJiffies} = world.grace;
  return (Math.floor(at / jiffy) + scanJiffies + 1) * jiffy + kthreadWakes(world);
}

/** When a normal grace period that is asked for at `at` ends at the earliest: the kthread's own CPU is reported at the second scan. */
export function firstEnd(world: World, at: number): number {
  return scanAfter(world, scanAfter(world, nextTick(world, world.graceCpu, at)));
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
  grace.rescheduled.fill(0);
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
  const since = grace.scans === 0 ? at : grace.scannedAt;
  grace.scans++;
  grace.scannedAt = at;
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    if (grace.holdout[cpu] === 0) continue;
    advance(world, cpu, at);
    const kthread = cpu === world.graceCpu && idleBeside(world, cpu);
    const free = cpus.busyEnd[cpu] <= at;
    if (kthread ? free && grace.scans > 1 : extended(world, cpu, at, since)) {
      clearHoldout(world, cpu);
      continue;
    }
    const lasted = at - grace.startedAt;
    const held = lasted >= (world.nohzFull[cpu] === 1 ? urgentNohzFull : urgentForAll);
    if (held && grace.rescheduled[cpu] === 0) {
      grace.rescheduled[cpu] = 1;
      reschedule(world, cpu, at);
    }
  }
  if (grace.holdouts === 0) finishGrace(world, at);
  else calendar.push(scanAfter(world, at), event.graceScan, graceEntity(world));
}

/** Whether the CPU has nothing to do but to run the kthread. */
function idleBeside(world: World, cpu: number): boolean {
  return world.cpus.holder[cpu] < 0 && world.cpus.naturalBase[cpu] === account.idle;
}

/** Whether RCU does not watch the CPU, or has not for a moment since the last scan. */
function extended(world: World, cpu: number, at: number, since: number): boolean {
  const {cpus} = world;
  if (isUnwatched(world, cpu, at) || cpus.lastIdle[cpu] > since) return true;
  return world.nohzFull[cpu] === 1 && cpus.lastUser[cpu] > since;
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
  const user = beneath(world, cpu, at) === account.user;
  const late = at - grace.startedAt >= urgent;
  const quiescent = !reading && (user || preemptible || late || cpus.base[cpu] === account.idle);
  if (!quiescent && cpus.lastSwitch[cpu] <= noticed) return;
  clearHoldout(world, cpu);
  if (grace.holdouts === 0) finishGrace(world, at);
}

/** A hold-out has rescheduled. */
export function rescheduled(world: World, cpu: number, at: number): void {
  const {grace} = world;
  if (!grace.active || grace.holdout[cpu] === 0) return;
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
  world.calendar.push(at + kthreadWakes(world), event.graceEnd, graceEntity(world));
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
    ready(world, waiter, direct ? at : nextTick(world, waiter.cpu, at));
  }
  grace.current = [];
  if (grace.next.length > 0) {
    grace.starting = true;
    calendar.push(at, event.graceStart, graceEntity(world));
  }
}
