// What `check safety of tiny` leaves behind for TypeScript cells: the variable `tiny`, with a type. The checks of one cell are one variable, so
// that a scenario under several models, or for safety and for deadlock, is one table; those of a later cell take their place.

import {fileURLToPath} from "node:url";
import type {CheckResult, Verdict} from "../../explore/verdict.ts";
import type {Replay} from "../../farm/replay.ts";
import {verdictsTable} from "../../table/verdicts-table.ts";
import {replayBundle} from "../display/replay-bundle.ts";
import {tableBundle} from "../display/table-bundle.ts";

/** An Arquero table. */
type Table = ReturnType<typeof verdictsTable>;

/** What the checks of a scenario answered, in a TypeScript cell. */
export interface CheckVariable {
  /** Name of the scenario. */
  readonly name: string;
  /** What each check answered: verdicts with counterexamples, explanation, necessity and repairs. */
  readonly checks: readonly CheckResult[];
  /** The verdicts of all checks, in order. */
  readonly cases: readonly Verdict[];
  /**
   * A row per case: `scenario`, `property`, `policy`, `verdict` (`safe`, `safe (vacuous)`, `UNSAFE`, `unknown`), `model`, `steps` of the shortest
   * counterexample, `reason`, `states`, `bound`, `expect`, `met`, and the `schedule` that runs the counterexample again.
   */
  readonly verdicts: Table;
  /**
   * Runs a schedule again, in the checker and in the timed engine, in the first case in which it violates something, or
   * else in which all its steps are possible; with a policy, only in cases of that. Throws a
   * RangeError that names the step that is not possible.
   */
  replay(schedule: string, policy?: string): Replay;
}

// By path and not by name: the notebook's folder may have another Quiesce, or one that is not built, and the value is made by this one.
const declarations = fileURLToPath(new URL("./check-variable", import.meta.url)).replaceAll(
  "\\",
  "/",
);

/** The type of the variable as TypeScript cells name it. */
export const checkVariableType: string = `import('${declarations}').CheckVariable`;

const shown: string[] = [
  "property",
  "policy",
  "model",
  "verdict",
  "states",
  "steps",
  "reason",
  "met",
];

const display: symbol = Symbol.for("Jupyter.display");

export function checkVariable(
  name: string,
  checks: readonly CheckResult[],
  replay: (schedule: string, policy?: string) => Replay,
): CheckVariable {
  let verdicts: Table | undefined;
  const variable: CheckVariable = {
    name,
    checks,
    cases: checks.flatMap((check) => check.verdicts),
    get verdicts() {
      verdicts ??= verdictsTable(checks);
      return verdicts;
    },
    replay(schedule, policy) {
      const replayed = {...replay(schedule, policy)};
      return Object.defineProperty(replayed, display, {value: () => replayBundle(replayed).data});
    },
  };
  return Object.defineProperty(variable, display, {
    // Bounds and schedules are long, and a page is not wide.
    value: () => tableBundle(variable.verdicts.select(shown), name).data,
  });
}
