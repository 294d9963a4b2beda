// What both front ends say of an event, in the same words; how it is set is theirs.

import {fingerprintOf} from "../farm/fingerprint-of.ts";
import type {Replay} from "../farm/replay.ts";
import type {ExpectationResult, RunResult} from "../farm/result.ts";
import type {CheckProgress} from "../farm/run-check.ts";
import {violationsOf} from "../farm/violations.ts";
import {provenanceText} from "../figure/provenance.ts";
import {invariantTexts} from "../plan/invariants.ts";
import {pointText} from "../plan/point.ts";
import {quantityText} from "../plan/quantity-text.ts";
import type {SessionEvent} from "./events.ts";

/** `which: 4 points x 10..200 replications on 2 workers` */
export function estimateWords(event: Extract<SessionEvent, {kind: "estimate"}>): string {
  const {experiment, points, replications, pilots, workers} = event;
  const {min, max} = replications;
  const count = min === max ? `${min}` : `${min}..${max}`;
  const threads = workers === 0 ? "" : ` on ${workers} ${workers === 1 ? "worker" : "workers"}`;
  const before = pilots === 0 ? "" : ` after ${pilots} pilots each`;
  return `${experiment}: ${points} ${points === 1 ? "point" : "points"} x ${count} ${max === 1 ? "replication" : "replications"}${before}${threads}`;
}

/** Where a result comes from, and the fingerprint by which it is known again. */
export function resultWords(result: RunResult): string {
  return `${provenanceText(result)} · fingerprint ${fingerprintOf(result)}`;
}

/** `check tiny: case 2 of 4, 12,345 states, depth 17` */
export function checkingWords({scenario, casesDone, cases, states, depth}: CheckProgress): string {
  return `check ${scenario}: case ${casesDone + 1} of ${cases}, ${states.toLocaleString("en")} states, depth ${depth}`;
}

/** For each kind of safety violation that the timed runs met: how many, who was the first, and the schedule that shows it again. */
export function violationWords(result: RunResult): readonly string[] {
  return violationsOf(result).flatMap(({kind, count, schedule, ...first}) => {
    const {point, replication, walker, writer, cpu, time} = first;
    const where = pointText(result.plan, point);
    const at = [...(where === "" ? [] : [where]), `replication ${replication}`].join(", ");
    return [
      `${count} safety ${count === 1 ? "violation" : "violations"} in the timed runs: ${kind}, ${invariantTexts[kind]}`,
      `    first: walker ${walker} on CPU ${cpu} against writer ${writer} after ${quantityText(time, "ns")} (${at})`,
      ...(schedule === undefined ? [] : [`    replay: ${schedule}`]),
    ];
  });
}

/** What a replayed schedule came to: `I1, in the checker and in the timed engine: use after free.` */
export function replayedWords({violation}: Replay): string {
  return violation === undefined
    ? "Nothing is violated."
    : `${violation}, in the checker and in the timed engine: ${invariantTexts[violation]}.`;
}

/** ` (policy: rcu_sync)`: where an expectation was judged, as far as it does not say so itself. */
export function placeWords({where}: ExpectationResult): string {
  return where === "" ? "" : ` (${where})`;
}
