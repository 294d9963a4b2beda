// The cache line of an mmap_lock. Taking it for reading and giving it back are atomic operations on one counter (kernel/locking/rwsem.c),
// which readers on several CPUs take from one another although none of them waits for the other.
//
// (1) An operation takes the line from the CPU whose operation was the one before, at the cost of moving a line over that distance
//     (`line.*`); on the CPU where the line is it costs nothing but itself.
// (2) The line serves one operation at a time, in the order in which they are asked for. Real caches prefer whoever is near; the sum of
//     what they serve is the same or larger.
// (3) What a CPU pays depends on what others did, so the CPUs of such readers have no timelines of their own: each of their sections
//     is an event in every executor (`World.byEvent`), and their walks are stepped (`stepped-walk.ts`), for nobody knows their end. That is
//     some twenty times slower than timelines. A writer of the same CPU waits for the end of such a walk.
// (4) Writers take part: what they pay for the lock begins at the same line. Where only one CPU ever touches it, or moving a line costs
//     nothing, there is nothing to charge, and walks under the lock are like others.
// (5) Page faults that are given only as a rate (`faults` of a writer) live on no CPU: they wait for the lock and do not move its line. Who
//     wants that charged writes them as walkers with `protect: lock`.

import type {System} from "../plan/system.ts";
import {cpusOf} from "../units/cpuset.ts";
import {source} from "./cpus.ts";
import {takesMmapLock} from "./read-lock-state.ts";
import type {SourcePlan} from "./source-plan.ts";
import {draw, type Law} from "./streams.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

export class LockLine {
  /** CPU of the operation before; -1: none yet. */
  lastCpu: number = -1;
  /** When the line can serve the next one [ticks]. */
  freeAt: number = 0;
}

/** By mm, 1-based: whether readers move the line of its mmap_lock. `aborts` says of each walker whether its walks may go on under it. */
export function movesLockLine(
  system: System,
  line: readonly (Law | undefined)[],
  aborts: readonly boolean[],
): boolean[] {
  const free = line.every((law) => law === undefined || law.constant === 0);
  return [undefined, ...system.mms].map((mm) => {
    if (mm === undefined || free) return false;
    const readers = system.walkers.filter(
      (walker, w) => walker.mm === mm.name && (readsUnderLock(walker) || aborts[w] === true),
    );
    const writers = system.writers.filter(
      (writer) => writer.mm === mm.name && (takesMmapLock(system) || writer.holds === "mmap_lock"),
    );
    const cpus = new Set(readers.flatMap(({on}) => cpusOf(on)));
    for (const {on, workers = 1} of writers) for (let w = 0; w < workers; w++) cpus.add(on + w);
    return readers.length > 0 && cpus.size > 1;
  });
}

/** Whether all walks of a walker are under mmap_lock; an NMI cannot sleep for it. */
export function readsUnderLock({protect, kind, cadence}: System["walkers"][number]): boolean {
  return protect === "lock" && kind !== "perf" && kind !== "hardware" && cadence.kind !== "any";
}

/** By CPU, 1: walks there may touch such a line. */
export function touchesLockLine(plan: SourcePlan, moves: readonly boolean[]): Uint8Array {
  const {first, kind, mm, profile} = plan;
  return Uint8Array.from({length: first.length - 1}, (_, cpu) => {
    for (let i = first[cpu]; i < first[cpu + 1]; i++) {
      if (kind[i] <= source.openWalk && profile[i] === undefined && moves[mm[i]]) return 1;
    }
    return 0;
  });
}

/** A CPU asks for the line at `at` for an operation of `ticks`; returns when that is done. Draws from the stream at `stream`. */
export function useLine(
  world: World,
  line: LockLine,
  cpu: number,
  at: number,
  ticks: number,
  stream: number,
): number {
  const moved =
    line.lastCpu < 0 ? undefined : world.line[distanceOf(world.topology, line.lastCpu, cpu)];
  const from = line.freeAt > at ? line.freeAt : at;
  line.lastCpu = cpu;
  line.freeAt = from + ticks + (moved === undefined ? 0 : draw(moved, world.streams.state, stream));
  return line.freeAt;
}
