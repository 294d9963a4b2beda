// The recorded window of one replication as tables: what each CPU did when, and which interrupts went where.

import type {ColumnTable} from "arquero";
import type {Timeline} from "../record/samples.ts";
import {columns} from "./columns.ts";

/** A row per interval: `cpu` (-1: not a CPU but a grace period or a lock), `from_ns`, `to_ns`, `state`. */
export function timelineTable(timeline: Timeline): ColumnTable {
  const rows = columns(["cpu", "from_ns", "to_ns", "state"]);
  for (const {cpu, from, to, state} of timeline.intervals) {
    rows.push({cpu, from_ns: from, to_ns: to, state});
  }
  return rows.table();
}

/** A row per arrow: `kind`, `from_cpu`, `from_ns`, `to_cpu`, `to_ns`. */
export function arrowsTable(timeline: Timeline): ColumnTable {
  const rows = columns(["kind", "from_cpu", "from_ns", "to_cpu", "to_ns"]);
  for (const arrow of timeline.arrows) {
    rows.push({
      kind: arrow.kind,
      from_cpu: arrow.fromCpu,
      from_ns: arrow.from,
      to_cpu: arrow.toCpu,
      to_ns: arrow.to,
    });
  }
  return rows.table();
}
