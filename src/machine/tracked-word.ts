// Reading and writing the state words of policies at an instant.
//
// (1) A CPU is advanced to the instant before its words are read, and every CPU whose walks read a shared word is advanced to the instant
//     at which another CPU stores it. So the words are always those of the instant looked at.
// (2) What profiled hooks store is not kept: the value of a word is that of the latest store before the instant among the latest walk of the
//     task level, the latest walk in NMI context, and what was kept of stepped walks and others; initially the initial one.
// (3) A line that another CPU read has to be fetched by the owner's next store, and the other way round (`line.*` costs).

import {account} from "./accounts.ts";
import type {HookProfile} from "./hook-profile.ts";
import {settleStores} from "./late-stores.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

/** The value of word `word` at `index` (CPU, mm, or anything for a global one) at `at`, to which reading brings the CPU. */
export function readWord(world: World, word: number, index: number, at: number): number {
  const {words} = world;
  const scope = words.scope[word];
  if (scope !== "percpu") return words.values[word][scope === "global" ? 0 : index];
  advance(world, index, at);
  return ownWord(world, word, index, at);
}

/** The value of a per-CPU word at an instant to which its CPU has been advanced. */
export function ownWord(world: World, word: number, cpu: number, at: number): number {
  const {words} = world;
  if (world.anyStepped) settleStores(world, cpu, at);
  let value = words.values[word][cpu];
  let latest = words.stored[word][cpu];
  const walk = world.walk[cpu];
  const profile = walk < 0 ? undefined : world.sources.profile[walk];
  if (walk >= 0 && profile !== undefined && profile.stores.length > 0) {
    const from = world.walkStart[cpu] + world.sources.before[walk] + world.walkExtra[cpu];
    const to = world.cpus.taskEnd[cpu] - world.sources.after[walk];
    for (const store of profile.stores) {
      if (store.word !== word) continue;
      let time = store.fromEnd ? to - store.offset : from + store.offset;
      if (!store.fromEnd && world.walkShift[cpu] > 0 && time > world.walkShiftAt[cpu]) {
        time += world.walkShift[cpu];
      }
      if (time < at && time >= latest) {
        latest = time;
        value = store.restores ? words.initial[word] : store.value;
      }
    }
  }
  const nmi = world.nmiWalk[cpu];
  const inner = nmi < 0 ? undefined : world.sources.profile[nmi];
  if (nmi >= 0 && inner !== undefined && inner.stores.length > 0) {
    const from = world.nmiStart[cpu];
    const to = world.nmiWalkEnd[cpu];
    // What the NMI's restoring stores put back is what the walk it interrupted had stored by then.
    const before = from >= latest ? value : beforeNmi(world, word, cpu, from, profile);
    for (const store of inner.stores) {
      if (store.word !== word) continue;
      const time = store.fromEnd ? to - store.offset : from + store.offset;
      if (time < at && time >= latest) {
        latest = time;
        value = store.restores ? before : store.value;
      }
    }
  }
  return value;
}

function beforeNmi(
  world: World,
  word: number,
  cpu: number,
  at: number,
  profile: HookProfile | undefined,
): number {
  let value = world.words.initial[word];
  const walk = world.walk[cpu];
  if (walk < 0 || profile === undefined) return value;
  const from = world.walkStart[cpu] + world.sources.before[walk] + world.walkExtra[cpu];
  for (const store of profile.stores) {
    if (store.word === word && !store.fromEnd && from + store.offset <= at) {
      value = store.restores ? world.words.initial[word] : store.value;
    }
  }
  return value;
}

/** Stores a word at `at`, on behalf of a CPU. */
export function storeWord(
  world: World,
  word: number,
  index: number,
  value: number,
  at: number,
  by: number,
): void {
  const {words} = world;
  const scope = words.scope[word];
  const place = scope === "global" ? 0 : index;
  if (scope === "percpu") {
    advance(world, index, at);
    if (world.anyStepped) settleStores(world, index, at);
  } else if (world.anyStepped) {
    for (let cpu = 0; cpu < world.cpus.count; cpu++) {
      if (world.cpus.base[cpu] !== account.idle || world.walk[cpu] >= 0) advance(world, cpu, at);
    }
  }
  words.values[word][place] = value;
  words.stored[word][place] = at;
  words.owner[word][place] = by;
}
