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

// Where nothing happened in a part, so many are joined; with fewer parts than at the last step nothing can be told.
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
    const {parts, settled} = transientEnd(curve.values);
    const share = Math.min(0.5, (curve.before + parts) / (curve.before + curve.values.length));
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

interface Curve {
  readonly values: Float64Array;
  /** Parts before these, in which nothing happened yet. */
  readonly before: number;
}

/** Welch's average over the pilots; undefined where too little happened. */
function curveOf(statistic: Statistic, pilots: readonly Samples[]): Curve | undefined {
  const {entity, metric} = statistic;
  const slices = pilots.flatMap(({slices}) => {
    const own = slices?.find((one) => one.entity === entity && one.metric === metric);
    return own === undefined ? [] : [own];
  });
  const counted = shapeOf(metric) === "count";
  // Of what is counted, how often it happened is the quantity itself.
  const happened = (from: number, to: number): number =>
    sum(slices, counted ? "sums" : "counts", from, to);
  if (slices.length === 0) return undefined;
  // Never, at no time: that has settled from the beginning.
  if (counted && happened(0, pilotParts) === 0) return {values: new Float64Array(4), before: 0};
  for (const size of joined) {
    const parts = Array.from({length: pilotParts / size}, (_, part) => part * size);
    const before = parts.findIndex((from) => happened(from, from + size) !== 0);
    if (before < 0 || before > mostEmpty * parts.length) continue;
    const values = Float64Array.from(parts.slice(before), (from) => {
      const many = happened(from, from + size);
      if (many === 0) return Number.NaN;
      return counted || asksNumber(statistic)
        ? many
        : sum(slices, "sums", from, from + size) / many;
    });
    if (!values.some(Number.isNaN)) return {values, before};
  }
  return undefined;
}

function sum(slices: readonly Slices[], of: "counts" | "sums", from: number, to: number): number {
  let total = 0;
  for (const one of slices) for (let i = from; i < to; i++) total += one[of][i] as number;
  return total;
}
