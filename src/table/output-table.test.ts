import assert from "node:assert/strict";
import {it} from "node:test";
import * as aq from "arquero";
import type {Measure} from "../plan/measure.ts";
import type {Column} from "../plan/plan.ts";
import {measureColumn} from "./column-name.ts";
import {outputTable, type TableOutput} from "./output-table.ts";
import {replicationsTable} from "./runs-table.ts";
import {estimatesTable} from "./summary-table.ts";
import {syncMeasure, syntheticRun, taxMeasure} from "./synthetic-run.contract.ts";

const run = syntheticRun();
const of = (...measures: (typeof syncMeasure)[]): Column[] =>
  measures.map((measure) => ({kind: "measure", measure}));
const table = (rest: Partial<TableOutput>): TableOutput => ({
  kind: "table",
  columns: of(syncMeasure),
  by: [],
  options: {},
  ...rest,
});

it("has a row a point and only the axes that vary when nothing is said", () => {
  const made = outputTable(table({points: [0, 3, 6]}), run);
  assert.deepEqual(made.table.columnNames(), [
    "policy",
    "sync_ns",
    "sync_lo_ns",
    "sync_hi_ns",
    "n",
  ]);
  assert.equal(made.table.numRows(), 3);
  assert.deepEqual(made.notes, []);
});

it("averages within replications over the axes that `by` leaves out, and says so", () => {
  const made = outputTable(table({by: ["policy"], columns: of(syncMeasure, taxMeasure)}), run);
  assert.equal(made.table.numRows(), 3);
  assert.deepEqual(made.notes, ["averaged over readers"]);
  const runs = replicationsTable(run).filter("d => d.policy === 'rcu_sync'");
  const values = [...(runs.array("sync_ns") as Iterable<number>)];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const row = made.table.filter("d => d.policy === 'rcu_sync'").object() as Record<string, number>;
  assert.ok(Math.abs(row.sync_ns - mean) < 1e-6 * mean);
  assert.equal(row.n, 5);
  assert.ok(row.sync_lo_ns < row.sync_ns && row.sync_ns < row.sync_hi_ns);
});

it("leaves replications out of an average that not every joined point has", () => {
  const more = {
    ...run,
    points: run.points.map((p, i) =>
      i === 0 ? p : {...p, replications: p.replications.slice(0, 3)},
    ),
    measures: run.measures.map((m) =>
      m.point === 0 ? m : {...m, perReplication: m.perReplication.slice(0, 3)},
    ),
  };
  const made = outputTable(table({by: ["policy"]}), more);
  assert.deepEqual([...(made.table.array("n") as number[])], [3, 3, 3]);
});

it("sorts both ways, by measures and by axes", () => {
  const up = outputTable(table({options: {sort: "sync"}}), run).table.array("sync_ns") as number[];
  assert.deepEqual(
    [...up],
    [...up].sort((a, b) => a - b),
  );
  const down = outputTable(table({options: {sort: "readers", order: "descending"}}), run).table;
  assert.equal(down.get("readers", 0), 64);
});

it("shows verbs that make the same table", () => {
  for (const output of [
    table({points: [1, 2], options: {sort: "sync", order: "descending", limit: 1}}),
    table({by: ["readers"]}),
  ]) {
    const made = outputTable(output, run);
    const program = new Function(
      "result",
      "estimatesTable",
      "replicationsTable",
      "desc",
      "op",
      `return ${made.verbs}`,
    );
    const again = program(run, estimatesTable, replicationsTable, aq.desc, aq.op) as aq.ColumnTable;
    assert.deepEqual(again.objects(), made.table.objects());
  }
});

it("evaluates a measure the plan did not have from what the run kept", () => {
  const median: Measure = {
    name: "p50(thp.sync) against broadcast",
    unit: "1",
    expr: {
      op: "/",
      left: {op: "stat", aggregator: "quantile", entity: "thp", metric: "sync", q: 0.5},
      right: {
        op: "at",
        select: {policy: "broadcast_ipi"},
        of: {op: "stat", aggregator: "quantile", entity: "thp", metric: "sync", q: 0.5},
      },
    },
  };
  const made = outputTable(table({columns: of(median), points: [0, 3]}), run).table;
  const [own, targeted] = made.array("p50_thp_sync_against_broadcast") as number[];
  assert.equal(own, 1);
  assert.ok(targeted > 0.03 && targeted < 0.1, `${targeted}`);
});

it("says what there is when asked for what is not", () => {
  assert.throws(
    () => outputTable(table({by: ["reader"]}), run),
    /no axis `reader`; it has: policy, readers/,
  );
  assert.throws(
    () => outputTable(table({options: {sort: "tax"}}), run),
    /no column `tax`; it has: policy, readers, sync/,
  );
  assert.throws(
    () => outputTable(table({options: {colour: 1}}), run),
    /no option `colour`; it has: sort/,
  );
  assert.throws(
    () => outputTable(table({columns: [{kind: "metric", entity: "thp", metric: "sync"}]}), run),
    /write mean\(thp\.sync\) or p99\(thp\.sync\)/,
  );
});

it("keeps a measure called `n` apart from the number of replications, and from the ends of intervals", () => {
  const renamed = (from: string, to: string): typeof run => ({
    ...run,
    plan: {
      ...run.plan,
      measures: run.plan.measures.map((m) =>
        m.name === from ? {...m, name: to, unit: "1" as const} : m,
      ),
    },
    measures: run.measures.map((m) => (m.measure === from ? {...m, measure: to} : m)),
  });
  for (const name of ["n", "tax_lo", "readers"]) {
    const measure = {...taxMeasure, name, unit: "1" as const};
    const made = outputTable(
      table({columns: of(measure), by: ["policy", "readers"]}),
      renamed(taxMeasure.name, name),
    );
    const names = made.table.columnNames();
    assert.equal(new Set(names).size, names.length, name);
    assert.equal(names.length, 6, name);
  }
});

it("gives a sum and a difference of the same two measures two columns", () => {
  const sum: Measure = {...syncMeasure, name: "a + b"};
  const difference: Measure = {...syncMeasure, name: "a - b"};
  assert.notEqual(measureColumn(sum), measureColumn(difference));
  assert.equal(measureColumn({name: "n", unit: "1"}), "n_");
  assert.equal(measureColumn({name: "sync_lo", unit: "ns"}), "sync_lo__ns");
});
