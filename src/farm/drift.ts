// Whether the measured part of a run still remembers its beginning. Samples in order of time (all of a short stream, batch means of a long
// one) are averaged over the replications of a point; MSER-5 proposes where a transient might end, and a paired test over the replications decides whether the
// samples before it really differ from those after. Only a difference that chance makes once in 10,000 is reported: a run tests many.

import type {Samples, Series} from "../record/samples.ts";
import {batchMeans} from "../stats/batch-means.ts";
import {momentsOf} from "../stats/moments.ts";
import {signTest} from "../stats/t-test.ts";
import {warmUp} from "../stats/warm-up.ts";

export interface Drift {
  readonly entity: string;
  readonly metric: string;
  readonly point: number;
  /** Samples at the beginning that differ from the rest, of so many. */
  readonly drop: number;
  readonly of: number;
  /** Mean of the beginning over that of the rest. */
  readonly ratio: number;
}

const enoughSamples = 50;
const enoughReplications = 5;
const chance = 1e-4;

/** The drifts at one point, from its replications. */
export function driftsOf(point: number, replications: readonly Samples[]): Drift[] {
  const found: Drift[] = [];
  for (const {entity, metric} of replications[0]?.series ?? []) {
    const series = replications.flatMap(({series}) => {
      const own = series.find((one) => one.entity === entity && one.metric === metric);
      return own === undefined ? [] : [own];
    });
    const {size, runs} = alike(series);
    if (runs.length < enoughReplications) continue;
    const of = Math.min(...runs.map((run) => run.length));
    const average = Float64Array.from(
      {length: of},
      (_, i) => runs.reduce((sum, run) => sum + (run[i] as number), 0) / runs.length,
    );
    const {drop} = warmUp(average);
    if (drop === 0) continue;
    const before = runs.map((run) => momentsOf(run.subarray(0, drop)).mean);
    const after = runs.map((run) => momentsOf(run.subarray(drop, of)).mean);
    const {below, above} = signTest(before.map((value, i) => value - (after[i] as number)));
    if (2 * Math.min(below, above) > chance) continue;
    const ratio = momentsOf(before).mean / momentsOf(after).mean;
    found.push({entity, metric, point, drop: drop * size, of: of * size, ratio});
  }
  return found;
}

/** The runs of several replications in batches of one size: that of the longest. Those that are too short for it are left out. */
function alike(series: readonly Series[]): {readonly size: number; readonly runs: Float64Array[]} {
  const size = Math.max(1, ...series.map((one) => one.batches?.size ?? 1));
  const runs = series.flatMap(({batches, exact}) => {
    let means = batches?.means ?? exact;
    if (means === undefined) return [];
    for (let own = batches?.size ?? 1; own < size; own *= 2) {
      means = batchMeans(means.subarray(0, means.length & ~1), means.length >> 1);
    }
    return means.length < enoughSamples ? [] : [means];
  });
  return {size, runs};
}
