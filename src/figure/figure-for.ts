// `plot Y vs X by A facet B as KIND {…}`: which columns are drawn where, and which kind fits when none is given.
//
// The rules. Raw samples are a distribution: an ECDF. A measure against a measure is a scatter. A measure along an axis of numbers is a
// line, along an axis of names a bar chart. Without `vs` the axis that varies is taken, numbers before names. Without `by` the first
// other axis of names that varies tells series apart. Axes nobody mentions are averaged over, and the figure says so.

import {type ColumnTable, table as newTable} from "arquero";
import {measureAlso} from "../farm/measure-also.ts";
import type {RunResult} from "../farm/result.ts";
import type {Measure} from "../plan/measure.ts";
import type {Column, OptionValue, Output, PlotKind} from "../plan/plan.ts";
import {pointText} from "../plan/point.ts";
import {type AxisColumn, axisColumns} from "../table/axis-columns.ts";
import {billTable} from "../table/bill-table.ts";
import {columnName, measureColumn, relatedColumn} from "../table/column-name.ts";
import {outputTable} from "../table/output-table.ts";
import {replicationsTable} from "../table/runs-table.ts";
import {distributionTable, metricUnit} from "../table/samples-table.ts";
import {statisticText} from "../table/summary-table.ts";
import {arrowsTable, timelineTable} from "../table/timeline-table.ts";
import {barFigure} from "./bar-figure.ts";
import {billFigure} from "./bill-figure.ts";
import {boxFigure} from "./box-figure.ts";
import {convergenceFigure} from "./convergence-figure.ts";
import {ecdfFigure} from "./ecdf-figure.ts";
import type {Encoding, Field, FigureText} from "./encoding.ts";
import type {Figure} from "./figure.ts";
import {heatmapFigure} from "./heatmap-figure.ts";
import {histogramFigure} from "./histogram-figure.ts";
import {lineFigure} from "./line-figure.ts";
import {provenanceText} from "./provenance.ts";
import {wantsLog} from "./quantity-axis.ts";
import {scatterFigure} from "./scatter-figure.ts";
import {timelineFigure} from "./timeline-figure.ts";
import {tornadoFigure} from "./tornado-figure.ts";
import {violinFigure} from "./violin-figure.ts";

export type PlotOutput = Extract<Output, {kind: "plot"}>;

/**
 * The figures of a `plot`: one for each thing drawn, in order, usually one. Throws a RangeError that says what there is when the run has
 * no such axis, measure or metric, or when the kind cannot show what was asked.
 */
export function figuresFor(output: PlotOutput, result: RunResult): Figure[] {
  const study = studyOf(output, result);
  const whole = wholeRun[output.as];
  if (whole !== undefined && output.y.length === 0) return [whole(study, undefined)];
  return output.y.map((y) => {
    const kind = output.as === "auto" ? kindFor(y, study) : output.as;
    return draw(kind, y, study);
  });
}

interface Study {
  readonly output: PlotOutput;
  readonly result: RunResult;
  /** Axes with at least two values among the points that were run. */
  readonly varying: readonly AxisColumn[];
  readonly axis: (path: string) => AxisColumn;
  readonly text: FigureText;
}

function studyOf(output: PlotOutput, run: RunResult): Study {
  const result = measureAlso(run, output);
  const axes = axisColumns(result.plan);
  const begun = result.points.filter((point) => point.replications.length > 0);
  if (begun.length === 0) throw new RangeError("The run has no finished replication to draw.");
  const varying = axes.filter(
    (axis) => new Set(begun.map(({point}) => axis.values[point])).size > 1,
  );
  const axis = (path: string): AxisColumn => {
    const found = axes.find((candidate) => candidate.axis.path === path);
    if (found !== undefined) return found;
    const known = axes.map((candidate) => candidate.axis.path).join(", ");
    throw new RangeError(`The run has no axis \`${path}\`; it has: ${known || "none"}.`);
  };
  const {title, width, height, legend} = output.options;
  const text: FigureText = {
    provenance: provenanceText(result),
    ...(typeof title === "string" ? {title} : {}),
    ...(typeof width === "number" ? {width} : {}),
    ...(typeof height === "number" ? {height} : {}),
    ...(typeof legend === "boolean" ? {legend} : {}),
  };
  return {output, result, varying, axis, text};
}

