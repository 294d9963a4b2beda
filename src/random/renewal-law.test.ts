// Moments and length-biased draws against the law's own moments: E[Y^k] of the biased law is E[X^(k+1)] / E[X].

import assert from "node:assert/strict";
import {it} from "node:test";
import type {Distribution} from "../units/distribution.ts";
import {renewalLawOf} from "./renewal-law.ts";
import {compileSampler} from "./sampler.ts";
import {openStream} from "./stream.ts";

const laws: readonly (readonly [string, Distribution, number])[] = [
  ["constant", {kind: "constant", value: 7}, 0],
  ["exponential", {kind: "exponential", mean: 5}, 0],
  ["exponential and a constant", {kind: "exponential", mean: 5}, 3],
  ["gamma", {kind: "gamma", shape: 2.5, scale: 2}, 1],
  ["gamma of a shape below 1", {kind: "gamma", shape: 0.4, scale: 9}, 0],
  ["lognormal", {kind: "lognormal", mu: 1, sigma: 0.6}, 0],
  [
    "lognormal, scaled and shifted",
    {kind: "affine", of: {kind: "lognormal", mu: 1, sigma: 0.6}, scale: 2, shift: 1},
    4,
  ],
  [
    "lognormal, with constants before and after it",
    {
      kind: "sum",
      parts: [
        {kind: "constant", value: 1},
        {kind: "lognormal", mu: 1, sigma: 0.6},
        {kind: "constant", value: 2},
      ],
    },
    0,
  ],
];
const draws = 200_000;

for (const [name, distribution, constant] of laws) {
  it(`draws ${name} walks as a look finds them`, () => {
    const law = renewalLawOf(distribution, constant);
    assert.ok(law);
    const own = compileSampler(distribution);
    const state = openStream(1, 0, name, "own");
    const biased = openStream(1, 0, name, "biased");
    let [first, second, third, found, square] = [0, 0, 0, 0, 0];
    let [transform, transformSquare] = [0, 0];
    const s = 0.05 / law.mean;
    for (let k = 0; k < draws; k++) {
      const x = own(state, 0) + constant;
      first += x;
      second += x * x;
      third += x * x * x;
      transform += Math.exp(s * x);
      transformSquare += Math.exp(2 * s * x);
      const y = law.biased(biased, 0);
      found += y;
      square += y * y;
    }
    const close = (a: number, b: number, relative: number) =>
      assert.ok(Math.abs(a / b - 1) < relative, `${a} and ${b}`);
    close(first / draws, law.mean, 0.015);
    close(second / draws, law.second, 0.03);
    close(found / draws, law.second / law.mean, 0.015);
    close(square / draws, third / draws / law.mean, 0.09);
    const mean = transform / draws;
    const error = Math.sqrt(Math.max(0, transformSquare / draws - mean * mean) / draws);
    const bound = law.moment(s);
    assert.ok(bound > mean - 4 * error - 1e-12, `${bound} bounds ${mean}`);
    assert.ok(bound < 1.01 * mean + 4 * error, `${bound} is near ${mean}`);
  });
}

it("knows nothing of laws that have no closed form, may be negative, or take no time", () => {
  assert.equal(renewalLawOf({kind: "uniform", lo: 1, hi: 2}, 0), undefined);
  assert.equal(renewalLawOf({kind: "constant", value: 0}, 0), undefined);
  const negative = {
    kind: "affine",
    of: {kind: "exponential", mean: 1},
    scale: 1,
    shift: -3,
  } as const;
  assert.equal(renewalLawOf(negative, 2), undefined);
});
