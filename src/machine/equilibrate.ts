// The quickest way over a timeline: a look that comes long after the last one draws the state of the CPU from equilibrium (`equilibrium.ts`)
// and knows nothing of the walks before. What others see of walkers has the same joint law as in the other executors; walkers have no
// measures of their own.
//
// (1) A walk is found with probability `busy`. Its length is length-biased, the look is at a uniform place in it. If it had to wait, that was
//     for a geometric number of residuals of walks (Pollaczek and Khinchine), and after its arrival arrivals go on as they do.
// (2) Accounts are expected, not drawn: the time before the look is divided as it is on average, so that no account is biased. Every tick
//     belongs to one, and all that is not walking is exact.

import {uniform53} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {account, accounts} from "./accounts.ts";
import {beginWalk} from "./begin-walk.ts";
import type {Equilibrium} from "./equilibrium.ts";
import {lookAtChains} from "./look-at-chains.ts";
import type {World} from "./world.ts";

const one = new Int32Array(1);
const at = new Float64Array(1);

/** Brings the walks of source `i`, which nothing else can come between, to `bound`; false if they still remember how they began. */
export function equilibrate(
  world: World,
  cpu: number,
  i: number,
  bound: number,
  equilibrium: Equilibrium,
): boolean {
  const {cpus, sources} = world;
  const arrival = sources.next[i];
  let from = cpus.busyEnd[cpu];
  if (cpus.settled[cpu] > from) from = cpus.settled[cpu];
  if (arrival > from) from = arrival;
  if (from >= bound) return true;
  if (world.remoteRead[cpu] !== 0) {
    // The first walk has to fetch a line and takes longer.
    beginWalk(world, cpu, i, from);
    return equilibrate(world, cpu, i, bound, equilibrium);
  }
  if (equilibrium.redraw > 0) {
    one[0] = cpu;
    at[0] = bound;
    lookAtChains(world, one, at, 1, Number.POSITIVE_INFINITY, one);
    return true;
  }
  // The queue of a walker that thinks is empty when a walk begins.
  const {closed, relaxation, slope} = equilibrium;
  const begun = closed ? from : arrival;
  if (bound - begun < relaxation + slope * (from - begun)) return false;
  lookAtQueue(world, cpu, i, begun, from, bound, equilibrium);
  return true;
}

/** (1) */
function lookAtQueue(
  world: World,
  cpu: number,
  i: number,
  begun: number,
  from: number,
  bound: number,
  {closed, busy, gap, law, mean, excess, hooks}: Equilibrium,
): void {
  const {sources, streams} = world;
  const {state} = streams;
  const cadenceAt = sources.cadenceAt[i];
  const sectionAt = sources.sectionAt[i];
  let start = bound;
  let end = bound;
  let waited = 0;
  const walking = uniform53(state, cadenceAt) < busy;
  if (walking) {
    if (law.memoryless) {
      start -= Math.floor(mean * exponential(state, sectionAt) + 0.5);
      end += Math.floor(mean * exponential(state, sectionAt) + 0.5);
    } else {
      const length = 1000 * law.biased(state, sectionAt);
      const age = length * uniform53(state, sectionAt);
      start -= Math.floor(age + 0.5);
      end += Math.floor(length - age + 0.5);
    }
    if (start < from) start = from;
    if (!closed) {
      while (uniform53(state, cadenceAt) < busy) {
        waited += 1000 * law.biased(state, sectionAt) * uniform53(state, sectionAt);
      }
    }
  }
  const arrival = start - Math.floor(waited + 0.5);
  const wait = Math.max(1, Math.floor(gap * exponential(state, cadenceAt) + 0.5));
  sources.next[i] = (closed ? end : arrival) + wait;
  const inside = busy * (start - begun) + (walking ? 0 : excess);
  settleWalks(world, cpu, i, arrival, start, end, inside, hooks);
}

/** (2) The latest walk lasts from `start` to `end`; before it the CPU has walked for `inside` ticks since its accounts were settled. */
function settleWalks(
  world: World,
  cpu: number,
  i: number,
  arrival: number,
  start: number,
  end: number,
  inside: number,
  hooked: number,
): void {
  const {cpus, sources} = world;
  const span = start - cpus.settled[cpu];
  const rounded = Math.floor(inside + 0.5);
  const walked = rounded < 0 ? 0 : rounded > span ? span : rounded;
  const inHooks = Math.floor(hooked * (walked + end - start) + 0.5);
  const row = cpu * accounts;
  const base = cpus.base[cpu];
  cpus.time[row + base] += span - walked;
  cpus.time[row + account.walk] += walked + end - start - inHooks;
  cpus.time[row + account.tracker] += inHooks;
  if (base === account.idle) cpus.lastIdle[cpu] = start;
  else if (base === account.user) cpus.lastUser[cpu] = start;
  cpus.taskEnd[cpu] = end;
  cpus.busyEnd[cpu] = end;
  cpus.settled[cpu] = end;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  world.phases++;
  world.walk[cpu] = i;
  // Of a walk that is over no one can tell where it began.
  world.walkStart[cpu] = end > start ? start : end - sources.fixed[i];
  world.walkArrival[cpu] = end > start ? arrival : world.walkStart[cpu];
  world.walkExtra[cpu] = 0;
  world.walkShift[cpu] = 0;
  world.walkPending[cpu] = 0;
}
