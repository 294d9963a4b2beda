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

import {log} from "../random/elementary.ts";
import {uniform53} from "../random/stream.ts";
import {drawTotal} from "../random/total.ts";
import {
  exponential,
  exponentialInner,
  exponentialOutside,
  exponentialWidth,
  normalInner,
  normalOutside,
  normalWidth,
} from "../random/ziggurat.ts";
import {account, accounts} from "./accounts.ts";
import {beginWalk} from "./begin-walk.ts";
import {countTable, gridIndex, gridMeans, type Jump} from "./jump.ts";
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
  // Walks that are over, and how long they took, arrival to end; the latest one may be among them.
  let over = 0;
  let took = 0;
  if (world.walkPending[cpu] !== 0) {
    const since = world.walkStart[cpu];
    if (world.walk[cpu] === i && world.walkExtra[cpu] === 0 && world.walkArrival[cpu] === since) {
      over = 1;
      took = cpus.taskEnd[cpu] - since;
    } else recordWalk(world, cpu);
  }

  const {state} = streams;
  const {gap, fixed, total, rate, room, least} = jump;
  const {shape} = total;
  const cadenceAt = sources.cadenceAt[i];
  const sectionAt = sources.sectionAt[i];
  const section = sources.section[i];
  const sectionMean = section.mean;
  const own = sources.fixed[i];
  // The two streams (sfc32, `random/stream.ts`) as eight local words.
  let a = state[sectionAt];
  let b = state[sectionAt + 1];
  let c = state[sectionAt + 2];
  let n = state[sectionAt + 3];
  let p = state[cadenceAt];
  let q = state[cadenceAt + 1];
  let r = state[cadenceAt + 2];
  let m = state[cadenceAt + 3];
  let word = 0;
  let start = arrival > busy ? arrival : busy;
  const first = start;
  const late = start - arrival;
  // Walks begun here, the time in all of them, and whether the latest one has still to be recorded.
  let begun = 0;
  let inside = 0;
  let pending = 0;
  let gapEnd = start;
  for (;;) {
    const rest = bound - start;
    let g = 0;
    if (rest >= least) {
      g = gridIndex(rest * rate);
      while (room[g] > rest) g--;
    }
    if (g === 0) {
      let length = own;
      if (sectionMean >= 0) {
        word = (((a + b) | 0) + n) | 0;
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

          length += Math.floor(
            sectionMean * exponentialOutside(state, sectionAt, layer, place) + 0.5,
          );
          a = state[sectionAt];
          b = state[sectionAt + 1];
          c = state[sectionAt + 2];
          n = state[sectionAt + 3];
        }
      } else {
        state[sectionAt] = a;
        state[sectionAt + 1] = b;
        state[sectionAt + 2] = c;
        state[sectionAt + 3] = n;

        length += draw(section, state, sectionAt);
        a = state[sectionAt];
        b = state[sectionAt + 1];
        c = state[sectionAt + 2];
        n = state[sectionAt + 3];
      }
      begun++;
      inside += length;
      busy = start + length;
      gapEnd = start;
      pending = 1;
    } else {
      const stretch = Math.floor(gridMeans[g] * gap + 0.5);
      const table = countTable(g);
      word = (((p + q) | 0) + m) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + word) | 0;
      m = (m + 1) | 0;

      const column = word & table.mask;
      word = (((p + q) | 0) + m) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + word) | 0;
      m = (m + 1) | 0;

      const more = table.first + (word >>> 0 < table.keep[column] ? column : table.alias[column]);
      let random = 0;
      const shapes = (more + 1) * shape;
      if (shapes >= 1) {
        // Marsaglia and Tsang, as in `random/gamma-variate.ts`.
        const d = shapes - 1 / 3;
        const unit = 1 / Math.sqrt(9 * d);
        for (;;) {
          word = (((a + b) | 0) + n) | 0;
          a = b ^ (b >>> 9);
          b = (c + (c << 3)) | 0;
          c = (((c << 21) | (c >>> 11)) + word) | 0;
          n = (n + 1) | 0;

          const layer = word & 127;
          const place = word >>> 8;
          // The sign without a branch, which would be mispredicted every second time.
          let x = (place + 0.5) * normalWidth[layer] * (1 - ((word >>> 6) & 2));
          if (place >= normalInner[layer]) {
            state[sectionAt] = a;
            state[sectionAt + 1] = b;
            state[sectionAt + 2] = c;
            state[sectionAt + 3] = n;

            x = normalOutside(state, sectionAt, word >>> 0);
            a = state[sectionAt];
            b = state[sectionAt + 1];
            c = state[sectionAt + 2];
            n = state[sectionAt + 3];
          }
          const root = 1 + unit * x;
          if (root <= 0) continue;
          const v = root * root * root;
          word = (((a + b) | 0) + n) | 0;
          a = b ^ (b >>> 9);
          b = (c + (c << 3)) | 0;
          c = (((c << 21) | (c >>> 11)) + word) | 0;
          n = (n + 1) | 0;

          const u = ((word >>> 0) + 0.5) * 2.3283064365386963e-10;
          const square = x * x;
          random = d * v * total.scale;
          if (u < 1 - 0.0331 * square * square) break;
          if (log(u) < 0.5 * square + d * (1 - v + log(v))) break;
        }
      } else if (shapes > 0) {
        state[sectionAt] = a;
        state[sectionAt + 1] = b;
        state[sectionAt + 2] = c;
        state[sectionAt + 3] = n;

        random = drawTotal(total, more + 1, state, sectionAt);
        a = state[sectionAt];
        b = state[sectionAt + 1];
        c = state[sectionAt + 2];
        n = state[sectionAt + 3];
      }
      const length = Math.floor((more + 1) * fixed + random + 0.5);
      const end = start + stretch + length;
      if (end < bound) {
        begun += more + 1;
        inside += length;
        busy = end;
        gapEnd = end;
        pending = 0;
      } else {
        // (2)
        state[sectionAt] = a;
        state[sectionAt + 1] = b;
        state[sectionAt + 2] = c;
        state[sectionAt + 3] = n;

        state[cadenceAt] = p;
        state[cadenceAt + 1] = q;
        state[cadenceAt + 2] = r;
        state[cadenceAt + 3] = m;

        spread(jump, more, stretch, random, state, cadenceAt, sectionAt);
        let k = 0;
        for (;;) {
          begun++;
          inside += lengths[k];
          gapEnd = start;
          busy = start + lengths[k];
          pending = 1;
          if (k === more || busy >= bound || busy + starts[k] >= bound) break;
          start = busy + starts[k++];
        }
        // After its last walk the stretch goes on thinking up to its end, which is not before the look: as good as thinking from there.
        arrival =
          k < more ? busy + starts[k] : Math.max(bound, busy) + fresh(gap, state, cadenceAt);
        a = state[sectionAt];
        b = state[sectionAt + 1];
        c = state[sectionAt + 2];
        n = state[sectionAt + 3];

        p = state[cadenceAt];
        q = state[cadenceAt + 1];
        r = state[cadenceAt + 2];
        m = state[cadenceAt + 3];

        break;
      }
    }
    let wait = 0;
    word = (((p + q) | 0) + m) | 0;
    p = q ^ (q >>> 9);
    q = (r + (r << 3)) | 0;
    r = (((r << 21) | (r >>> 11)) + word) | 0;
    m = (m + 1) | 0;

    const layer = word & 255;
    const place = word >>> 8;
    if (place < exponentialInner[layer]) {
      wait = Math.floor(gap * ((place + 0.5) * exponentialWidth[layer]) + 0.5);
    } else {
      state[cadenceAt] = p;
      state[cadenceAt + 1] = q;
      state[cadenceAt + 2] = r;
      state[cadenceAt + 3] = m;

      wait = Math.floor(gap * exponentialOutside(state, cadenceAt, layer, place) + 0.5);
      p = state[cadenceAt];
      q = state[cadenceAt + 1];
      r = state[cadenceAt + 2];
      m = state[cadenceAt + 3];
    }
    arrival = busy + (wait > 0 ? wait : 1);
    if (arrival >= bound || busy >= bound) break;
    start = arrival;
  }
  state[sectionAt] = a;
  state[sectionAt + 1] = b;
  state[sectionAt + 2] = c;
  state[sectionAt + 3] = n;

  state[cadenceAt] = p;
  state[cadenceAt + 1] = q;
  state[cadenceAt + 2] = r;
  state[cadenceAt + 3] = m;

  sources.next[i] = arrival;
  const settled = cpus.settled[cpu];
  cpus.taskEnd[cpu] = busy;
  cpus.busyEnd[cpu] = busy;
  cpus.settled[cpu] = busy;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  const {hooks} = jump;
  const row = cpu * accounts;
  const base = cpus.base[cpu];
  if (busy - settled > inside) cpus.time[row + base] += busy - settled - inside;
  if (base === account.idle) cpus.lastIdle[cpu] = gapEnd;
  else if (base === account.user) cpus.lastUser[cpu] = gapEnd;
  cpus.time[row + account.walk] += inside - begun * hooks;
  cpus.time[row + account.tracker] += begun * hooks;
  world.phases += begun;
  world.walk[cpu] = i;
  // After a stretch the latest walk is over; where it began no one can tell any more, and nothing depends on it.
  world.walkStart[cpu] = pending === 1 ? start : busy - own;
  world.walkArrival[cpu] = pending === 1 && begun === 1 ? start - late : world.walkStart[cpu];
  world.walkExtra[cpu] = 0;
  world.walkShift[cpu] = 0;
  world.walkPending[cpu] = pending;
  const ended = begun - pending;
  if (ended > 0) {
    over += ended;
    took += inside + late - pending * (busy - start);
    if (late > 0) {
      const {blocked} = world.recorders.walkers[sources.owner[i]];
      blocked.record(cpu, first, late / 1000);
      blocked.alike[0]--;
    }
  }
  const {passed} = jump;
  passed[0] += over;
  passed[1] += took;
}

function fresh(mean: number, state: Int32Array, at: number): number {
  return Math.max(1, Math.floor(mean * exponential(state, at) + 0.5));
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