/** The kind that shows `y` best. */
function kindFor(y: Column, study: Study): Exclude<PlotKind, "auto"> {
  const {x} = study.output;
  if (y.kind === "metric") return "ecdf";
  if (x?.kind === "measure") return "scatter";
  const along = x?.kind === "axis" ? study.axis(x.path) : mainAxis(study);
  return along !== undefined && numeric(along) ? "line" : "bar";
}

type Drawer = (study: Study, y: Column | undefined) => Figure;

// Kinds that show the run as a whole: what is given as `y` does not matter to them.
const wholeRun: Partial<Record<PlotKind, Drawer>> = {bill: drawBill, timeline: drawTimeline};

const drawers: Readonly<Record<Exclude<PlotKind, "auto">, Drawer>> = {
  line: drawLine,
  bar: drawBar,
  scatter: drawScatter,
  heatmap: drawHeatmap,
  tornado: drawTornado,
  convergence: drawConvergence,
  bill: drawBill,
  timeline: drawTimeline,
  box: (study, y) => drawDistribution(study, y, boxFigure),
  violin: (study, y) => drawDistribution(study, y, violinFigure),
  histogram: (study, y) => {
    const {bins} = study.output.options;
    return drawDistribution(study, y, (table, encoding, text) =>
      histogramFigure(table, {...encoding, ...(typeof bins === "number" ? {bins} : {})}, text),
    );
  },
  ecdf: (study, y) => {
    const plain = study.output.options.y === "linear";
    return drawDistribution(study, y, (table, encoding, text) =>
      ecdfFigure(table, {...encoding, scale: plain ? "plain" : "tail"}, text),
    );
  },
};

function draw(kind: Exclude<PlotKind, "auto">, y: Column, study: Study): Figure {
  return drawers[kind](study, y);
}

function drawLine(study: Study, y: Column | undefined): Figure {
  const measure = measureOf(y, "line");
  const x = alongAxis(study);
  const series = seriesAxes(study, [x]);
  const facet = facetAxis(study);
  const {table, text} = measured(study, [measure], [x, ...series, ...facet]);
  const {table: ready, field} = seriesColumn(banded(table, measure, study), series);
  const values = ready.array(measureColumn(measure)) as ArrayLike<number>;
  const log = {
    x: logOption(study.output.options.x) ?? (numeric(x) && wantsLog(x.values as number[])),
    y: logOption(study.output.options.y) ?? wantsLog(Array.from(values)),
  };
  return lineFigure(
    ready,
    {
      x: {...axisField(x), log: log.x},
      y: {...measureField(measure), log: log.y},
      ...(field ? {series: field} : {}),
      ...facetField(facet),
    },
    text,
  );
}

function drawBar(study: Study, y: Column | undefined): Figure {
  const measure = measureOf(y, "bar chart");
  const x =
    study.output.x === undefined && study.output.by.length > 0
      ? study.axis(study.output.by[0])
      : alongAxis(study, false);
  const series = x === undefined ? [] : seriesAxes(study, [x]);
  const facet = facetAxis(study);
  const {table, text} = measured(study, [measure], [...(x ? [x] : []), ...series, ...facet]);
  const {table: ready, field} = seriesColumn(table, series);
  const log = logOption(study.output.options.y) ?? logOption(study.output.options.x) ?? false;
  const named =
    x === undefined ? ready.assign(newTable({experiment: [study.result.plan.name]})) : ready;
  return barFigure(
    named,
    {
      x: x === undefined ? {column: "experiment", title: "experiment", unit: "name"} : axisField(x),
      y: {...measureField(measure), log},
      ...(field ? {series: field} : {}),
      ...facetField(facet),
    },
    text,
  );
}

function drawScatter(study: Study, y: Column | undefined): Figure {
  const vertical = measureOf(y, "scatter");
  const horizontal = measureOf(study.output.x, "scatter's `vs`");
  const by = study.output.by.length > 0 ? study.output.by.map(study.axis) : study.varying;
  const facet = facetAxis(study);
  const axes = by.filter((axis) => !facet.includes(axis));
  const {table, text} = measured(study, [vertical, horizontal], [...axes, ...facet]);
  const series = axes.find((axis) => !numeric(axis)) ?? axes[0];
  const log = {x: logOption(study.output.options.x), y: logOption(study.output.options.y)};
  return scatterFigure(
    table,
    {
      x: {...measureField(horizontal), ...(log.x === undefined ? {} : {log: log.x})},
      y: {...measureField(vertical), ...(log.y === undefined ? {} : {log: log.y})},
      ...(series ? {series: axisField(series)} : {}),
      ...facetField(facet),
      name: axes.map(axisField),
    },
    text,
  );
}

