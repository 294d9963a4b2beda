// Which walkers an executor really passes over. It may have been asked to, and a law may allow it; but where hooks depend on the moment,
// or a lock's line moves between readers, walks are stepped.

import {source} from "./cpus.ts";
import type {World} from "./world.ts";

/** Whether all sources of a walker are those of the tight loop of their CPUs: nothing else there thinks in CPU time. */
export function isAlone(world: World, w: number): boolean {
  const {first} = world.cpus;
  const {kind, owner} = world.sources;
  const {walkSource} = world.blueprint;
  return walkSource.every((walk, cpu) => {
    for (let i = first[cpu]; i < first[cpu + 1]; i++) {
      if (kind[i] <= source.openNmi && owner[i] === w && i !== walk) return false;
    }
    return true;
  });
}

/** Names of the walkers that are passed over on some CPU, in the order of the system. */
export function passedOver(world: World): string[] {
  const {jumps, equilibria, sources, system} = world;
  if (jumps.length === 0 && equilibria.length === 0) return [];
  const passed = new Set<number>();
  for (const walk of world.walkSource) {
    if (walk >= 0 && (jumps[walk] ?? equilibria[walk]) !== undefined) {
      passed.add(sources.owner[walk]);
    }
  }
  return system.walkers.flatMap(({name}, w) => (passed.has(w) ? [name] : []));
}
