import type {Plan} from "../plan/plan.ts";
import {pointText, systemAt} from "../plan/point.ts";
import {firstPilot, isPilot} from "./pilots.ts";
import type {ShardFailure} from "./shard.ts";

/** Which replication of which point failed, why, and how to run it alone; `finished` are kept. */
export function failureText(
  plan: Plan,
  {point, replication, reason}: ShardFailure,
  finished: number,
): string {
  const {name, seed, executor, warmup} = plan;
  const place = pointText(plan, point);
  const pilot = isPilot(replication);
  const what = pilot ? `pilot ${replication - firstPilot}` : `replication ${replication}`;
  const by = executor === undefined ? "" : ` --executor ${executor}`;
  // The warm-up that was chosen, so that nobody has to choose it again.
  const {warmup: after} = systemAt(plan, point);
  const set = warmup === undefined ? "" : ` --set warmup=${pilot ? 0 : after}ns`;
  return (
    `${what} of point ${point}${place === "" ? "" : ` (${place})`} of ` +
    `\`${name}\` failed: ${reason}. ` +
    `Run it alone with \`quiesce replicate FILE --experiment ${name} --seed ${seed} --point ${point} --replication ${replication}${by}${set}\`; ` +
    `the ${finished} replications that finished are kept`
  );
}
