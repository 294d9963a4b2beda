// How often a value is exceeded: the distribution function with its tail in view. The vertical axis is the share of samples that are
// larger, on a logarithmic scale turned upside down and labelled with the quantiles (p50, p90, p99, p99.9), so that the height at which a
// curve is read is the quantile itself and the last thousandth gets as much room as the first half.
//
// A curve is a step function. It is thinned by keeping a step whenever the share beyond it has shrunk by a hundredth of a decade, and the
// largest sample always: between two kept steps the true share differs from the drawn one by at most 2.3 % of itself, whatever the
// number of samples, and a curve has at most some 100 steps a decade.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {
  distributionDetails,
  distributionFinding,
  distributionQuestion,
  withZeros,
} from "./box-figure.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {type Distribution, quantileOf, sizeOf} from "./distribution.ts";
import {type Encoding, type FigureText, framed} from "./encoding.ts";
import type {Axis, Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {inBase, quantityAxis, rangeOf, wantsLog} from "./quantity-axis.ts";
import {byFacet, samplesBySeries, seriesNames} from "./samples-by-series.ts";
import {say, sayField} from "./say.ts";
import {plotlyText} from "./text.ts";

/** What thinning may cost: the largest relative error of the share of samples beyond a value. */
export const thinningError: number = 10 ** 0.01 - 1;

export interface EcdfEncoding extends Encoding {
  /** `tail`: as described above; `plain`: the share of samples up to a value, linear. */
  readonly scale?: "tail" | "plain";
}

/** `y` is the column of samples (drawn along the horizontal axis); one curve a value of `series`. */
export function ecdfFigure(table: ColumnTable, encoding: EcdfEncoding, text: FigureText): Figure {
  const all = samplesBySeries(table, encoding);
  const unit = encoding.y.unit as MeasureUnit;
  const styles = seriesStyles(seriesNames(all));
  const ends = all.flatMap(({distribution}) => [
    quantileOf(distribution, 0),
    quantileOf(distribution, 1),
  ]);
  const log = encoding.y.log ?? wantsLog(ends);
  const range = rangeOf(ends, log, false);
  const tail = encoding.scale !== "plain";
  const most = Math.max(2, ...all.map(({distribution}) => sizeOf(distribution)));
  const facets = byFacet(all);
  const thinned = all.some(
    ({distribution}) => distribution.values.length > steps(distribution).length,
  );
  const panels = [...facets].map(
    ([facet, group]): Panel => ({
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: group.map((one): Trace => {
        const style = styles.get(one.series);
        const name = encoding.series ? say(one.series, encoding.series.unit) : encoding.y.title;
        const kept = steps(one.distribution);
        const n = sizeOf(one.distribution);
        const beyond = kept.map((i) => (n - one.distribution.below[i]) / n);
        // The largest sample has nothing beyond it; on the log scale it stands at half a sample.
        const heights = tail
          ? beyond.map((share) => Math.max(share, 0.5 / n))
          : beyond.map((share) => 1 - share);
        // A curve rises from the foot: where many samples equal the least, it would begin in the air.
        const foot = kept.slice(0, 1);
        return {
          type: "scatter",
          mode: "lines",
          name,
          x: inBase(
            [...foot, ...kept].map((i) => one.distribution.values[i]),
            unit,
          ),
          y: [...foot.map(() => (tail ? 1 : 0)), ...heights].map((height) =>
            Number(height.toPrecision(6)),
          ),
          line: {
            shape: "hv",
            width: 2,
            color: style?.color ?? "@ink",
            dash: style?.dash ?? "solid",
          },
          text: [...foot, ...kept].map((i, k) =>
            plotlyText(
              `${name}: ${shareText(beyond[Math.max(0, k - foot.length)])} of ${encoding.y.title} beyond ${say(one.distribution.values[i], unit)}.`,
            ),
          ),
          hovertemplate: "%{text}<extra></extra>",
        };
      }),
      xaxis: quantityAxis(encoding.y.title, unit, {log, range}),
      yaxis: tail
        ? tailAxis(most)
        : {
            title: {text: "share of samples", standoff: 10},
            type: "linear",
            tickformat: "~%",
            range: [0, 1.02],
            zeroline: false,
          },
    }),
  );
  const note = thinned
    ? ` Curves are thinned; shares are exact to ${say(thinningError, "ratio")} of themselves.`
    : "";
  return composeFigure(panels, {
    kind: "ecdf",
    ...(encoding.series ? {legendTitle: encoding.series.title} : {}),
    ...framed(
      withZeros(text, all, log),
      distributionQuestion(encoding),
      `${distributionFinding(all, encoding)}${note}`,
    ),
    details: distributionDetails(all, encoding),
  });
}

/** Indices of the steps that are drawn; ascending, first and last included. */
export function steps(distribution: Distribution): number[] {
  const {values, below} = distribution;
  const n = sizeOf(distribution);
  const kept: number[] = [];
  let share = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i + 1] === values[i]) continue;
    const beyond = n - below[i];
    if (kept.length === 0 || i === values.length - 1 || beyond < share / (1 + thinningError)) {
      kept.push(i);
      share = beyond;
    }
  }
  return kept;
}

function tailAxis(samples: number): Axis {
  const decades = Math.max(2, Math.ceil(Math.log10(samples)));
  const shares = [0.5, ...Array.from({length: decades}, (_, i) => Number(`1e-${i + 1}`))];
  return {
    title: {text: "quantile", standoff: 10},
    type: "log",
    range: [0.02, -decades - 0.4],
    tickmode: "array",
    tickvals: shares,
    ticktext: shares.map((share) => `p${Number((100 * (1 - share)).toPrecision(12))}`),
    zeroline: false,
  };
}

function shareText(share: number): string {
  if (share === 0) return "none";
  return say(share, "ratio");
}
