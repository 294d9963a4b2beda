import {histogramOf, mergeCounts} from "./histogram.ts";
import type {Series} from "./samples.ts";

/**
 * One series for all samples of several of the same metric, as when replications are pooled for a figure. Counts, extremes and
 * histograms add exactly, in any order; sums and moments are rounded, so fold in a fixed order where bits matter. Moments are
 * combined by Chan, Golub and LeVeque's formula (https://doi.org/10.1080/00031305.1983.10483115). The result has no `exact`, no
 * `batches` and no `reservoir`; a stream's samples are in its histogram.
 */
export function mergeSeries(a: Series, b: Series): Series {
  if (!(a.count > 0)) return withHistogram(b);
  if (!(b.count > 0)) return withHistogram(a);
  const count = a.count + b.count;
  const gap = b.sum / b.count - a.sum / a.count;
  const left = withHistogram(a).histogram;
  const right = withHistogram(b).histogram;
  return {
    entity: a.entity,
    metric: a.metric,
    count,
    sum: a.sum + b.sum,
    m2: a.m2 + b.m2 + ((gap * gap * a.count) / count) * b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    ...(left !== undefined && right !== undefined ? {histogram: mergeCounts(left, right)} : {}),
  };
}

function withHistogram(series: Series): Series {
  const {exact, reservoir: _, batches: __, ...rest} = series;
  return exact === undefined ? rest : {...rest, histogram: histogramOf(exact)};
}
