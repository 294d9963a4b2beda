// Flags for programs that are not well formed: sections that do not begin and end in pairs, unlocks of what was not locked. The model judges
// their executions all the same; its verdict means little.

import type {Communication} from "./coherence.ts";
import {tag} from "./event.ts";
import {srcuSections} from "./rcu.ts";
import {related} from "./relation.ts";
import type {Skeleton} from "./skeleton.ts";

export type PairingFlag =
  | "unmatched-rcu-lock"
  | "unmatched-rcu-unlock"
  | "unmatched-unlock"
  | "unmatched-srcu-lock"
  | "unmatched-srcu-unlock"
  | "multiple-srcu-matches"
  | "bad-srcu-value-match"
  | "invalid-sleep";

export function pairingFlags({
  events,
  sections,
  threadOf,
  po,
  n,
}: Skeleton): readonly PairingFlag[] {
  const flags = new Set<PairingFlag>();
  for (let event = 0; event < n; event++) {
    const {fence, tags, location} = events[event];
    const paired = (matches: (other: number) => boolean): boolean => {
      for (let other = 0; other < n; other++) if (matches(other)) return true;
      return false;
    };
    if (fence === "rcu-lock" && !paired((other) => related(sections, event, other))) {
      flags.add("unmatched-rcu-lock");
    }
    if (fence === "rcu-unlock" && !paired((other) => related(sections, other, event))) {
      flags.add("unmatched-rcu-unlock");
    }
    const section = (other: number): boolean =>
      fence === "sync-srcu" &&
      related(po, other, event) &&
      paired((end) => related(sections, other, end) && related(po, event, end));
    if (paired(section)) flags.add("invalid-sleep");
    if ((tags & tag.unlock) === 0) continue;
    // The last lock operation of the thread before it has to be the lock.
    let held = false;
    for (let other = 0; other < event; other++) {
      if (threadOf[other] !== threadOf[event] || events[other].location !== location) continue;
      if ((events[other].tags & tag.lockWrite) !== 0) held = true;
      if ((events[other].tags & tag.unlock) !== 0) held = false;
    }
    if (!held) flags.add("unmatched-unlock");
  }
  return [...flags];
}

/** The flags of sleepable RCU, which depend on who reads from whom: the index may travel through variables. */
export function srcuFlags(skeleton: Skeleton, {rf}: Communication): readonly PairingFlag[] {
  if (!skeleton.hasSrcu) return [];
  const {events, n} = skeleton;
  const sections = srcuSections(skeleton, rf);
  const flags = new Set<PairingFlag>();
  for (let event = 0; event < n; event++) {
    const begins = (events[event].tags & tag.srcuLock) !== 0;
    if (!begins && (events[event].tags & tag.srcuUnlock) === 0) continue;
    let partners = 0;
    for (let other = 0; other < n; other++) {
      if (!(begins ? related(sections, event, other) : related(sections, other, event))) continue;
      if (begins && events[other].value !== events[event].value) flags.add("bad-srcu-value-match");
      partners++;
    }
    if (partners === 0) flags.add(begins ? "unmatched-srcu-lock" : "unmatched-srcu-unlock");
    if (begins && partners > 1) flags.add("multiple-srcu-matches");
  }
  return [...flags];
}
