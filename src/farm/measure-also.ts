// A table or plot that is asked for after the run may show what no measure of the plan named; the samples that were kept answer it.

import {canonicalJson} from "../plan/hash.ts";
import type {Output} from "../plan/plan.ts";
import {measured, measuresIn} from "./evaluate.ts";
import {Ledger} from "./ledger.ts";
import type {RunResult} from "./result.ts";

/**
 * The result with the measures that `output` shows, and with `output` among those of its plan; the plan's hash stays that of what ran.
 * Of very many replications only some are kept whole, and a quantile is then an estimate from those.
 */
export function measureAlso(result: RunResult, output: Output): RunResult {
  const asked = result.plan.outputs.some((one) => canonicalJson(one) === canonicalJson(output));
  const plan = asked ? result.plan : {...result.plan, outputs: [...result.plan.outputs, output]};
  const known = new Set(result.measures.map((one) => one.measure));
  const fresh = measuresIn(plan).filter((measure) => !known.has(measure.name));
  if (fresh.length === 0) return {...result, plan};
  const ledger = new Ledger(plan);
  for (const point of result.points) for (const samples of point.replications) ledger.add(samples);
  return {
    ...result,
    plan,
    measures: [
      ...result.measures,
      ...fresh.flatMap((measure) =>
        plan.points.map((_, point) => measured(measure, point, ledger)),
      ),
    ],
  };
}
