// `table … by … where … {sort, digits, limit}` as Arquero verbs. The verbs are built once and used twice: applied to the result's tables,
// and shown as text, so that what a user continues from in TypeScript is what was done.
//
// If `by` and the filter leave one point a row, the row is that point's estimate. Otherwise the row is the average over the points it
// joins: first over the points within each replication, which keeps common random numbers paired, then over the replications.

import {addFunction, type ColumnTable, desc} from "arquero";
import {measureAlso} from "../farm/measure-also.ts";
import type {RunResult} from "../farm/result.ts";
import type {OptionValue, Output} from "../plan/plan.ts";
import {tQuantile} from "../stats/student-t.ts";
import {type AxisColumn, axisColumns} from "./axis-columns.ts";
import {measureColumn, relatedColumn} from "./column-name.ts";
import {replicationsTable} from "./runs-table.ts";
import {estimateColumns, estimatesTable} from "./summary-table.ts";

export type TableOutput = Extract<Output, {kind: "table"}>;

export interface OutputTable {
  readonly table: ColumnTable;
  /** TypeScript that makes the table from `result`, a result with all its measures (`measureAlso`). */
  readonly verbs: string;
  /** What a reader must know besides the numbers: averaged axes, rows left out. */
  readonly notes: readonly string[];
  readonly title?: string;
  readonly digits?: number;
}

/** The options a table may have, with what each means. */
const tableOptions: Readonly<Record<string, string>> = {
  sort: "column to sort by",
  order: "ascending or descending",
  digits: "significant digits, 1..17",
  limit: "most rows",
  title: "heading",
};

/** Builds the table. Throws a RangeError for an unknown option, sort column or axis, naming what there is. */
export function outputTable(output: TableOutput, run: RunResult): OutputTable {
  const result = measureAlso(run, output);
  for (const name of Object.keys(output.options)) {
    if (tableOptions[name] === undefined) {
      const known = Object.keys(tableOptions).join(", ");
      throw new RangeError(`A table has no option \`${name}\`; it has: ${known}.`);
    }
  }
  const axes = axisColumns(result.plan);
  const kept = output.points ?? result.plan.points.map((_, index) => index);
  const by =
    output.by.length > 0
      ? output.by.map((path) => axisOf(axes, path))
      : axes.filter((axis) => new Set(kept.map((point) => axis.values[point])).size > 1);
  for (const column of output.columns) {
    if (column.kind !== "axis") continue;
    const axis = axisOf(axes, column.path);
    if (!by.includes(axis)) by.push(axis);
  }
  const measures = output.columns.flatMap((column) => {
    if (column.kind === "metric") {
      const name = `${column.entity}.${column.metric}`;
      throw new RangeError(
        `A table shows aggregates, and \`${name}\` is a stream of samples: write mean(${name}) or p99(${name}).`,
      );
    }
    return column.kind === "measure" ? [column.measure] : [];
  });
  const keys = kept.map((point) => JSON.stringify(by.map((axis) => axis.values[point])));
  const averaged = new Set(keys).size < keys.length;
  const names = by.map((axis) => axis.name);
  const all = kept.length === result.plan.points.length;
  const chain: Verb[] = all ? [] : [keepPoints(kept)];
  const notes: string[] = [];
  if (averaged) {
    const values = measures.map((measure) => measureColumn(measure));
    chain.push(...averages(names, values, result.plan.confidence));
    const joined = axes
      .filter((axis) => !by.includes(axis))
      .filter((axis) => new Set(kept.map((point) => axis.values[point])).size > 1);
    const plain = result.plan.control === undefined ? "" : ", of values that are not controlled";
    notes.push(`averaged over ${joined.map((axis) => axis.axis.path).join(", ")}${plain}`);
  } else {
    chain.push(select([...names, ...measures.flatMap((measure) => estimateColumns(measure)), "n"]));
  }
  const sort = output.options.sort;
  if (sort !== undefined) {
    chain.push(
      orderBy(
        sortColumn(sort, [...names, ...measures.map(({name}) => name)], by, measures),
        descending(output.options),
      ),
    );
  }
  const limit = output.options.limit;
  if (typeof limit === "number") chain.push(slice(limit));
  const source = averaged ? replicationsTable(result) : estimatesTable(result);
  const begun = new Set(result.points.filter((p) => p.replications.length > 0).map((p) => p.point));
  const missing = kept.filter((point) => !begun.has(point)).length;
  if (missing > 0) notes.push(`${missing} of ${kept.length} points were not run`);
  const {title, digits} = output.options;
  return {
    table: chain.reduce((table, verb) => verb.apply(table), source),
    verbs: `${averaged ? "replicationsTable" : "estimatesTable"}(result)${chain.map((verb) => `\n  .${verb.text}`).join("")}`,
    notes,
    ...(typeof title === "string" ? {title} : {}),
    ...(typeof digits === "number" ? {digits} : {}),
  };
}

