// Runs the pilots of a plan and chooses its warm-up. First all points get a few; then the point that would decide gets many, until that
// which decides is one that has had them. Which pilots are run follows from the plan and its seed alone, not from who runs them in what
// order. Of a point only what came of its pilots is kept, so that a large sweep fits in memory; the few are run again among the many.

import type {Plan} from "../plan/plan.ts";
import type {Samples} from "../record/samples.ts";
import {type ChosenWarmUp, chosenWarmUp, slowestPoint} from "./chosen-warm-up.ts";
import type {Crew} from "./crew.ts";
import {firstPilot, pilotsDeciding, pilotsEach} from "./pilots.ts";
import {type Settling, settlingOf} from "./settling.ts";
import type {Shard, ShardFailure} from "./shard.ts";

/** What came of them: a choice, the failure of one, or neither when the crew was stopped. */
export interface PilotsEnd {
  readonly chosen?: ChosenWarmUp;
  readonly failure?: ShardFailure;
}

// Shards of one job take about this long.
const jobTime = 50; // ms

/** `tell` is called with the pilots that have finished, and how many there will be as far as is known. */
export async function runPilots(
  plan: Plan,
  crew: Crew,
  stopped: () => boolean,
  tell: (done: number, planned: number) => void,
): Promise<PilotsEnd> {
  const settlings: Settling[] = [];
  const underWay = new Map<number, Samples[]>();
  let wanted = pilotsEach;
  let done = 0;
  let planned = pilotsEach * plan.points.length + pilotsDeciding;
  const accept = (samples: Samples): void => {
    const {point} = samples;
    const own = [...(underWay.get(point) ?? []), samples];
    underWay.set(point, own);
    if (own.length === wanted) {
      settlings[point] = settlingOf(plan, own);
      underWay.delete(point);
    }
    tell(++done, planned);
  };
  const all = plan.points.map((_, point): Shard => {
    return {point, from: firstPilot, to: firstPilot + pilotsEach};
  });
  let failure = await runShards(all, crew, stopped, accept);
  wanted = pilotsDeciding;
  for (const sure = new Set<number>(); failure === undefined && !stopped(); ) {
    const point = slowestPoint(plan, settlings);
    const judged = settlings[point]?.slowest !== undefined;
    if (sure.has(point) || !judged) {
      return {chosen: chosenWarmUp(plan, settlings, judged ? pilotsDeciding : pilotsEach)};
    }
    sure.add(point);
    planned = Math.max(planned, done + pilotsDeciding);
    const many = Array.from({length: pilotsDeciding}, (_, i): Shard => {
      return {point, from: firstPilot + i, to: firstPilot + i + 1};
    });
    failure = await runShards(many, crew, stopped, accept);
  }
  return failure === undefined ? {} : {failure};
}

/** Hands shards to a crew until none is left, one fails or it is stopped; of several failures the first in their order. */
async function runShards(
  shards: readonly Shard[],
  crew: Crew,
  stopped: () => boolean,
  accept: (samples: Samples) => void,
): Promise<ShardFailure | undefined> {
  const failures: ShardFailure[] = [];
  let next = 0;
  let spent = 0;
  let timed = 0;
  const lane = async (): Promise<void> => {
    while (next < shards.length && failures.length === 0 && !stopped()) {
      const pace = timed === 0 ? jobTime : spent / timed;
      const share = Math.ceil((shards.length - next) / (2 * crew.width));
      const size = Math.max(1, Math.min(share, Math.floor(jobTime / Math.max(pace, 1e-3))));
      const own = shards.slice(next, next + size);
      next += size;
      const {elapsed, failure} = await crew.run(own, accept);
      spent += elapsed.reduce((sum, time) => sum + time, 0);
      timed += elapsed.length;
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({length: crew.width}, lane));
  return failures.sort((a, b) => a.point - b.point || a.replication - b.replication)[0];
}
