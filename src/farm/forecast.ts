// How long a run will take, told before it starts. A few points are simulated with a shortened duration, longer and longer until the clock
// can tell, and extrapolated: the engine's work is proportional to simulated time.

import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import {leastReplications} from "../stats/stopping.ts";
import {engineModule, loadEngine, type Simulate} from "./engine.ts";
import {pilotsDeciding, pilotsEach} from "./pilots.ts";

export interface Forecast {
  readonly points: number;
  /** Replications of one point, at least and at most. */
  readonly replications: {readonly min: number; readonly max: number};
  /** Wall time of the whole run [s], if every point takes the least or the most replications. */
  readonly seconds: {readonly min: number; readonly max: number};
}

// A probe is long enough when it took this long [ms]; one that took so long that a longer one would be dear is repeated instead.
const enough = 20;
const dear = 100;
/** The engine is still being compiled in the first so many milliseconds of a point, and as long as a longer run is that much quicker. */
const compiling = 100;
const falls = 1.25;
const probes = 3;
const shortest = 1 / 4096;

/** Times up to three points, spread over the plan, in this thread. Rejects with the engine's error when a point cannot be simulated. */
export async function forecast(
  plan: Plan,
  options: {readonly workers: number; readonly engine?: string},
): Promise<Forecast> {
  const simulate = await loadEngine(options.engine ?? engineModule);
  const last = plan.points.length - 1;
  const chosen = new Set(
    Array.from({length: probes}, (_, i) => Math.round((last * i) / (probes - 1))),
  );
  let total = 0;
  for (const point of chosen) total += secondsOf(plan, point, simulate);
  const perReplication = total / chosen.size;
  const {min, max} = plan.replications;
  const least =
    plan.until.length === 0
      ? max
      : Math.min(
          max,
          Math.max(min, ...plan.until.map((rule) => leastReplications(rule.tolerance))),
        );
  const lanes = Math.max(1, Math.min(options.workers, plan.points.length * least));
  const pilots = plan.warmup === "auto" ? pilotsEach * plan.points.length + pilotsDeciding : 0;
  const seconds = (n: number): number =>
    (perReplication * (plan.points.length * n + pilots)) / lanes;
  return {
    points: plan.points.length,
    replications: {min: least, max},
    seconds: {min: seconds(least), max: seconds(max)},
  };
}

/** Wall time of one replication of a point [s]. */
function secondsOf(plan: Plan, point: number, simulate: Simulate): number {
  const system = systemAt(plan, point);
  const {seed, streams, executor} = plan;
  const options = {
    seed,
    replication: 0,
    point,
    streams,
    ...(executor === undefined ? {} : {executor}),
  };
  const time = (part: number): number => {
    const {duration, warmup} = system;
    const begun = performance.now();
    simulate({...system, duration: duration * part, warmup: warmup * part}, options);
    return performance.now() - begun;
  };
  let warming = compiling;
  let before = Number.POSITIVE_INFINITY;
  for (let part = shortest; ; ) {
    const elapsed = time(part);
    const whole = elapsed / part;
    const steady = warming <= 0 && whole > before / falls;
    if (steady && part === 1) return Math.min(whole, before) / 1000;
    if (steady && elapsed >= enough) {
      // What a run costs however short it is.
      const fixed = Math.min(elapsed, time(shortest));
      return (fixed + (elapsed - fixed) / (part - shortest)) / 1000;
    }
    warming -= elapsed;
    before = whole;
    if (elapsed < dear) part = Math.min(1, 4 * part);
  }
}
