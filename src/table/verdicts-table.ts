// What checks answered, a row a case.

import type {ColumnTable} from "arquero";
import {type CheckResult, safetyWord} from "../explore/verdict.ts";
import {columns} from "./columns.ts";

/**
 * A row per checked case of one result or of several. Columns: `scenario`, `property`, `policy` (the case's label), `verdict` (`safe`,
 * `safe (vacuous)`, `UNSAFE`, `unknown`), `model`, `steps` of the shortest counterexample, `reason`, `states`, `bound`, `expect`, `met`, and
 * `schedule`, which runs that counterexample again; without a counterexample, and under LKMM, whose executions have no order, there is none.
 */
export function verdictsTable(results: CheckResult | readonly CheckResult[]): ColumnTable {
  const rows = columns([
    "scenario",
    "property",
    "policy",
    "verdict",
    "model",
    "steps",
    "reason",
    "states",
    "bound",
    "expect",
    "met",
    "schedule",
  ]);
  for (const {scenario, verdicts} of [results].flat()) {
    for (const verdict of verdicts) {
      const [trace] = verdict.counterexamples;
      rows.push({
        scenario,
        property: verdict.property,
        policy: verdict.label,
        verdict: safetyWord(verdict),
        model: verdict.model,
        steps: trace?.steps.length,
        reason: verdict.reason,
        states: verdict.states,
        bound: verdict.bound,
        expect: verdict.expect,
        met: verdict.met,
        schedule: trace?.schedule === "" ? undefined : trace?.schedule,
      });
    }
  }
  return rows.table();
}
