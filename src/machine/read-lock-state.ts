// Which mms have an mmap_lock that walkers read under, whether it is closed to them, and when they may begin (`read-lock.ts`).

import type {System} from "../plan/system.ts";
import {cpusOf} from "../units/cpuset.ts";
import type {World} from "./world.ts";

/** One mm's lock as its readers see it. */
export interface ReadLock {
  /** CPUs where readers of it live. */
  readonly cpus: Int32Array;
  /** Whether a writer has it, or waits for the readers that have it. */
  closed: boolean;
}

const known = new WeakMap<System["policies"], boolean>();

/** Whether any policy takes mmap_lock by itself; looked for once, not in every replication. */
export function takesMmapLock({policies}: System): boolean {
  let takes = known.get(policies);
  if (takes === undefined) {
    takes = JSON.stringify(policies).includes('"mmap_lock"');
    known.set(policies, takes);
  }
  return takes;
}

/**
 * By mm, 1-based: the CPUs where readers of mmap_lock live, if it has both readers and writers. `stepped` says of each walker whether
 * its walks may be aborted.
 */
export function readersOf(system: System, stepped: readonly boolean[]): (Int32Array | undefined)[] {
  const takes = takesMmapLock(system);
  return [undefined, ...system.mms].map((mm) => {
    if (mm === undefined) return undefined;
    const written = system.writers.some(
      (writer) => writer.mm === mm.name && (takes || writer.holds === "mmap_lock"),
    );
    const readers = system.walkers.filter(
      (walker, w) => walker.mm === mm.name && (walker.protect === "lock" || stepped[w] === true),
    );
    if (!written || readers.length === 0) return undefined;
    const cpus = [...new Set(readers.flatMap(({on}) => cpusOf(on)))].toSorted((a, b) => a - b);
    return Int32Array.from(cpus);
  });
}

/** The locks that have those readers, open. */
export function readLocksOf(
  readers: readonly (Int32Array | undefined)[],
): (ReadLock | undefined)[] {
  return readers.map((cpus) => cpus && {cpus, closed: false});
}

/** When a walk under the lock may begin that could otherwise at `start`. */
export function afterLock(world: World, i: number, start: number): number {
  const {sources} = world;
  if (sources.needsLock[i] === 0) return start;
  if (sources.admitted[i] === 1) return Math.max(sources.readyAt[i], start);
  return world.readLocks[sources.mm[i]]?.closed === true ? Number.POSITIVE_INFINITY : start;
}
