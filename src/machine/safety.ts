// Whether a walk used a table after it was released. One rule for all kinds of writes: a walk that took its pointer before the entry was
// unhooked must not go on when the table is freed, reused or deposited. It is the rule of `plan/invariants.ts` for walks that a free run
// knows only by when they begin and end; what is counted can be replayed step by step (`violation-schedule.ts`).
//
// (1) Looked at when tables are released, on every CPU where a walker of the mm lives (for a shared table: of any sharer).
// (2) A CPU that has taken an interrupt since the unhook cannot be in such a walk if the walk masks interrupts, and is not advanced.
// (3) A walk that re-validates the level above is safe against changes in place, not against freeing: the table page itself is touched.
//     (For a collapse that level is the pmd, for a shared table the pud.) Whoever is not the last sharer releases nothing.
// (4) A hardware walker is safe when a flush has reached its CPU since the unhook.

import {nanosecondsOf} from "../engine/time.ts";
import type {InvariantId} from "../plan/invariants.ts";
import type {Walker, Writer} from "../plan/system.ts";
import {event} from "./events.ts";
import type {Reach} from "./reach.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

/** What becomes of the tables: their memory is given back, or they are changed in place for whoever has them now. */
export type Fate = "freed" | "changed";

/** What becomes of a table at its release; undefined: nothing, it was changed before (whoever gets a table in place does not wait). */
export function fateOf(writer: Writer, replaced: boolean, deferred: boolean): Fate | undefined {
  if (writer.kind === "free" || replaced || (deferred && writer.kind === "collapse"))
    return "freed";
  return deferred ? undefined : "changed";
}

/** What a walk over the release violates, by the checker's names: a table read in several places is found old in one and new in another. */
function invariantOf(walker: Walker, fate: Fate): InvariantId {
  if (walker.kind === "hardware") return fate === "freed" ? "I5" : "I4";
  if (fate === "freed") return "I1";
  return walker.pages > 1 && walker.revalidate === "none" ? "I3" : "I2";
}

/** Checks what a writer does at `at` with what it unhooked at `unhookedAt`; whoever releases first and unhooks later releases in use. */
export function checkRelease(
  world: World,
  writer: Writer,
  reach: readonly Reach[],
  unhookedAt: number,
  at: number,
  fate: Fate,
): void {
  const {lastInterrupt} = world.cpus;
  for (const {walker, mm, cpus, hardware, masks, recovers} of reach) {
    // A walker that looks again notices that a table has been changed, as long as it still is a table.
    if (recovers && fate === "changed") continue;
    // Another sharer's walks lost the table when that sharer unhooked it.
    const own = world.system.mms[mm - 1]?.name === writer.mm;
    const before = Math.min(own ? unhookedAt : world.lastUnhook[mm], at);
    if (before < 0) continue;
    for (let i = 0; i < cpus.length; i++) {
      const cpu = cpus[i];
      if (hardware) {
        if (world.flushedAt[cpu] > before) continue;
        found(world, fate, walker, writer, cpu, at, before, before - 1);
        continue;
      }
      if (masks && lastInterrupt[cpu] >= before) continue;
      advance(world, cpu, at);
      const since = walkingSince(world, cpu, walker, before, at);
      if (since >= 0) found(world, fate, walker, writer, cpu, at, before, since);
    }
  }
}

/** When the walk that walker `w` is in at `at` took its pointer, if that was before `before`; -1 if there is no such walk. */
function walkingSince(world: World, cpu: number, w: number, before: number, at: number): number {
  const {sources, cpus} = world;
  const frame = world.stepped[cpu];
  if (frame?.stage === 2 && !frame.bare && sources.owner[frame.source] === w) {
    return frame.walkFrom < before && frame.walkTo > at ? frame.walkFrom : -1;
  }
  const walk = world.walk[cpu];
  if (walk >= 0 && sources.owner[walk] === w && sources.profile[walk] !== undefined) {
    const profile = sources.profile[walk];
    const hooks = profile === undefined ? 0 : profile.enter;
    const from =
      world.walkStart[cpu] +
      sources.before[walk] +
      hooks +
      world.walkExtra[cpu] +
      world.walkShift[cpu];
    const to = cpus.taskEnd[cpu] - sources.after[walk] - (profile?.exit ?? 0);
    if (from < before && to > at) return from;
  }
  const nmi = world.nmiWalk[cpu];
  if (nmi < 0 || sources.owner[nmi] !== w) return -1;
  const profile = sources.profile[nmi];
  const from = world.nmiStart[cpu] + (profile?.enter ?? 0);
  const to = world.nmiWalkEnd[cpu] - (profile?.exit ?? 0);
  return from < before && to > at ? from : -1;
}

function found(
  world: World,
  fate: Fate,
  w: number,
  writer: Writer,
  cpu: number,
  at: number,
  unhookedAt: number,
  walkFrom: number,
): void {
  const walker = world.system.walkers[w];
  const kind = invariantOf(walker, fate);
  world.note(at, cpu, event.violation);
  world.violationCounts[kind] = (world.violationCounts[kind] ?? 0) + 1;
  world.violationsMeasured++;
  if (world.violations.some((known) => known.kind === kind)) return;
  const names = {walker: walker.name, writer: writer.name};
  world.violations.push({kind, ...names, cpu, time: nanosecondsOf(at)});
  world.watch?.violated(world, {kind, w, writer, cpu, at, unhookedAt, walkFrom});
}
