// The core of the Linux-kernel memory model: which instructions execute in order (hb), and how stores propagate (prop, pb). Names and
// definitions follow tools/memory-model/linux-kernel.cat; Documentation/explanation.txt there is the long story.

import {type Barriers, fullBarriers, unlockLock} from "./barriers.ts";
import type {Communication} from "./coherence.ts";
import {tag} from "./event.ts";
import {
  closure,
  eventSet,
  from,
  intersection,
  into,
  isEmpty,
  isIrreflexive,
  optional,
  type Relation,
  sequence,
  star,
  union,
} from "./relation.ts";
import type {Skeleton} from "./skeleton.ts";

export interface Ordering {
  readonly rfe: Relation;
  readonly rfi: Relation;
  readonly overwrite: Relation;
  /** `addr`, with what plain (or any) stores of the thread carried on: cat's redefinition. */
  readonly address: Relation;
  readonly strongFence: Relation;
  readonly nonrwFence: Relation;
  readonly fence: Relation;
  readonly ppo: Relation;
  readonly rmwSequence: Relation;
  readonly cumulFence: Relation;
  readonly prop: Relation;
  readonly hb: Relation;
  readonly hbStar: Relation;
  readonly pb: Relation;
}

/** The relations of one candidate, or the axiom it breaks. `pb` is not yet checked when `happens-before` is broken. */
export function orderings(
  skeleton: Skeleton,
  fixed: Barriers,
  {rf, co, fr}: Communication,
): Ordering | "happens-before" | "propagation" {
  const {internal, external, marked, writes, reads, plain} = skeleton;
  const rfe = intersection(rf, external);
  const rfi = intersection(rf, internal);
  const overwrite = union(co, fr);

  const none = isEmpty(rfi) || isEmpty(skeleton.data);
  const carry = none ? undefined : star(sequence(carriers(skeleton), rfi));
  const carried = (dependency: Relation): Relation =>
    carry === undefined ? dependency : sequence(carry, dependency);
  const address = carried(skeleton.address);
  const data = carried(skeleton.data);
  const control = carried(skeleton.control);

  const handOver = unlockLock(skeleton, fixed, rf);
  const mb = fullBarriers(skeleton, fixed, handOver);
  const strongFence = union(mb, fixed.gp);
  const nonrwFence = union(strongFence, fixed.poRel, fixed.acqPo);
  const fence = union(nonrwFence, fixed.wmb, fixed.rmb);

  const dependency = union(address, data);
  const toWrite = union(
    into(union(dependency, control), writes),
    intersection(overwrite, internal),
    sequence(into(address, plain), fixed.wmb),
  );
  const toRead = union(into(address, reads), sequence(into(dependency, marked), rfi));
  const ppo = union(toRead, toWrite, intersection(union(fence, handOver), internal));
  // Most candidates fall here, before propagation has to be worked out.
  const quick = into(from(marked, union(ppo, rfe)), marked);
  if (!isIrreflexive(closure(quick))) return "happens-before";

  const rmwSequence = star(sequence(rf, skeleton.rmw));
  const cumulative = sequence(optional(into(rfe, marked)), union(strongFence, fixed.poRel));
  const cumulFence = sequence(
    into(from(marked, union(cumulative, fixed.wmb, handOver)), marked),
    rmwSequence,
  );
  const overwritten = optional(intersection(overwrite, external));
  const propagated = into(sequence(overwritten, star(cumulFence)), marked);
  const prop = into(from(marked, sequence(propagated, optional(rfe))), marked);

  const hb = into(from(marked, union(ppo, rfe, properInternal(prop, skeleton))), marked);
  const hbPlus = closure(hb);
  if (!isIrreflexive(hbPlus)) return "happens-before";
  const hbStar = optional(hbPlus);
  const pb = into(sequence(sequence(prop, strongFence), hbStar), marked);
  if (!isIrreflexive(closure(pb))) return "propagation";
  return {
    rfe,
    rfi,
    overwrite,
    address,
    strongFence,
    nonrwFence,
    fence,
    ppo,
    rmwSequence,
    cumulFence,
    prop,
    hb,
    hbStar,
    pb,
  };
}

/** The part of `ppo` between marked events that does not ask who reads from whom. */
export function keptOrder(skeleton: Skeleton, fixed: Barriers): Relation {
  const {marked, writes, reads, plain, address, data, control} = skeleton;
  const order = union(
    into(union(address, data, control), writes),
    into(address, reads),
    sequence(into(address, plain), fixed.wmb),
    fixed.mb,
    fixed.gp,
    fixed.poRel,
    fixed.acqPo,
    fixed.wmb,
    fixed.rmb,
  );
  return into(from(marked, order), marked);
}

/** Data dependencies into stores that carry them on: the write that srcu_read_unlock() is does not. */
function carriers({events, data, n, hasSrcu}: Skeleton): Relation {
  if (!hasSrcu) return data;
  return into(
    data,
    eventSet(n, (event) => (events[event].tags & tag.srcuUnlock) === 0),
  );
}

/** `(prop \ id) & int` */
function properInternal(prop: Relation, {internal}: Skeleton): Relation {
  const result = intersection(prop, internal);
  for (let i = 0; i < result.n; i++) {
    result.rows[i * result.words + (i >> 5)] &= ~(1 << (i & 31));
  }
  return result;
}