function drawHeatmap(study: Study, y: Column | undefined): Figure {
  const measure = measureOf(y, "heat map");
  const given = [
    ...(study.output.x?.kind === "axis" ? [study.axis(study.output.x.path)] : []),
    ...study.output.by.map(study.axis),
  ];
  const free = study.varying.filter((axis) => !given.includes(axis));
  const places = [...given, ...free.filter(numeric), ...free.filter((axis) => !numeric(axis))];
  const [x, rows] = places;
  if (x === undefined || rows === undefined) {
    throw new RangeError(
      "A heat map needs two axes that vary: `plot sync vs readers by gap as heatmap`.",
    );
  }
  const competitor = places.slice(2).find((axis) => !numeric(axis));
  const axes = [x, rows, ...(competitor ? [competitor] : [])];
  const {table, text} = measured(study, [measure], axes);
  const unsafe = new Set(
    study.result.points
      .filter(({replications}) =>
        replications.some((samples) =>
          Object.values(samples.violationCounts).some((count) => count > 0),
        ),
      )
      .map(({point}) => JSON.stringify(axes.map((axis) => axis.values[point]))),
  );
  const safe = (table.objects() as Record<string, unknown>[]).map(
    (row) => !unsafe.has(JSON.stringify(axes.map((axis) => row[axis.name]))),
  );
  const log = logOption(study.output.options.y);
  return heatmapFigure(
    table.assign(newTable({safe})),
    {
      x: axisField(x),
      rows: axisField(rows),
      y: {...measureField(measure), ...(log === undefined ? {} : {log})},
      ...(competitor ? {competitor: axisField(competitor), safe: "safe"} : {}),
    },
    text,
  );
}

function drawTornado(study: Study, y: Column | undefined): Figure {
  const measure = measureOf(y, "tornado");
  const {table, text} = measured(study, [measure], study.varying);
  return tornadoFigure(table, measureField(measure), study.varying.map(axisField), text);
}

function drawConvergence(study: Study, y: Column | undefined): Figure {
  const measure = measureOf(y, "convergence");
  const facet = facetAxis(study);
  const series = (
    study.output.by.length > 0 ? study.output.by.map(study.axis) : study.varying
  ).filter((axis) => !facet.includes(axis));
  const kept = [...series, ...facet];
  const column = measureColumn(measure);
  // Where several points share a series, a replication counts once: with its average over them.
  const runs = replicationsTable(study.result)
    .groupby(...kept.map((axis) => axis.name), "replication")
    .rollup({[column]: `d => op.mean(d.${column})`});
  const {table, field} = seriesColumn(runs, series);
  const rule = study.result.plan.until.find(
    (until) => JSON.stringify(until.expr) === JSON.stringify(measure.expr),
  );
  return convergenceFigure(
    table,
    {
      y: measureField(measure),
      ...(field ? {series: field} : {}),
      ...facetField(facet),
      confidence: study.result.plan.confidence,
      ...(rule ? {tolerance: rule.tolerance} : {}),
    },
    {...study.text, notes: [...averagedOver(study, kept), ...uncontrolled(study)]},
  );
}

function uncontrolled({result}: Study): string[] {
  return result.plan.control === undefined ? [] : ["plain means, not controlled"];
}

function drawBill(study: Study): Figure {
  const {output} = study;
  const asked = [...(output.x?.kind === "axis" ? [output.x.path] : []), ...output.by].map(
    study.axis,
  );
  const rows =
    asked.length > 0 ? asked : study.varying.filter((axis) => !numeric(axis)).slice(0, 1);
  const chosen = rows.length > 0 ? rows : study.varying.slice(0, 1);
  const {table, field} = seriesColumn(billTable(study.result), chosen);
  const of = field ?? {column: "experiment", title: "experiment", unit: "name" as const};
  const named =
    field === undefined
      ? table.assign(
          newTable({experiment: new Array(table.numRows()).fill(study.result.plan.name)}),
        )
      : table;
  const averaged = named
    .groupby(of.column, "payer")
    .rollup({cpu: "d => op.mean(d.cpu)", retained_bytes: "d => op.mean(d.retained_bytes)"});
  return billFigure(averaged, of, {...study.text, notes: averagedOver(study, chosen)});
}

