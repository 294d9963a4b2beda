// What an executor that passes over walks really did, point by point. Where it passed over none, the point is that of the lazy executor,
// bit for bit.

import {pointText} from "../plan/point.ts";
import type {RunResult} from "./result.ts";

/** For the line that says where numbers come from; undefined where every walk was to be walked anyway. */
export function executorText(result: RunResult): string | undefined {
  const {executor} = result.plan;
  if (executor !== "closed" && executor !== "equilibrium") return undefined;
  const run = result.points.filter(({replications}) => replications.length > 0);
  const walked = walkedPoints(result).length;
  const form = executor === "closed" ? "closed form" : "walkers in equilibrium";
  if (walked > 0 && walked === run.length) return `${form} asked for, every walk walked`;
  const where = walked === 0 ? "" : ` at ${run.length - walked} of ${run.length} points`;
  return executor === "closed"
    ? `closed form${where}: equal in law`
    : `walkers in equilibrium${where}: equal in law, their time in accounts expected`;
}

/** Where walks were walked although they need not have been, one sentence. */
export function walkedNotes(result: RunResult): string[] {
  const walked = walkedPoints(result);
  const [first] = walked;
  if (first === undefined) return [];
  const where = pointText(result.plan, first);
  const points =
    result.points.length === 1
      ? ""
      : walked.length === 1
        ? ` at ${where}`
        : ` at ${walked.length} of ${result.points.length} points (the first is ${where})`;
  return [
    `\`executor: ${result.plan.executor}\` passed over nothing${points}: hooks that depend on the moment or cost a random time, and ` +
      "mmap_lock with several readers, make walks be stepped; these are the numbers of `executor: lazy`",
  ];
}

/** Points that have run and where no walk was passed over. */
function walkedPoints({plan, points}: RunResult): number[] {
  if (plan.executor !== "closed" && plan.executor !== "equilibrium") return [];
  return points.flatMap(({point, replications: [first]}) =>
    first !== undefined && first.passed === undefined ? [point] : [],
  );
}
