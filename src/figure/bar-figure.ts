// A measure by name: horizontal bars with intervals, so that names of any length are read without turning the head. Values are written
// beyond the bars and their intervals.

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
import {inBase, quantityAxis, rangeOf} from "./quantity-axis.ts";
import {say, sayEstimate, sayField, sayOverlap, sayRatio} from "./say.ts";
import {plotlyText} from "./text.ts";

type BarEncoding = Encoding & {readonly x: Field};

/** Needs `x`, whose values name the bars; with `series` each name has a bar a series. */
export function barFigure(table: ColumnTable, encoding: BarEncoding, text: FigureText): Figure {
  const rows = rowsOf(table);
  const own = encoding.series === undefined || encoding.series.column === encoding.x.column;
  const names = [...grouped(rows, own ? encoding.x : encoding.series).keys()];
  const styles = seriesStyles(names);
  const categories = [...grouped(rows, encoding.x).keys()];
  const log = encoding.y.log ?? false;
  const ends = rows.flatMap((row) => {
    const {value, hi} = estimateOf(row, encoding.y.column);
    return [value, hi];
  });
  const [low, high] = rangeOf(ends, log, true);
  // Room for the value written after the longest bar.
  const range: [number, number] = log
    ? [low / 1.5, high * (high / low) ** 0.2]
    : [low, high + (high - low) * 0.12];
  const thickness = own ? 0.62 : 0.8 / names.length;
  const place = (row: Row): number => {
    const category = categories.indexOf(row[encoding.x.column] as string);
    if (own || encoding.series === undefined) return category;
    const index = names.indexOf(row[encoding.series.column] as string);
    return category + (index - (names.length - 1) / 2) * thickness;
  };
  const panels = [...grouped(rows, encoding.facet)].map(
    ([facet, group]): Panel => ({
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: [...grouped(group, own ? encoding.x : encoding.series)].flatMap(([name, part]) => {
        const field = own ? encoding.x : encoding.series;
        const color = styles.get(name)?.color ?? "@ink";
        const label = say(name, field?.unit ?? "name");
        return barTraces(label, part, encoding, {color, place, thickness, range, log});
      }),
      xaxis: quantityAxis(encoding.y.title, encoding.y.unit as MeasureUnit, {log, range}),
      yaxis: {
        type: "linear",
        range: [categories.length - 0.45, -0.55],
        tickmode: "array",
        tickvals: categories.map((_, i) => i),
        ticktext: categories.map((name) => plotlyText(say(name, encoding.x.unit))),
        showgrid: false,
        zeroline: false,
        ...(encoding.x.unit === "name"
          ? {}
          : {title: {text: plotlyText(encoding.x.title), standoff: 10}}),
      },
    }),
  );
  const bars = categories.length * (own ? 1.5 : names.length + 1);
  return composeFigure(panels, {
    kind: "bar",
    height: Math.max(230, 160 + Math.min(1200, bars * 22) * Math.ceil(panels.length / 2)),
    ...framed(
      text,
      `Which ${encoding.x.title} has the lowest ${encoding.y.title}?`,
      finding(rows, encoding),
    ),
    details: rows
      .slice(0, 16)
      .map((row) => `  ${nameOf(row, encoding)}  ${sayValue(row, encoding)}`),
    layout: {barmode: "overlay"},
    ...(own ? {legend: false} : {legendTitle: encoding.series?.title ?? ""}),
    across: 2,
  });
}

interface Drawing {
  readonly color: string;
  readonly place: (row: Row) => number;
  readonly thickness: number;
  readonly range: readonly [number, number];
  readonly log: boolean;
}

function barTraces(
  name: string,
  rows: readonly Row[],
  encoding: BarEncoding,
  {color, place, thickness, range, log}: Drawing,
): Trace[] {
  const unit = encoding.y.unit as MeasureUnit;
  const estimates = rows.map((row) => estimateOf(row, encoding.y.column));
  const values = inBase(
    estimates.map((e) => e.value),
    unit,
  );
  const [floor] = inBase([range[0]], unit);
  const lengths = (of: readonly number[]): number[] => inBase(of, unit).map((value) => value ?? 0);
  const above = lengths(estimates.map((e) => e.hi - e.value));
  const below = lengths(estimates.map((e) => e.value - e.lo));
  const y = rows.map(place);
  return [
    {
      type: "bar",
      orientation: "h",
      name,
      y,
      // A bar on a log axis starts where the axis does: its length is not its value, which is written beside it.
      x: log ? values.map((v) => (v === null ? null : v - (floor as number))) : values,
      ...(log ? {base: values.map(() => floor)} : {}),
      width: thickness * 0.92,
      marker: {color},
      error_x: {
        type: "data",
        symmetric: false,
        array: above,
        arrayminus: below,
        color: "@ink",
        thickness: 1.2,
        width: 4,
      },
      hovertext: rows.map((row) =>
        plotlyText(`${nameOf(row, encoding)}: ${encoding.y.title} is ${sayValue(row, encoding)}.`),
      ),
      hovertemplate: "%{hovertext}<extra></extra>",
    },
    {
      type: "scatter",
      mode: "text",
      name,
      x: values.map((value, i) => (value === null ? null : Math.max(0, value) + above[i])),
      y,
      text: estimates.map((e) => `\u00a0\u00a0${say(e.value, unit)}`),
      textposition: "middle right",
      textfont: {color: "@ink", size: thickness < 0.14 ? 9 : 11},
      hoverinfo: "skip",
      showlegend: false,
      cliponaxis: false,
    },
  ];
}

function nameOf(row: Row, encoding: BarEncoding): string {
  const x = say(row[encoding.x.column], encoding.x.unit);
  const {series, facet} = encoding;
  const more = [
    ...(series === undefined || series.column === encoding.x.column ? [] : [series]),
    ...(facet === undefined ? [] : [facet]),
  ].map((field) => sayField(field, row[field.column]));
  return more.length === 0 ? x : `${x} with ${more.join(" and ")}`;
}

function sayValue(row: Row, encoding: Encoding): string {
  const {value, lo, hi} = estimateOf(row, encoding.y.column);
  const n = row.n as number | undefined;
  return sayEstimate(value, lo, hi, encoding.y.unit as MeasureUnit, n);
}

function finding(rows: readonly Row[], encoding: BarEncoding): string {
  const found = rows
    .map((row) => ({name: nameOf(row, encoding), ...estimateOf(row, encoding.y.column)}))
    .filter(({value}) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value);
  if (found.length === 0) return "There is nothing to show.";
  const low = found[0];
  const high = found[found.length - 1];
  const {unit} = encoding.y;
  if (found.length === 1) return `${low.name}: ${say(low.value, unit)}.`;
  const ratio = sayRatio(high.value, low.value);
  return `${low.name} is lowest with ${say(low.value, unit)}${sayOverlap(low, found)}, ${high.name} highest with ${say(high.value, unit)}${ratio ? ` (${ratio})` : ""}.`;
}