// Of all recorded windows the first in which an interrupt was sent, otherwise the first.
function drawTimeline(study: Study): Figure {
  const {plan, points} = study.result;
  const recorded = points.flatMap(({point, replications}) =>
    replications.flatMap(({timeline}) => (timeline === undefined ? [] : [{point, timeline}])),
  );
  const shown = recorded.find(({timeline}) => timeline.arrows.length > 0) ?? recorded[0];
  if (shown === undefined) {
    throw new RangeError("The run recorded no timeline; a `plot … as timeline` in it records one.");
  }
  const {point, timeline} = shown;
  const where = pointText(plan, point);
  const notes = [
    ...(where === "" ? [] : [`at ${where.replaceAll(": ", " = ")}`]),
    ...(timeline.dropped > 0 ? [`${timeline.dropped} intervals were not recorded`] : []),
  ];
  return timelineFigure(timelineTable(timeline), arrowsTable(timeline), {...study.text, notes});
}

function drawDistribution(
  study: Study,
  y: Column | undefined,
  make: (table: ColumnTable, encoding: Encoding, text: FigureText) => Figure,
): Figure {
  const {output} = study;
  const facet = facetAxis(study);
  const along = output.x?.kind === "axis" ? [study.axis(output.x.path)] : [];
  const asked = [...along, ...output.by.map(study.axis)];
  const series =
    asked.length > 0
      ? asked
      : study.varying.filter((axis) => !facet.includes(axis) && !numeric(axis)).slice(0, 1);
  const source =
    y?.kind === "metric"
      ? distributionTable(study.result, y.entity, y.metric)
      : replicationsTable(study.result);
  const value: Field =
    y?.kind === "metric"
      ? {
          column: columnName(y.metric, metricUnit(y.metric)),
          title: `${y.entity}.${y.metric}`,
          unit: metricUnit(y.metric),
        }
      : measureField(measureOf(y, "distribution"));
  const {table, field} = seriesColumn(source, series);
  const log =
    logOption(output.options.x) ?? (output.as === "ecdf" ? undefined : logOption(output.options.y));
  const pooled = averagedOver(study, [...series, ...facet]).map((note) =>
    note.replace("averaged", "pooled"),
  );
  return make(
    table,
    {
      y: {...value, ...(log === undefined ? {} : {log})},
      ...(field ? {series: field} : {}),
      ...facetField(facet),
    },
    {...study.text, notes: pooled},
  );
}

// The estimates of measures with a row per combination of the given axes, averaged over the others.
function measured(
  study: Study,
  measures: readonly Measure[],
  axes: readonly AxisColumn[],
): {table: ColumnTable; text: FigureText} {
  const made = outputTable(
    {
      kind: "table",
      columns: measures.map((measure) => ({kind: "measure", measure})),
      by: axes.map((axis) => axis.axis.path),
      options: {},
    },
    study.result,
  );
  return {table: made.table, text: {...study.text, notes: made.notes}};
}

// `band: range` replaces the interval by the least and greatest replication, `band: none` by nothing.
function banded(table: ColumnTable, measure: Measure, study: Study): ColumnTable {
  const {band} = study.output.options;
  if (band !== "range" && band !== "none") return table;
  const column = measureColumn(measure);
  const names = table
    .columnNames()
    .filter(
      (name) =>
        study.result.plan.axes.length > 0 &&
        axisColumns(study.result.plan).some((axis) => axis.name === name),
    );
  const lo = relatedColumn(column, "lo");
  const hi = relatedColumn(column, "hi");
  if (band === "none") return table.derive({[lo]: "d => NaN", [hi]: "d => NaN"});
  const range = replicationsTable(study.result)
    .groupby(...names)
    .rollup({[lo]: `d => op.min(d.${column})`, [hi]: `d => op.max(d.${column})`});
  const without = table.select(...table.columnNames().filter((name) => name !== lo && name !== hi));
  return names.length > 0 ? without.join(range, [names, names]) : without.assign(range);
}

