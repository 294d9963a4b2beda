// Grace periods and read-side critical sections: the RCU part of linux-kernel.cat. A chain with at least as many grace periods as sections
// orders like a strong fence between CPUs; the axiom forbids a chain that leads back to where it started. Equivalent to the law of RCU:
// no section both sees something from after a grace period and misses something from before it.

import {
  identity,
  inverse,
  isEmpty,
  optional,
  type Relation,
  sameRelation,
  sequence,
  union,
} from "./relation.ts";
import {fences, type Skeleton} from "./skeleton.ts";

/** cat's `rcu-order`, for the given link between the program-order neighbourhoods of RCU events; nothing where there are no grace periods. */
export function rcuOrder(skeleton: Skeleton, link: Relation): Relation | undefined {
  const gp = identity(skeleton.n, fences(skeleton, "sync-rcu"));
  if (isEmpty(gp)) return undefined;
  const back = inverse(skeleton.sections);
  const gpLink = sequence(gp, link);
  const backLink = sequence(back, link);
  let order = union(gp, sequence(gpLink, back), sequence(backLink, gp));
  for (;;) {
    const linked = sequence(order, link);
    const next = union(
      order,
      sequence(gpLink, sequence(linked, back)),
      sequence(backLink, sequence(linked, gp)),
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
