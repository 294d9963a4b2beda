// From which stores a value can have been computed. `x = x + 1` in two threads makes 1 and 2 of 0, never 3: each store happens once in an
// execution, and 3 would need one of them twice. So for every value of every variable the sets of computing stores that can lead to it are
// kept, the smallest ones only; a store adds a value only where what it was computed from can be had without that very store.
//
// (1) Stores are named by their thread and their number in it: in one execution that names at most one store.
// (2) A store of a constant, an initial value and a guessed one need nothing. Only data is followed, so a set may be smaller than the truth, never larger.
// (3) Beyond `most` smallest sets no more are told apart: then a value counts as a constant.

import type {Event} from "./event.ts";

/** Stores as bits, by `slot`. */
type Stores = bigint;

const most = 64;
const nothing: readonly Stores[] = [0n];

/** The number of a store; a thread has fewer events than this. */
const slotsOfThread = 128;

export class Derivations {
  /** By location, then value: the smallest sets. */
  private readonly sets: Map<number, readonly Stores[]>[];

  constructor(initial: readonly number[], guesses: readonly (readonly number[])[]) {
    this.sets = initial.map(
      (value, location) =>
        new Map([value, ...(guesses[location] ?? [])].map((one) => [one, nothing])),
    );
  }

  /**
   * Notes the store that is event number `at` of a thread's run. `possible` is false where its value can only have been computed with its
   * own help; `grown` is true when it can be had in a way that was not known.
   */
  add(thread: number, events: readonly Event[], at: number): {possible: boolean; grown: boolean} {
    const {location, value, data} = events[at];
    const known = this.sets[location].get(value);
    if (known === nothing) return {possible: true, grown: false};
    if (data.length === 0) {
      this.sets[location].set(value, nothing);
      return {possible: true, grown: true};
    }
    const own = 1n << BigInt(thread * slotsOfThread + Math.min(at, slotsOfThread - 1));
    let ways: readonly Stores[] = [own];
    for (const load of data) {
      const read = events[load];
      // What nobody is known to store is read by nobody but its own thread, which then stored something impossible.
      const from = this.sets[read.location].get(read.value) ?? [];
      if (from === nothing) continue;
      const joined: Stores[] = [];
      for (const one of ways) {
        for (const other of from) if ((other & own) === 0n) keepSmallest(joined, one | other);
      }
      ways = joined;
      if (ways.length > most) break;
    }
    if (ways.length === 0) return {possible: false, grown: false};
    const merged = known === undefined ? [] : [...known];
    let grown = false;
    for (const way of ways) if (keepSmallest(merged, way)) grown = true;
    if (grown) this.sets[location].set(value, merged.length > most ? nothing : merged);
    return {possible: true, grown};
  }
}

/** Adds a set unless a part of it is there already; takes out those that it is a part of. */
function keepSmallest(sets: Stores[], set: Stores): boolean {
  if (sets.some((one) => (one & set) === one)) return false;
  let kept = 0;
  for (const one of sets) if ((one & set) !== set) sets[kept++] = one;
  sets.length = kept;
  sets.push(set);
  return true;
}