interface Verb {
  readonly text: string;
  readonly apply: (table: ColumnTable) => ColumnTable;
}

function keepPoints(points: readonly number[]): Verb {
  return filter(`d => op.includes([${points.join(", ")}], d.point)`);
}

function select(names: readonly string[]): Verb {
  return {text: `select(${quoted(names)})`, apply: (table) => table.select(...names)};
}

function orderBy(name: string, down: boolean): Verb {
  return {
    text: `orderby(${down ? `desc(${JSON.stringify(name)})` : JSON.stringify(name)})`,
    apply: (table) => table.orderby(down ? desc(name) : name),
  };
}

function slice(limit: number): Verb {
  return {text: `slice(0, ${limit})`, apply: (table) => table.slice(0, limit)};
}

// Only replications that all joined points have: a sequential run may have given some points more than others, and an average over
// other points would be another quantity.
function averages(by: readonly string[], values: readonly string[], confidence: number): Verb[] {
  registerStudentT();
  const within = {...aggregates(values, "mean", ""), points: "d => op.count()"};
  const over = {
    ...aggregates(values, "mean", ""),
    ...aggregates(values, "stdev", "sd"),
    n: "d => op.count()",
  };
  const ends: Record<string, string> = {};
  for (const name of values) {
    const half = `op.t_quantile(${Number(((1 + confidence) / 2).toPrecision(12))}, d.n - 1) * d.${relatedColumn(name, "sd")} / op.sqrt(d.n)`;
    ends[relatedColumn(name, "lo")] = `d => d.${name} - ${half}`;
    ends[relatedColumn(name, "hi")] = `d => d.${name} + ${half}`;
  }
  const columns = values.flatMap((name) => [
    name,
    relatedColumn(name, "lo"),
    relatedColumn(name, "hi"),
  ]);
  return [
    groupBy([...by, "replication"]),
    rollup(within),
    ...(by.length > 0 ? [groupBy(by)] : [ungroup]),
    filter("d => d.points === op.max(d.points)"),
    rollup(over),
    derive(ends),
    select([...by, ...columns, "n"]),
  ];
}

function aggregates(
  values: readonly string[],
  operation: string,
  part: string,
): Record<string, string> {
  return Object.fromEntries(
    values.map((name) => [
      part === "" ? name : relatedColumn(name, part),
      `d => op.${operation}(d.${name})`,
    ]),
  );
}

// Arquero keeps functions of its expressions in one list; the name is registered when it is first needed.
let registered = false;
function registerStudentT(): void {
  if (registered) return;
  addFunction("t_quantile", tQuantile, {override: true});
  registered = true;
}

const ungroup: Verb = {text: "ungroup()", apply: (table) => table.ungroup()};

function filter(condition: string): Verb {
  return {text: `filter(${condition})`, apply: (table) => table.filter(condition)};
}

function derive(expressions: Readonly<Record<string, string>>): Verb {
  return {
    text: `derive(${fieldsText(expressions)})`,
    apply: (table) => table.derive({...expressions}),
  };
}

function groupBy(names: readonly string[]): Verb {
  return {text: `groupby(${quoted(names)})`, apply: (table) => table.groupby(...names)};
}

function rollup(expressions: Readonly<Record<string, string>>): Verb {
  return {
    text: `rollup(${fieldsText(expressions)})`,
    apply: (table) => table.rollup({...expressions}),
  };
}

function fieldsText(expressions: Readonly<Record<string, string>>): string {
  return `{${Object.entries(expressions)
    .map(([name, text]) => `${name}: ${text}`)
    .join(", ")}}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

function axisOf(axes: readonly AxisColumn[], path: string): AxisColumn {
  const axis = axes.find((candidate) => candidate.axis.path === path);
  if (axis !== undefined) return axis;
  const known = axes.map((candidate) => candidate.axis.path).join(", ");
  throw new RangeError(`The run has no axis \`${path}\`; it has: ${known || "none"}.`);
}

function descending(options: Readonly<Record<string, OptionValue>>): boolean {
  const order = options.order ?? "ascending";
  if (order === "ascending" || order === "descending") return order === "descending";
  throw new RangeError(`\`order\` is ascending or descending, not \`${String(order)}\`.`);
}

function sortColumn(
  sort: OptionValue,
  known: readonly string[],
  by: readonly AxisColumn[],
  measures: readonly {
    readonly name: string;
    readonly unit: "ns" | "1/s" | "1" | "ratio" | "bytes";
  }[],
): string {
  const axis = by.find((candidate) => candidate.axis.path === sort || candidate.name === sort);
  if (axis !== undefined) return axis.name;
  const measure = measures.find((candidate) => candidate.name === sort);
  if (measure !== undefined) return measureColumn(measure);
  throw new RangeError(`The table has no column \`${String(sort)}\`; it has: ${known.join(", ")}.`);
}
