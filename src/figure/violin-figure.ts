// Distributions side by side as violins: the outline is a Gaussian kernel density, taken in log(value) when the axis is logarithmic,
// with Silverman's bandwidth 0.9 min(sd, IQR / 1.34) n^(-1/5) (Silverman, Density Estimation, 1986, eq. 3.31). It is computed on a grid
// of binned samples, so a million samples cost no more than their sort.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {
  distributionDetails,
  distributionFinding,
  distributionQuestion,
  quantilesText,
  rowAxis,
  rowsHeight,
  withZeros,
} from "./box-figure.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {type Distribution, positivePart, quantileOf, sizeOf} from "./distribution.ts";
import {type Encoding, type FigureText, framed} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {inBase, quantityAxis, rangeOf, wantsLog} from "./quantity-axis.ts";
import {byFacet, type SeriesSamples, samplesBySeries, seriesNames} from "./samples-by-series.ts";
import {say, sayField} from "./say.ts";
import {plotlyText} from "./text.ts";

/** `y` is the column of samples; one violin a value of `series`. */
export function violinFigure(table: ColumnTable, encoding: Encoding, text: FigureText): Figure {
  const all = samplesBySeries(table, encoding);
  const unit = encoding.y.unit as MeasureUnit;
  const styles = seriesStyles(seriesNames(all));
  const ends = all.flatMap(({distribution}) => [
    quantileOf(distribution, 0),
    quantileOf(distribution, 1),
  ]);
  const log = encoding.y.log ?? wantsLog(ends);
  const range = rangeOf(ends, log, !log);
  const panels = [...byFacet(all)].map(
    ([facet, group]): Panel => ({
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: group.flatMap((one, place) =>
        violinTraces(
          one,
          place,
          encoding,
          styles.get(one.series)?.color ?? "@ink",
          log,
          log ? range[0] : Number.NEGATIVE_INFINITY,
        ),
      ),
      xaxis: quantityAxis(encoding.y.title, unit, {log, range}),
      yaxis: rowAxis(group, encoding),
    }),
  );
  const rows = Math.max(...[...byFacet(all)].map(([, group]) => group.length));
  return composeFigure(panels, {
    kind: "violin",
    height: rowsHeight(rows * 1.3, panels.length),
    ...framed(
      withZeros(text, all, log),
      distributionQuestion(encoding),
      distributionFinding(all, encoding),
    ),
    legend: false,
    details: [
      "  outline: density; bar: middle half; dot: median; diamond: maximum",
      ...distributionDetails(all, encoding),
    ],
    across: 2,
  });
}

function violinTraces(
  one: SeriesSamples,
  place: number,
  encoding: Encoding,
  color: string,
  log: boolean,
  floor: number,
): Trace[] {
  const unit = encoding.y.unit as MeasureUnit;
  const name = encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title;
  const {at, density} = kernelDensity(log ? positivePart(one.distribution) : one.distribution, log);
  const peak = density.reduce((a, b) => Math.max(a, b), 0) || 1;
  const upper = density.map((value) => place - (0.42 * value) / peak);
  const lower = density.map((value) => place + (0.42 * value) / peak);
  const quartile = (q: number): number | null =>
    inBase([Math.max(floor, quantileOf(one.distribution, q))], unit)[0];
  const sentence = plotlyText(`${name}: ${quantilesText(one, encoding)}`);
  return [
    {
      type: "scatter",
      mode: "lines",
      name,
      x: inBase([...at, ...at.toReversed()], unit),
      y: [...upper, ...lower.toReversed()],
      fill: "toself",
      fillcolor: `${color}/25`,
      line: {color, width: 1.4},
      hoverinfo: "skip",
      showlegend: false,
    },
    {
      type: "scatter",
      mode: "lines",
      name,
      x: [quartile(0.25), quartile(0.75)],
      y: [place, place],
      line: {color, width: 6},
      hoverinfo: "skip",
      showlegend: false,
    },
    {
      type: "scatter",
      mode: "markers",
      name,
      x: [quartile(0.5), quartile(1)],
      y: [place, place],
      marker: {symbol: "circle", size: 8, color: ["@paper", color], line: {color, width: 1.6}},
      text: [sentence, sentence],
      hovertemplate: "%{text}<extra></extra>",
      showlegend: false,
      cliponaxis: false,
    },
  ];
}

/** The density at 96 places from the least to the greatest sample; on a log scale per unit of log(value), of samples above 0. */
export function kernelDensity(
  distribution: Distribution,
  log: boolean,
): {at: number[]; density: number[]} {
  const {values, below} = distribution;
  const n = sizeOf(distribution);
  if (values.length === 0) return {at: [], density: []};
  const place = (value: number): number => (log ? Math.log(value) : value);
  const low = place(values[0]);
  const high = place(values[values.length - 1]);
  if (!(high > low)) return {at: [values[0], values[0]], density: [1, 1]};
  const bins = 512;
  const counts = new Float64Array(bins);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = below[i] - (below[i - 1] ?? 0);
    const x = place(values[i]);
    counts[Math.min(bins - 1, Math.floor(((x - low) / (high - low)) * bins))] += weight;
    sum += weight * x;
    squares += weight * x * x;
  }
  const sd = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
  const iqr = place(quantileOf(distribution, 0.75)) - place(quantileOf(distribution, 0.25));
  const spread = iqr > 0 ? Math.min(sd, iqr / 1.34) : sd;
  // Never narrower than a bin and a half: below that the grid, not the kernel, would show.
  const bandwidth = Math.max(0.9 * spread * n ** -0.2, (1.5 * (high - low)) / bins);
  const at: number[] = [];
  const density: number[] = [];
  const places = 96;
  for (let i = 0; i < places; i++) {
    const x = low + ((high - low) * i) / (places - 1);
    let total = 0;
    for (let bin = 0; bin < bins; bin++) {
      if (counts[bin] === 0) continue;
      const z = (x - (low + ((bin + 0.5) * (high - low)) / bins)) / bandwidth;
      if (z > -6 && z < 6) total += counts[bin] * Math.exp(-0.5 * z * z);
    }
    at.push(log ? Math.exp(x) : x);
    density.push(total / (n * bandwidth * Math.sqrt(2 * Math.PI)));
  }
  return {at, density};
}
