// When to stop replicating. A rule that looks after every replication stops too early, whenever chance makes the spread look small: with
// skewed replications, a tolerance of 30 % and a start of 3, its nominal 95 % intervals cover 60 %. Looking only at n0, 1.5 n0, 1.5^2 n0, ...
// and starting later where the tolerance is wide keeps coverage near the nominal (the coverage test measures it). The schedule depends
// on nothing but its two bounds, so neither does the set of replications a point runs.

import type {Estimate} from "./estimate.ts";

const growth = 1.5;

/** The least number of replications before the first look: 40 for relative tolerances above 10 %, else 10. */
export function leastReplications(tolerance: number): number {
  return tolerance > 0.1 ? 40 : 10;
}

/** The number of replications at which the next look is taken after `done` of them; `done` itself once `max` is reached. */
export function nextLook(done: number, min: number, max: number): number {
  let look = Math.min(min, max);
  while (look <= done && look < max) look = Math.min(max, Math.ceil(look * growth));
  return Math.max(look, done);
}

/** The half-width of an estimate's interval relative to its mean; 0 when nothing varies, Infinity when it cannot be told. */
export function relativeHalfWidth({mean, lo, hi}: Estimate): number {
  const half = (hi - lo) / 2;
  if (half === 0) return 0;
  const relative = half / Math.abs(mean);
  return Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
}
