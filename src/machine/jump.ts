// What is worked out once for a walker whose walks may be passed over many at a time (`jump-walks.ts`).
//
// A closed-loop walker that thinks for exponential times begins its walks at the instants of a Poisson process of thinking time: time on
// a clock that stands still while it walks. So over a stretch u of thinking their number is Poisson, and what they take together is one
// draw where the sum of walks has a closed form (`random/total.ts`). The CPU then thinks, u plus that sum later, and the next gap is
// exponential again. Stretches are chosen from a grid of means, for each of which there is an alias table.

import {type PoissonTable, poissonTable} from "../random/poisson.ts";
import type {Total} from "../random/total.ts";
import {source} from "./cpus.ts";
import type {WalkerRecorders} from "./recorders.ts";
import type {Law} from "./streams.ts";
import type {World} from "./world.ts";

/** Means of the grid: all integers up to 64, then eight to the octave up to 2^20. Index 0 is no stretch at all. */
const integers = 64;
const octaves = 14;
export const gridMeans: Float64Array = new Float64Array(integers + 8 * octaves + 1);
for (let i = 1; i <= integers; i++) gridMeans[i] = i;
for (let i = 1, mean = integers; i <= 8 * octaves; i++) {
  gridMeans[integers + i] = mean * (1 + (((i - 1) & 7) + 1) / 8);
  if ((i & 7) === 0) mean *= 2;
}

const tables: PoissonTable[] = [];

/** The table of Poisson counts of mean `gridMeans[index]`. */
export function countTable(index: number): PoissonTable {
  let table = tables[index];
  if (table === undefined) {
    table = poissonTable(gridMeans[index]);
    tables[index] = table;
  }
  return table;
}

/** The last index whose mean is not above `mean`. */
export function gridIndex(mean: number): number {
  if (mean < integers) return mean > 0 ? Math.floor(mean) : 0;
  if (mean >= gridMeans[gridMeans.length - 1]) return gridMeans.length - 1;
  // 2^octave <= mean < 2^(octave + 1), in eighths.
  const octave = 31 - Math.clz32(mean);
  return integers + 8 * (octave - 6) + Math.floor((mean / (1 << octave) - 1) * 8);
}

// A shorter stretch would take longer to draw than its walks one by one.
const shortest = 5;
const never = Number.POSITIVE_INFINITY;

export interface Jump {
  /** Mean gap [ticks]. */
  readonly gap: number;
  /** Ticks of each walk that are no chance; the rest is scale * Gamma(shape) ticks. */
  readonly fixed: number;
  /** Of those, what hooks take. */
  readonly hooks: number;
  readonly total: Total;
  /** Walks a tick. */
  readonly rate: number;
  /** By index of the grid, 0 for none: room for a walk, the stretch and the walks in it, with a margin that they seldom exceed [ticks]. */
  readonly room: Float64Array;
  /** Room for the shortest stretch that is worth it. */
  readonly least: number;
  /** Where the number of walks that are over is added up, and the ticks that they took. */
  readonly passed: Float64Array;
}

/**
 * `undefined` where gaps are not exponential or walks do not add up in closed form. `fixed` is what is added to each walk, `hooks`
 * of it by hooks [ticks]; `spare` moves the margin by so many standard deviations (for tests: below zero stretches overshoot often).
 */
export function jumpOf(
  cadence: Law,
  section: Law,
  fixed: number,
  hooks: number,
  passed: Float64Array,
  spare = 0,
): Jump | undefined {
  if (cadence.mean <= 0 || section.total === undefined) return undefined;
  const {shift, shape, scale} = section.total;
  const constant = fixed + (shape === 0 ? section.constant : 1000 * shift);
  const total = {shift: 0, shape, scale: 1000 * scale};
  const mean = constant + shape * total.scale;
  const second = mean * mean + shape * total.scale * total.scale;
  const cycle = cadence.mean + mean;
  const room = roomOf(section, mean, cycle, second, spare);
  return {
    gap: cadence.mean,
    fixed: constant,
    hooks,
    total,
    rate: 1 / cycle,
    room,
    least: room[shortest],
    passed,
  };
}

// Worked out once for a law, as long as what is added to it stays the same: it would take longer than a short replication.
const known = new WeakMap<Law, {readonly key: string; readonly room: Float64Array}>();

function roomOf(
  section: Law,
  mean: number,
  cycle: number,
  second: number,
  spare: number,
): Float64Array {
  const key = `${mean} ${cycle} ${spare}`;
  const same = known.get(section);
  if (same?.key === key) return same.room;
  const room = Float64Array.from(gridMeans, (m) => {
    if (m === 0) return 0;
    // The larger the stretch, the more it would cost to take it back.
    const margin = spare + 1.4 + 0.2 * Math.max(0, 31 - Math.clz32(m));
    return m < shortest ? never : mean + m * cycle + margin * Math.sqrt((m + 1) * second);
  });
  known.set(section, {key, room});
  return room;
}

/** The jumps of all sources of a world whose walker is alone on its CPUs, shared by those of one walker; empty but in the closed-form executor. */
export function jumpsOf(world: World): (Jump | undefined)[] {
  if (world.options.executor !== "closed") return [];
  const {kind, owner, cadence, section, fixed} = world.sources;
  const {alone} = world.blueprint;
  const ofWalker = new Map<number, Jump | undefined>();
  return Array.from(kind, (own, i) => {
    const w = owner[i];
    if (own !== source.closedWalk || alone[w] === 0) return undefined;
    if (!ofWalker.has(w)) {
      const profile = world.sources.profile[i];
      const recorders = world.recorders.walkers[w];
      const hooks = profile === undefined ? 0 : profile.enter + profile.exit;
      const jump = profile && jumpOf(cadence[i], section[i], fixed[i], hooks, recorders.passed);
      ofWalker.set(w, jump);
      if (jump !== undefined) prepare(recorders, hooks);
    }
    return ofWalker.get(w);
  });
}

/** Of walks that are passed over no single length is known, and what hooks add is the same for all. */
function prepare({latency, overhead, blocked}: WalkerRecorders, hooks: number): void {
  latency.totals = true;
  overhead.recordMany(0, hooks / 1000, 0);
  blocked.recordMany(0, 0, 0);
}
