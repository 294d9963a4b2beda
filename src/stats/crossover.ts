// Where two alternatives change places: at which x the mean difference D(x) crosses zero, from noisy paired replications.
//
// (1) On a grid the signs of D are tested; every pair of neighbours of opposite sign brackets a crossing. Several brackets are several
//     crossings, and all are reported.
// (2) Within a bracket, bisection in ln x: at the middle the sign is tested with more and more replications. A middle whose sign cannot be
//     told ends the search: the interval found so far is the answer, and no more precision is pretended.
// (3) Every test of the search is made at alpha / (number of tests it may make), so that the interval covers the crossing with the stated
//     confidence (Bonferroni).

import {exp, log} from "../random/elementary.ts";
import {signTest} from "./t-test.ts";

/** Replications `0 .. n - 1` of the difference at `x`. */
export type DifferenceAt = (x: number, n: number) => Promise<ArrayLike<number>>;

export interface CrossoverOptions {
  readonly confidence: number;
  /** Replications at first and at most, at each x. */
  readonly min: number;
  readonly max: number;
  /** The search ends when hi / lo is at most this; 1.02 when absent. */
  readonly ratio?: number;
}

export interface Crossover {
  readonly lo: number;
  readonly hi: number;
  /** Whether D rises through zero or falls. */
  readonly rising: boolean;
  /** False when the search ended because a sign could not be told. */
  readonly resolved: boolean;
}

const growth = 2;

/** All crossings between neighbours of an ascending grid of positive x whose signs can be told. */
export async function findCrossovers(
  grid: readonly number[],
  differenceAt: DifferenceAt,
  options: CrossoverOptions,
): Promise<Crossover[]> {
  const ratio = options.ratio ?? 1.02;
  const widest = Math.max(...grid.slice(1).map((x, i) => x / (grid[i] as number)));
  const bisections = Math.max(0, Math.ceil(log(log(widest) / log(ratio)) / log(2)));
  const looks = 1 + Math.ceil(log(options.max / options.min) / log(growth));
  const alpha = (1 - options.confidence) / ((grid.length + bisections) * Math.max(1, looks));
  const signAt = (x: number): Promise<number> => tellSign(x, differenceAt, options, alpha);

  const told: {readonly x: number; readonly sign: number}[] = [];
  for (const x of grid) {
    const sign = await signAt(x);
    if (sign !== 0) told.push({x, sign});
  }
  const found: Crossover[] = [];
  for (let i = 1; i < told.length; i++) {
    const left = told[i - 1] as {x: number; sign: number};
    const right = told[i] as {x: number; sign: number};
    if (left.sign === right.sign) continue;
    let [lo, hi] = [left.x, right.x];
    let resolved = true;
    while (hi / lo > ratio && resolved) {
      const middle = exp((log(lo) + log(hi)) / 2);
      const sign = await signAt(middle);
      if (sign === 0) resolved = false;
      else if (sign === left.sign) lo = middle;
      else hi = middle;
    }
    found.push({lo, hi, rising: left.sign < 0, resolved});
  }
  return found;
}

/** -1 or 1 when the sign of the difference is significant, 0 when `max` replications do not tell. */
async function tellSign(
  x: number,
  differenceAt: DifferenceAt,
  {min, max}: CrossoverOptions,
  alpha: number,
): Promise<number> {
  for (let n = min; ; n = Math.min(max, growth * n)) {
    const {below, above} = signTest(await differenceAt(x, n));
    if (Math.min(below, above) <= alpha / 2) return below < above ? -1 : 1;
    if (n >= max) return 0;
  }
}
