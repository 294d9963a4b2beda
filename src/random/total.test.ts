import assert from "node:assert/strict";
import {it} from "node:test";
import type {Distribution} from "../units/distribution.ts";
import {meanOf, varianceOf} from "./law.ts";
import {compileSampler} from "./sampler.ts";
import {openStream} from "./stream.ts";
import {drawTotal, totalOf} from "./total.ts";

const exponential: Distribution = {kind: "exponential", mean: 300};
const constant: Distribution = {kind: "constant", value: 20};
const summable: readonly Distribution[] = [
  constant,
  exponential,
  {kind: "gamma", shape: 0.25, scale: 40},
  {kind: "gamma", shape: 4, scale: 50},
  {kind: "affine", of: exponential, scale: 2, shift: 7},
  {kind: "sum", parts: [exponential, constant, exponential]},
];

for (const draws of [1, 2, 3, 40]) {
  it(`gives the sum of ${draws} draws the mean and the variance that independent draws have`, () => {
    for (const [index, law] of summable.entries()) {
      const total = totalOf(law);
      assert.ok(total);
      const state = openStream(5, index, `${draws}`, "total");
      const n = 40_000;
      let sum = 0;
      let squares = 0;
      const mean = draws * meanOf(law);
      for (let i = 0; i < n; i++) {
        const off = draws * total.shift + drawTotal(total, draws, state, 0) - mean;
        sum += off;
        squares += off * off;
      }
      const variance = draws * varianceOf(law);
      assert.ok(Math.abs(sum / n) <= 4 * Math.sqrt(variance / n), `law ${index}, mean`);
      // A gamma law's kurtosis is at most 3 + 6 / shape; the bound is generous for all of these.
      assert.ok(Math.abs(squares / n / (variance || 1) - (variance > 0 ? 1 : 0)) < 0.16);
    }
  });
}

it("draws one exactly as the law's own sampler would, for an exponential", () => {
  const total = totalOf(exponential);
  assert.ok(total);
  const ours = openStream(1, 0, "a", "b");
  const theirs = openStream(1, 0, "a", "b");
  const sample = compileSampler(exponential);
  for (let i = 0; i < 100; i++) assert.equal(drawTotal(total, 1, ours, 0), sample(theirs, 0));
});

it("knows no closed form for other laws, for unequal scales, or where a draw could be negative", () => {
  for (const law of [
    {kind: "lognormal", mu: 1, sigma: 1},
    {kind: "uniform", lo: 0, hi: 1},
    {kind: "sum", parts: [exponential, {kind: "exponential", mean: 1}]},
    {kind: "affine", of: exponential, scale: 1, shift: -3},
    {kind: "affine", of: exponential, scale: -1, shift: 0},
  ] as const satisfies readonly Distribution[]) {
    assert.equal(totalOf(law), undefined, law.kind);
  }
});
