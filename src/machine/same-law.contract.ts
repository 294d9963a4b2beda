// Whether two executors agree in law: replications of the one against replications of the other.

import assert from "node:assert/strict";
import type {Samples, Series} from "../record/samples.ts";
import {ksBetween} from "../stats/kolmogorov-smirnov.ts";

export type Measures = Readonly<Record<string, (samples: Samples) => number>>;

export function seriesOf(samples: Samples, entity: string, metric: string): Series {
  const found = samples.series.find((one) => one.entity === entity && one.metric === metric);
  assert.ok(found, `${entity}.${metric}`);
  return found;
}

/** `drawn` have the same law, `expected` the same mean; as many replications of both. */
export function assertSameLaw(
  some: readonly Samples[],
  others: readonly Samples[],
  drawn: Measures,
  expected: Measures = {},
): void {
  for (const [measure, of] of Object.entries({...drawn, ...expected})) {
    const a = some.map(of);
    const b = others.map(of);
    if (measure in drawn) {
      const {p} = ksBetween(a, b);
      assert.ok(p > 2e-5, `${measure}: p ${p}, ${mean(a)} and ${mean(b)}`);
    }
    const z = (mean(a) - mean(b)) / Math.sqrt((variance(a) + variance(b)) / a.length || 1);
    assert.ok(Math.abs(z) < 4.2, `${measure}: z ${z}, ${mean(a)} and ${mean(b)}`);
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
};
