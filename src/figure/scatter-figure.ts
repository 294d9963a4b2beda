// Two measures against each other, both better when smaller, and the front of what is not beaten in both: a policy off the front has
// another that is at least as good in one measure and better in the other.

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
import type {Annotation, Figure, ScatterTrace, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {baseFactor, inBase, quantityAxis, rangeOf, wantsLog} from "./quantity-axis.ts";
import {say, sayEstimate, sayField} from "./say.ts";
import {countText, listText, plotlyText} from "./text.ts";

export interface ScatterEncoding extends Encoding {
  /** The measure along the horizontal axis, an estimate like `y`. */
  readonly x: Field;
  /** Columns that say which point a dot is. */
  readonly name: readonly Field[];
}

export function scatterFigure(
  table: ColumnTable,
  encoding: ScatterEncoding,
  text: FigureText,
): Figure {
  const rows = rowsOf(table);
  const xs = rows.map((row) => estimateOf(row, encoding.x.column).value);
  const ys = rows.map((row) => estimateOf(row, encoding.y.column).value);
  const log = {x: encoding.x.log ?? wantsLog(xs), y: encoding.y.log ?? wantsLog(ys)};
  const range = {x: rangeOf(xs, log.x, !log.x), y: rangeOf(ys, log.y, !log.y)};
  const names = [...grouped(rows, encoding.series).keys()];
  const styles = seriesStyles(names);
  const facets = grouped(rows, encoding.facet);
  const fronts = new Map(
    [...facets].map(([facet, group]) => [facet, paretoFront(group, encoding)]),
  );
  const panels = [...facets].map(([facet, group]): Panel => {
    const front = fronts.get(facet) ?? [];
    return {
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: [
        ...frontTrace(front, encoding, range),
        ...[...grouped(group, encoding.series)].map(([name, own]): Trace => {
          const style = styles.get(name);
          return {
            type: "scatter",
            mode: "markers",
            name: encoding.series ? say(name, encoding.series.unit) : encoding.y.title,
            ...dots(own, encoding),
            marker: {
              size: 9,
              color: style?.color ?? "@ink",
              symbol: style?.symbol ?? "circle",
              line: {color: "@paper", width: 1},
            },
            text: own.map((row) => plotlyText(sentence(row, encoding, front.includes(row)))),
            hovertemplate: "%{text}<extra></extra>",
          };
        }),
      ],
      annotations: group.length <= 10 ? dotLabels(group, encoding, log) : [],
      xaxis: quantityAxis(encoding.x.title, encoding.x.unit as MeasureUnit, {
        log: log.x,
        range: range.x,
      }),
      yaxis: quantityAxis(encoding.y.title, encoding.y.unit as MeasureUnit, {
        log: log.y,
        range: range.y,
      }),
    };
  });
  const labelled = [...facets.values()].every((group) => group.length <= 10);
  return composeFigure(panels, {
    kind: "scatter",
    ...(encoding.series ? {legendTitle: encoding.series.title} : {}),
    ...framed(
      text,
      `Which ${nameTitle(encoding)} is best in both ${encoding.y.title} and ${encoding.x.title}?`,
      finding(fronts, rows, encoding),
    ),
    details: [...fronts.values()]
      .flat()
      .slice(0, 12)
      .map((row) => `  ${sentence(row, encoding, true)}`),
    ...(labelled && encoding.facet === undefined ? {legend: false, right: 40} : {}),
  });
}

/** Rows no other row beats: smaller or equal in both measures and smaller in one. Ascending in x. */
export function paretoFront(
  rows: readonly Row[],
  encoding: {readonly x: Field; readonly y: Field},
): Row[] {
  const placed = rows
    .map((row) => ({
      row,
      x: estimateOf(row, encoding.x.column).value,
      y: estimateOf(row, encoding.y.column).value,
    }))
    .filter(({x, y}) => Number.isFinite(x) && Number.isFinite(y))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const front: typeof placed = [];
  for (const candidate of placed) {
    const best = front[front.length - 1];
    if (
      best === undefined ||
      candidate.y < best.y ||
      (candidate.y === best.y && candidate.x === best.x)
    ) {
      front.push(candidate);
    }
  }
  return front.map(({row}) => row);
}

function dots(
  rows: readonly Row[],
  encoding: ScatterEncoding,
): Required<Pick<ScatterTrace, "x" | "y" | "error_x" | "error_y">> {
  const ends = (
    field: Field,
  ): {array: number[]; arrayminus: number[]; values: (number | null)[]} => {
    const unit = field.unit as MeasureUnit;
    const all = rows.map((row) => estimateOf(row, field.column));
    return {
      values: inBase(
        all.map((e) => e.value),
        unit,
      ),
      array: inBase(
        all.map((e) => e.hi - e.value),
        unit,
      ).map((v) => v ?? 0),
      arrayminus: inBase(
        all.map((e) => e.value - e.lo),
        unit,
      ).map((v) => v ?? 0),
    };
  };
  const x = ends(encoding.x);
  const y = ends(encoding.y);
  const bars = {type: "data", symmetric: false, color: "@muted", thickness: 1, width: 3} as const;
  return {
    x: x.values,
    y: y.values,
    error_x: {...bars, array: x.array, arrayminus: x.arrayminus},
    error_y: {...bars, array: y.array, arrayminus: y.arrayminus},
  };
}

// A staircase through the front: what lies above and right of it is beaten.
function frontTrace(
  front: readonly Row[],
  encoding: ScatterEncoding,
  range: {readonly x: readonly [number, number]; readonly y: readonly [number, number]},
): Trace[] {
  if (front.length === 0) return [];
  const xs = front.map((row) => estimateOf(row, encoding.x.column).value);
  const ys = front.map((row) => estimateOf(row, encoding.y.column).value);
  return [
    {
      type: "scatter",
      mode: "lines",
      name: "not beaten",
      x: inBase([xs[0], ...xs, range.x[1]], encoding.x.unit as MeasureUnit),
      y: inBase([range.y[1], ...ys, ys[ys.length - 1]], encoding.y.unit as MeasureUnit),
      line: {shape: "hv", dash: "dot", width: 1.5, color: "@muted"},
      hoverinfo: "skip",
    },
  ];
}

function dotLabels(
  rows: readonly Row[],
  encoding: ScatterEncoding,
  log: {readonly x: boolean; readonly y: boolean},
): Annotation[] {
  return rows.flatMap((row) => {
    const x = estimateOf(row, encoding.x.column).value * baseFactor(encoding.x.unit as MeasureUnit);
    const y = estimateOf(row, encoding.y.column).value * baseFactor(encoding.y.unit as MeasureUnit);
    if (!Number.isFinite(x) || !Number.isFinite(y) || (log.x && x <= 0) || (log.y && y <= 0))
      return [];
    return [
      {
        text: plotlyText(nameOf(row, encoding)),
        x: log.x ? Math.log10(x) : x,
        y: log.y ? Math.log10(y) : y,
        xanchor: "left" as const,
        yanchor: "bottom" as const,
        xshift: 6,
        yshift: 3,
        font: {size: 11, color: "@ink"},
      },
    ];
  });
}

function sentence(row: Row, encoding: ScatterEncoding, front: boolean): string {
  const name = nameOf(row, encoding);
  const of = (field: Field): string => {
    const {value, lo, hi} = estimateOf(row, field.column);
    return `${field.title} ${sayEstimate(value, lo, hi, field.unit as MeasureUnit)}`;
  };
  return `${name}: ${of(encoding.y)}, ${of(encoding.x)}${front ? "; not beaten in both" : ""}.`;
}

// `targeted_ipi (readers 16)`: names first, numbers with what they are.
function nameOf(row: Row, encoding: ScatterEncoding): string {
  const names = encoding.name.filter((field) => field.unit === "name");
  const numbers = encoding.name.filter((field) => field.unit !== "name");
  const inner = numbers
    .map((field) => `${field.title} ${say(row[field.column], field.unit)}`)
    .join(", ");
  const outer = names.map((field) => String(row[field.column])).join(", ");
  if (outer === "" || inner === "") return outer || inner;
  return `${outer} (${inner})`;
}

function nameTitle(encoding: ScatterEncoding): string {
  return encoding.name.length === 1 ? encoding.name[0].title : "choice";
}

function finding(
  fronts: ReadonlyMap<string | number, readonly Row[]>,
  rows: readonly Row[],
  encoding: ScatterEncoding,
): string {
  const best = [...new Set([...fronts.values()].flat().map((row) => nameOf(row, encoding)))];
  if (best.length === 0) return "There is nothing to show.";
  if (best.length === 1)
    return `${best[0]} is best in both, of ${countText(rows.length, "point")}.`;
  return `${listText(best)} are not beaten in both measures at once, of ${countText(rows.length, "point")}.`;
}
