// What a plan's control has come to, in words: what was controlled by what, and what that was worth.

import type {MeasureExpr} from "../plan/measure.ts";
import type {Control} from "../plan/plan.ts";
import {numberText} from "../plan/quantity-text.ts";
import type {RunResult} from "./result.ts";

/**
 * `controlled by the arrivals of thp: ...`, then `worth so many times the replications: sync 0.9 to 1.3, ipis exact; in differences sync 1`:
 * of a measure the least and the most over all points.
 */
export function controlTexts(control: Control, {measures, comparisons}: RunResult): string[] {
  const entities = entitiesIn(control.expr).map((entity) => `\`${entity}\``);
  const what =
    `controlled by the arrivals of ${entities.join(" and ")}: ` +
    "means over replications, their differences and ratios, verdicts and stopping rules";
  const gains = gainsOf(measures);
  const compared = gainsOf(comparisons);
  if (gains === "")
    return [`${what}; nothing could be, with fewer than 3 replications or none that vary`];
  const differences = compared === "" ? "" : `; in differences ${compared}`;
  return [what, `worth so many times the replications: ${gains}${differences}`];
}

function gainsOf(found: readonly {readonly measure: string; readonly gain?: number}[]): string {
  const known = new Map<string, number[]>();
  for (const {measure, gain} of found) {
    if (gain === undefined) continue;
    known.set(measure, [...(known.get(measure) ?? []), gain]);
  }
  return [...known]
    .map(([measure, gains]) => {
      const [least, most] = [gainText(Math.min(...gains)), gainText(Math.max(...gains))];
      return `\`${measure}\` ${least === most ? least : `${least} to ${most}`}`;
    })
    .join(", ");
}

function gainText(gain: number): string {
  return Number.isFinite(gain) ? numberText(gain, 2) : "exact";
}

function entitiesIn(expr: MeasureExpr): string[] {
  if (expr.op === "stat") return [expr.entity];
  if ("of" in expr) return entitiesIn(expr.of);
  return "left" in expr ? [...entitiesIn(expr.left), ...entitiesIn(expr.right)] : [];
}
