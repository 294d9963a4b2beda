// Where what a plan measures settles at a point, read from the slices of its pilots.

import type {Plan} from "../plan/plan.ts";
import {statisticsOf} from "../plan/plan.ts";
import {type Statistic, shapeOf} from "../record/measure.ts";
import type {Samples, Slices} from "../record/samples.ts";
import {transientEnd} from "../stats/transient-end.ts";
import {pilotParts} from "./pilots.ts";

export interface Settling {
  /** Share of the duration after which the slowest of what is measured has settled; half where it has not. */
  readonly share: number;
  readonly settled: boolean;
  /** The slowest, `thp.sync` or `rate(thp.sync)`; absent where nothing could be judged. */
  readonly slowest?: string;
  /** What has too few samples to be judged. */
  readonly unjudged: readonly string[];
}

// Where a part would be without a sample, so many are joined; with fewer parts than at the last step nothing can be told.
const joined = [1, 2, 5, 10];
/** This share of the parts may be empty at the beginning: nothing has ended yet. They belong to the transient. */
const mostEmpty = 0.25;

/** From all pilots of one point, in any order. */
export function settlingOf(plan: Plan, pilots: readonly Samples[]): Settling {
  const inOrder = pilots.toSorted((a, b) => a.replication - b.replication);
  const unjudged: string[] = [];
  let found: Settling = {share: 0, settled: true, unjudged};
  for (const [name, statistic] of curvesOf(plan)) {
    const curve = curveOf(statistic, inOrder);
    if (curve === undefined) {
      unjudged.push(name);
      continue;
    }
    const empty = curve.findIndex((value) => !Number.isNaN(value));
    const {parts, settled} = transientEnd(curve.subarray(empty));
    const share = Math.min(0.5, (empty + parts) / curve.length);
    if (found.slowest === undefined || (found.settled && !settled) || share > found.share) {
      found = {share, settled: found.settled && settled, slowest: name, unjudged};
    }
  }
  return found;
}

/** What is looked at, each once: the mean of a metric for whatever is asked of its values, the rate where the number is asked for. */
function curvesOf(plan: Plan): Map<string, Statistic> {
  const found = new Map<string, Statistic>();
  for (const statistic of statisticsOf(plan)) {
    const {entity, metric} = statistic;
    const name = asksNumber(statistic) ? `rate(${entity}.${metric})` : `${entity}.${metric}`;
    if (!found.has(name)) found.set(name, statistic);
  }
  return found;
}

function asksNumber({aggregator, metric}: Statistic): boolean {
  const shape = shapeOf(metric);
  return shape === "stream" && (aggregator === "rate" || aggregator === "count");
}

/** Welch's average over the pilots; undefined where there are too few samples. */
function curveOf(statistic: Statistic, pilots: readonly Samples[]): Float64Array | undefined {
  const {entity, metric} = statistic;
  const slices = pilots.flatMap(({slices}) => {
    const own = slices?.find((one) => one.entity === entity && one.metric === metric);
    return own === undefined ? [] : [own];
  });
  if (slices.length === 0) return undefined;
  const total = (of: "counts" | "sums", from: number, to: number): number =>
    sum(slices, of, from, to);
  for (const size of joined) {
    const parts = pilotParts / size;
    const curve = Float64Array.from({length: parts}, (_, part) => {
      const [from, to] = [part * size, (part + 1) * size];
      if (shapeOf(metric) === "count") return total("sums", from, to);
      const count = total("counts", from, to);
      return asksNumber(statistic) ? count : total("sums", from, to) / count;
    });
    const empty = curve.findIndex((value) => !Number.isNaN(value));
    if (empty < 0 || empty > mostEmpty * parts) continue;
    if (curve.subarray(empty).every(Number.isFinite)) return curve;
  }
  return undefined;
}

function sum(slices: readonly Slices[], of: "counts" | "sums", from: number, to: number): number {
  let total = 0;
  for (const one of slices) for (let i = from; i < to; i++) total += one[of][i] as number;
  return total;
}
