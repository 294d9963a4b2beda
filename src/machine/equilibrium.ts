// When a CPU's walks have forgotten how they began, and what they are found at then. Walks that arrive in a Poisson process are an M/G/1
// queue; a walker that thinks for exponential times is the same queue without a waiting room, for what would have arrived during a walk
// may as well never have come. Long after any look the state is that of equilibrium, whatever was seen before.
//
// (1) How long that takes is bounded by coupling. Let the queue run from what was seen and another one from equilibrium, with the same
//     arrivals and lengths. Once the queue that holds the work of both is empty, they are equal for ever. By Chernoff's bound work V is
//     still there after t with probability of at most E exp(s V) exp(-t (s - lambda (M(s) - 1))), M(s) = E exp(s X), for every s: the best
//     one is chosen. The walker without a waiting room is busy only when that queue is.
// (2) `relaxation` is where that probability falls below 2^-54: the two states then differ in less than a float64 tells apart. (Lognormal
//     walks have a bound only if one in 10^19, longer than nine standard deviations, is left out of it.) A look that comes earlier, and
//     everything where the queue is too near saturation for a bound, is left to those who walk.
// (3) Thinking and walking for exponential times is a chain of two states, and forgets at once: it is the same as a Poisson process of rate
//     lambda + mu at whose instants the state is drawn anew, walking with probability lambda / (lambda + mu). No look is too early for it
//     (`look-at-chains.ts`).

import {exp, log} from "../random/elementary.ts";
import {type RenewalLaw, renewalLawOf} from "../random/renewal-law.ts";
import {source} from "./cpus.ts";
import type {Law} from "./streams.ts";
import type {World} from "./world.ts";

export interface Equilibrium {
  /** Whether there is no waiting room: the walker thinks between walks. */
  readonly closed: boolean;
  /** (3) Mean time between draws of the state [ticks]; 0 where there are none. */
  readonly redraw: number;
  /** Probability of finding a walk in progress. */
  readonly busy: number;
  /** Mean gap [ticks]. */
  readonly gap: number;
  /** Of walks, hooks included [ns]. */
  readonly law: RenewalLaw;
  /** Its mean [ticks]. */
  readonly mean: number;
  /** Fraction of a walk's time that hooks take. */
  readonly hooks: number;
  /** Ticks from an arrival on until it is forgotten, and by how much longer it takes for each tick of work that waits for its turn first. */
  readonly relaxation: number;
  readonly slope: number;
  /** Walking time beyond `busy` times the time since that arrival, expected of a look that finds no walk [ticks]. */
  readonly excess: number;
}

const nats = 54 * log(2);

/**
 * `undefined` where there is no equilibrium, none with a bound, or no closed form. `fixed` is what is added to each walk, `hooks` of it by
 * hooks [ticks].
 */
export function equilibriumOf(
  closed: boolean,
  cadence: Law,
  section: Law,
  fixed: number,
  hooks: number,
): Equilibrium | undefined {
  const gap = cadence.mean;
  const law = gap > 0 ? renewalLawOf(section.distribution, fixed / 1000) : undefined;
  if (law === undefined) return undefined;
  const mean = 1000 * law.mean;
  const load = mean / gap;
  const redraw = closed && law.memoryless ? 1 / (1 / gap + 1 / mean) : 0;
  if (load >= 1 && redraw === 0) return undefined;
  const second = 1e6 * law.second;
  const bound = redraw > 0 ? {relaxation: 0, slope: 0} : relaxationOf(law, gap, load);
  if (bound === undefined) return undefined;
  const busy = closed ? mean / (gap + mean) : load;
  // Over all looks: the first walk has begun, and what is in the queue has not been walked. Of it a look that finds a walk takes its age.
  const residual = second / (2 * mean);
  const all = closed
    ? (1 - busy) * (mean - busy * residual)
    : mean - (load * residual) / (1 - load);
  return {
    closed,
    redraw,
    busy,
    gap,
    law,
    mean,
    hooks: hooks / mean,
    ...bound,
    excess: all / (1 - busy) - busy * residual,
  };
}

/** (1), for s on a grid of quarter octaves around 1/mean. */
function relaxationOf(
  law: RenewalLaw,
  gap: number,
  load: number,
): {relaxation: number; slope: number} | undefined {
  let best: {relaxation: number; slope: number} | undefined;
  for (let k = -12; k <= 64; k++) {
    const s = exp((-k / 4) * log(2)) / law.mean;
    const moment = law.moment(s);
    const rate = s - (1000 / gap) * (moment - 1);
    if (!(rate > 0)) continue;
    // Work of the first walk, and of a queue in equilibrium (Pollaczek and Khinchine).
    const start = log(moment) + log(((1 - load) * s) / rate);
    const relaxation = (1000 * (nats + start)) / rate;
    if (best === undefined || relaxation < best.relaxation) best = {relaxation, slope: s / rate};
  }
  return best;
}

// A law is looked into once, as long as what is added to it stays the same.
const known = new WeakMap<
  Law,
  {readonly key: string; readonly equilibrium: Equilibrium | undefined}
>();

/** The equilibria of all sources of a world that are alone on their CPU, shared by those of one walker; empty but in the executor that makes use of them. */
export function equilibriaOf(world: World): (Equilibrium | undefined)[] {
  if (world.options.executor !== "equilibrium") return [];
  const {tight} = world.blueprint;
  const {kind, owner, cadence, section, fixed, profile, needsLock} = world.sources;
  return Array.from(kind, (own, i) => {
    const hooked = profile[i];
    if (tight[i] === 0 || needsLock[i] === 1 || hooked === undefined) return undefined;
    const hooks = hooked.enter + hooked.exit;
    const closed = own === source.closedWalk;
    const key = `${closed} ${cadence[i].mean} ${fixed[i]} ${hooks}`;
    let entry = known.get(section[i]);
    if (entry?.key !== key) {
      const found = equilibriumOf(closed, cadence[i], section[i], fixed[i], hooks);
      entry = {key, equilibrium: found};
      known.set(section[i], entry);
    }
    if (entry.equilibrium !== undefined) world.recorders.walkers[owner[i]].told = false;
    return entry.equilibrium;
  });
}
