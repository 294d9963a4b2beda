// What a choice of one run per thread fixes, before anybody says which store a load reads: the events and program order, who belongs to
// whom, the dependencies, the fences. Everything here is computed once a combination of runs; the reads-from and coherence choices over it
// (coherence.ts) are many.

import {type Event, type FenceKind, tag} from "./event.ts";
import {
  difference,
  type EventSet,
  emptyRelation,
  eventSet,
  from,
  intersection,
  into,
  maxEvents,
  product,
  type Relation,
  relate,
  sequence,
} from "./relation.ts";

/** A program whose executions do not fit the enumerator. */
export class TooManyEvents extends Error {
  override readonly name = "TooManyEvents";
}

export interface Skeleton {
  readonly n: number;
  readonly events: readonly Event[];
  /** Thread of each event. */
  readonly threadOf: Int32Array;
  /** Reads, writes, both. */
  readonly reads: EventSet;
  readonly writes: EventSet;
  readonly memory: EventSet;
  /** Everything but plain accesses; fences are marked. */
  readonly marked: EventSet;
  readonly plain: EventSet;
  readonly po: Relation;
  readonly poLoc: Relation;
  /** Pairs of events that name the same location. */
  readonly loc: Relation;
  /** Pairs of events of one thread, and of different ones. */
  readonly internal: Relation;
  readonly external: Relation;
  readonly address: Relation;
  readonly data: Relation;
  readonly control: Relation;
  readonly rmw: Relation;
  /** rcu_read_lock() with its rcu_read_unlock(), matched as brackets are. */
  readonly sections: Relation;
  readonly hasPlain: boolean;
  /** Whether any section or grace period is one of sleepable RCU. */
  readonly hasSrcu: boolean;
}

/** One run of each thread, one after the other. */
export type Joined = Pick<Skeleton, "n" | "events" | "threadOf">;

/** Joins one run of each thread. Throws `TooManyEvents` beyond 64 events. */
export function joinRuns(runs: readonly (readonly Event[])[]): Joined {
  const events = runs.flat();
  const n = events.length;
  if (n > maxEvents) {
    throw new TooManyEvents(`an execution has ${n} events; at most ${maxEvents} are supported`);
  }
  const threadOf = new Int32Array(n);
  let at = 0;
  for (const [thread, run] of runs.entries()) {
    threadOf.fill(thread, at, at + run.length);
    at += run.length;
  }
  return {n, events, threadOf};
}

/** What joined runs fix between their events. */
export function skeletonOf(
  {n, events, threadOf}: Joined,
  runs: readonly (readonly Event[])[],
): Skeleton {
  const po = emptyRelation(n);
  const internal = emptyRelation(n);
  const address = emptyRelation(n);
  const data = emptyRelation(n);
  const control = emptyRelation(n);
  const rmw = emptyRelation(n);
  let base = 0;
  for (const run of runs) {
    for (let i = 0; i < run.length; i++) {
      const event = run[i];
      for (let j = 0; j < run.length; j++) {
        relate(internal, base + i, base + j);
        if (j > i) relate(po, base + i, base + j);
      }
      for (const load of event.address) relate(address, base + load, base + i);
      for (const load of event.data) relate(data, base + load, base + i);
      for (const load of event.control) relate(control, base + load, base + i);
      if (event.rmwRead >= 0) relate(rmw, base + event.rmwRead, base + i);
    }
    base += run.length;
  }
  const all = eventSet(n, () => true);
  const sameLocation = emptyRelation(n);
  for (let i = 0; i < n; i++) {
    if (events[i].location < 0) continue;
    for (let j = 0; j < n; j++) {
      if (events[i].location === events[j].location) relate(sameLocation, i, j);
    }
  }
  const plain = tagged(events, tag.plain);
  return {
    n,
    events,
    threadOf,
    reads: tagged(events, tag.read),
    writes: tagged(events, tag.write),
    memory: tagged(events, tag.read | tag.write),
    marked: eventSet(n, (event) => (events[event].tags & tag.plain) === 0),
    plain,
    po,
    poLoc: intersection(po, sameLocation),
    loc: sameLocation,
    internal,
    external: difference(product(n, all, all), internal),
    address,
    data,
    control,
    rmw,
    sections: matchSections(events, threadOf),
    hasPlain: plain.some((word) => word !== 0),
    hasSrcu: events.some(
      ({tags, fence}) => (tags & (tag.srcuLock | tag.srcuUnlock)) !== 0 || fence === "sync-srcu",
    ),
  };
}

/** The events with any of these tags. */
export function tagged(events: readonly Event[], tags: number): EventSet {
  return eventSet(events.length, (event) => (events[event].tags & tags) !== 0);
}

/** The fence events of the given kinds. */
export function fences(skeleton: Skeleton, ...kinds: readonly FenceKind[]): EventSet {
  return eventSet(skeleton.n, (event) => {
    const kind = skeleton.events[event].fence;
    return kind !== undefined && kinds.includes(kind);
  });
}

/** cat's `fencerel(set)`: what stands before and after a member in program order. */
export function across(skeleton: Skeleton, set: EventSet): Relation {
  return sequence(into(skeleton.po, set), from(set, skeleton.po));
}

/** Nested sections match as brackets do. */
function matchSections(events: readonly Event[], threadOf: Int32Array): Relation {
  const matched = emptyRelation(events.length);
  let open: number[] = [];
  for (let i = 0; i < events.length; i++) {
    if (i > 0 && threadOf[i] !== threadOf[i - 1]) open = [];
    if (events[i].fence === "rcu-lock") open.push(i);
    if (events[i].fence === "rcu-unlock") {
      const lock = open.pop();
      if (lock !== undefined) relate(matched, lock, i);
    }
  }
  return matched;
}
