// What happens after a grace period: sleepers are woken, deferred blocks run from the softirq of the CPU that deferred them.
//
// (1) Each CPU has its own list, in order of when its entries may be run; one look at it is in the calendar at a time, and each look
//     runs what is due, so work grows with the number of callbacks and not with its square.
// (2) A callback does not begin inside a walk, a handler or an unrelated section; interrupts come in between two callbacks.
// (3) A round of the softirq runs at most ten callbacks, or 1/128 of those that wait if that is more (blimit, rcu_divisor); after ten rounds
//     in a row (MAX_SOFTIRQ_RESTART) the rest is left to ksoftirqd, which gets the CPU at its next timer interrupt.
// (4) CPUs in nohz_full mode have their callbacks offloaded: kthreads on the CPU of the grace-period kthread run them, without such limits.

import {account} from "./accounts.ts";
import {type Context, phase} from "./context.ts";
import {interruptibleFrom} from "./cpus.ts";
import {event} from "./events.ts";
import type {Callback, GraceWaiter} from "./grace-state.ts";
import {runAtomic} from "./handler-hook.ts";
import {level, occupy} from "./occupy.ts";
import {checkRelease, fateOf} from "./safety.ts";
import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {nextTick} from "./tick.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

/** Tables in one batch page: (4096 - 24) / 8 (mm/mmu_gather.c). One callback frees a batch. */
export const tablesPerCallback = 509;

const leastPerRound = 10;
const shareOfRound = 7; // a 2^7th
const roundsInARow = 10;
const unknownEnd = 1_000_000; // ticks until a CPU whose writer masks interrupts is looked at again

/** Entries that wait for a CPU, by time; what has been taken off lies before `head`. */
export class ReadyList {
  readonly at: number[] = [];
  readonly waiter: GraceWaiter[] = [];
  head: number = 0;
  /** When the calendar looks at it next; later looks that are still in it find nothing to do. */
  lookAt: number = Number.POSITIVE_INFINITY;
  /** Callbacks that the softirq may still run before ksoftirqd takes over. */
  left: number = 0;

  get size(): number {
    return this.at.length - this.head;
  }

  /** Entries come nearly in order: a place is looked for from the end. */
  add(at: number, waiter: GraceWaiter): void {
    let place = this.at.length;
    while (place > this.head && this.at[place - 1] > at) place--;
    if (place === this.at.length) {
      this.at.push(at);
      this.waiter.push(waiter);
      return;
    }
    this.at.splice(place, 0, at);
    this.waiter.splice(place, 0, waiter);
  }

  take(): GraceWaiter {
    const waiter = this.waiter[this.head++];
    if (this.head > 64 && 2 * this.head > this.at.length) {
      this.at.splice(0, this.head);
      this.waiter.splice(0, this.head);
      this.head = 0;
    }
    return waiter;
  }
}

/** Lets a waiter's turn come at `at`, or as soon after it as its CPU can. */
export function ready(world: World, waiter: GraceWaiter, at: number): void {
  const offloaded = waiter.callback !== undefined && world.nohzFull[waiter.cpu] === 1;
  const cpu = offloaded ? world.graceCpu : waiter.cpu;
  const lists = world.grace.ready;
  lists[cpu] ??= new ReadyList();
  const list = lists[cpu];
  list.add(at, waiter);
  look(world, cpu, list, list.at[list.head]);
}

function look(world: World, cpu: number, list: ReadyList, at: number): void {
  if (at >= list.lookAt) return;
  list.lookAt = at;
  world.calendar.push(at, event.callbacks, cpu);
}

/** Runs what is due on a CPU's list. */
export function runCallbacks(world: World, cpu: number, at: number): void {
  const list = world.grace.ready[cpu];
  if (list === undefined || list.lookAt !== at) return;
  list.lookAt = Number.POSITIVE_INFINITY;
  while (list.size > 0 && list.at[list.head] <= at) {
    const {callback, context, cpu: owner} = list.waiter[list.head];
    if (callback === undefined) {
      list.take();
      wake(world, world.contexts[context], at);
      continue;
    }
    const from = softirqFrom(world, cpu, at);
    if (from > at) {
      look(world, cpu, list, from);
      return;
    }
    if (list.left === 0) {
      list.left = roundsInARow * Math.max(leastPerRound, list.size >> shareOfRound);
    }
    list.take();
    const end = runCallback(world, callback, cpu, at);
    if (--list.left === 0 && list.size > 0 && world.nohzFull[owner] === 0) {
      look(world, cpu, list, Math.max(nextTick(world, cpu, at), list.at[list.head]));
      return;
    }
    if (end > at && list.size > 0) {
      look(world, cpu, list, Math.max(end, list.at[list.head]));
      return;
    }
  }
  if (list.size > 0) look(world, cpu, list, list.at[list.head]);
  else list.left = 0;
}

function wake(world: World, context: Context, at: number): void {
  if (context.phase !== phase.sleep) return;
  const delay = draw(world.costs.wakeup, world.streams.state, context.costAt);
  world.calendar.push(at + delay, event.resume, context.entity);
}

function softirqFrom(world: World, cpu: number, at: number): number {
  advance(world, cpu, at);
  const from = interruptibleFrom(world.cpus, cpu, at);
  if (from < Number.POSITIVE_INFINITY) return from;
  const frame = world.stepped[cpu];
  return frame === undefined || frame.stage === 0 ? at + unknownEnd : recheckAt(frame, at);
}

/** Returns when it is over. */
function runCallback(world: World, callback: Callback, cpu: number, start: number): number {
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
      const fate = fateOf(writer, callback.replaced, true);
      if (fate !== undefined) {
        checkRelease(world, writer, context.reach, callback.unhookedAt, time, fate);
      }
      const recorders = world.recorders.writers[writerIndex];
      recorders.retained.add(time / 1000, -callback.unhooked * 4096);
    },
  );
  world.recorders.callbacks += Math.max(1, Math.ceil(callback.unhooked / tablesPerCallback));
  if (end > start) occupy(world, cpu, start, end - start, level.irq, account.handler, -1);
  return end;
}
