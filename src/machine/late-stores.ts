// Stores of a walk in NMI context that take effect before it ends. Its hooks are run at once when it begins (`stepped-walk.ts`), but what
// `exit` stores in the CPU's own words is not to be seen by others before its time: a tracker is set as long as the walk lasts.

import type {World} from "./world.ts";

/** A store to the CPU's own word that takes effect at `at`. */
export interface LateStore {
  readonly word: number;
  readonly value: number;
  readonly at: number;
}

/** Keeps a store for later; they are kept in order of time. */
export function storeLate(world: World, cpu: number, store: LateStore): void {
  world.lateStores[cpu] ??= [];
  world.lateStores[cpu].push(store);
}

/** Makes the stores before `to` seen. */
export function settleStores(world: World, cpu: number, to: number): void {
  const late = world.lateStores[cpu];
  if (late === undefined || late.length === 0) return;
  let done = 0;
  while (done < late.length && late[done].at < to) {
    const {word, value, at} = late[done++];
    world.words.values[word][cpu] = value;
    world.words.stored[word][cpu] = at;
    world.words.owner[word][cpu] = cpu;
  }
  if (done > 0) late.splice(0, done);
}
