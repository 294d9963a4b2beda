// Which store does each load read, and in which order do the stores to a location happen? Both questions split by location: sequential
// consistency per variable and the atomicity of read-modify-writes never mention two locations. So the answers are enumerated location
// by location, with both rules applied while the coherence order grows, and combined afterwards.
//
// The rules, on positions (the initial value has position 0, the first store in coherence order 1, ...):
// (1) a load reads a store with the value it returned;
// (2) stores of one thread keep their program order;
// (3) a load reads nothing older than what its thread wrote or read before it, and nothing that its thread writes after it;
// (4) the read of a read-modify-write reads the position just before its own write's.

import type {Event} from "./event.ts";
import {tag} from "./event.ts";
import type {GrowingOrder} from "./growing-order.ts";
import {type EventSet, emptyRelation, has, type Relation, relate} from "./relation.ts";
import type {Joined, Skeleton} from "./skeleton.ts";

/** The communication of one candidate execution. */
export interface Communication {
  /** Store to load; a load of the initial value has no edge. */
  readonly rf: Relation;
  /** Store to every later store of the location. */
  readonly co: Relation;
  /** Load to every store that overwrites what it read. */
  readonly fr: Relation;
  /** For each event that is a load: the store it reads, or -1 for the initial value. */
  readonly source: Int32Array;
  /** For each location: its last store, or -1. */
  readonly last: Int32Array;
}

/** One way to settle one location: stores in coherence order, and for each load the store it reads (-1: the initial value). */
interface Settled {
  readonly order: readonly number[];
  readonly reads: readonly (readonly [load: number, store: number])[];
}

/** A part of the model that reads-from alone decides: what it drops needs no judging. */
export interface Early {
  readonly order: GrowingOrder;
  /** Events between which reading another thread's store is an order. */
  readonly ordered: EventSet;
  /** Told how many candidates were dropped at once. */
  readonly dropped: (candidates: number) => void;
}

/** The ways to settle each location that anybody accesses; nothing where a location has none. `initial[i]` is the initial value of location i. */
export function settleLocations(
  joined: Joined,
  initial: readonly number[],
): readonly (readonly Settled[])[] | undefined {
  const perLocation: Settled[][] = [];
  for (let location = 0; location < initial.length; location++) {
    const settled = settle(joined, location, initial[location]);
    if (settled.length === 0) return undefined;
    if (settled.length > 1 || settled[0].order.length + settled[0].reads.length > 0) {
      perLocation.push(settled);
    }
  }
  return perLocation;
}

/**
 * Calls `visit` for every candidate, one way to settle each location, that closes no cycle of the early order; until it returns false.
 * `locations` is how many variables there are.
 */
export function forEachCommunication(
  skeleton: Skeleton,
  perLocation: readonly (readonly Settled[])[],
  locations: number,
  early: Early,
  visit: (communication: Communication) => boolean,
): void {
  /** Candidates that differ in the locations before each. */
  const below: number[] = [];
  let count = 1;
  for (const settled of perLocation) {
    below.push(count);
    count *= settled.length;
  }
  const choice: Settled[] = new Array(perLocation.length);
  const {order, dropped} = early;
  const choose = (at: number): boolean => {
    if (at < 0) return visit(communicate(skeleton, choice, locations));
    for (const settled of perLocation[at]) {
      order.open();
      let goOn = true;
      if (keeps(skeleton, settled, early)) {
        choice[at] = settled;
        goOn = choose(at - 1);
      } else dropped(below[at]);
      order.close();
      if (!goOn) return false;
    }
    return true;
  };
  choose(perLocation.length - 1);
}

/** Adds who reads from whom at a location to the early order; false where that closes a cycle. */
function keeps({threadOf}: Skeleton, {reads}: Settled, {order, ordered}: Early): boolean {
  for (const [load, store] of reads) {
    if (store < 0 || threadOf[store] === threadOf[load]) continue;
    if (has(ordered, store) && has(ordered, load) && !order.add(store, load)) return false;
  }
  return true;
}

