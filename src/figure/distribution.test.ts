import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {congruential, lognormal} from "../table/synthetic-run.contract.ts";
import {distributionOf, meanOf, quantileOf, sizeOf} from "./distribution.ts";
import {steps, thinningError} from "./ecdf-figure.ts";
import {binEdges, binShares} from "./histogram-figure.ts";
import {kernelDensity} from "./violin-figure.ts";

const samples = fc.array(fc.double({min: 0.001, max: 1e9, noNaN: true}), {
  minLength: 1,
  maxLength: 300,
});

it("the q-quantile is the least value that the share q does not exceed", () => {
  fc.assert(
    fc.property(samples, fc.double({min: 0.001, max: 1, noNaN: true}), (values, q) => {
      const quantile = quantileOf(distributionOf(values), q);
      const upTo = (x: number): number =>
        values.filter((value) => value <= x).length / values.length;
      assert.ok(upTo(quantile) >= q - 1e-9);
      for (const value of values) if (value < quantile) assert.ok(upTo(value) < q + 1e-9);
    }),
  );
});

it("a weight of n counts as n samples", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({min: 1, max: 9}), fc.integer({min: 1, max: 5})), {
        minLength: 1,
      }),
      (pairs) => {
        const weighted = distributionOf(
          pairs.map(([v]) => v),
          pairs.map(([, w]) => w),
        );
        const spread = distributionOf(pairs.flatMap(([v, w]) => Array.from({length: w}, () => v)));
        assert.equal(sizeOf(weighted), sizeOf(spread));
        assert.ok(Math.abs(meanOf(weighted) - meanOf(spread)) < 1e-9);
        for (const q of [0.1, 0.5, 0.9, 1])
          assert.equal(quantileOf(weighted, q), quantileOf(spread, q));
      },
    ),
  );
});

it("a thinned curve is nowhere further from the true share than it says", () => {
  const random = congruential(7);
  for (const n of [1, 5, 1000, 50_000]) {
    const distribution = distributionOf(
      Float64Array.from({length: n}, () => 1000 * lognormal(random, 1)),
    );
    const kept = steps(distribution);
    assert.ok(kept.length <= 100 * Math.log10(n * 10) + 100, `${kept.length} steps for ${n}`);
    assert.equal(kept.at(-1), distribution.values.length - 1);
    let at = 0;
    for (let i = kept[0]; i < n - 1; i++) {
      while (at + 1 < kept.length && kept[at + 1] <= i) at++;
      const drawn = n - distribution.below[kept[at]];
      const true_ = n - distribution.below[i];
      assert.ok(drawn / true_ - 1 <= thinningError + 1e-9, `${drawn} drawn, ${true_} true`);
    }
  }
});

it("bins hold every sample once", () => {
  fc.assert(
    fc.property(samples, fc.boolean(), (values, log) => {
      const distribution = distributionOf(values);
      const edges = binEdges([distribution], log);
      const shares = binShares(distribution, edges);
      assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9);
      assert.ok(shares.every((share) => share >= 0));
    }),
  );
});

it("a density encloses nearly all of its mass and peaks where the samples are", () => {
  const random = congruential(3);
  const values = Float64Array.from({length: 20_000}, () => 1000 * lognormal(random, 0.5));
  const {at, density} = kernelDensity(distributionOf(values), true);
  let mass = 0;
  for (let i = 1; i < at.length; i++) {
    mass += ((density[i] + density[i - 1]) / 2) * (Math.log(at[i]) - Math.log(at[i - 1]));
  }
  assert.ok(Math.abs(mass - 1) < 0.01, `mass ${mass}`);
  const peak = at[density.indexOf(Math.max(...density))];
  assert.ok(peak > 850 && peak < 1150, `peak ${peak}`);
});
