// The Linux-kernel memory model, put together: the axioms of linux-kernel.cat in the order in which they are cheapest to refute.
// Coherence and atomicity hold for every candidate already (coherence.ts).

import {type Barriers, barriers} from "./barriers.ts";
import type {Communication} from "./coherence.ts";
import {keptOrder, type Ordering, orderings} from "./ordering.ts";
import {type PairingFlag, pairingFlags, srcuFlags} from "./pairing.ts";
import {type RaceFlag, races} from "./race.ts";
import {rcuFence, rcuOrder} from "./rcu.ts";
import {
  type EventSet,
  into,
  isIrreflexive,
  optional,
  type Relation,
  sequence,
  star,
  union,
} from "./relation.ts";
import type {Skeleton} from "./skeleton.ts";

export type Flag = RaceFlag | PairingFlag;

export type Axiom =
  | "happens-before"
  | "propagation"
  | "rcu"
  | "plain-coherence"
  | "sequential-consistency"
  | "total-store-order"
  | "partial-store-order";

/** An execution the model allows: what is flagged about it, and an order that every execution of it respects. */
export interface Allowed {
  readonly flags: readonly Flag[];
  /** A partial order in time on the events, for telling the execution as a story. */
  readonly before: Relation;
}

export type Judgement = Allowed | Axiom;

/** A model prepared for a skeleton. */
export interface Model {
  readonly judge: (communication: Communication) => Judgement;
  /** What is in order whoever reads from whom. */
  readonly kept: Relation;
  /** Events between which reading another thread's store is in order too. */
  readonly ordered: EventSet;
  /** The axiom that a cycle of these breaks, and that `judge` would name. */
  readonly cycle: Axiom;
}

/** Prepares a skeleton; the result judges its candidates. */
export function lkmmModel(skeleton: Skeleton): Model {
  const fixed: Barriers = barriers(skeleton);
  const pairing = pairingFlags(skeleton);
  const judge = (communication: Communication): Judgement => {
    const ordering = orderings(skeleton, fixed, communication);
    if (typeof ordering === "string") return ordering;
    const rcu = rcuPart(skeleton, ordering, communication);
    if (rcu !== undefined && !isIrreflexive(rcu.rb)) return "rcu";
    const racing = races(skeleton, fixed, communication, ordering, rcu?.fence, rcu?.rb);
    if (racing === "plain-coherence") return racing;
    const flags = [...racing, ...pairing, ...srcuFlags(skeleton, communication)];
    const xb = union(ordering.hb, ordering.pb);
    return {flags, before: rcu === undefined ? xb : union(xb, rcu.rb)};
  };
  const {marked} = skeleton;
  return {judge, kept: keptOrder(skeleton, fixed), ordered: marked, cycle: "happens-before"};
}

function rcuPart(
  skeleton: Skeleton,
  {hbStar, pb, prop}: Ordering,
  {rf}: Communication,
): {readonly fence: Relation; readonly rb: Relation} | undefined {
  const {po, marked} = skeleton;
  const pbStar = star(pb);
  const later = sequence(hbStar, pbStar);
  const link = sequence(sequence(optional(po), later), sequence(prop, po));
  const order = rcuOrder(skeleton, link, rf);
  if (order === undefined) return undefined;
  const fence = rcuFence(skeleton, order);
  return {fence, rb: into(sequence(sequence(prop, fence), later), marked)};
}
