// Plain accesses: linux-kernel.cat's last part. A compiler may do much to a plain access, so the model does not say what racing ones
// return; it says whether there is a race. Where there is none, plain accesses are coherent with the order that fences impose on them.

import {type Barriers, unseparated} from "./barriers.ts";
import type {Communication} from "./coherence.ts";
import type {Ordering} from "./ordering.ts";
import {
  difference,
  eventSet,
  from,
  has,
  intersection,
  into,
  inverse,
  isEmpty,
  optional,
  product,
  type Relation,
  sequence,
  star,
  union,
} from "./relation.ts";
import type {Skeleton} from "./skeleton.ts";

export type RaceFlag = "data-race" | "mixed-accesses";

/** The flags of a consistent candidate, or that it breaks the coherence of plain accesses. `rcu` is `rcu-fence`, `rb` as the cat file has it. */
export function races(
  skeleton: Skeleton,
  fixed: Barriers,
  {rf, co, fr}: Communication,
  ordering: Ordering,
  rcu: Relation | undefined,
  rb: Relation | undefined,
): readonly RaceFlag[] | "plain-coherence" {
  if (!skeleton.hasPlain) return [];
  const {marked, plain, memory, external, internal, writes, n} = skeleton;
  const {nonrwFence, address} = ordering;
  const fence = rcu === undefined ? ordering.fence : union(ordering.fence, rcu);
  const strong = rcu === undefined ? ordering.strongFence : union(ordering.strongFence, rcu);

  const xb =
    rb === undefined ? union(ordering.hb, ordering.pb) : union(ordering.hb, ordering.pb, rb);
  const xbStar = star(xb);
  const seen = into(sequence(star(ordering.cumulFence), optional(ordering.rfe)), marked);
  const vis = sequence(
    seen,
    union(sequence(into(strong, marked), xbStar), intersection(xbStar, internal)),
  );

  const returning = eventSet(
    n,
    (event) => has(fixed.rmbReads, event) || !has(skeleton.reads, event),
  );
  const wPre = from(marked, optional(union(address, fence)));
  const rPre = from(
    marked,
    optional(union(address, nonrwFence, into(from(fixed.rmbReads, fixed.acrossRmb), returning))),
  );
  const wPost = sequence(into(optional(fence), marked), ordering.rmwSequence);
  const rPost = into(
    optional(union(nonrwFence, into(from(returning, fixed.acrossRmb), fixed.rmbReads))),
    marked,
  );

  const strongXb = sequence(strong, xbStar);
  const postVis = sequence(wPost, vis);
  const wwVis = union(fence, sequence(strongXb, wPre), sequence(postVis, wPre));
  const wrVis = union(fence, sequence(strongXb, rPre), sequence(postVis, rPre));
  const rwXb = union(fence, sequence(sequence(rPost, xbStar), wPre));

  const preRace = intersection(
    external,
    union(product(n, plain, memory), product(n, memory, plain)),
  );
  const incoherent = union(
    intersection(intersection(preRace, rf), inverse(rwXb)),
    intersection(intersection(preRace, fr), inverse(wrVis)),
    intersection(intersection(preRace, co), inverse(wwVis)),
  );
  if (!isEmpty(incoherent)) return "plain-coherence";

  const wwOrdered = intersection(
    intersection(wwVis, union(product(n, marked, writes), rwXb)),
    union(product(n, writes, marked), wrVis),
  );
  const ww = difference(intersection(preRace, co), wwOrdered);
  const wr = difference(
    difference(intersection(preRace, sequence(optional(co), rf)), wrVis),
    inverse(rwXb),
  );
  const rw = difference(intersection(preRace, fr), rwXb);
  const flags: RaceFlag[] = [];
  if (!isEmpty(union(ww, wr, rw))) flags.push("data-race");
  if (mixed(skeleton, fixed)) flags.push("mixed-accesses");
  return flags;
}

/** Plain stores and marked accesses to one variable with nothing between them that the compiler respects. */
function mixed(skeleton: Skeleton, fixed: Barriers): boolean {
  const {plain, marked, writes, n} = skeleton;
  const pairs = unseparated(skeleton, fixed);
  const plainStores = eventSet(n, (event) => has(plain, event) && has(writes, event));
  return (
    !isEmpty(into(from(plainStores, pairs), marked)) ||
    !isEmpty(into(from(marked, pairs), plainStores))
  );
}
