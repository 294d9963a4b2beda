// A table or plot that is asked for after a run may name measures the plan did not have. They are evaluated here from what the run kept
// of its replications, by the same rules as those of the plan.

import type {MeasureResult, RunResult} from "../farm/result.ts";
import type {Measure} from "../plan/measure.ts";
import type {Output} from "../plan/plan.ts";
import {pointWith} from "../plan/point.ts";
import {type MeasureScope, measureOf, statisticOf} from "../record/measure.ts";
import type {Samples} from "../record/samples.ts";
import {meanInterval} from "../stats/mean-interval.ts";
import {outputMeasures} from "./measures-of.ts";

/**
 * The result with every measure that `output` shows evaluated; the same object when nothing was missing. Quantiles of a late measure
 * rest on the replications that were kept whole: the first ones of each point.
 */
export function withMeasures(result: RunResult, output: Output): RunResult {
  const known = new Set(result.measures.map((measured) => measured.measure));
  const missing = new Map<string, Measure>();
  for (const measure of outputMeasures(output)) {
    if (!known.has(measure.name)) missing.set(measure.name, measure);
  }
  const added = [...missing.values()];
  if (added.length === 0) return result;
  return {
    ...result,
    plan: {...result.plan, measures: [...result.plan.measures, ...added]},
    measures: [
      ...result.measures,
      ...added.flatMap((measure) =>
        result.points.map(({point}) => evaluated(result, measure, point)),
      ),
    ],
  };
}

function evaluated(result: RunResult, measure: Measure, point: number): MeasureResult {
  const perReplication = Float64Array.from(result.points[point].replications, (samples) =>
    measureOf(measure.expr, scopeOf(result, point, samples)),
  );
  const numbers = perReplication.filter((value) => !Number.isNaN(value));
  const estimate = meanInterval(numbers, result.plan.confidence);
  return {measure: measure.name, point, perReplication, estimate};
}

function scopeOf(result: RunResult, point: number, samples: Samples): MeasureScope {
  const {plan} = result;
  return {
    statistic: (expr) => statisticOf(expr, samples),
    axis: (path) => {
      const axis = plan.axes.findIndex((one) => one.path === path);
      return plan.axes[axis]?.values[plan.points[point].at[axis]]?.value ?? Number.NaN;
    },
    at: (select) => {
      const other = pointWith(plan, point, select);
      if (other === undefined) return undefined;
      const same = result.points[other]?.replications.find(
        (candidate) => candidate.replication === samples.replication,
      );
      return same === undefined ? undefined : scopeOf(result, other, same);
    },
  };
}
