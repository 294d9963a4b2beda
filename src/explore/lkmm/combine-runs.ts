// The ways to put one run of each thread together. A run needs stores: every value that it loads and that neither it stored last nor was
// there at the start has to come from another thread. What is stored and what is needed are sets of (location, value) pairs, as bits, so a
// partial choice is dropped as soon as a need of it can be met neither by a run that was chosen nor by any that is still to be.

import {type Event, tag} from "./event.ts";
import {TooManyRuns} from "./recorder.ts";

interface Traced {
  readonly events: readonly Event[];
}

/** What the runs of one thread store and need: `words` words a run. */
interface Sets {
  readonly stores: Int32Array;
  readonly needs: Int32Array;
}

/** Calls `visit` with one run a thread for every choice whose needs are met, until it returns false. Throws `TooManyRuns` beyond `limit`. */
export function forEachCombination<Run extends Traced>(
  traces: readonly (readonly Run[])[],
  initial: readonly number[],
  limit: number,
  visit: (combination: readonly Run[]) => boolean,
): void {
  const threads = traces.length;
  const {numberOf, words} = numberStores(traces);
  const sets = traces.map((runs) => setsOf(runs, initial, numberOf, words));
  const kept = traces.map((runs) => runs.map((_, run) => run));
  dropUnmet(sets, kept, words);

  // What threads from i on can store at all.
  const later: Int32Array[] = [new Int32Array(words)];
  for (let thread = threads - 1; thread >= 0; thread--) {
    later.unshift(unionOf(sets[thread].stores, kept[thread], words, later[0]));
  }
  const combination: Run[] = [];
  const chosen = new Int32Array(threads);
  let visited = 0;

  const choose = (thread: number): boolean => {
    if (thread === threads) {
      if (++visited > limit) {
        throw new TooManyRuns(`the threads' runs combine in more than ${limit} ways`);
      }
      return visit(combination);
    }
    for (const run of kept[thread]) {
      chosen[thread] = run;
      if (!satisfiable(thread)) continue;
      combination[thread] = traces[thread][run];
      if (!choose(thread + 1)) return false;
    }
    return true;
  };
  /** Whether every need of the threads up to this one is met by them, or may be met by those to come. */
  const satisfiable = (upTo: number): boolean => {
    const open = later[upTo + 1];
    for (let thread = 0; thread <= upTo; thread++) {
      const {needs} = sets[thread];
      const base = chosen[thread] * words;
      for (let word = 0; word < words; word++) {
        let missing = needs[base + word] & ~open[word];
        for (let other = 0; missing !== 0 && other <= upTo; other++) {
          if (other !== thread) missing &= ~sets[other].stores[chosen[other] * words + word];
        }
        if (missing !== 0) return false;
      }
    }
    return true;
  };
  choose(0);
}

/** Drops runs of which a need cannot be met by any run of another thread that is left, until none is. */
function dropUnmet(sets: readonly Sets[], kept: number[][], words: number): void {
  for (let dropped = true; dropped; ) {
    dropped = false;
    const all = kept.map((runs, thread) =>
      unionOf(sets[thread].stores, runs, words, new Int32Array(words)),
    );
    for (const [thread, runs] of kept.entries()) {
      const others = new Int32Array(words);
      for (const [other, stores] of all.entries()) {
        if (other !== thread) for (let word = 0; word < words; word++) others[word] |= stores[word];
      }
      const {needs} = sets[thread];
      const left = runs.filter((run) => {
        for (let word = 0; word < words; word++) {
          if ((needs[run * words + word] & ~others[word]) !== 0) return false;
        }
        return true;
      });
      if (left.length === runs.length) continue;
      kept[thread] = left;
      dropped = true;
    }
  }
}

function unionOf(
  stores: Int32Array,
  runs: readonly number[],
  words: number,
  into: Int32Array,
): Int32Array {
  const result = into.slice();
  for (const run of runs) {
    for (let word = 0; word < words; word++) result[word] |= stores[run * words + word];
  }
  return result;
}

type Numbering = readonly ReadonlyMap<number, number>[];

/** Gives every (location, value) that is stored somewhere a number. */
function numberStores(traces: readonly (readonly Traced[])[]): {
  readonly numberOf: Numbering;
  readonly words: number;
} {
  const numberOf: Map<number, number>[] = [];
  let count = 0;
  for (const runs of traces) {
    for (const {events} of runs) {
      for (const {tags, location, value} of events) {
        if ((tags & tag.write) === 0) continue;
        numberOf[location] ??= new Map();
        if (!numberOf[location].has(value)) numberOf[location].set(value, count++);
      }
    }
  }
  return {numberOf, words: (count + 31) >> 5};
}

function setsOf(
  runs: readonly Traced[],
  initial: readonly number[],
  numberOf: Numbering,
  words: number,
): Sets {
  const stores = new Int32Array(runs.length * words);
  // A value that nobody stores has no number; a run that loads it needs all there is.
  const needs = new Int32Array(runs.length * words);
  const last = new Map<number, number>();
  for (const [run, {events}] of runs.entries()) {
    const base = run * words;
    last.clear();
    for (const {tags, location, value} of events) {
      const number = numberOf[location]?.get(value);
      if ((tags & tag.write) !== 0) {
        last.set(location, value);
        if (number !== undefined) stores[base + (number >> 5)] |= 1 << (number & 31);
      } else if ((tags & tag.read) !== 0 && value !== (last.get(location) ?? initial[location])) {
        if (number === undefined) needs.fill(-1, base, base + words);
        else needs[base + (number >> 5)] |= 1 << (number & 31);
      }
    }
  }
  return {stores, needs};
}
