// Where a picture's numbers come from, in one line of small print: enough to make them again.

import type {CheckResult, Verdict} from "../explore/verdict.ts";
import {executorText} from "../farm/executor-text.ts";
import type {RunResult} from "../farm/result.ts";
import {quantityText} from "../plan/quantity-text.ts";
import {version} from "../plan/version.ts";
import {countText} from "./text.ts";

/** `quiesce 0.1.0 · plan 5e0c1a9b · seed 42 · 40 replications · intervals at 95 %`. */
export function provenanceText(result: RunResult): string {
  const counts = result.points.map((point) => point.replications.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const replications =
    least === most ? countText(most, "replication") : `${least} to ${most} replications`;
  const parts = [
    `quiesce ${result.version}`,
    `experiment ${result.plan.name}`,
    `plan ${result.planHash.slice(0, 12)}`,
    `seed ${result.plan.seed}`,
    replications,
    `intervals at ${Number((100 * result.plan.confidence).toPrecision(6))} %`,
  ];
  if (result.warmUp !== undefined) {
    parts.push(`warm-up ${quantityText(result.warmUp.warmup, "ns")} chosen by pilots`);
  }
  if (result.plan.control !== undefined) parts.push("means controlled by arrivals");
  const executor = executorText(result);
  if (executor !== undefined) parts.push(executor);
  if (result.ended !== "complete") parts.push(`ended early: ${result.ended}`);
  return parts.join(" · ");
}

/** `quiesce 0.1.0 · check safety of tiny · tracked_v4 · TSO, 52,109 states`; the whole bound is too long for a line of small print. */
export function checkProvenance(result: CheckResult, verdict: Verdict): string {
  return `quiesce ${version} · check ${result.property} of ${result.scenario} · ${verdict.label} · ${verdict.model.toUpperCase()}, ${verdict.states.toLocaleString("en")} states`;
}
