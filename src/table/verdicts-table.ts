// What a check answered, a row a case.

import type {ColumnTable} from "arquero";
import {type CheckResult, safetyWord} from "../explore/verdict.ts";
import {columns} from "./columns.ts";

/**
 * A row per checked case. Columns: `policy` (the case's label), `verdict` (`safe`, `safe (vacuous)`, `UNSAFE`, `unknown`), `model`, `steps` of
 * the shortest counterexample, `reason`, `states`, `bound`, `expect`, `met`.
 */
export function verdictsTable(result: CheckResult): ColumnTable {
  const rows = columns([
    "policy",
    "verdict",
    "model",
    "steps",
    "reason",
    "states",
    "bound",
    "expect",
    "met",
  ]);
  for (const verdict of result.verdicts) {
    rows.push({
      policy: verdict.label,
      verdict: safetyWord(verdict),
      model: verdict.model,
      steps: verdict.counterexamples[0]?.steps.length,
      reason: verdict.reason,
      states: verdict.states,
      bound: verdict.bound,
      expect: verdict.expect,
      met: verdict.met,
    });
  }
  return rows.table();
}
