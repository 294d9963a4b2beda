// SC, TSO and PSO as axioms, for the same candidates that the Linux-kernel model judges. All three are multi-copy atomic: there is one
// order in which stores reach memory for everybody. They differ in which program order survives:
//   SC   all of it;
//   TSO  all but store to later load; a full barrier, or a locked instruction (any atomic read-modify-write, any lock), keeps that too;
//   PSO  also not store to later store, unless smp_wmb(), a release or one of the former stands between.
// A load that reads its own thread's store may do so before the store is visible, so only external reads-from counts (except in SC, where
// it makes no difference). Grace periods act as full barriers and obey the law of RCU over the model's own order.
//
// Sources: Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO" (2009); SPARC v8 manual, appendix K, for PSO; the form with a
// global order is that of Alglave, Maranget, Tautschnig, "Herding cats" (2014).

import type {Communication} from "./coherence.ts";
import {tag} from "./event.ts";
import type {Judgement, Model} from "./lkmm-model.ts";
import {rcuOrder} from "./rcu.ts";
import {
  closure,
  difference,
  type EventSet,
  eventSet,
  from,
  has,
  intersection,
  into,
  isIrreflexive,
  optional,
  product,
  type Relation,
  sequence,
  union,
} from "./relation.ts";
import {across, fences, type Skeleton, tagged} from "./skeleton.ts";

export type StoreOrder = "sc" | "tso" | "pso";

const axioms = {
  sc: "sequential-consistency",
  tso: "total-store-order",
  pso: "partial-store-order",
} as const;

/** Prepares a skeleton; the result judges its candidates under one of the three models. */
export function storeOrderModel(skeleton: Skeleton, model: StoreOrder): Model {
  const {po, memory, external} = skeleton;
  const kept = into(from(memory, preserved(skeleton, model)), memory);
  const judge = ({rf, co, fr}: Communication): Judgement => {
    const global = union(kept, co, fr, model === "sc" ? rf : intersection(rf, external));
    const before = closure(global);
    if (!isIrreflexive(before)) return axioms[model];
    const link = sequence(sequence(optional(po), optional(before)), po);
    const order = rcuOrder(skeleton, link, rf);
    if (order !== undefined && !isIrreflexive(sequence(order, link))) return "rcu";
    return {flags: [], before: global};
  };
  return {judge, kept, ordered: memory, cycle: axioms[model]};
}

/** The program order that the model keeps. */
export function preserved(skeleton: Skeleton, model: StoreOrder): Relation {
  const {po, n, reads, writes, events} = skeleton;
  if (model === "sc") return po;
  const locked = tagged(events, tag.rmw | tag.lockRead | tag.lockWrite);
  const full = eventSet(
    n,
    (event) => has(locked, event) || has(fences(skeleton, "mb", "sync-rcu", "sync-srcu"), event),
  );
  const drained = union(across(skeleton, full), from(locked, po), into(po, locked));
  const storeLoad = product(n, writes, reads);
  if (model === "tso") return union(difference(po, storeLoad), drained);
  const storeStore = product(n, writes, writes);
  const releases: EventSet = tagged(events, tag.release);
  return union(
    difference(difference(po, storeLoad), storeStore),
    drained,
    into(from(writes, across(skeleton, fences(skeleton, "wmb"))), writes),
    into(from(writes, po), releases),
  );
}
