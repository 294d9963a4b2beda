// The read side of mmap_lock: walkers with `protect: lock`, and the slow path of walks that a policy aborts.
//
// (1) Readers do not exclude each other. A writer that takes the lock closes it: walks that have not begun sleep until it is given back, and
//     the writer sleeps until those that have begun are over.
// (2) When the lock is given back all sleeping readers are admitted, each after its wake-up, before the next writer in line, which waits for
//     them in turn; readers that come later wait behind that writer (kernel/locking/rwsem.c wakes readers in one batch).
// (3) A reader is interrupted and preempted like any task, and then keeps the lock for longer: the writer asks again when it should be over.
// (4) Where nobody writes under mmap_lock the lock is never closed, and nothing of this costs a run anything.

import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

const unknownEnd = 1_000_000; // ticks until a reader that cannot go on for now is looked at again

/** Keeps new readers out from `now` on; returns when those that are in should be over, `now` if there are none. */
export function closeToReaders(world: World, mm: number, now: number): number {
  const lock = world.readLocks[mm];
  if (lock === undefined) return now;
  for (const cpu of lock.cpus) advance(world, cpu, now);
  lock.closed = true;
  return readersEnd(world, mm, now);
}

/** When the readers that are in at `now`, or admitted, should be over; `now` if there are none. */
export function readersEnd(world: World, mm: number, now: number): number {
  const lock = world.readLocks[mm];
  if (lock === undefined) return now;
  const {cpus, sources, walk} = world;
  let last = now;
  for (const cpu of lock.cpus) {
    advance(world, cpu, now);
    for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
      if (sources.mm[i] !== mm) continue;
      let end = now;
      // One that has been let in begins when its CPU lets it.
      if (sources.admitted[i] === 1) end = Math.max(sources.readyAt[i], now) + 1;
      else if (sources.reads[i] === 1 && walk[cpu] === i && cpus.taskEnd[cpu] > now) {
        end = cpus.taskEnd[cpu];
        if (end === Number.POSITIVE_INFINITY) end = steppedUntil(world, cpu, now);
      }
      if (sources.admitted[i] === 1 && (cpus.holder[cpu] >= 0 || cpus.busyEnd[cpu] > end)) {
        end = Math.min(Math.max(cpus.busyEnd[cpu] + 1, now + unknownEnd), now + 2 * unknownEnd);
      }
      if (end > last) last = end;
    }
  }
  return last;
}

/** When it is worth asking again for a walk that nobody knows the end of. */
function steppedUntil(world: World, cpu: number, now: number): number {
  const frame = world.stepped[cpu];
  return frame === undefined || frame.stage === 0 ? now + unknownEnd : recheckAt(frame, now);
}

/** Lets the readers in that have slept until `now`; the lock stays closed behind them if `next` writer waits. */
export function admitReaders(world: World, mm: number, now: number, next: boolean): void {
  const lock = world.readLocks[mm];
  if (lock === undefined) return;
  const {cpus, sources, streams} = world;
  for (const cpu of lock.cpus) {
    advance(world, cpu, now);
    const held = cpus.holder[cpu] >= 0;
    for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
      if (sources.mm[i] !== mm || sources.needsLock[i] === 0 || sources.admitted[i] === 1) continue;
      // Thinking stands still on a CPU that a writer holds, and is kept relative to now.
      const arrived = held && sources.kind[i] === 0 ? sources.next[i] < 0 : sources.next[i] < now;
      if (!arrived) continue;
      sources.admitted[i] = 1;
      sources.readyAt[i] = now + draw(world.costs.wakeup, streams.state, world.cpuStream[cpu]);
    }
    world.wakePrivate(cpu, now);
  }
  lock.closed = next;
}
