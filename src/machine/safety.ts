// Whether a walk used a table after it was released. One rule for all kinds of writes: a walk that took its pointer before the entry was
// unhooked must not go on when the table is freed, reused or deposited.
//
// (1) Looked at when tables are released, on every CPU where a walker of the mm lives (for a shared table: of any sharer).
// (2) A CPU that has taken an interrupt since the unhook cannot be in such a walk if the walk masks interrupts, and is not advanced.
// (3) A walk that re-validates the level above is safe against changes in place, not against freeing: the table page itself is touched.
//     (For a collapse that level is the pmd, for a shared table the pud.) Whoever is not the last sharer releases nothing.
// (4) A hardware walker is safe when a flush has reached its CPU since the unhook.

import {nanosecondsOf} from "../engine/time.ts";
import type {Writer} from "../plan/system.ts";
import type {Violation} from "../record/samples.ts";
import {event} from "./events.ts";
import type {Reach} from "./reach.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

const kinds = {
  free: "use_after_free",
  unshare: "stale_reuse",
  collapse: "mixed_table",
} as const satisfies Record<Writer["kind"], Violation["kind"]>;

/** What becomes of the tables. */
export type Fate =
  /** Freed, deposited, or given to others. */
  | "released"
  /** Changed in place at once, though freed only later: deferring the release of a table that is not freed defers nothing. */
  | "modified";

/** Checks what a writer does at `at` with what it unhooked at `unhookedAt`. */
export function checkRelease(
  world: World,
  writer: Writer,
  reach: readonly Reach[],
  unhookedAt: number,
  at: number,
  fate: Fate,
): void {
  if (unhookedAt >= at) return;
  const {lastInterrupt} = world.cpus;
  // Only a free takes the table away; a collapse deposits it, so a walker that re-checks the pmd notices, as the checker has it.
  const inPlace = fate === "modified" || writer.kind !== "free";
  for (const {walker, mm, cpus, hardware, masks, recovers} of reach) {
    if (recovers && inPlace) continue;
    // Another sharer's walks lost the table when that sharer unhooked it.
    const own = world.system.mms[mm - 1]?.name === writer.mm;
    const before = own ? unhookedAt : world.lastUnhook[mm];
    if (before < 0) continue;
    for (let i = 0; i < cpus.length; i++) {
      const cpu = cpus[i];
      if (hardware) {
        if (world.flushedAt[cpu] > before) continue;
        found(world, "hardware_walk", walker, writer, cpu, at, before);
        continue;
      }
      if (masks && lastInterrupt[cpu] >= before) continue;
      advance(world, cpu, at);
      if (walkingSince(world, cpu, walker, before, at)) {
        found(world, kinds[writer.kind], walker, writer, cpu, at, before);
      }
    }
  }
}

/** Whether walker `w` is at `at` in a walk on the CPU whose pointer it took before `before`. */
function walkingSince(world: World, cpu: number, w: number, before: number, at: number): boolean {
  const {sources, cpus} = world;
  const frame = world.stepped[cpu];
  if (frame !== undefined && frame.stage === 2 && sources.owner[frame.source] === w) {
    return frame.walkFrom < before && frame.walkTo > at;
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
    if (from < before && to > at) return true;
  }
  const nmi = world.nmiWalk[cpu];
  if (nmi < 0 || sources.owner[nmi] !== w) return false;
  const profile = sources.profile[nmi];
  const from = world.nmiStart[cpu] + (profile?.enter ?? 0);
  return from < before && world.nmiWalkEnd[cpu] - (profile?.exit ?? 0) > at;
}

function found(
  world: World,
  kind: Violation["kind"],
  walker: number,
  writer: Writer,
  cpu: number,
  at: number,
  unhookedAt: number,
): void {
  world.note(at, cpu, event.violation);
  world.violationCounts[kind] = (world.violationCounts[kind] ?? 0) + 1;
  world.violationsMeasured++;
  if (world.violations.some((known) => known.kind === kind)) return;
  const name = world.system.walkers[walker].name;
  const walkStart = world.walkStart[cpu];
  const time = (ticks: number) => `${nanosecondsOf(ticks)}`;
  world.violations.push({
    kind,
    walker: name,
    writer: writer.name,
    cpu,
    time: nanosecondsOf(at),
    schedule: [
      `${time(Math.min(walkStart, unhookedAt))}ns cpu${cpu} ${name} walk`,
      `${time(unhookedAt)}ns cpu${writer.on} ${writer.name} unhook`,
      `${time(at)}ns cpu${writer.on} ${writer.name} release`,
      `cpu${cpu} ${name} read`,
    ].join("; "),
  });
}
