// The tight loop: all walks of a CPU that has one walker, up to the next arrival of anything else. This is where a run spends its time,
// so everything it touches per walk lies in local variables, and exponential laws are drawn in place. It does exactly what `beginWalk`
// and `recordWalk` do one at a time.

import {exponential} from "../random/ziggurat.ts";
import {binOf} from "../record/histogram.ts";
import {account, accounts} from "./accounts.ts";
import {beginWalk} from "./begin-walk.ts";
import {source} from "./cpus.ts";
import {sampleKey} from "./scattered-recorder.ts";
import {draw} from "./streams.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

/** Begins all walks of source `i`, the CPU's only walker, that start before `bound`. */
export function runWalks(world: World, cpu: number, i: number, bound: number): void {
  const {cpus, sources, streams} = world;
  let arrival = sources.next[i];
  let busy = cpus.busyEnd[cpu];
  if (arrival >= bound || busy >= bound) return;
  // A tracked word that was read from elsewhere makes the first walk longer; a walk of the past is to be recorded.
  if (world.remoteRead[cpu] !== 0) {
    beginWalk(world, cpu, i, arrival > busy ? arrival : busy);
    world.phases++;
    arrival = sources.next[i];
    busy = cpus.busyEnd[cpu];
    if (arrival >= bound || busy >= bound) return;
  }
  recordWalk(world, cpu);

  const {state} = streams;
  const closed = sources.kind[i] === source.closedWalk;
  const cadence = sources.cadence[i];
  const section = sources.section[i];
  const cadenceAt = sources.cadenceAt[i];
  const sectionAt = sources.sectionAt[i];
  const fixed = sources.fixed[i];
  const cadenceMean = cadence.mean;
  const sectionMean = section.mean;
  const profile = sources.profile[i];
  const hooks = profile === undefined ? 0 : profile.enter + profile.exit;
  const recorders = world.recorders.walkers[sources.owner[i]];
  const {latency, blocked} = recorders;
  const {counts} = latency;
  const settled = cpus.settled[cpu];
  const key = latency.slotKey(cpu);
  let number = latency.number[cpu];
  let shift = latency.shift[cpu];
  let sum = latency.sum[cpu];
  let squares = latency.squares[cpu];
  let least = latency.min;
  let most = latency.max;
  let walks = 0;
  let late = 0;
  // The gap before the first walk begins where the accounts stand.
  let between = 0;
  let last = settled;
  let inside = 0;
  let start = 0;
  let lastArrival = 0;
  for (;;) {
    start = arrival > busy ? arrival : busy;
    between += start - last;
    const drawn =
      sectionMean >= 0
        ? Math.floor(sectionMean * exponential(state, sectionAt) + 0.5)
        : draw(section, state, sectionAt);
    const length = drawn + fixed;
    inside += length;
    busy = start + length;
    last = busy;
    lastArrival = arrival;
    const wait =
      cadenceMean >= 0
        ? Math.floor(cadenceMean * exponential(state, cadenceAt) + 0.5)
        : draw(cadence, state, cadenceAt);
    arrival = (closed ? busy : arrival) + (wait > 0 ? wait : 1);
    // The last one is left to be recorded when the next begins.
    if (arrival >= bound || busy >= bound) break;
    walks++;
    const value = (busy - lastArrival) / 1000;
    if (value < least) least = value;
    if (value > most) most = value;
    counts[binOf(value)]++;
    if (number === 0) shift = value;
    const deviation = value - shift;
    sum += deviation;
    squares += deviation * deviation;
    const rank = sampleKey(key, number++);
    if (rank < latency.bound) latency.keep(rank, busy, value);
    if (start !== lastArrival) {
      late++;
      blocked.record(cpu, start, (start - lastArrival) / 1000);
    }
  }
  latency.number[cpu] = number;
  latency.shift[cpu] = shift;
  latency.sum[cpu] = sum;
  latency.squares[cpu] = squares;
  latency.min = least;
  latency.max = most;
  sources.next[i] = arrival;
  cpus.taskEnd[cpu] = busy;
  cpus.busyEnd[cpu] = busy;
  cpus.settled[cpu] = busy;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  const row = cpu * accounts;
  cpus.time[row + cpus.base[cpu]] += between;
  cpus.time[row + account.walk] += inside - (walks + 1) * hooks;
  cpus.time[row + account.tracker] += (walks + 1) * hooks;
  world.walk[cpu] = i;
  world.walkStart[cpu] = start;
  world.walkArrival[cpu] = lastArrival;
  world.walkExtra[cpu] = 0;
  world.walkShift[cpu] = 0;
  world.walkPending[cpu] = 1;
  world.phases += walks + 1;
  if (walks === 0) return;
  recorders.count[cpu] += walks;
  if (walks > late) blocked.recordMany(cpu, 0, walks - late);
  recorders.overhead.recordMany(cpu, hooks / 1000, walks);
}
