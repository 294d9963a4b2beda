// `equilibrate` for chains of two states (`equilibrium.ts`, (3)), many CPUs in one pass: this is what a broadcast to thousands of CPUs spends
// its time on, so nothing is called, and nothing allocated, for a CPU that is found outside a walk.
//
// (1) Only the latest draw of the state before the look matters, and those before it as long as they continue a walk. Where there is none,
//     the walk that began at the first arrival is still in progress.
// (2) Accounts are expected: up to the latest draw that is known, walking is what it is from a walk's beginning on, whatever came after;
//     behind it there is no walk until the one that is found.

import {exp} from "../random/elementary.ts";
import {uniform53} from "../random/stream.ts";
import {
  exponential,
  exponentialInner,
  exponentialOutside,
  exponentialWidth,
} from "../random/ziggurat.ts";
import {account, accounts} from "./accounts.ts";
import type {World} from "./world.ts";

// exp(-40) of a redraw's mean is less than a tick.
const forgotten = 40;

/**
 * Advances `cpus[0 .. count - 1]` to `times`, as far as they are below `limit`, and returns how many of them could not be: their places
 * are written to `left`. Those are CPUs that are no such chain, are held, have to fetch a line, or are met by something else before.
 */
export function lookAtChains(
  world: World,
  targets: Int32Array,
  times: Float64Array,
  count: number,
  limit: number,
  left: Int32Array,
): number {
  const {sources, walkSource, otherNext, remoteRead, equilibria} = world;
  const {walk, walkStart, walkArrival, walkExtra, walkShift, walkPending, walkOpen} = world;
  const {holder, busyEnd, settled, taskEnd, taskOpen, base, time, lastIdle, lastUser} = world.cpus;
  const {next, cadenceAt, sectionAt, fixed} = sources;
  const {state} = world.streams;
  let remaining = 0;
  let looks = 0;
  for (let k = 0; k < count; k++) {
    const bound = times[k];
    if (bound >= limit) continue;
    const cpu = targets[k];
    const i = walkSource[cpu];
    const chain = i < 0 ? undefined : equilibria[i];
    if (
      chain === undefined ||
      chain.redraw === 0 ||
      otherNext[cpu] < bound ||
      holder[cpu] >= 0 ||
      remoteRead[cpu] !== 0
    ) {
      left[remaining++] = k;
      continue;
    }
    let from = busyEnd[cpu];
    const old = settled[cpu];
    if (old > from) from = old;
    if (next[i] > from) from = next[i];
    if (from >= bound) continue;
    const {redraw, busy, gap} = chain;
    // The stream (sfc32, `random/stream.ts`) as four local words.
    const at = cadenceAt[i];
    let a = state[at];
    let b = state[at + 1];
    let c = state[at + 2];
    let n = state[at + 3];

    let word = (((a + b) | 0) + n) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    n = (n + 1) | 0;
    let layer = word & 255;
    let place = word >>> 8;
    let variate = (place + 0.5) * exponentialWidth[layer];
    if (place >= exponentialInner[layer]) {
      state[at] = a;
      state[at + 1] = b;
      state[at + 2] = c;
      state[at + 3] = n;
      variate = exponentialOutside(state, at, layer, place);
      a = state[at];
      b = state[at + 1];
      c = state[at + 2];
      n = state[at + 3];
    }
    let drawn = bound - redraw * variate;
    let walking = drawn <= from;
    if (!walking) {
      word = (((a + b) | 0) + n) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      n = (n + 1) | 0;
      const high = word >>> 5;
      word = (((a + b) | 0) + n) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      n = (n + 1) | 0;
      walking = (high * 67108864 + (word >>> 6)) * 1.1102230246251565e-16 < busy;
    }
    let start = bound;
    let end = bound;
    if (walking) {
      state[at] = a;
      state[at + 1] = b;
      state[at + 2] = c;
      state[at + 3] = n;
      start = drawn;
      while (start > from) {
        drawn = start - redraw * exponential(state, at);
        if (drawn > from && uniform53(state, at) >= busy) break;
        start = drawn;
      }
      start = start > from ? Math.floor(start) : from;
      end += Math.floor(chain.mean * exponential(state, sectionAt[i]) + 0.5);
      a = state[at];
      b = state[at + 1];
      c = state[at + 2];
      n = state[at + 3];
    }
    word = (((a + b) | 0) + n) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    n = (n + 1) | 0;
    layer = word & 255;
    place = word >>> 8;
    state[at] = a;
    state[at + 1] = b;
    state[at + 2] = c;
    state[at + 3] = n;
    variate = (place + 0.5) * exponentialWidth[layer];
    if (place >= exponentialInner[layer]) variate = exponentialOutside(state, at, layer, place);
    const wait = Math.floor(gap * variate + 0.5);
    next[i] = end + (wait > 0 ? wait : 1);

    // (2)
    const span = start - old;
    const known = drawn > from ? drawn - from : 0;
    const first = known > forgotten * redraw ? 1 : 1 - exp(-known / redraw);
    let inside = Math.floor(busy * known + (1 - busy) * redraw * first + 0.5);
    if (inside > span) inside = span;
    const hooks = chain.hooks === 0 ? 0 : Math.floor(chain.hooks * (inside + end - start) + 0.5);
    const row = cpu * accounts;
    const below = base[cpu];
    time[row + below] += span - inside;
    time[row + account.walk] += inside + end - start - hooks;
    if (hooks !== 0) time[row + account.tracker] += hooks;
    if (below === account.idle) lastIdle[cpu] = start;
    else if (below === account.user) lastUser[cpu] = start;
    taskEnd[cpu] = end;
    busyEnd[cpu] = end;
    settled[cpu] = end;
    taskOpen[cpu] = walkOpen[i];
    walk[cpu] = i;
    // Of a walk that is over no one can tell where it began.
    const began = walking ? start : end - fixed[i];
    walkStart[cpu] = began;
    walkArrival[cpu] = began;
    walkExtra[cpu] = 0;
    walkShift[cpu] = 0;
    walkPending[cpu] = 0;
    looks++;
  }
  world.phases += looks;
  return remaining;
}
