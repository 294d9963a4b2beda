// Which walkers an executor really passes over. It may have been asked to, and a law may allow it; but where hooks depend on the moment,
// or a lock's line moves between readers, walks are stepped.

import {source} from "./cpus.ts";
import type {SourcePlan} from "./source-plan.ts";
import type {World} from "./world.ts";

/** By source, 1: it is that of the tight loop of its CPU (`walkSource`, by CPU). */
export function tightSources({kind}: SourcePlan, walkSource: Int32Array): Uint8Array {
  const tight = new Uint8Array(kind.length);
  for (const i of walkSource) if (i >= 0) tight[i] = 1;
  return tight;
}

/** By walker, 1: all its sources are, for nothing else on their CPUs thinks in CPU time or is stepped. */
export function aloneWalkers(
  {kind, owner}: SourcePlan,
  tight: Uint8Array,
  walkers: number,
): Uint8Array {
  const alone = new Uint8Array(walkers).fill(1);
  kind.forEach((own, i) => {
    if (own <= source.openNmi && tight[i] === 0) alone[owner[i]] = 0;
  });
  return alone;
}

/** Names of the walkers that are passed over on some CPU, in the order of the system. */
export function passedOver(world: World): string[] {
  const {jumps, equilibria, sources, system} = world;
  if (jumps.length === 0 && equilibria.length === 0) return [];
  const passed = new Uint8Array(system.walkers.length);
  for (const walk of world.walkSource) {
    if (walk >= 0 && (jumps[walk] ?? equilibria[walk]) !== undefined)
      passed[sources.owner[walk]] = 1;
  }
  return system.walkers.flatMap(({name}, w) => (passed[w] === 1 ? [name] : []));
}
