// Flags for programs that are not well formed: sections that do not begin and end in pairs, unlocks of what was not locked. The model judges
// their executions all the same; its verdict means little.

import {tag} from "./event.ts";
import {related} from "./relation.ts";
import type {Skeleton} from "./skeleton.ts";

export type PairingFlag = "unmatched-rcu-lock" | "unmatched-rcu-unlock" | "unmatched-unlock";

export function pairingFlags({events, sections, threadOf, n}: Skeleton): readonly PairingFlag[] {
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
