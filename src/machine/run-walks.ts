// The tight loop: all walks of a CPU's busiest walker, up to the next arrival of anything else. This is where a run spends its time,
// so everything it touches per walk lies in local variables, exponential laws are drawn in place, and walks are handed to the recorders
// all at once. It does exactly what `beginWalk` and `recordWalk` do one at a time.

import {exponentialInner, exponentialOutside, exponentialWidth} from "../random/ziggurat.ts";
import {SampleBuffer} from "../record/sample-buffer.ts";
import {account, accounts} from "./accounts.ts";
import {beginWalk} from "./begin-walk.ts";
import {source} from "./cpus.ts";
import {draw} from "./streams.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

// Calls of bounded length let the compiler replace the loop by its best code; one endless call would stay with what it began with. And
// what is noted of so many walks stays in the cache.
const walksPerCall = 512;

const latencies = new SampleBuffer(walksPerCall + 1);
const delays = new SampleBuffer(walksPerCall + 1);

/** Begins walks of source `i` that start before `bound`, when nothing else can; true if there may be more of them. */
export function runWalks(world: World, cpu: number, i: number, bound: number): boolean {
  const {cpus, sources, streams} = world;
  let arrival = sources.next[i];
  let busy = cpus.busyEnd[cpu];
  if (arrival >= bound || busy >= bound) return false;
  // A tracked word that was read from elsewhere makes the first walk longer; a walk of the past is to be recorded.
  if (world.remoteRead[cpu] !== 0) {
    beginWalk(world, cpu, i, arrival > busy ? arrival : busy);
    world.phases++;
    arrival = sources.next[i];
    busy = cpus.busyEnd[cpu];
    if (arrival >= bound || busy >= bound) return false;
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
  const {values: walkTimes, times: walkEnds} = latencies;
  const {values: waits, times: waitEnds} = delays;
  const settled = cpus.settled[cpu];
  // The two streams (sfc32, `random/stream.ts`) as eight local words.
  let a = state[sectionAt];
  let b = state[sectionAt + 1];
  let c = state[sectionAt + 2];
  let n = state[sectionAt + 3];
  let p = state[cadenceAt];
  let q = state[cadenceAt + 1];
  let r = state[cadenceAt + 2];
  let m = state[cadenceAt + 3];
  let walks = 0;
  let late = 0;
  // The gap before the first walk begins where the accounts stand.
  let between = 0;
  let last = settled;
  let gapEnd = -1;
  let inside = 0;
  let start = 0;
  let lastArrival = 0;
  for (;;) {
    start = arrival > busy ? arrival : busy;
    if (start > last) {
      between += start - last;
      gapEnd = start;
    }
    let length = fixed;
    if (sectionMean >= 0) {
      const word = (((a + b) | 0) + n) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      n = (n + 1) | 0;
      const layer = word & 255;
      const place = word >>> 8;
      if (place < exponentialInner[layer]) {
        length += Math.floor(sectionMean * ((place + 0.5) * exponentialWidth[layer]) + 0.5);
      } else {
        state[sectionAt] = a;
        state[sectionAt + 1] = b;
        state[sectionAt + 2] = c;
        state[sectionAt + 3] = n;
        const drawn = exponentialOutside(state, sectionAt, layer, place);
        length += Math.floor(sectionMean * drawn + 0.5);
        a = state[sectionAt];
        b = state[sectionAt + 1];
        c = state[sectionAt + 2];
        n = state[sectionAt + 3];
      }
    } else length += draw(section, state, sectionAt);
    inside += length;
    busy = start + length;
    last = busy;
    lastArrival = arrival;
    let wait = 0;
    if (cadenceMean >= 0) {
      const word = (((p + q) | 0) + m) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + word) | 0;
      m = (m + 1) | 0;
      const layer = word & 255;
      const place = word >>> 8;
      if (place < exponentialInner[layer]) {
        wait = Math.floor(cadenceMean * ((place + 0.5) * exponentialWidth[layer]) + 0.5);
      } else {
        state[cadenceAt] = p;
        state[cadenceAt + 1] = q;
        state[cadenceAt + 2] = r;
        state[cadenceAt + 3] = m;
        wait = Math.floor(cadenceMean * exponentialOutside(state, cadenceAt, layer, place) + 0.5);
        p = state[cadenceAt];
        q = state[cadenceAt + 1];
        r = state[cadenceAt + 2];
        m = state[cadenceAt + 3];
      }
    } else wait = draw(cadence, state, cadenceAt);
    arrival = (closed ? busy : arrival) + (wait > 0 ? wait : 1);
    // The last one is left to be recorded when the next begins.
    if (arrival >= bound || busy >= bound || walks === walksPerCall) break;
    walkTimes[walks] = (busy - lastArrival) / 1000;
    walkEnds[walks++] = busy;
    // In an open loop a delay is stored in any case and counted if there was one, since that cannot be predicted.
    if (!closed || start !== lastArrival) {
      waits[late] = (start - lastArrival) / 1000;
      waitEnds[late] = start;
      late += Number(start !== lastArrival);
    }
  }
  if (sectionMean >= 0) {
    state[sectionAt] = a;
    state[sectionAt + 1] = b;
    state[sectionAt + 2] = c;
    state[sectionAt + 3] = n;
  }
  if (cadenceMean >= 0) {
    state[cadenceAt] = p;
    state[cadenceAt + 1] = q;
    state[cadenceAt + 2] = r;
    state[cadenceAt + 3] = m;
  }
  sources.next[i] = arrival;
  cpus.taskEnd[cpu] = busy;
  cpus.busyEnd[cpu] = busy;
  cpus.settled[cpu] = busy;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  const row = cpu * accounts;
  const base = cpus.base[cpu];
  cpus.time[row + base] += between;
  if (gapEnd >= 0 && base === account.idle) cpus.lastIdle[cpu] = gapEnd;
  else if (gapEnd >= 0 && base === account.user) cpus.lastUser[cpu] = gapEnd;
  cpus.time[row + account.walk] += inside - (walks + 1) * hooks;
  cpus.time[row + account.tracker] += (walks + 1) * hooks;
  world.walk[cpu] = i;
  world.walkStart[cpu] = start;
  world.walkArrival[cpu] = lastArrival;
  world.walkExtra[cpu] = 0;
  world.walkShift[cpu] = 0;
  world.walkPending[cpu] = 1;
  world.phases += walks + 1;
  if (walks === 0) return false;
  recorders.count[cpu] += walks;
  latency.recordAll(cpu, latencies, walks);
  if (late > 0) blocked.recordAll(cpu, delays, late);
  if (walks > late) blocked.recordMany(cpu, 0, walks - late);
  recorders.overhead.recordMany(cpu, hooks / 1000, walks);
  return walks === walksPerCall;
}
