// Whether the measured part of a run still remembers its beginning. Series that kept all samples in order of time are averaged over the
// replications of a point; MSER-5 proposes where a transient might end, and a paired test over the replications decides whether the
// samples before it really differ from those after. Only a difference that chance makes once in 10,000 is reported: a run tests many.

import type {Samples} from "../record/samples.ts";
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
    const runs = replications.flatMap(({series}) => {
      const own = series.find((one) => one.entity === entity && one.metric === metric);
      return own?.exact === undefined || own.exact.length < enoughSamples ? [] : [own.exact];
    });
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
    found.push({
      entity,
      metric,
      point,
      drop,
      of,
      ratio: momentsOf(before).mean / momentsOf(after).mean,
    });
  }
  return found;
}
