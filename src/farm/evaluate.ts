// From the ledger of a run to its result: measures at every point, paired comparisons, verdicts.

import {planHash} from "../plan/hash.ts";
import type {Measure} from "../plan/measure.ts";
import type {Column, Plan} from "../plan/plan.ts";
import {labelsAt, pointWith} from "../plan/point.ts";
import {version} from "../plan/version.ts";
import {meanInterval, pairedDifference} from "../stats/mean-interval.ts";
import {ratioInterval} from "../stats/ratio-interval.ts";
import {judge} from "./judge.ts";
import type {Ledger} from "./ledger.ts";
import type {ComparisonResult, MeasureResult, RunResult} from "./result.ts";
import type {Schedule} from "./schedule.ts";

/** The result of a run that ended as `ended`; a pure function of what is in the ledger. */
export function evaluate(
  ledger: Ledger,
  schedule: Schedule,
  ended: RunResult["ended"],
  failure?: string,
): RunResult {
  const {plan} = ledger;
  const measures = measuresIn(plan);
  return {
    plan,
    planHash: planHash(plan),
    version,
    points: plan.points.map((_, point) => {
      const replications = ledger.samplesOf(point);
      return {point, replications, until: schedule.precisionOf(point)};
    }),
    measures: measures.flatMap((measure) =>
      plan.points.map((_, point) => measured(measure, point, ledger)),
    ),
    comparisons: compared(measures, ledger),
    expectations: judge(ledger),
    ended,
    ...(failure === undefined ? {} : {failure}),
  };
}

/** Every measure that the plan names or shows in a table or plot, once each. */
export function measuresIn(plan: Plan): Measure[] {
  const found = new Map(plan.measures.map((measure) => [measure.name, measure]));
  for (const output of plan.outputs) {
    const columns: readonly (Column | undefined)[] =
      output.kind === "table"
        ? output.columns
        : output.kind === "plot"
          ? [...output.y, output.x]
          : [];
    for (const column of columns) {
      if (column?.kind === "measure" && !found.has(column.measure.name)) {
        found.set(column.measure.name, column.measure);
      }
    }
  }
  return [...found.values()];
}

function measured(measure: Measure, point: number, ledger: Ledger): MeasureResult {
  const perReplication = ledger.valuesOf(measure.expr, point);
  const known = perReplication.filter((value) => !Number.isNaN(value));
  const estimate = meanInterval(known, ledger.plan.confidence);
  return {measure: measure.name, point, perReplication, estimate};
}

function compared(measures: readonly Measure[], ledger: Ledger): ComparisonResult[] {
  const {plan} = ledger;
  const results: ComparisonResult[] = [];
  for (const {axis, against} of plan.compare) {
    plan.points.forEach((_, point) => {
      const baseline = pointWith(plan, point, {[axis]: against});
      if (baseline === undefined || labelsAt(plan, point)[axis] === against) return;
      for (const {name, expr} of measures) {
        const {left, right} = ledger.pairsOf(expr, point, expr, baseline);
        results.push({
          measure: name,
          point,
          against: baseline,
          difference: pairedDifference(left, right, plan.confidence),
          ratio: ratioInterval(left, right, plan.confidence),
        });
      }
    });
  }
  return results;
}
