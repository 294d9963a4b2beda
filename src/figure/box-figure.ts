// Distributions side by side as boxes: the box holds the middle half, the line is the median, the whiskers reach from the 1 % to the 99 %
// quantile, and a diamond stands at the maximum, because in this field the worst case is somebody's only case. Quartiles are computed
// here, so a figure of a million samples is as small as one of ten.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {meanOf, quantileOf, sizeOf, zerosNote} from "./distribution.ts";
import {type Encoding, type FigureText, framed} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {inBase, quantityAxis, rangeOf, wantsLog} from "./quantity-axis.ts";
import {byFacet, type SeriesSamples, samplesBySeries, seriesNames} from "./samples-by-series.ts";
import {say, sayField, sayRatio} from "./say.ts";
import {countText, plotlyText} from "./text.ts";

/** `y` is the column of samples; one box a value of `series`. */
export function boxFigure(table: ColumnTable, encoding: Encoding, text: FigureText): Figure {
  const all = samplesBySeries(table, encoding);
  const unit = encoding.y.unit as MeasureUnit;
  const styles = seriesStyles(seriesNames(all));
  const ends = all.flatMap(({distribution}) => [
    quantileOf(distribution, 0.01),
    quantileOf(distribution, 1),
  ]);
  const log = encoding.y.log ?? wantsLog(ends);
  const range = rangeOf(ends, log, !log);
  const panels = [...byFacet(all)].map(
    ([facet, group]): Panel => ({
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: group.flatMap((one, place) =>
        boxTraces(
          one,
          place,
          encoding,
          styles.get(one.series)?.color ?? "@ink",
          log ? range[0] : Number.NEGATIVE_INFINITY,
        ),
      ),
      xaxis: quantityAxis(encoding.y.title, unit, {log, range}),
      yaxis: rowAxis(group, encoding),
    }),
  );
  const rows = Math.max(...[...byFacet(all)].map(([, group]) => group.length));
  return composeFigure(panels, {
    kind: "box",
    height: rowsHeight(rows, panels.length),
    ...framed(
      withZeros(text, all, log),
      distributionQuestion(encoding),
      distributionFinding(all, encoding),
    ),
    legend: false,
    details: [
      "  box: middle half; line: median; whiskers: 1 % and 99 %; diamond: maximum",
      ...distributionDetails(all, encoding),
    ],
    across: 2,
  });
}

function boxTraces(
  one: SeriesSamples,
  place: number,
  encoding: Encoding,
  color: string,
  floor: number,
): Trace[] {
  const unit = encoding.y.unit as MeasureUnit;
  // What is 0 ends at the axis when that is logarithmic.
  const at = (q: number): (number | null)[] =>
    inBase([Math.max(floor, quantileOf(one.distribution, q))], unit);
  const name = encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title;
  const sentence = `${name}: ${quantilesText(one, encoding)}`;
  return [
    {
      type: "box",
      orientation: "h",
      name,
      y: [place],
      q1: at(0.25),
      median: at(0.5),
      q3: at(0.75),
      lowerfence: at(0.01),
      upperfence: at(0.99),
      width: 0.55,
      line: {color, width: 1.6},
      fillcolor: `${color}/25`,
      hoverinfo: "skip",
      showlegend: false,
    },
    {
      type: "scatter",
      mode: "markers",
      name,
      x: [...at(1), ...at(0.5)],
      y: [place, place],
      marker: {symbol: "diamond", size: 7, color: [color, `${color}/0`]},
      text: [plotlyText(sentence), plotlyText(sentence)],
      hovertemplate: "%{text}<extra></extra>",
      showlegend: false,
      cliponaxis: false,
    },
  ];
}

/** The text of a figure with the note on samples that a logarithmic axis leaves out. */
export function withZeros(
  text: FigureText,
  all: readonly SeriesSamples[],
  log: boolean,
): FigureText {
  const zeros = zerosNote(
    all.map((one) => one.distribution),
    log,
  );
  return zeros.length === 0 ? text : {...text, notes: [...(text.notes ?? []), ...zeros]};
}

/** Rows of names, the first on top; shared by boxes and violins. */
export function rowAxis(group: readonly SeriesSamples[], encoding: Encoding): Panel["yaxis"] {
  return {
    type: "linear",
    range: [group.length - 0.4, -0.6],
    tickmode: "array",
    tickvals: group.map((_, i) => i),
    ticktext: group.map((one) =>
      encoding.series ? plotlyText(say(one.series, encoding.series.unit)) : "",
    ),
    showgrid: false,
    zeroline: false,
    ...(encoding.series && encoding.series.unit !== "name"
      ? {title: {text: plotlyText(encoding.series.title), standoff: 10}}
      : {}),
  };
}

/** Height of a figure of so many rows in so many panels, two side by side. */
export function rowsHeight(rows: number, panels: number): number {
  const panel = Math.max(110, Math.min(1400, (rows > 12 ? 28 : 44) * rows + 20));
  return 180 + panel * Math.ceil(panels / 2) + 60 * (Math.ceil(panels / 2) - 1);
}

/** The question of every figure of distributions. */
export function distributionQuestion(encoding: Encoding): string {
  const by = encoding.series ? `, by ${encoding.series.title}` : "";
  return `How is ${encoding.y.title} distributed${by}?`;
}

/** Which series has the lowest median and which the worst tail. */
export function distributionFinding(all: readonly SeriesSamples[], encoding: Encoding): string {
  const {unit} = encoding.y;
  const name = (one: SeriesSamples): string =>
    [
      encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title,
      ...(encoding.facet ? [sayField(encoding.facet, one.facet)] : []),
    ].join(" at ");
  const usable = all.filter(({distribution}) => sizeOf(distribution) > 0);
  if (usable.length === 0) return "There are no samples to show.";
  if (usable.length === 1) return `${name(usable[0])}: ${quantilesText(usable[0], encoding)}`;
  const by = (q: number): SeriesSamples[] =>
    usable.toSorted((a, b) => quantileOf(a.distribution, q) - quantileOf(b.distribution, q));
  const medians = by(0.5);
  const tails = by(0.99);
  const [best, worst] = [medians[0], tails[tails.length - 1]];
  const of = (one: SeriesSamples, q: number): number => quantileOf(one.distribution, q);
  const ratio = sayRatio(of(worst, 0.99), of(tails[0], 0.99));
  return `${name(best)} has the lowest median (${say(of(best, 0.5), unit)}); ${name(worst)} has the longest tail, p99 ${say(of(worst, 0.99), unit)}${ratio.endsWith("×") ? `, ${ratio} that of ${name(tails[0])}` : ""}.`;
}

/** One line a series: its quantiles. */
export function distributionDetails(all: readonly SeriesSamples[], encoding: Encoding): string[] {
  return all.slice(0, 16).map((one) => {
    const facet = encoding.facet ? ` (${sayField(encoding.facet, one.facet)})` : "";
    const name = encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title;
    return `  ${name}${facet}  ${quantilesText(one, encoding)}`;
  });
}

/** `median 3µs, p99 8µs, maximum 12µs, mean 3.4µs of 200 samples.` */
export function quantilesText(one: SeriesSamples, encoding: Encoding): string {
  const {distribution} = one;
  const {unit} = encoding.y;
  if (sizeOf(distribution) === 0) return "no samples.";
  const at = (q: number): string => say(quantileOf(distribution, q), unit);
  return `median ${at(0.5)}, p99 ${at(0.99)}, maximum ${at(1)}, mean ${say(meanOf(distribution), unit)} of ${countText(Math.round(sizeOf(distribution)), "sample")}.`;
}
