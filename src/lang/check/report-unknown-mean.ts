// E513: `control: arrivals` where no writer's number of arrivals has a known mean.

import type {MeasureExpr} from "../../plan/measure.ts";
import type {Control, Plan} from "../../plan/plan.ts";
import {systemAt} from "../../plan/point.ts";
import type {Writer} from "../../plan/system.ts";
import type {DeclaredAs} from "../environment.ts";
import {tell} from "../report.ts";
import type {Scope} from "../scope.ts";
import {settingPlace} from "../setting-place.ts";

/**
 * The plan with its means controlled by the arrivals of all writers that arrive in a Poisson process at every point; as it was, and a report,
 * if there is none.
 */
export function withArrivals(
  plan: Plan,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): Plan {
  const systems = plan.points.map((_, point) => systemAt(plan, point));
  const writers = plan.base.writers.filter(({name}) =>
    systems.every((system) => whyUnknown(system.writers.find((one) => one.name === name)) === ""),
  );
  if (writers.length === 0) {
    const reasons = plan.base.writers.map(({name}) => {
      const why = systems.map((system) => {
        return whyUnknown(system.writers.find((one) => one.name === name));
      });
      return `writer \`${name}\` ${why.find((one) => one !== "")}`;
    });
    tell(
      scope.context.report,
      "E513",
      "it is not known how many operations are expected to arrive",
      settingPlace("control", chain, scope),
      reasons.join("; ") || "there is no writer",
      {help: "`every: exp(...)` without a bound on `operations`, or leave `control` out"},
    );
    return plan;
  }
  const arrivals = writers.map(({name}): MeasureExpr => {
    return {op: "stat", aggregator: "sum", entity: name, metric: "arrivals"};
  });
  const control: Control = {
    expr: arrivals.reduce((left, right) => ({op: "+", left, right})),
    known: systems.map((system) => {
      const measured = system.duration - system.warmup;
      return system.writers.reduce((sum, writer) => {
        const {cadence, name} = writer;
        if (!writers.some((one) => one.name === name)) return sum;
        if (cadence.kind !== "open" || cadence.gap.kind !== "exponential") return sum;
        return sum + measured / cadence.gap.mean;
      }, 0);
    }),
  };
  return {...plan, control};
}

/** Why a writer's expected number of arrivals is unknown; empty if it is not. */
function whyUnknown(writer: Writer | undefined): string {
  if (writer === undefined) return "is not there at every point";
  const {cadence, operations} = writer;
  if (cadence.kind === "any") return "has no cadence";
  if (cadence.kind === "closed") return "arrives when it has thought, not on its own";
  if (cadence.gap.kind !== "exponential")
    return `has ${cadence.gap.kind} gaps, not exponential ones`;
  return operations > 0 ? `stops after ${operations} operations` : "";
}
