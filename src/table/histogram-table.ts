// The histogram of one metric as recorded: counts per logarithmic bin, pooled over the replications of a point.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import {histogramOf, lowerEdge, mergeCounts} from "../record/histogram.ts";
import type {HistogramCounts} from "../record/samples.ts";
import {axisColumns} from "./axis-columns.ts";
import {columnName} from "./column-name.ts";
import {columns} from "./columns.ts";
import {metricUnit, unknownMetric} from "./samples-table.ts";

/**
 * A row per point and bin that holds a sample of `entity.metric`. Columns: the axes, `point`, `from` and `to` with the metric's unit
 * (`from_ns`; the bin is [from, to)), `count`. Throws a RangeError that lists what there is when the run has no such metric.
 */
export function histogramTable(result: RunResult, entity: string, metric: string): ColumnTable {
  const axes = axisColumns(result.plan);
  const unit = metricUnit(metric);
  const from = columnName("from", unit);
  const to = columnName("to", unit);
  const rows = columns([...axes.map((axis) => axis.name), "point", from, to, "count"]);
  let found = false;
  for (const point of result.points) {
    let counts: HistogramCounts = {first: 0, counts: new Float64Array(0)};
    for (const {series} of point.replications) {
      for (const one of series) {
        if (one.entity !== entity || one.metric !== metric) continue;
        found = true;
        const own = one.histogram ?? histogramOf(one.exact ?? new Float64Array(0));
        counts = mergeCounts(counts, own);
      }
    }
    const place = Object.fromEntries(axes.map((axis) => [axis.name, axis.values[point.point]]));
    counts.counts.forEach((count: number, index: number) => {
      if (count === 0) return;
      const bin = counts.first + index;
      rows.push({
        ...place,
        point: point.point,
        [from]: lowerEdge(bin),
        [to]: lowerEdge(bin + 1),
        count,
      });
    });
  }
  if (!found) throw new RangeError(unknownMetric(result, entity, metric));
  return rows.table();
}
