// What was measured, replication by replication: the raw material of every estimate. Two shapes of the same numbers: tidy (a row a
// measure) for plotting and grouping, wide (a column a measure) for arithmetic between measures.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import {axisColumns} from "./axis-columns.ts";
import {measureColumn} from "./column-name.ts";
import {columns} from "./columns.ts";
import {measuresOf} from "./measures-of.ts";

/**
 * A row per point, replication and measure. Columns: the axes, then `point`, `replication`, `seed`, `measure`, `unit`, `value` in base
 * units (ns, 1/s, bytes). Points that were not begun have no rows.
 */
export function runsTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const units = new Map(measuresOf(result).map((measure) => [measure.name, measure.unit]));
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "replication",
    "seed",
    "measure",
    "unit",
    "value",
  ]);
  for (const measured of result.measures) {
    const replications = result.points[measured.point].replications;
    measured.perReplication.forEach((value, index) => {
      rows.push({
        ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[measured.point]])),
        point: measured.point,
        replication: replications[index]?.replication ?? index,
        seed: replications[index]?.seed ?? result.plan.seed,
        measure: measured.measure,
        unit: units.get(measured.measure) ?? "1",
        value,
      });
    });
  }
  return rows.table();
}

/** A row per point and replication: the axes, `point`, `replication`, `seed`, then a column a measure with its unit in the name. */
export function replicationsTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const measures = measuresOf(result).map((measure) => ({
    name: measure.name,
    column: measureColumn(measure),
  }));
  const values = new Map(result.measures.map((m) => [`${m.point} ${m.measure}`, m.perReplication]));
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "replication",
    "seed",
    ...measures.map((measure) => measure.column),
  ]);
  for (const point of result.points) {
    point.replications.forEach((samples, index) => {
      rows.push({
        ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[point.point]])),
        point: point.point,
        replication: samples.replication,
        seed: samples.seed,
        ...Object.fromEntries(
          measures.map((m) => [m.column, values.get(`${point.point} ${m.name}`)?.[index]]),
        ),
      });
    });
  }
  return rows.table();
}
