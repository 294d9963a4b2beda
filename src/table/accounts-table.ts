// Who pays: where the time of each class of CPUs went.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import {axisColumns} from "./axis-columns.ts";
import {columns} from "./columns.ts";

/**
 * A row per point, replication, class of CPUs and account. Columns: the axes, `point`, `replication`, `cpu_class`, `cpus`, `account`,
 * `time_ns` summed over the class (over the whole run, its warm-up included), `share_ratio` of the class' CPU time.
 */
export function accountsTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "replication",
    "cpu_class",
    "cpus",
    "account",
    "time_ns",
    "share_ratio",
  ]);
  for (const point of result.points) {
    for (const samples of point.replications) {
      for (const account of samples.accounts) {
        const available = Object.values(account.time).reduce((sum, spent) => sum + spent, 0);
        for (const [name, time] of Object.entries(account.time)) {
          rows.push({
            ...Object.fromEntries(axes.map((axis) => [axis.name, axis.values[point.point]])),
            point: point.point,
            replication: samples.replication,
            cpu_class: account.cpuClass,
            cpus: account.cpus,
            account: name,
            time_ns: time,
            share_ratio: available > 0 ? time / available : Number.NaN,
          });
        }
      }
    }
  }
  return rows.table();
}
