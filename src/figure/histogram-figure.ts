// How samples spread over values: outlines of bins, one a series, as shares of the series' samples so that runs of different length
// compare. The bins are the same for all series: equal in log(value) on a logarithmic axis, otherwise equal in value, and as wide as
// Freedman and Diaconis advise (2 IQR n^(-1/3)) within 12 to 80 bins.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {
  distributionDetails,
  distributionFinding,
  distributionQuestion,
  withZeros,
} from "./box-figure.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {type Distribution, firstAtLeast, positivePart, quantileOf, sizeOf} from "./distribution.ts";
import {type Encoding, type FigureText, framed} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {inBase, quantityAxis, rangeOf, wantsLog} from "./quantity-axis.ts";
import {byFacet, samplesBySeries, seriesNames} from "./samples-by-series.ts";
import {say, sayField} from "./say.ts";
import {plotlyText} from "./text.ts";

/** `y` is the column of samples (drawn along the horizontal axis). */
export function histogramFigure(
  table: ColumnTable,
  encoding: Encoding & {readonly bins?: number},
  text: FigureText,
): Figure {
  const all = samplesBySeries(table, encoding);
  const unit = encoding.y.unit as MeasureUnit;
  const styles = seriesStyles(seriesNames(all));
  const ends = all.flatMap(({distribution}) => [
    quantileOf(distribution, 0),
    quantileOf(distribution, 1),
  ]);
  const log = encoding.y.log ?? wantsLog(ends);
  const edges = binEdges(
    all.map((one) => one.distribution),
    log,
    encoding.bins,
  );
  const shares = all.map(({distribution}) => binShares(distribution, edges));
  const top = Math.max(0.01, ...shares.flat());
  const filled = seriesNames(all).length === 1;
  const panels = [...byFacet(all)].map(
    ([facet, group]): Panel => ({
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: group.map((one): Trace => {
        const own = shares[all.indexOf(one)];
        const style = styles.get(one.series);
        const name = encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title;
        // An outline of steps: from edge i to edge i + 1 at the height of bin i, back to zero at the end.
        const heights = [0, ...own, 0];
        return {
          type: "scatter",
          mode: "lines",
          name,
          x: inBase([edges[0], ...edges], unit),
          y: heights.map((height) => Number(height.toPrecision(6))),
          line: {
            shape: "hv",
            width: 1.8,
            color: style?.color ?? "@ink",
            dash: style?.dash ?? "solid",
          },
          fill: "tozeroy",
          fillcolor: `${style?.color}/${filled ? 45 : 15}`,
          text: [
            "",
            ...own.map((share, i) =>
              plotlyText(
                `${name}: ${say(share, "ratio")} of the samples lie between ${say(edges[i], unit)} and ${say(edges[i + 1], unit)}.`,
              ),
            ),
            "",
          ],
          hovertemplate: "%{text}<extra></extra>",
        };
      }),
      xaxis: quantityAxis(encoding.y.title, unit, {log, range: rangeOf(ends, log, false)}),
      yaxis: {
        title: {text: "share of samples", standoff: 10},
        type: "linear",
        tickformat: "~%",
        range: [0, top * 1.08],
        zeroline: false,
      },
    }),
  );
  return composeFigure(panels, {
    kind: "histogram",
    ...(encoding.series ? {legendTitle: encoding.series.title} : {}),
    ...framed(
      withZeros(text, all, log),
      distributionQuestion(encoding),
      distributionFinding(all, encoding),
    ),
    details: distributionDetails(all, encoding),
  });
}

/** Edges of bins that cover all samples. */
export function binEdges(all: readonly Distribution[], log: boolean, wanted?: number): number[] {
  const usable = all
    .map((one) => (log ? positivePart(one) : one))
    .filter((one) => one.values.length > 0);
  const place = (value: number): number => (log ? Math.log(value) : value);
  const low = place(Math.min(...usable.map((one) => one.values[0])));
  let high = place(Math.max(...usable.map((one) => one.values[one.values.length - 1])));
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (high <= low) high = low + (log ? 0.1 : Math.abs(low) || 1);
  const widths = usable
    .map(
      (one) =>
        2 * (place(quantileOf(one, 0.75)) - place(quantileOf(one, 0.25))) * sizeOf(one) ** (-1 / 3),
    )
    .filter((width) => width > 0);
  const width = widths.length > 0 ? Math.min(...widths) : (high - low) / 30;
  const bins = wanted ?? Math.min(80, Math.max(12, Math.ceil((high - low) / width)));
  return Array.from({length: bins + 1}, (_, i) => {
    const edge = low + ((high - low) * i) / bins;
    return log ? Math.exp(edge) : edge;
  });
}

/** Share of the samples in each bin; the last bin holds its upper edge. */
export function binShares(distribution: Distribution, edges: readonly number[]): number[] {
  const {values, below} = distribution;
  const n = sizeOf(distribution);
  const counted = edges.map((edge, i) => {
    if (i === 0) return below[firstAtLeast(values, edge) - 1] ?? 0;
    if (i === edges.length - 1) return n;
    return below[firstAtLeast(values, edge) - 1] ?? 0;
  });
  return counted.slice(1).map((count, i) => (n > 0 ? (count - counted[i]) / n : 0));
}
