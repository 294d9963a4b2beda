import assert from "node:assert/strict";
import {it} from "node:test";
import type {Distribution} from "../units/distribution.ts";
import {compileSampler} from "./sampler.ts";
import {openStream} from "./stream.ts";

const laws: readonly [Distribution, mean: number, variance: number][] = [
  [{kind: "constant", value: 7}, 7, 0],
  [{kind: "exponential", mean: 3}, 3, 9],
  [{kind: "uniform", lo: 2, hi: 6}, 4, 16 / 12],
  [{kind: "normal", mean: 5, sd: 2}, 5, 4],
  [{kind: "lognormal", mu: 1, sigma: 0.5}, Math.exp(1.125), Math.exp(2.25) * (Math.exp(0.25) - 1)],
  [{kind: "gamma", shape: 4, scale: 2}, 8, 16],
  [{kind: "gamma", shape: 0.5, scale: 2}, 1, 2],
  [{kind: "gamma", shape: 1, scale: 2}, 2, 4],
  [{kind: "weibull", shape: 2, scale: 3}, 3 * 0.886226925452758, 9 * (1 - Math.PI / 4)],
  [{kind: "pareto", min: 2, alpha: 5}, 2.5, 20 / 48],
  [{kind: "triangular", lo: 1, mode: 2, hi: 6}, 3, 21 / 18],
  [{kind: "triangular", lo: 3, mode: 3, hi: 3}, 3, 0],
  [{kind: "bernoulli", p: 0.3}, 0.3, 0.21],
  [{kind: "choice", values: [1, 5, 9], weights: [0.5, 0, 0.5]}, 5, 16],
  [{kind: "choice", values: [4], weights: [1]}, 4, 0],
  [{kind: "empirical", values: [1, 3]}, 2, 4 / 12],
  [{kind: "empirical", values: [2, 2, 2]}, 2, 0],
];

it("every law has its mean and variance", () => {
  const n = 60_000;
  for (const [law, mean, variance] of laws.filter(([law]) => law.kind !== "histogram")) {
    const draw = compileSampler(law);
    const state = openStream(1, 0, law.kind, "test");
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = draw(state, 0);
      sum += x;
      squares += (x - mean) ** 2;
    }
    assert.ok(Math.abs(sum / n - mean) <= 4.5 * Math.sqrt(variance / n), `${law.kind}: ${sum / n}`);
    assert.ok(Math.abs(squares / n - variance) <= 0.06 * variance, `${law.kind}: ${squares / n}`);
  }
});
