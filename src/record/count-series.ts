import type {Series} from "./samples.ts";

/** The series of a `count` metric: one number per replication. */
export function countSeries(entity: string, metric: string, total: number): Series {
  return {entity, metric, count: 1, sum: total, m2: 0, min: total, max: total};
}
