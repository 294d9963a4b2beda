// What `run which` leaves behind for TypeScript cells: the variable `which`, with a type, so that a wrong property is an error before
// anything runs. Tables are made when they are asked for, and once.

import {fileURLToPath} from "node:url";
import type {ExpectationResult, RunResult} from "../../farm/result.ts";
import {type CountedViolation, violationsOf} from "../../farm/violations.ts";
import type {Plan} from "../../plan/plan.ts";
import {accountsTable} from "../../table/accounts-table.ts";
import {comparisonsTable, expectationsTable} from "../../table/comparisons-table.ts";
import {replicationsTable, runsTable} from "../../table/runs-table.ts";
import {samplesTable} from "../../table/samples-table.ts";
import {estimatesTable, summaryTable} from "../../table/summary-table.ts";
import {tableBundle} from "../display/table-bundle.ts";

/** An Arquero table. */
type Table = ReturnType<typeof runsTable>;

/** The result of an experiment, in a TypeScript cell. Times are in ns, sizes in bytes, rates in 1/s; names of columns say which. */
export interface RunVariable {
  /** Name of the experiment. */
  readonly name: string;
  /** The plan that was run: machine, system, policies, points, seed. */
  readonly plan: Plan;
  /** Everything the run recorded. */
  readonly result: RunResult;
  /** A row per point, replication and measure: the axes, `point`, `replication`, `seed`, `measure`, `unit`, `value`. */
  readonly runs: Table;
  /** A row per point and replication, a column a measure. */
  readonly replications: Table;
  /** A row per point and measure: `value` with the ends `lo` and `hi` of its interval, `n` replications. */
  readonly summary: Table;
  /** A row per point, a column a measure with its interval. */
  readonly estimates: Table;
  /** A row per point and measure compared with its baseline: `difference` and `ratio` with their intervals. */
  readonly comparisons: Table;
  /** Where the time of every class of CPUs went. */
  readonly accounts: Table;
  /** What became of each `expect`, with the measured values it was judged by. */
  readonly verdicts: readonly ExpectationResult[];
  /** The same as a table. */
  readonly expectations: Table;
  /** Safety violations by kind: how many, and the first with a `schedule` that `replay` runs again. */
  readonly violations: readonly CountedViolation[];
  /** A row per kept sample of a metric: `which.samples("khugepaged", "sync")`. Throws a RangeError that lists what there is. */
  samples(entity: string, metric: string): Table;
}

// By path and not by name: the notebook's folder may have another Quiesce, or one that is not built, and the value is made by this one.
const declarations = fileURLToPath(new URL("./run-variable", import.meta.url)).replaceAll(
  "\\",
  "/",
);

/** The type of the variable as TypeScript cells name it. */
export const runVariableType: string = `import('${declarations}').RunVariable`;

export function runVariable(result: RunResult): RunVariable {
  const made = new Map<(result: RunResult) => Table, Table>();
  const once = (make: (result: RunResult) => Table): Table => {
    const table = made.get(make) ?? make(result);
    made.set(make, table);
    return table;
  };
  const variable: RunVariable = {
    name: result.plan.name,
    plan: result.plan,
    result,
    get runs() {
      return once(runsTable);
    },
    get replications() {
      return once(replicationsTable);
    },
    get summary() {
      return once(summaryTable);
    },
    get estimates() {
      return once(estimatesTable);
    },
    get comparisons() {
      return once(comparisonsTable);
    },
    get accounts() {
      return once(accountsTable);
    },
    verdicts: result.expectations,
    get violations() {
      return violationsOf(result);
    },
    get expectations() {
      return once(expectationsTable);
    },
    samples: (entity, metric) => samplesTable(result, entity, metric),
  };
  return Object.defineProperty(variable, Symbol.for("Jupyter.display"), {
    value: () => tableBundle(estimatesTable(result), result.plan.name).data,
  });
}
