// Why an execution is no interleaving: a shortest cycle of program order and communication, and which of its steps in program order
// nothing holds in place.

import type {Execution} from "./enumerate.ts";
import {closure, type Relation, related} from "./relation.ts";

export type EdgeKind = "po" | "rf" | "co" | "fr";

export interface CycleEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  /** Of a `po` edge: whether the model's order in time keeps it. */
  readonly kept: boolean;
}

type Judged = Pick<Execution<unknown>, "skeleton" | "communication" | "allowed">;

/** The edges of a shortest cycle, in order; empty when the execution is sequentially consistent. */
export function cycleOf({skeleton, communication, allowed}: Judged): readonly CycleEdge[] {
  const {n, po} = skeleton;
  const kinds: readonly (readonly [EdgeKind, Relation])[] = [
    ["rf", communication.rf],
    ["fr", communication.fr],
    ["co", communication.co],
    ["po", po],
  ];
  const kept = closure(allowed.before);
  let best: CycleEdge[] | undefined;
  for (let start = 0; start < n; start++) {
    const cycle = shortestBack(start, n, kinds, kept);
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) best = cycle;
  }
  return best ?? [];
}

function shortestBack(
  start: number,
  n: number,
  kinds: readonly (readonly [EdgeKind, Relation])[],
  kept: Relation,
): CycleEdge[] | undefined {
  const reached = new Map<number, CycleEdge>();
  let open = [start];
  while (open.length > 0) {
    const next: number[] = [];
    for (const from of open) {
      for (let to = 0; to < n; to++) {
        const edge = kinds.find(([, relation]) => related(relation, from, to));
        if (edge === undefined || (reached.has(to) && to !== start)) continue;
        const step: CycleEdge = {
          from,
          to,
          kind: edge[0],
          kept: edge[0] !== "po" || related(kept, from, to),
        };
        if (to === start) return unwind(start, step, reached);
        reached.set(to, step);
        next.push(to);
      }
    }
    open = next;
  }
  return undefined;
}

function unwind(
  start: number,
  last: CycleEdge,
  reached: ReadonlyMap<number, CycleEdge>,
): CycleEdge[] {
  const edges = [last];
  for (let at = last.from; at !== start; ) {
    const step = reached.get(at);
    if (step === undefined) break;
    edges.unshift(step);
    at = step.from;
  }
  return edges;
}