// Several axes become one column of their labels, `rcu_sync, 16`.
function seriesColumn(
  table: ColumnTable,
  axes: readonly AxisColumn[],
): {table: ColumnTable; field: Field | undefined} {
  if (axes.length === 0) return {table, field: undefined};
  if (axes.length === 1) return {table, field: axisField(axes[0])};
  const labels = axes.map(
    (axis) =>
      new Map(
        axis.axis.values.map((value) => [numeric(axis) ? value.value : value.label, value.label]),
      ),
  );
  const columns = axes.map((axis) => table.array(axis.name) as ArrayLike<string | number>);
  const series = Array.from({length: table.numRows()}, (_, row) =>
    axes.map((_, i) => labels[i].get(columns[i][row]) ?? String(columns[i][row])).join(", "),
  );
  const title = axes.map((axis) => axis.axis.path).join(", ");
  return {
    table: table.reify().assign(newTable({series})),
    field: {column: "series", title, unit: "name"},
  };
}

function mainAxis(study: Study): AxisColumn | undefined {
  const used = [...study.output.by, ...(study.output.facet ? [study.output.facet] : [])];
  const free = study.varying.filter((axis) => !used.includes(axis.axis.path));
  return free.find(numeric) ?? (used.length === 0 ? free[0] : undefined);
}

function alongAxis(study: Study): AxisColumn;
function alongAxis(study: Study, needed: false): AxisColumn | undefined;
function alongAxis(study: Study, needed = true): AxisColumn | undefined {
  const {x} = study.output;
  if (x?.kind === "axis") return study.axis(x.path);
  if (x !== undefined)
    throw new RangeError("A line needs an axis after `vs`; a measure there makes a scatter.");
  const axis = mainAxis(study);
  if (axis === undefined && needed)
    throw new RangeError("Nothing varies in this run to draw a line along.");
  return axis;
}

function seriesAxes(study: Study, taken: readonly AxisColumn[]): AxisColumn[] {
  const facet = facetAxis(study);
  const asked = study.output.by.map(study.axis).filter((axis) => !taken.includes(axis));
  if (study.output.by.length > 0) return asked;
  const free = study.varying.filter(
    (axis) => !taken.includes(axis) && !facet.includes(axis) && !numeric(axis),
  );
  return free.slice(0, 1);
}

function facetAxis(study: Study): AxisColumn[] {
  return study.output.facet === undefined ? [] : [study.axis(study.output.facet)];
}

function facetField(facet: readonly AxisColumn[]): {facet?: Field} {
  return facet.length === 0 ? {} : {facet: axisField(facet[0])};
}

function averagedOver(study: Study, kept: readonly AxisColumn[]): string[] {
  const joined = study.varying.filter((axis) => !kept.includes(axis));
  return joined.length === 0
    ? []
    : [`averaged over ${joined.map((axis) => axis.axis.path).join(", ")}`];
}

function measureOf(y: Column | undefined, kind: string): Measure {
  if (y?.kind === "measure") return y.measure;
  if (y?.kind === "metric") {
    const name = `${y.entity}.${y.metric}`;
    throw new RangeError(
      `A ${kind} shows measures, and \`${name}\` is a stream of samples: write p99(${name}), or draw it as box, violin, ecdf or histogram.`,
    );
  }
  throw new RangeError(`A ${kind} needs a measure to show.`);
}

function measureField(measure: Measure): Field {
  const {expr, name} = measure;
  const stat =
    expr.op === "stat" && !name.includes("(")
      ? ` (${statisticText(expr)} of ${expr.entity}.${expr.metric})`
      : "";
  return {column: measureColumn(measure), title: `${name}${stat}`, unit: measure.unit};
}

function axisField(axis: AxisColumn): Field {
  return {
    column: axis.name,
    title: axis.axis.path,
    unit: numeric(axis) ? axis.axis.unit : "name",
  };
}

function numeric(axis: AxisColumn): boolean {
  return axis.values.length > 0 && axis.values.every((value) => typeof value === "number");
}

function logOption(option: OptionValue | undefined): boolean | undefined {
  return option === undefined ? undefined : option === "log";
}
