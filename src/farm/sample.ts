// What is estimated from: the values of a measure, or the pairs of two, one of each replication that has data, and the controls that go
// with them.
//
// A plan's control is known at every point. A measure that reads several points (`s / s[policy: x]`), a difference and a ratio are controlled by
// what happened at all the points they read, of which `stats/adjusted.ts` counts those once that are the same: under common random
// numbers all policies meet the same arrivals.

import type {MeasureExpr} from "../plan/measure.ts";
import type {ControlVariate} from "../stats/adjusted.ts";
import type {Ledger} from "./ledger.ts";
import {pointsRead} from "./points-read.ts";

export interface Sample {
  readonly values: Float64Array;
  readonly controls: readonly ControlVariate[];
}

export interface PairedSample {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly controls: readonly ControlVariate[];
}

/** Of the replications below `end` that have data. */
export function sampleOf(
  ledger: Ledger,
  expr: MeasureExpr,
  point: number,
  end: number = Number.POSITIVE_INFINITY,
): Sample {
  const known = ledger
    .replicationsOf(point)
    .filter((one) => one < end && !Number.isNaN(ledger.valueOf(expr, point, one)));
  return {
    values: Float64Array.from(known, (one) => ledger.valueOf(expr, point, one)),
    controls: controlsAt(ledger, pointsRead(expr, point, ledger.plan), known),
  };
}

/** Of the replications that have data for both measures. */
export function pairedSampleOf(
  ledger: Ledger,
  left: MeasureExpr,
  leftPoint: number,
  right: MeasureExpr,
  rightPoint: number,
): PairedSample {
  const {left: a, right: b, replications} = ledger.pairsOf(left, leftPoint, right, rightPoint);
  const points = new Set([
    ...pointsRead(left, leftPoint, ledger.plan),
    ...pointsRead(right, rightPoint, ledger.plan),
  ]);
  return {left: a, right: b, controls: controlsAt(ledger, [...points], replications)};
}

function controlsAt(
  ledger: Ledger,
  points: readonly number[],
  replications: readonly number[],
): ControlVariate[] {
  const {control} = ledger.plan;
  if (control === undefined) return [];
  return points.map((point) => ({
    values: Float64Array.from(replications, (one) => ledger.valueOf(control.expr, point, one)),
    known: control.known[point] as number,
  }));
}
