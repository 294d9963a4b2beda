// The closed-form executor's way over a timeline: instead of beginning one walk after the other (`run-walks.ts`), it draws how many there
// were in a stretch of thinking and what they took together. A look then costs the same whether ten walks or ten thousand lie before it.
// Equal in law to the other executors, not in bits: every count, every account and the state at every look have the same joint law.
//
// (1) The first walk begins at the arrival that is already drawn; from its end on gaps are memoryless, so a stretch may begin there.
// (2) A stretch that would reach beyond the look is taken apart into its walks, given what was drawn: starts of a Poisson process are
//     then uniform, gamma variates in proportion to fresh ones of their shape. The path up to the look is kept; its future is drawn anew,
//     which may depend on the past only. Stretches are chosen short enough for this to be rare.
// (3) What is left before the look is walked one by one, so the latest walk, which others can see, is always one with a start and an end.
// (4) A sum is rounded to ticks once, not walk by walk: half a picosecond a walk at most, of either sign.
// (5) Of walks that are passed over no single length is known: the walker's latency has a number and a sum, hence a mean, and no more.

import {uniform53} from "../random/stream.ts";
import {drawTotal} from "../random/total.ts";
import {exponential} from "../random/ziggurat.ts";
import {account, accounts} from "./accounts.ts";
import {beginWalk} from "./begin-walk.ts";
import {drawCount, gridIndex, gridMeans, type Jump} from "./jump.ts";
import {draw} from "./streams.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

let starts = new Float64Array(64);
let lengths = new Float64Array(64);

/** Begins or passes over all walks of source `i` that start before `bound`, when nothing else can. */
export function jumpWalks(world: World, cpu: number, i: number, bound: number, jump: Jump): void {
  const {cpus, sources, streams} = world;
  let arrival = sources.next[i];
  let busy = cpus.busyEnd[cpu];
  if (arrival >= bound || busy >= bound) return;
  if (world.remoteRead[cpu] !== 0) {
    beginWalk(world, cpu, i, arrival > busy ? arrival : busy);
    world.phases++;
    arrival = sources.next[i];
    busy = cpus.busyEnd[cpu];
    if (arrival >= bound || busy >= bound) return;
  }
  recordWalk(world, cpu);

  const {state} = streams;
  const {gap, fixed, total, cycle, room} = jump;
  const cadenceAt = sources.cadenceAt[i];
  const sectionAt = sources.sectionAt[i];
  const section = sources.section[i];
  const {latency, blocked, overhead, count} = world.recorders.walkers[sources.owner[i]];
  const settled = cpus.settled[cpu];
  let start = arrival > busy ? arrival : busy;
  const late = start - arrival;
  // Finished walks, and the time in all of them.
  let walks = 0;
  let inside = 0;
  let pending = 0;
  let gapEnd = start;
  for (;;) {
    let g = gridIndex((bound - start) / cycle);
    while (room[g] > bound - start) g--;
    if (g === 0) {
      const length = sources.fixed[i] + draw(section, state, sectionAt);
      inside += length;
      busy = start + length;
      arrival = busy + gapOf(gap, state, cadenceAt);
      gapEnd = start;
      if (busy >= bound || arrival >= bound) {
        pending = 1;
        break;
      }
      walks++;
    } else {
      const stretch = Math.floor(gridMeans[g] * gap + 0.5);
      const more = drawCount(g, state, cadenceAt);
      const random = drawTotal(total, more + 1, state, sectionAt);
      const length = Math.floor((more + 1) * fixed + random + 0.5);
      const end = start + stretch + length;
      if (end < bound) {
        walks += more + 1;
        inside += length;
        busy = end;
        arrival = end + gapOf(gap, state, cadenceAt);
        gapEnd = end;
        if (arrival >= bound) break;
      } else {
        // (2)
        spread(jump, more, stretch, random, state, cadenceAt, sectionAt);
        let at = start;
        let k = 0;
        for (;;) {
          inside += lengths[k];
          gapEnd = at;
          busy = at + lengths[k];
          arrival =
            k < more ? busy + starts[k] : Math.max(end, busy) + gapOf(gap, state, cadenceAt);
          if (busy >= bound || arrival >= bound) break;
          walks++;
          k++;
          at = arrival;
        }
        start = at;
        pending = 1;
        break;
      }
    }
    start = arrival;
  }
  sources.next[i] = arrival;
  cpus.taskEnd[cpu] = busy;
  cpus.busyEnd[cpu] = busy;
  cpus.settled[cpu] = busy;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  const profile = sources.profile[i];
  const hooks = profile === undefined ? 0 : profile.enter + profile.exit;
  const row = cpu * accounts;
  const base = cpus.base[cpu];
  if (busy - settled > inside) cpus.time[row + base] += busy - settled - inside;
  if (base === account.idle) cpus.lastIdle[cpu] = gapEnd;
  else if (base === account.user) cpus.lastUser[cpu] = gapEnd;
  cpus.time[row + account.walk] += inside - (walks + pending) * hooks;
  cpus.time[row + account.tracker] += (walks + pending) * hooks;
  world.phases += walks + pending;
  world.walk[cpu] = i;
  // After a stretch the latest walk is over; where it began no one can tell any more, and nothing depends on it.
  world.walkStart[cpu] = pending === 1 ? start : busy - sources.fixed[i];
  world.walkArrival[cpu] = pending === 1 && walks === 0 ? start - late : world.walkStart[cpu];
  world.walkExtra[cpu] = 0;
  world.walkShift[cpu] = 0;
  world.walkPending[cpu] = pending;
  if (walks === 0) return;
  count[cpu] += walks;
  latency.addTotal(cpu, walks, (inside + late - pending * (busy - start)) / 1000);
  overhead.recordMany(cpu, hooks / 1000, walks);
  if (late > 0) blocked.record(cpu, start, late / 1000);
  const prompt = late > 0 ? walks - 1 : walks;
  if (prompt > 0) blocked.recordMany(cpu, 0, prompt);
}

function gapOf(mean: number, state: Int32Array, at: number): number {
  const ticks = Math.floor(mean * exponential(state, at) + 0.5);
  return ticks > 0 ? ticks : 1;
}

/**
 * Takes a stretch apart: `lengths[0 .. more]` become the lengths of its walks, `starts[0 .. more - 1]` the gaps between them, given that
 * the random parts of the lengths add up to `random`.
 */
function spread(
  jump: Jump,
  more: number,
  stretch: number,
  random: number,
  state: Int32Array,
  cadenceAt: number,
  sectionAt: number,
): void {
  if (more + 1 > starts.length) {
    starts = new Float64Array(2 * more + 2);
    lengths = new Float64Array(2 * more + 2);
  }
  const {total, fixed} = jump;
  let sum = 0;
  for (let k = 0; k <= more; k++) {
    lengths[k] = drawTotal(total, 1, state, sectionAt);
    sum += lengths[k];
  }
  const scale = sum > 0 ? random / sum : 0;
  for (let k = 0; k <= more; k++) lengths[k] = Math.floor(fixed + lengths[k] * scale + 0.5);
  for (let k = 0; k < more; k++) starts[k] = Math.floor(stretch * uniform53(state, cadenceAt));
  starts.subarray(0, more).sort();
  for (let k = more - 1; k > 0; k--) starts[k] -= starts[k - 1];
  for (let k = 0; k < more; k++) if (starts[k] === 0) starts[k] = 1;
}
