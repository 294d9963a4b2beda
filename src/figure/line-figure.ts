// How a measure changes along an axis: one line a series, a band for its confidence interval, a label at each line's end.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {
  type Encoding,
  estimateOf,
  type Field,
  type FigureText,
  framed,
  grouped,
  type Row,
  rowsOf,
} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {baseFactor, inBase, quantityAxis, rangeOf} from "./quantity-axis.ts";
import {type Said, say, sayEstimate, sayField, sayOverlap, sayRatio} from "./say.ts";
import {countText, plotlyText} from "./text.ts";

// More bands over each other say nothing but grey.
const mostBands = 12;

/** Needs `x`; draws `y` with the band `y_lo`..`y_hi` where the table has them. */
export function lineFigure(
  table: ColumnTable,
  encoding: Encoding & {x: Field},
  text: FigureText,
): Figure {
  const rows = rowsOf(table);
  const names = [...grouped(rows, encoding.series).keys()];
  const styles = seriesStyles(names);
  const facets = grouped(rows, encoding.facet);
  const ends = rows.flatMap((row) => {
    const {value, lo, hi} = estimateOf(row, encoding.y.column);
    return names.length > mostBands ? [value] : [value, lo, hi];
  });
  const range = rangeOf(ends, encoding.y.log ?? false, names.length <= mostBands);
  // Up to 64 lines are named at their ends, in a figure that is high enough for as many names; beyond that a legend scrolls.
  const labelled = names.length > 1 && names.length <= 64 && facets.size === 1;
  const panels = [...facets].map(([facet, group]): Panel => {
    const series = [...grouped(group, encoding.series)];
    return {
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: series.flatMap(([name, own]) =>
        lineTraces(name, own, encoding, styles, names.length),
      ),
      labels: labelled
        ? series.flatMap(([name, own]) => {
            const last = sortedBy(own, encoding.x.column).findLast((row) =>
              Number.isFinite(estimateOf(row, encoding.y.column).value),
            );
            if (last === undefined || encoding.series === undefined) return [];
            const {value} = estimateOf(last, encoding.y.column);
            const at = value * baseFactor(encoding.y.unit as MeasureUnit);
            return [
              {
                text: say(name, encoding.series.unit),
                y: encoding.y.log ? Math.log10(at) : at,
                color: styles.get(name)?.color ?? "@ink",
              },
            ];
          })
        : [],
      xaxis: xAxis(rows, encoding.x),
      yaxis: quantityAxis(encoding.y.title, encoding.y.unit as MeasureUnit, {
        log: encoding.y.log ?? false,
        range,
      }),
    };
  });
  return composeFigure(panels, {
    kind: "line",
    ...framed(
      withoutZeros(text, rows, encoding),
      `How does ${encoding.y.title} change with ${encoding.x.title}?`,
      finding(rows, encoding),
    ),
    details: details(rows, encoding),
    ...(labelled
      ? {legend: false, height: text.height ?? Math.max(470, 160 + 13 * names.length)}
      : {}),
    ...(encoding.series ? {legendTitle: encoding.series.title} : {}),
    layout: {hovermode: "closest"},
  });
}

function withoutZeros(text: FigureText, rows: readonly Row[], {y}: Encoding): FigureText {
  if (!y.log) return text;
  const hidden = rows.filter((row) => estimateOf(row, y.column).value <= 0).length;
  if (hidden === 0) return text;
  const note = `${countText(hidden, "value")} of 0 or less cannot be shown on a logarithmic axis`;
  return {...text, notes: [...(text.notes ?? []), note]};
}

function lineTraces(
  name: string | number,
  rows: readonly Row[],
  encoding: Encoding & {x: Field},
  styles: ReturnType<typeof seriesStyles>,
  lines: number,
): Trace[] {
  const style = styles.get(name);
  const sorted = sortedBy(rows, encoding.x.column);
  const unit = encoding.y.unit as MeasureUnit;
  const xs = xValues(sorted, encoding.x);
  const estimates = sorted.map((row) => estimateOf(row, encoding.y.column));
  const label = encoding.series ? say(name, encoding.series.unit) : encoding.y.title;
  const shown = {name: label, legendgroup: label};
  const banded = estimates.flatMap((e, i) =>
    Number.isFinite(e.lo) && Number.isFinite(e.hi) ? [i] : [],
  );
  const band: Trace[] =
    banded.length > 1 && lines <= mostBands
      ? [
          {
            ...shown,
            type: "scatter",
            mode: "lines",
            x: [...banded, ...banded.toReversed()].map((i) => xs[i]) as string[],
            y: inBase(
              [
                ...banded.map((i) => estimates[i].hi),
                ...banded
                  .toReversed()
                  .map((i) => floored(estimates[i].lo, estimates[i].value, encoding.y.log)),
              ],
              unit,
            ),
            fill: "toself",
            fillcolor: `${style?.color}/18`,
            line: {width: 0, color: `${style?.color}/0`},
            hoverinfo: "skip",
            showlegend: false,
          },
        ]
      : [];
  return [
    ...band,
    {
      ...shown,
      type: "scatter",
      mode: "lines+markers",
      x: xs as string[],
      y: inBase(
        estimates.map((e) => e.value),
        unit,
      ),
      line: {
        color: style?.color ?? "@ink",
        width: lines > mostBands ? 1.3 : 2,
        dash: style?.dash ?? "solid",
      },
      marker: {
        size: lines > mostBands ? 5 : 7,
        symbol: style?.symbol ?? "circle",
        color: style?.color ?? "@ink",
      },
      text: sorted.map((row, i) =>
        plotlyText(
          `${encoding.series ? `${label}: ` : ""}${encoding.y.title} is ${sayEstimate(estimates[i].value, estimates[i].lo, estimates[i].hi, unit, row.n as number | undefined)} at ${sayField(encoding.x, row[encoding.x.column])}.`,
        ),
      ),
      hovertemplate: "%{text}<extra></extra>",
      cliponaxis: false,
    },
  ];
}

