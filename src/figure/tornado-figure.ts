// What the measure depends on: for every axis of a sweep the mean of the measure where the axis is low and where it is high (of names:
// where it is best and worst), everything else averaged, sorted by the distance of the two. An axis with more than six values is split at
// its median, so that random and Latin-hypercube sweeps work too.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {composeFigure} from "./compose-figure.ts";
import {type Field, type FigureText, framed, type Row, rowsOf} from "./encoding.ts";
import type {Annotation, Figure, Trace} from "./figure.ts";
import {inBase, quantityAxis, rangeOf} from "./quantity-axis.ts";
import {say, sayRatio} from "./say.ts";
import {plotlyText} from "./text.ts";

interface Effect {
  readonly axis: Field;
  readonly low: {readonly label: string; readonly mean: number};
  readonly high: {readonly label: string; readonly mean: number};
}

/** `table` has a row per point, `axes` are the swept columns and `y` the measure. */
export function tornadoFigure(
  table: ColumnTable,
  y: Field,
  axes: readonly Field[],
  text: FigureText,
): Figure {
  const rows = rowsOf(table).filter((row) => Number.isFinite(row[y.column]));
  const unit = y.unit as MeasureUnit;
  const overall = mean(rows, y);
  const effects = axes
    .flatMap((axis) => effectOf(rows, axis, y) ?? [])
    .sort((a, b) => spread(b) - spread(a));
  const places = effects.map((_, i) => i);
  const side = (name: string, color: string, of: (effect: Effect) => Effect["low"]): Trace => ({
    type: "bar",
    orientation: "h",
    name,
    y: places,
    x: inBase(
      effects.map((effect) => of(effect).mean - overall),
      unit,
    ),
    base: inBase(
      effects.map(() => overall),
      unit,
    ),
    width: 0.6,
    marker: {color},
    hovertext: effects.map((effect) =>
      plotlyText(
        `${y.title} is ${say(of(effect).mean, unit)} on average where ${effect.axis.title} is ${of(effect).label}.`,
      ),
    ),
    hovertemplate: "%{hovertext}<extra></extra>",
  });
  const range = rangeOf(
    effects.flatMap((e) => [e.low.mean, e.high.mean, overall]),
    false,
  );
  const room = (range[1] - range[0]) * 0.16;
  return composeFigure(
    [
      {
        traces: [
          side("lower end", "@series0", (e) => e.low),
          side("upper end", "@series1", (e) => e.high),
        ],
        shapes: [
          {
            type: "line",
            x0: inBase([overall], unit)[0] ?? 0,
            x1: inBase([overall], unit)[0] ?? 0,
            y0: 0,
            y1: 1,
            yref: "y domain",
            line: {color: "@ink", width: 1, dash: "dot"},
          },
        ],
        // Labels stand outside the whole bar, whichever end is the greater.
        annotations: effects.flatMap((effect, place) => {
          const [left, right] = [effect.low, effect.high].toSorted((a, b) => a.mean - b.mean);
          const label = (end: Effect["low"], anchor: "left" | "right"): Annotation => ({
            text: plotlyText(end.label),
            x:
              inBase(
                [anchor === "right" ? Math.min(end.mean, overall) : Math.max(end.mean, overall)],
                unit,
              )[0] ?? 0,
            y: place,
            xanchor: anchor,
            xshift: anchor === "right" ? -5 : 5,
            font: {size: 11, color: "@ink"},
          });
          return [label(left, "right"), label(right, "left")];
        }),
        xaxis: quantityAxis(`${y.title}, on average`, unit, {
          range: [range[0] - room, range[1] + room],
        }),
        yaxis: {
          type: "linear",
          range: [effects.length - 0.4, -0.6],
          tickmode: "array",
          tickvals: places,
          ticktext: effects.map((effect) => plotlyText(effect.axis.title)),
          showgrid: false,
          zeroline: false,
        },
      },
    ],
    {
      kind: "tornado",
      height: Math.max(260, 190 + 44 * effects.length),
      ...framed(text, `What does ${y.title} depend on most?`, finding(effects, y)),
      details: effects.map(
        (e) =>
          `  ${e.axis.title}  ${e.low.label}: ${say(e.low.mean, unit)}, ${e.high.label}: ${say(e.high.mean, unit)}`,
      ),
      layout: {barmode: "overlay"},
      legend: false,
    },
  );
}

function effectOf(rows: readonly Row[], axis: Field, y: Field): Effect | undefined {
  const values = [...new Set(rows.map((row) => row[axis.column] as string | number))];
  if (values.length < 2) return undefined;
  if (axis.unit === "name" || values.length <= 6) {
    const groups = values.map((value) => ({
      label: say(value, axis.unit),
      value,
      mean: mean(
        rows.filter((row) => row[axis.column] === value),
        y,
      ),
    }));
    const sorted = groups.toSorted((a, b) =>
      axis.unit === "name" ? a.mean - b.mean : (a.value as number) - (b.value as number),
    );
    return {axis, low: sorted[0], high: sorted[sorted.length - 1]};
  }
  const ordered = (values as number[]).sort((a, b) => a - b);
  const median = ordered[ordered.length >> 1];
  const below = rows.filter((row) => (row[axis.column] as number) < median);
  const above = rows.filter((row) => (row[axis.column] as number) >= median);
  return {
    axis,
    low: {label: `below ${say(median, axis.unit)}`, mean: mean(below, y)},
    high: {label: `from ${say(median, axis.unit)}`, mean: mean(above, y)},
  };
}

function mean(rows: readonly Row[], y: Field): number {
  return rows.reduce((sum, row) => sum + (row[y.column] as number), 0) / rows.length;
}

function spread(effect: Effect): number {
  return Math.abs(effect.high.mean - effect.low.mean);
}

function finding(effects: readonly Effect[], y: Field): string {
  const most = effects[0];
  if (most === undefined) return "No axis of this run has two values.";
  const [low, high] = [most.low, most.high].toSorted((a, b) => a.mean - b.mean);
  const ratio = sayRatio(high.mean, low.mean);
  return `${y.title} depends most on ${most.axis.title}: ${say(low.mean, y.unit)} at ${low.label}, ${say(high.mean, y.unit)} at ${high.label}${ratio ? ` (${ratio})` : ""}.`;
}
