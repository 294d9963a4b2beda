// Counterexamples that differ in what happened, not in when: two traces are the same if every lane takes the same steps, every load finds the
// same store, and stores reach each variable in the same order. What else differs is the order of steps that have nothing to do with each
// other.

import type {Trace} from "./verdict.ts";

/** At most `most` traces, the first of each kind before any other of its kind; the first of all stays first. */
export function distinctFirst(traces: readonly Trace[], most: number): Trace[] {
  const kinds = new Set<string>();
  const others: Trace[] = [];
  const first = traces.filter((trace) => {
    const kind = kindOf(trace);
    if (!kinds.has(kind)) return kinds.add(kind);
    others.push(trace);
    return false;
  });
  return [...first, ...others].slice(0, most);
}

function kindOf({steps, lanes}: Trace): string {
  const perLane: string[][] = lanes.map(() => []);
  const perLocation = new Map<string, string[]>();
  /** Lane and rank in it, by number of the step. */
  const names: string[] = [];
  for (const {number, lane, text, memory} of steps) {
    const own = perLane[lane] as string[];
    names[number] = `${lane}.${own.length}`;
    const source = memory?.from === undefined ? "" : ` from ${names[memory.from]}`;
    own.push(`${text}${source}`);
    if (memory === undefined || memory.access === "load") continue;
    const order = perLocation.get(memory.location) ?? [];
    perLocation.set(memory.location, [...order, names[number] as string]);
  }
  return JSON.stringify([perLane, [...perLocation].sort(([a], [b]) => (a < b ? -1 : 1))]);
}