// The lower end of an interval may lie below zero, where a log axis has no place: it stops a decade below the value.
function floored(lo: number, value: number, log = false): number {
  return log && lo <= 0 ? value / 10 : lo;
}

/** x in Plotly's units: numbers scaled, names as they are. */
function xValues(rows: readonly Row[], field: Field): readonly (string | number | null)[] {
  const values = rows.map((row) => row[field.column]);
  if (field.unit === "name") return values.map(String);
  return inBase(values as number[], field.unit);
}

/** An axis of designed values, or of names in order of appearance. */
function xAxis(rows: readonly Row[], field: Field): Panel["xaxis"] {
  const values = [...new Set(rows.map((row) => row[field.column]))];
  if (field.unit === "name") {
    return {
      type: "category",
      title: {text: plotlyText(field.title), standoff: 10},
      categoryorder: "array",
      categoryarray: values.map(String),
    };
  }
  const numbers = (values as number[]).sort((a, b) => a - b);
  return quantityAxis(field.title, field.unit, {
    log: field.log ?? false,
    at: numbers,
    range: rangeOf(numbers, field.log ?? false),
  });
}

function sortedBy(rows: readonly Row[], column: string): Row[] {
  if (!rows.every((row) => typeof row[column] === "number")) return [...rows];
  return rows.toSorted((a, b) => (a[column] as number) - (b[column] as number));
}

// Who is lowest and who highest at the far end, and where the order of the two changes.
function finding(rows: readonly Row[], encoding: Encoding & {x: Field}): string {
  const unit = encoding.y.unit as MeasureUnit;
  const xs = sortedBy(rows, encoding.x.column).map((row) => row[encoding.x.column]);
  const last = xs[xs.length - 1];
  const first = xs[0];
  if (last === undefined) return "There is nothing to show.";
  const at = (x: unknown): Said[] =>
    rows
      .filter((row) => row[encoding.x.column] === x)
      .map((row) => ({
        name: nameOf(row, encoding),
        ...estimateOf(row, encoding.y.column),
      }))
      .filter(({value}) => Number.isFinite(value))
      .sort((a, b) => a.value - b.value);
  const end = at(last);
  const start = at(first);
  if (end.length === 0 || start.length === 0) return "There is nothing to show.";
  if ((encoding.series ?? encoding.facet) === undefined || end.length === 1) {
    return `${encoding.y.title} goes from ${say(start[0].value, unit)} at ${sayField(encoding.x, first)} to ${say(end[0].value, unit)} at ${sayField(encoding.x, last)}.`;
  }
  const low = end[0];
  const high = end[end.length - 1];
  const of = (item: {name: unknown}): string => say(item.name, encoding.series?.unit ?? "name");
  const ratio = sayRatio(high.value, low.value);
  const leader =
    start[0].name === low.name || sayOverlap(start[0], start) !== ""
      ? ""
      : ` At ${sayField(encoding.x, first)} ${of(start[0])} is lowest instead.`;
  return `At ${sayField(encoding.x, last)}, ${of(low)} is lowest with ${say(low.value, unit)}${sayOverlap(low, end)} and ${of(high)} highest with ${say(high.value, unit)}${ratio ? ` (${ratio})` : ""}.${leader}`;
}

function nameOf(row: Row, {series, facet}: Encoding): string {
  const name = series ? say(row[series.column], series.unit) : "";
  return [name, ...(facet ? [`with ${sayField(facet, row[facet.column])}`] : [])].join(" ").trim();
}

function details(rows: readonly Row[], encoding: Encoding & {x: Field}): string[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = nameOf(row, encoding);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const lines = [...groups].slice(0, 16).map(([name, own]) => {
    const values = sortedBy(own, encoding.x.column).map(
      (row) =>
        `${say(row[encoding.x.column], encoding.x.unit)}: ${say(estimateOf(row, encoding.y.column).value, encoding.y.unit)}`,
    );
    const shown = `${values.slice(0, 8).join(", ")}${values.length > 8 ? ", …" : ""}`;
    return `  ${name}${name ? "  " : ""}${shown}`;
  });
  const more = groups.size - lines.length;
  return more > 0 ? [...lines, `  … and ${countText(more, "more line")}`] : lines;
}
