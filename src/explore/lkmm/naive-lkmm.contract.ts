// The Linux-kernel memory model once more, as an oracle: every relation a set of pairs, every definition in the order and by the name that
// linux-kernel.bell, lock.cat and linux-kernel.cat give it (v6.13 and later), initial writes as events of their own, candidates by trying every
// store for every load and every order of the stores. It shares with the model under test nothing but the events of the threads.

import {type Event, type FenceKind, type TagName, tag} from "./event.ts";
import {
  and,
  but,
  contains,
  inverted,
  loops,
  type Members,
  many,
  maybe,
  members,
  on,
  or,
  type Pairs,
  pairs,
  plus,
  seq,
} from "./pairs.contract.ts";

/** One way of reading and overwriting: the store (or initial write) that each load reads, the stores of each location in order. */
export interface NaiveCandidate {
  readonly events: readonly Event[];
  readonly threadOf: readonly number[];
  /** Events 0..locations-1 are the initial writes. */
  readonly locations: number;
  readonly rf: Pairs;
  readonly co: Pairs;
  /** Last store of each location, the initial write included. */
  readonly last: readonly number[];
}

export type NaiveVerdict =
  | {readonly allowed: false}
  | {readonly allowed: true; readonly flags: readonly string[]};

/** Every candidate over one run a thread, coherent or not. */
export function naiveCandidates(
  runs: readonly (readonly Event[])[],
  initial: readonly number[],
): NaiveCandidate[] {
  const locations = initial.length;
  const start = initial.map(
    (value, location): Event => ({
      tags: tag.write,
      location,
      value,
      address: [],
      data: [],
      control: [],
      rmwRead: -1,
      text: "",
      mark: 0,
    }),
  );
  const events = [...start, ...runs.flat()];
  const threadOf = [
    ...start.map(() => -1),
    ...runs.flatMap((run, thread) => run.map(() => thread)),
  ];
  const is = (event: number, wanted: number): boolean =>
    ((events[event] as Event).tags & wanted) !== 0;
  const all = events.map((_, event) => event);
  const stores = all.filter((event) => is(event, tag.write));
  const loads = all.filter((event) => is(event, tag.read));
  const at = (event: number): number => (events[event] as Event).location;
  const value = (event: number): number => (events[event] as Event).value;

  let sources: (readonly (readonly [number, number])[])[] = [[]];
  for (const load of loads) {
    const from = stores.filter((store) => at(store) === at(load) && value(store) === value(load));
    sources = sources.flatMap((known) => from.map((store) => [...known, [store, load] as const]));
  }
  let orders: number[][][] = [[]];
  for (let location = 0; location < locations; location++) {
    const later = stores.filter((store) => store >= locations && at(store) === location);
    orders = orders.flatMap((known) =>
      permutations(later).map((order) => [...known, [location, ...order]]),
    );
  }
  const n = events.length;
  return orders.flatMap((order) => {
    const place = new Map(
      order.flatMap((line) => line.map((store, index) => [store, index] as const)),
    );
    const co = pairs(
      n,
      (i, j) =>
        at(i) === at(j) &&
        at(i) >= 0 &&
        place.has(i) &&
        place.has(j) &&
        (place.get(i) ?? 0) < (place.get(j) ?? 0),
    );
    return sources.map((source) => ({
      events,
      threadOf,
      locations,
      co,
      rf: new Set(source.map(([store, load]) => 1000 * store + load)),
      last: order.map((line) => line.at(-1) as number),
    }));
  });
}

