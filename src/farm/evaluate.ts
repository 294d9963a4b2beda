// From the ledger of a run to its result: measures at every point, paired comparisons, verdicts.

import {planHash} from "../plan/hash.ts";
import type {Measure, MeasureExpr} from "../plan/measure.ts";
import type {Column, Plan} from "../plan/plan.ts";
import {labelsAt, pointWith} from "../plan/point.ts";
import {version} from "../plan/version.ts";
import {meanOf} from "../record/statistic.ts";
import {steadyInterval} from "../stats/batch-means.ts";
import {gainOf} from "../stats/control-variate.ts";
import type {Estimate} from "../stats/estimate.ts";
import {differences, pairedDifference} from "../stats/mean-interval.ts";
import {ratioInterval} from "../stats/ratio-interval.ts";
import {estimateOf} from "./estimate-of.ts";
import {judge} from "./judge.ts";
import type {Ledger} from "./ledger.ts";
import type {ComparisonResult, MeasureResult, RunResult} from "./result.ts";
import {pairedSampleOf, sampleOf} from "./sample.ts";
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

/** One measure at one point, from what the ledger holds. */
export function measured(measure: Measure, point: number, ledger: Ledger): MeasureResult {
  const perReplication = ledger.valuesOf(measure.expr, point);
  const known = perReplication.filter((value) => !Number.isNaN(value));
  const estimate =
    (known.length === 1 ? withinReplication(measure.expr, point, ledger) : undefined) ??
    estimateOf(ledger, measure.expr, point, ledger.plan.confidence);
  const {values, controls} = sampleOf(ledger, measure.expr, point);
  const gain = gainOf(values, controls);
  const base = {measure: measure.name, point, perReplication, estimate};
  return Number.isNaN(gain) ? base : {...base, gain};
}

// The mean of one metric in the only replication there is, from its samples in order of time.
function withinReplication(expr: MeasureExpr, point: number, ledger: Ledger): Estimate | undefined {
  if (expr.op !== "stat" || expr.aggregator !== "mean") return undefined;
  const [samples] = ledger.samplesOf(point);
  const series = samples?.series.find(
    (one) => one.entity === expr.entity && one.metric === expr.metric,
  );
  if (series?.batches === undefined) return undefined;
  const interval = steadyInterval(series.batches.means, ledger.plan.confidence);
  // The interval is of all full batches; the mean may as well be of all samples.
  return interval && {...interval, mean: meanOf(series), n: 1};
}

function compared(measures: readonly Measure[], ledger: Ledger): ComparisonResult[] {
  const {plan} = ledger;
  const results: ComparisonResult[] = [];
  for (const {axis, against} of plan.compare) {
    plan.points.forEach((_, point) => {
      const baseline = pointWith(plan, point, {[axis]: against});
      if (baseline === undefined || labelsAt(plan, point)[axis] === against) return;
      for (const {name, expr} of measures) {
        const {left, right, controls} = pairedSampleOf(ledger, expr, point, expr, baseline);
        const gain = gainOf(differences(left, right), controls);
        results.push({
          measure: name,
          point,
          against: baseline,
          difference: pairedDifference(left, right, plan.confidence, controls),
          ratio: ratioInterval(left, right, plan.confidence, controls),
          ...(Number.isNaN(gain) ? {} : {gain}),
        });
      }
    });
  }
  return results;
}
