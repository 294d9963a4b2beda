// Which values can be in a variable, and the runs of every thread over them: a fixed point. At the start each variable holds its initial value
// only; every round runs the threads over the values known and adds what they store. A value computed from k earlier stores appears after k
// rounds, and no value needs more stores than an execution has, so as many rounds suffice whatever a program counts.
//
// What a load may return is what coherence leaves of those values:
// (1) what the thread itself stored there last, or the initial value where it has stored nothing yet;
// (2) what any other thread stores there at some time.
// So a variable that one thread alone writes (a nesting count, a tracker) is no choice for that thread. What is counted up by several threads
// ends where each has counted once (derivations.ts). A thread is run again only after something that it loads has got a new value.
//
// Values may be guessed besides: every load may return them, and the runs that do are of use only where somebody comes to store them.

import {Derivations} from "./derivations.ts";
import {tag} from "./event.ts";
import {type Readable, runs, type Thread, type Trace} from "./recorder.ts";

/** A run of a thread; its result is undefined where the thread ended in a fault. */
export type Run<Result> = Trace<Result | undefined>;

/** For each variable the values that are guessed. */
export type Guesses = readonly (readonly number[])[];

/** In place of the threads that store a value: it is guessed, and foreign to all of them. */
const nobody = 1 << 31;

/** The values of every variable in the order in which they were found, and which threads store each. */
class Values {
  /** By location: value to the set of threads that store it, as bits; the initial value may have none. */
  readonly writers: Map<number, number>[];
  private readonly initial: readonly number[];

  constructor(initial: readonly number[], guesses: Guesses) {
    this.initial = initial;
    this.writers = initial.map((value, location) => {
      const writers = new Map([[value, 0]]);
      for (const guess of guesses[location] ?? []) writers.set(guess, nobody);
      return writers;
    });
  }

  /** Notes a store; true when nobody is known to have stored this value there, or when only others are. */
  add(location: number, value: number, thread: number): boolean {
    const known = this.writers[location].get(value) ?? 0;
    const bit = 1 << thread;
    if ((known & bit) !== 0) return false;
    this.writers[location].set(value, known | bit);
    return true;
  }

  /** What loads of a thread may return, as it is known now: later stores do not change it. Tells `asked` which locations are loaded. */
  readableBy(thread: number, asked: Set<number>): Readable {
    const others = ~(1 << thread);
    const foreign = this.writers.map((writers) => {
      const values = [...writers.keys()];
      return {values, stored: values.map((value) => ((writers.get(value) ?? 0) & others) !== 0)};
    });
    const cache = new Map<number, Map<number, readonly number[]>>();
    return {
      locations: this.initial.length,
      at: (location, own) => {
        const value = own ?? this.initial[location];
        let perValue = cache.get(location);
        if (perValue === undefined) {
          asked.add(location);
          perValue = new Map();
          cache.set(location, perValue);
        }
        let found = perValue.get(value);
        if (found === undefined) {
          const {values, stored} = foreign[location];
          const possible = values.filter((one, at) => one === value || stored[at]);
          // Its own store may be one that this round has seen first.
          found = possible.includes(value) ? possible : [...possible, value];
          perValue.set(value, found);
        }
        return found;
      },
    };
  }
}

/** The runs of every thread over all values that can occur. Throws `TooManyRuns` beyond `runLimit` runs of one thread, a `RangeError` beyond 31 threads. */
export function settleValues<Result>(
  threads: readonly Thread<Result>[],
  initial: readonly number[],
  runLimit: number,
  guesses: Guesses = [],
): Run<Result>[][] {
  if (threads.length > 31) throw new RangeError("a program has at most 31 threads");
  const values = new Values(initial, guesses);
  const derivations = new Derivations(initial, guesses);
  const traces: Run<Result>[][] = threads.map(() => []);
  const mostStores = threads.map(() => 0);
  const asked = threads.map(() => new Set<number>());
  /** Locations that other threads have stored something new to since the thread ran. */
  const news: (Set<number> | undefined)[] = threads.map(() => undefined);
  for (let round = 0; ; round++) {
    const due = threads.map((_, thread) => {
      const since = news[thread];
      return since === undefined || [...since].some((location) => asked[thread].has(location));
    });
    const readable = threads.map((_, thread) => values.readableBy(thread, asked[thread]));
    let grown = false;
    for (const thread of threads.keys()) if (due[thread]) news[thread] = new Set();
    for (const [thread, run] of threads.entries()) {
      if (!due[thread]) continue;
      traces[thread] = runs(run, readable[thread], runLimit, (events) => {
        let stores = 0;
        for (let at = 0; at < events.length; at++) {
          const {tags, location, value} = events[at];
          if ((tags & tag.write) === 0) continue;
          stores++;
          const derived = derivations.add(thread, events, at);
          if (!derived.possible) continue;
          const added = values.add(location, value, thread);
          if (!added && !derived.grown) continue;
          grown = true;
          for (const [other, since] of news.entries()) {
            if (other !== thread || derived.grown) since?.add(location);
          }
        }
        if (stores > mostStores[thread]) mostStores[thread] = stores;
      });
    }
    const stores = mostStores.reduce((sum, most) => sum + most, 0);
    if (!grown || round > stores) return traces;
  }
}
