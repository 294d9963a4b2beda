// What fences, releases, acquires and fully ordered read-modify-writes order within a thread, as linux-kernel.cat's "Basic relations" say.
// All of it but the two relations that look through a lock hand-over is fixed by the skeleton.

import {tag} from "./event.ts";
import {
  difference,
  type EventSet,
  emptyRelation,
  eventSet,
  from,
  has,
  identity,
  into,
  optional,
  type Relation,
  sequence,
  union,
} from "./relation.ts";
import {across, fences, type Skeleton, tagged} from "./skeleton.ts";

export interface Barriers {
  readonly acqPo: Relation;
  readonly poRel: Relation;
  readonly rmb: Relation;
  readonly wmb: Relation;
  /** `mb` without smp_mb__after_unlock_lock(), which needs to know who handed the lock over. */
  readonly mb: Relation;
  /** synchronize_rcu() and synchronize_srcu(), as fences. */
  readonly gp: Relation;
  /** `[M]` before and after smp_rmb(): cat's `[R4rmb]`, and what may follow a read that is bounded by smp_rmb(). */
  readonly rmbReads: EventSet;
  /** `fencerel(Rmb)` itself, for accesses that are not loads. */
  readonly acrossRmb: Relation;
  /** What a compiler may not move a plain access across. */
  readonly compiler: Relation;
  readonly unlocks: EventSet;
  readonly lockReads: EventSet;
  readonly afterUnlockLock: EventSet;
  readonly hasLocks: boolean;
}

export function barriers(skeleton: Skeleton): Barriers {
  const {po, events, n, memory, writes} = skeleton;
  const acquires = tagged(events, tag.acquire);
  const releases = tagged(events, tag.release);
  const isRead = (event: number): boolean => has(skeleton.reads, event);
  const isFull = (event: number): boolean => (events[event].tags & tag.mb) !== 0;
  const fullReads = eventSet(n, (event) => isFull(event) && isRead(event));
  const fullWrites = eventSet(n, (event) => isFull(event) && !isRead(event));
  const noreturn = tagged(events, tag.noreturn);
  const rmbReads = eventSet(n, (event) => isRead(event) && !has(noreturn, event));
  const atomics = tagged(events, tag.rmw);
  const lockWrites = tagged(events, tag.lockWrite);
  const srcuUnlocks = tagged(events, tag.srcuUnlock);
  const memoryPo = from(memory, po);
  const within = (relation: Relation): Relation => into(from(memory, relation), memory);
  const maybeLater = (set: EventSet): Relation =>
    sequence(identity(n, set), into(optional(po), memory));
  const maybeEarlier = (set: EventSet): Relation => into(from(memory, optional(po)), set);

  const acrossMb = across(skeleton, fences(skeleton, "mb"));
  const acrossBefore = across(skeleton, fences(skeleton, "before-atomic"));
  const acrossAfter = across(skeleton, fences(skeleton, "after-atomic"));
  const acrossSpin = across(skeleton, fences(skeleton, "after-spinlock"));
  const acrossRmb = across(skeleton, fences(skeleton, "rmb"));
  const acrossSrcu = across(skeleton, fences(skeleton, "after-srcu-unlock"));
  const mb = union(
    within(acrossMb),
    into(memoryPo, fullReads),
    into(from(fullWrites, po), memory),
    sequence(into(from(memory, acrossBefore), atomics), maybeLater(atomics)),
    into(sequence(maybeEarlier(atomics), from(atomics, acrossAfter)), memory),
    into(sequence(maybeEarlier(lockWrites), from(lockWrites, acrossSpin)), memory),
    into(sequence(maybeEarlier(srcuUnlocks), from(srcuUnlocks, acrossSrcu)), memory),
  );
  const fenceSet = fences(
    skeleton,
    "barrier",
    "rmb",
    "wmb",
    "mb",
    "sync-rcu",
    "sync-srcu",
    "before-atomic",
    "after-atomic",
    "rcu-lock",
    "rcu-unlock",
  );
  const orderedTags = tagged(
    events,
    tag.acquire | tag.release | tag.mb | tag.srcuLock | tag.srcuUnlock,
  );
  const ordered = eventSet(n, (event) => has(orderedTags, event) || has(fenceSet, event));
  return {
    acqPo: into(from(acquires, po), memory),
    poRel: into(memoryPo, releases),
    rmb: into(from(rmbReads, acrossRmb), rmbReads),
    wmb: into(from(writes, across(skeleton, fences(skeleton, "wmb"))), writes),
    mb,
    gp: sequence(into(po, fences(skeleton, "sync-rcu", "sync-srcu")), optional(po)),
    rmbReads,
    acrossRmb,
    compiler: union(across(skeleton, ordered), into(po, releases), from(acquires, po)),
    unlocks: tagged(events, tag.unlock),
    lockReads: tagged(events, tag.lockRead),
    afterUnlockLock: fences(skeleton, "after-unlock-lock"),
    hasLocks: events.some((event) => (event.tags & tag.unlock) !== 0),
  };
}

/** `po-unlock-lock-po`: what is before an unlock, to what is after the lock that took it over (or a later one of the same thread). */
export function unlockLock(skeleton: Skeleton, fixed: Barriers, rf: Relation): Relation {
  if (!fixed.hasLocks) return emptyRelation(skeleton.n);
  const {po} = skeleton;
  const handOver = into(from(fixed.unlocks, union(po, rf)), fixed.lockReads);
  return sequence(sequence(po, handOver), po);
}

/** `mb`, with smp_mb__after_unlock_lock(). */
export function fullBarriers(skeleton: Skeleton, fixed: Barriers, handOver: Relation): Relation {
  if (!fixed.hasLocks) return fixed.mb;
  const {memory, po} = skeleton;
  const before = into(from(memory, handOver), fixed.afterUnlockLock);
  return union(fixed.mb, into(sequence(before, po), memory));
}

/** Used by the data-race part: pairs of program order that no compiler barrier separates. */
export function unseparated(skeleton: Skeleton, fixed: Barriers): Relation {
  return difference(skeleton.poLoc, fixed.compiler);
}
