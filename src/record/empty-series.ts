import type {Series} from "./samples.ts";

/** The series of a metric of which there is no sample. */
export function emptySeries(entity: string, metric: string): Series {
  return {entity, metric, count: 0, sum: 0, m2: 0, min: Number.NaN, max: Number.NaN};
}