/** How many candidates there are. */
export function naiveCount(
  runs: readonly (readonly Event[])[],
  initial: readonly number[],
): number {
  const events = runs.flat();
  let count = 1;
  for (const [location, value] of initial.entries()) {
    const here = events.filter((event) => event.location === location);
    const values = here.filter(({tags}) => (tags & tag.write) !== 0).map((store) => store.value);
    for (let i = 2; i <= values.length; i++) count *= i;
    for (const load of here.filter(({tags}) => (tags & tag.read) !== 0)) {
      count *= [value, ...values].filter((stored) => stored === load.value).length;
    }
  }
  return count;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** Whether the model allows a candidate, and what it flags. */
export function naiveVerdict({events, threadOf, locations, rf, co}: NaiveCandidate): NaiveVerdict {
  const n = events.length;
  const event = (i: number): Event => events[i] as Event;
  const tagged = (name: TagName): Members => members(n, (i) => (event(i).tags & tag[name]) !== 0);
  const fence = (...kinds: readonly FenceKind[]): Members =>
    members(n, (i) => kinds.includes(event(i).fence as FenceKind));
  const both = (...sets: readonly Members[]): Members => new Set(sets.flatMap((set) => [...set]));
  const within = (a: Members, b: Members): Members => new Set([...a].filter((i) => b.has(i)));
  const without = (a: Members, b: Members): Members => new Set([...a].filter((i) => !b.has(i)));

  const everything = members(n, () => true);
  const IW = members(n, (i) => i < locations);
  const R = tagged("read");
  const W = tagged("write");
  const M = both(R, W);
  const Plain = tagged("plain");
  const Marked = without(everything, Plain);
  const Noreturn = tagged("noreturn");
  const UL = tagged("unlock");
  const LKR = tagged("lockRead");
  const LKW = tagged("lockWrite");
  const RMW = tagged("rmw");
  const SrcuLock = tagged("srcuLock");
  const SrcuUnlock = tagged("srcuUnlock");
  const Acquire = tagged("acquire");
  const Release = tagged("release");
  const Mb = both(tagged("mb"), fence("mb"));

  const int = pairs(n, (i, j) => threadOf[i] === threadOf[j]);
  const ext = pairs(n, (i, j) => threadOf[i] !== threadOf[j]);
  const po = pairs(
    n,
    (i, j) => i < j && (threadOf[i] as number) >= 0 && threadOf[i] === threadOf[j],
  );
  const loc = pairs(n, (i, j) => event(i).location >= 0 && event(i).location === event(j).location);
  const depends = (which: "address" | "data" | "control"): Pairs =>
    pairs(n, (i, j) => contains(po, i, j) && event(j)[which].includes(i - first(j)));
  const first = (j: number): number => threadOf.indexOf(threadOf[j] as number);
  const rmw = pairs(
    n,
    (i, j) => contains(po, i, j) && event(j).rmwRead >= 0 && event(j).rmwRead === i - first(j),
  );
  // Coherence and atomicity come first here, since most candidates fall by them. lock.cat leaves the reads and writes of locks where their
  // values put them; what it forbids besides is for locks to nest.
  const fr = seq(inverted(rf), co);
  const rfe = and(rf, ext);
  const rfi = and(rf, int);
  const poLoc = and(po, loc);
  if (loops(plus(or(poLoc, rf, co, fr)))) return {allowed: false};
  if (and(rmw, seq(and(fr, ext), and(co, ext))).size > 0) return {allowed: false};

  const star = (a: Pairs): Pairs => many(a, n);
  const opt = (a: Pairs): Pairs => maybe(a, n);
  const fencerel = (set: Members): Pairs => seq(po, on(set), po);

  // linux-kernel.bell
  const rcuRscs = brackets(n, po, fence("rcu-lock"), fence("rcu-unlock"));
  const rawData = depends("data");
  const carrySrcuData = star(seq(rawData, on(without(everything, SrcuUnlock)), rf));
  const srcuRscs = and(seq(on(SrcuLock), carrySrcuData, rawData, on(SrcuUnlock)), loc);
  const carryDep = star(seq(rawData, on(without(everything, SrcuUnlock)), and(rf, int)));
  const addr = seq(carryDep, depends("address"));
  const data = seq(carryDep, rawData);
  const ctrl = seq(carryDep, depends("control"));

  // linux-kernel.cat: basic relations
  const acqPo = seq(on(Acquire), po, on(M));
  const poRel = seq(on(M), po, on(Release));
  const poUnlockLockPo = seq(po, on(UL), or(po, rf), on(LKR), po);
  const R4rmb = without(R, Noreturn);
  const rmb = seq(on(R4rmb), fencerel(fence("rmb")), on(R4rmb));
  const wmb = seq(on(W), fencerel(fence("wmb")), on(W));
  const mb = or(
    seq(on(M), fencerel(fence("mb")), on(M)),
    seq(on(M), po, on(within(Mb, R))),
    seq(on(within(Mb, W)), po, on(M)),
    seq(on(M), fencerel(fence("before-atomic")), on(RMW), opt(po), on(M)),
    seq(on(M), opt(po), on(RMW), fencerel(fence("after-atomic")), on(M)),
    seq(on(M), opt(po), on(LKW), fencerel(fence("after-spinlock")), on(M)),
    seq(on(M), poUnlockLockPo, on(fence("after-unlock-lock")), po, on(M)),
    seq(on(M), opt(po), on(SrcuUnlock), fencerel(fence("after-srcu-unlock")), on(M)),
  );
  const gp = seq(po, on(fence("sync-rcu", "sync-srcu")), opt(po));
  const strongFence = or(mb, gp);
  const nonrwFence = or(strongFence, poRel, acqPo);
  const fenced = or(nonrwFence, wmb, rmb);
  const separators = both(
    fence("barrier", "rmb", "wmb", "sync-rcu", "sync-srcu", "before-atomic", "after-atomic"),
    fence("rcu-lock", "rcu-unlock"),
    both(Mb, Acquire, Release),
    both(SrcuLock, SrcuUnlock),
  );
  const barrier = or(fencerel(separators), seq(po, on(Release)), seq(on(Acquire), po));

  // Instruction execution ordering.
  const dep = or(addr, data);
  const rwdep = seq(or(dep, ctrl), on(W));
  const overwrite = or(co, fr);
  const toW = or(rwdep, and(overwrite, int), seq(addr, on(Plain), wmb));
  const toR = or(seq(addr, on(R)), seq(dep, on(Marked), rfi));
  const ppo = or(toR, toW, and(or(fenced, poUnlockLockPo), int));
  const cumulative = (r: Pairs): Pairs => seq(opt(seq(rfe, on(Marked))), r);
  const rmwSequence = star(seq(rf, rmw));
  const cumulFence = seq(
    on(Marked),
    or(cumulative(or(strongFence, poRel)), wmb, poUnlockLockPo),
    on(Marked),
    rmwSequence,
  );
  const prop = seq(
    on(Marked),
    opt(and(overwrite, ext)),
    star(cumulFence),
    on(Marked),
    opt(rfe),
    on(Marked),
  );
  const identity = on(everything);
  const hb = seq(on(Marked), or(ppo, rfe, and(but(prop, identity), int)), on(Marked));
  if (loops(plus(hb))) return {allowed: false};
  const pb = seq(prop, strongFence, star(hb), on(Marked));
  if (loops(plus(pb))) return {allowed: false};

  // RCU.
  const rcuLink = seq(opt(po), star(hb), star(pb), prop, po);
  const gps = on(fence("sync-rcu"));
  const srcuGps = on(fence("sync-srcu"));
  const back = inverted(rcuRscs);
  const srcuBack = inverted(srcuRscs);
  let rcuOrder: Pairs = new Set();
  for (;;) {
    const l = rcuLink;
    const more = or(
      rcuOrder,
      gps,
      srcuGps,
      seq(gps, l, back),
      and(seq(srcuGps, l, srcuBack), loc),
      seq(back, l, gps),
      and(seq(srcuBack, l, srcuGps), loc),
      seq(gps, l, rcuOrder, l, back),
      and(seq(srcuGps, l, rcuOrder, l, srcuBack), loc),
      seq(back, l, rcuOrder, l, gps),
      and(seq(srcuBack, l, rcuOrder, l, srcuGps), loc),
      seq(rcuOrder, l, rcuOrder),
    );
    if (more.size === rcuOrder.size) break;
    rcuOrder = more;
  }
  const rcuFence = seq(po, rcuOrder, opt(po));
  const rb = seq(prop, rcuFence, star(hb), star(pb), on(Marked));
  if (loops(rb)) return {allowed: false};

  // Plain accesses and data races.
  const fence2 = or(fenced, rcuFence);
  const strong2 = or(strongFence, rcuFence);
  const flags = new Set<string>();
  const apart = but(poLoc, barrier);
  const plainStores = within(Plain, W);
  if (or(seq(on(plainStores), apart, on(Marked)), seq(on(Marked), apart, on(plainStores))).size > 0)
    flags.add("mixed-accesses");
  const xbstar = star(or(hb, pb, rb));
  const vis = seq(
    star(cumulFence),
    opt(rfe),
    on(Marked),
    or(seq(strong2, on(Marked), xbstar), and(xbstar, int)),
  );
  const notNoreturn = without(everything, Noreturn);
  const acrossRmb = fencerel(fence("rmb"));
  const wPre = seq(on(Marked), opt(or(addr, fence2)));
  const rPre = seq(
    on(Marked),
    opt(or(addr, nonrwFence, seq(on(R4rmb), acrossRmb, on(notNoreturn)))),
  );
  const wPost = seq(opt(fence2), on(Marked), rmwSequence);
  const rPost = seq(opt(or(nonrwFence, seq(on(notNoreturn), acrossRmb, on(R4rmb)))), on(Marked));
  const wwVis = or(fence2, seq(strong2, xbstar, wPre), seq(wPost, vis, wPre));
  const wrVis = or(fence2, seq(strong2, xbstar, rPre), seq(wPost, vis, rPre));
  const rwXbstar = or(fence2, seq(rPost, xbstar, wPre));
  const times = (a: Members, b: Members): Pairs => pairs(n, (i, j) => a.has(i) && b.has(j));
  const preRace = and(ext, or(times(Plain, M), times(without(M, IW), Plain)));
  const incoherent = or(
    and(and(preRace, rf), inverted(rwXbstar)),
    and(and(preRace, fr), inverted(wrVis)),
    and(and(preRace, co), inverted(wwVis)),
  );
  if (incoherent.size > 0) return {allowed: false};
  const wwNonrace = and(and(wwVis, or(times(Marked, W), rwXbstar)), or(times(W, Marked), wrVis));
  const wwRace = but(and(preRace, co), wwNonrace);
  const wrRace = but(but(and(preRace, seq(opt(co), rf)), wrVis), inverted(rwXbstar));
  const rwRace = but(and(preRace, fr), rwXbstar);
  if (or(wwRace, wrRace, rwRace).size > 0) flags.add("data-race");
  return {allowed: true, flags: [...flags].sort()};
}

/** The bell file's matching of locks with unlocks: a pair has nothing unmatched between. */
function brackets(n: number, po: Pairs, locks: Members, unlocks: Members): Pairs {
  let matched: Pairs = new Set();
  for (;;) {
    const starts = new Set([...matched].map((pair) => Math.floor(pair / 1000)));
    const ends = new Set([...matched].map((pair) => pair % 1000));
    const openLocks = members(n, (i) => locks.has(i) && !starts.has(i));
    const openUnlocks = members(n, (i) => unlocks.has(i) && !ends.has(i));
    const open = new Set([...openLocks, ...openUnlocks]);
    const between = seq(on(open), po, on(open));
    const fresh = but(seq(on(openLocks), po, on(openUnlocks)), seq(between, between));
    const more = or(matched, fresh);
    if (more.size === matched.size) return matched;
    matched = more;
  }
}
