// Grace periods and read-side critical sections: the RCU part of linux-kernel.cat. A chain with at least as many grace periods as sections
// orders like a strong fence between CPUs; the axiom forbids a chain that leads back to where it started. Equivalent to the law of RCU:
// no section both sees something from after a grace period and misses something from before it.
//
// Sleepable RCU counts alike, struct by struct: a section and a grace period that are to make up for each other name the same one. Its
// sections are matched by the index that srcu_read_lock() gives and srcu_read_unlock() takes, so they overlap as they like and may end on
// another CPU.

import type {Communication} from "./coherence.ts";
import {tag} from "./event.ts";
import {
  emptyRelation,
  eventSet,
  from,
  identity,
  intersection,
  into,
  inverse,
  isEmpty,
  optional,
  type Relation,
  sameRelation,
  sequence,
  star,
  union,
} from "./relation.ts";
import {fences, type Skeleton, tagged} from "./skeleton.ts";

/** Grace periods, and sections from their end to their beginning; both of the chain's ends name one struct where `loc` is set. */
interface Kind {
  readonly gp: Relation;
  readonly back: Relation;
  readonly loc?: Relation;
}

/** cat's `rcu-order`, for the given link between the program-order neighbourhoods of RCU events; nothing where there are no grace periods. */
export function rcuOrder(
  skeleton: Skeleton,
  link: Relation,
  rf: Communication["rf"],
): Relation | undefined {
  const {n, sections, hasSrcu, loc} = skeleton;
  const all: Kind[] = [
    {gp: identity(n, fences(skeleton, "sync-rcu")), back: inverse(sections)},
    ...(hasSrcu
      ? [
          {
            gp: identity(n, fences(skeleton, "sync-srcu")),
            back: inverse(srcuSections(skeleton, rf)),
            loc,
          },
        ]
      : []),
  ];
  const kinds = all.filter(({gp}) => !isEmpty(gp));
  if (kinds.length === 0) return undefined;
  const links = kinds.map(({gp, back, loc: same}) => ({
    gp,
    back,
    gpLink: sequence(gp, link),
    backLink: sequence(back, link),
    within: (relation: Relation) => (same === undefined ? relation : intersection(relation, same)),
  }));
  let order = union(
    emptyRelation(n),
    ...links.flatMap(({gp, back, gpLink, backLink, within}) => [
      gp,
      within(sequence(gpLink, back)),
      within(sequence(backLink, gp)),
    ]),
  );
  for (;;) {
    const linked = sequence(order, link);
    const next = union(
      order,
      ...links.flatMap(({gp, back, gpLink, backLink, within}) => [
        within(sequence(gpLink, sequence(linked, back))),
        within(sequence(backLink, sequence(linked, gp))),
      ]),
      sequence(linked, order),
    );
    if (sameRelation(next, order)) return order;
    order = next;
  }
}

/** cat's `rcu-fence`: `rcu-order` with what stands before and after it in program order. */
export function rcuFence(skeleton: Skeleton, order: Relation): Relation {
  return sequence(sequence(skeleton.po, order), optional(skeleton.po));
}

/** Each srcu_read_lock() with the srcu_read_unlock() that its index reaches, in registers or by way of variables. */
export function srcuSections(skeleton: Skeleton, rf: Communication["rf"]): Relation {
  const {n, events, data, loc} = skeleton;
  const locks = tagged(events, tag.srcuLock);
  const unlocks = tagged(events, tag.srcuUnlock);
  const others = eventSet(n, (event) => (events[event].tags & tag.srcuUnlock) === 0);
  const carry = star(sequence(into(data, others), rf));
  return intersection(from(locks, into(sequence(carry, data), unlocks)), loc);
}
