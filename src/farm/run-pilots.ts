// Runs the pilots of a plan and chooses its warm-up. First all points get a few; then the point that would decide gets more, until that
// which decides is one that has them. Which pilots are run follows from the plan and its seed alone, not from who runs them in what order.

import type {Plan} from "../plan/plan.ts";
import type {Samples} from "../record/samples.ts";
import {type ChosenWarmUp, chosenWarmUp, slowestPoint} from "./chosen-warm-up.ts";
import type {Crew} from "./crew.ts";
import {firstPilot, pilotsEach, pilotsMore} from "./pilots.ts";
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
  const pilots: Samples[][] = plan.points.map(() => []);
  const last = firstPilot + pilotsEach;
  const all = plan.points.map((_, point): Shard => ({point, from: firstPilot, to: last}));
  let done = 0;
  let planned = pilotsEach * plan.points.length + pilotsMore;
  const accept = (samples: Samples): void => {
    pilots[samples.point]?.push(samples);
    tell(++done, planned);
  };
  let failure = await runShards(all, crew, stopped, accept);
  if (failure !== undefined || stopped()) return failure === undefined ? {} : {failure};
  const settlings: Settling[] = pilots.map((own) => settlingOf(plan, own));
  for (;;) {
    const point = slowestPoint(plan, settlings);
    const own = pilots[point] as Samples[];
    if (own.length > pilotsEach || settlings[point]?.slowest === undefined) {
      return {chosen: chosenWarmUp(plan, settlings, own.length)};
    }
    planned = Math.max(planned, done + pilotsMore);
    const more = Array.from({length: pilotsMore}, (_, i): Shard => {
      return {point, from: last + i, to: last + i + 1};
    });
    failure = await runShards(more, crew, stopped, accept);
    if (failure !== undefined || stopped()) return failure === undefined ? {} : {failure};
    settlings[point] = settlingOf(plan, own);
  }
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
