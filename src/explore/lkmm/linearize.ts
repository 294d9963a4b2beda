// An execution as a sequence of steps. A sequentially consistent one is an interleaving and is told as such. For any other one, some
// program order has to be told the wrong way round; which one is what the reader wants to see, so everything else is kept: first the
// model's own order in time, then who reads from whom and who overwrites what, then program order as far as it goes.

import type {Execution} from "./enumerate.ts";
import {closure, forEachPair, isAcyclic, type Relation, related, union} from "./relation.ts";

export interface Linearization {
  /** Events in the order told. */
  readonly order: readonly number[];
  /** Whether it is an interleaving: no program order is broken. */
  readonly sequential: boolean;
}

export function linearize(
  execution: Pick<Execution<unknown>, "skeleton" | "communication" | "allowed">,
): Linearization {
  const {skeleton, communication, allowed} = execution;
  const {n, po, threadOf} = skeleton;
  const {rf, co, fr} = communication;
  const sequential = isAcyclic(union(po, rf, co, fr));
  let before = sequential
    ? closure(union(po, rf, co, fr, allowed.before))
    : closure(allowed.before);
  if (!isAcyclic(before)) before = closure(sequential ? union(po, rf, co, fr) : po);
  if (!sequential) {
    for (const relation of [rf, fr, co, po]) {
      for (const [from, to] of shortestFirst(relation)) before = withPair(before, from, to);
    }
  }
  // Of the events that may come next, stay with the thread of the last one as long as it goes.
  const order: number[] = [];
  const told = new Set<number>();
  let last = -1;
  while (order.length < n) {
    const ready: number[] = [];
    for (let event = 0; event < n; event++) {
      if (told.has(event)) continue;
      let free = true;
      for (let other = 0; other < n && free; other++) {
        if (!told.has(other) && other !== event && related(before, other, event)) free = false;
      }
      if (free) ready.push(event);
    }
    const next = ready.find((event) => threadOf[event] === last) ?? ready[0];
    if (next === undefined) break;
    order.push(next);
    told.add(next);
    last = threadOf[next];
  }
  return {order, sequential};
}

function shortestFirst(relation: Relation): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  forEachPair(relation, (from, to) => pairs.push([from, to]));
  return pairs.sort(([a, b], [c, d]) => Math.abs(b - a) - Math.abs(d - c));
}

/** Adds a pair to a closed order unless the order has it the other way round. */
function withPair(before: Relation, from: number, to: number): Relation {
  if (from === to || related(before, to, from) || related(before, from, to)) return before;
  const rows = before.rows.slice();
  const {n, words} = before;
  for (let i = 0; i < n; i++) {
    if (i !== from && !related(before, i, from)) continue;
    for (let word = 0; word < words; word++)
      rows[i * words + word] |= before.rows[to * words + word];
    rows[i * words + (to >> 5)] |= 1 << (to & 31);
  }
  return {n, words, rows};
}