function communicate(
  skeleton: Skeleton,
  settled: readonly Settled[],
  locations: number,
): Communication {
  const {n, events} = skeleton;
  const rf = emptyRelation(n);
  const co = emptyRelation(n);
  const fr = emptyRelation(n);
  const source = new Int32Array(n).fill(-1);
  const last = new Int32Array(locations).fill(-1);
  for (const {order, reads} of settled) {
    for (let i = 0; i < order.length; i++) {
      for (let j = i + 1; j < order.length; j++) relate(co, order[i], order[j]);
    }
    if (order.length > 0) last[events[order[0]].location] = order[order.length - 1];
    for (const [load, store] of reads) {
      source[load] = store;
      if (store >= 0) relate(rf, store, load);
      for (let i = order.indexOf(store) + 1; i < order.length; i++) relate(fr, load, order[i]);
    }
  }
  return {rf, co, fr, source, last};
}

/** All ways to settle a location under rules (1) to (4). */
function settle({events, threadOf, n}: Joined, location: number, initial: number): Settled[] {
  const stores: number[] = [];
  const loads: number[] = [];
  for (let i = 0; i < n; i++) {
    if (events[i].location !== location) continue;
    if ((events[i].tags & tag.write) !== 0) stores.push(i);
    else if ((events[i].tags & tag.read) !== 0) loads.push(i);
  }
  const results: Settled[] = [];
  const order: number[] = [];
  const placed = new Set<number>();

  const place = (): void => {
    if (order.length === stores.length) {
      assign(events, threadOf, order, loads, initial, (reads) =>
        results.push({order: [...order], reads}),
      );
      return;
    }
    const previous = order.length === 0 ? initial : events[order[order.length - 1]].value;
    for (const store of stores) {
      if (placed.has(store)) continue;
      // (2): an earlier store of the same thread has to be placed first.
      if (stores.some((s) => s < store && threadOf[s] === threadOf[store] && !placed.has(s))) {
        continue;
      }
      // (4): its read returned what is newest now.
      const partner = partnerOf(events, threadOf, store);
      if (partner >= 0 && events[partner].value !== previous) continue;
      order.push(store);
      placed.add(store);
      place();
      order.pop();
      placed.delete(store);
    }
  };
  place();
  return results;
}

/** The read of the read-modify-write that `store` belongs to, or -1. A pair is adjacent but for nothing: read, then write. */
function partnerOf(events: readonly Event[], threadOf: Int32Array, store: number): number {
  const local = events[store].rmwRead;
  if (local < 0) return -1;
  let base = store;
  while (base > 0 && threadOf[base - 1] === threadOf[store]) base--;
  return base + local;
}

/** Gives every load a store, thread by thread in program order, under rules (1), (3) and (4). */
function assign(
  events: readonly Event[],
  threadOf: Int32Array,
  order: readonly number[],
  loads: readonly number[],
  initial: number,
  found: (reads: readonly (readonly [number, number])[]) => void,
): void {
  const reads: (readonly [number, number])[] = [];
  const partners = new Map<number, number>();
  for (const [position, store] of order.entries()) {
    const partner = partnerOf(events, threadOf, store);
    if (partner >= 0) partners.set(partner, position);
  }
  const next = (at: number, newest: number): void => {
    if (at === loads.length) {
      found([...reads]);
      return;
    }
    const load = loads[at];
    const thread = threadOf[load];
    // (3): positions are counted from 0 for the initial value.
    let low = at > 0 && threadOf[loads[at - 1]] === thread ? newest : 0;
    let high = order.length;
    for (let i = 0; i < order.length; i++) {
      if (threadOf[order[i]] !== thread) continue;
      if (order[i] < load) low = Math.max(low, i + 1);
      else high = Math.min(high, i);
    }
    const own = partners.get(load);
    if (own !== undefined) {
      low = Math.max(low, own);
      high = Math.min(high, own);
    }
    for (let position = low; position <= high; position++) {
      const store = position === 0 ? -1 : order[position - 1];
      const value = store < 0 ? initial : events[store].value;
      if (value !== events[load].value) continue;
      reads.push([load, store]);
      next(at + 1, position);
      reads.pop();
    }
  };
  next(0, 0);
}
