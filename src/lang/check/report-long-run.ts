// W505: a run whose estimate exceeds its budget, or an hour where it has none.

import type {Plan} from "../../plan/plan.ts";
import type {DeclaredAs} from "../environment.ts";
import {estimatedSeconds} from "../estimate.ts";
import {tell} from "../report.ts";
import {placeIn, type Scope} from "../scope.ts";

/** Wall-clock time above which a run without a `budget` is questioned, s. */
const patience = 3600;

export function reportLongRun(
  plan: Plan,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
  workers: number,
): void {
  const each = estimatedSeconds(plan.base);
  const seconds = (each * plan.points.length * plan.replications.max) / workers;
  const limit = plan.budget === undefined ? patience : plan.budget / 1e9;
  if (seconds <= limit) return;
  const experiment = chain.at(-1);
  if (experiment === undefined) return;
  const sweep = experiment.syntax.members.find((member) => member.kind === "sweep");
  const {min, max} = plan.replications;
  tell(
    scope.context.report,
    "W505",
    `${plan.points.length} points x ${min === max ? max : `${min}..${max}`} replications`,
    placeIn(
      scope,
      sweep === undefined ? experiment.at : {start: sweep.start, end: sweep.start + 5},
    ),
    `about ${durationText(seconds)} at ${secondsText(each)} each on ${workers} ${workers === 1 ? "worker" : "workers"}`,
    {help: "`sweep lhs 64`, or a limit: `budget: 20min`"},
  );
}

function durationText(seconds: number): string {
  if (seconds < 60) return secondsText(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function secondsText(seconds: number): string {
  return seconds < 1
    ? `${Number((seconds * 1000).toPrecision(2))} ms`
    : `${Number(seconds.toPrecision(2))} s`;
}
