import assert from "node:assert/strict";
import {it} from "node:test";
import type {Distribution} from "../units/distribution.ts";
import {cdf, meanOf, quantile, secondMomentOf, varianceOf} from "./law.ts";
import {hasOnce, resolveOnce} from "./once.ts";
import {compileSampler} from "./sampler.ts";
import {openStream} from "./stream.ts";
import {supportOf} from "./support.ts";

const exponential = (mean: number): Distribution => ({kind: "exponential", mean});
const constant = (value: number): Distribution => ({kind: "constant", value});

/** Laws by name, with mean and variance in closed form. */
const laws: Readonly<Record<string, readonly [Distribution, mean: number, variance: number]>> = {
  constant: [constant(7), 7, 0],
  exponential: [exponential(3), 3, 9],
  uniform: [{kind: "uniform", lo: 2, hi: 6}, 4, 16 / 12],
  "uniform of no width": [{kind: "uniform", lo: 2, hi: 2}, 2, 0],
  normal: [{kind: "normal", mean: 5, sd: 2}, 5, 4],
  "normal without spread": [{kind: "normal", mean: 5, sd: 0}, 5, 0],
  lognormal: [
    {kind: "lognormal", mu: 1, sigma: 0.5},
    Math.exp(1.125),
    Math.exp(2.25) * (Math.exp(0.25) - 1),
  ],
  gamma: [{kind: "gamma", shape: 4, scale: 2}, 8, 16],
  "gamma of shape below 1": [{kind: "gamma", shape: 0.5, scale: 2}, 1, 2],
  "gamma of shape 1": [{kind: "gamma", shape: 1, scale: 2}, 2, 4],
  weibull: [{kind: "weibull", shape: 2, scale: 3}, 3 * 0.886226925452758, 9 * (1 - Math.PI / 4)],
  pareto: [{kind: "pareto", min: 2, alpha: 5}, 2.5, 20 / 48],
  triangular: [{kind: "triangular", lo: 1, mode: 2, hi: 6}, 3, 21 / 18],
  "triangular, mode at its end": [{kind: "triangular", lo: 1, mode: 4, hi: 4}, 3, 0.5],
  bernoulli: [{kind: "bernoulli", p: 0.3}, 0.3, 0.21],
  "bernoulli that never is": [{kind: "bernoulli", p: 0}, 0, 0],
  choice: [{kind: "choice", values: [1, 5, 9], weights: [0.5, 0, 0.5]}, 5, 16],
  "choice of one": [{kind: "choice", values: [4], weights: [1]}, 4, 0],
  histogram: [
    {kind: "histogram", edges: [0, 2, 6, 8], weights: [0.5, 0.5, 0]},
    2.5,
    0.5 * (4 / 3) + 0.5 * (16 + 16 / 12) - 6.25,
  ],
  empirical: [{kind: "empirical", values: [1, 3]}, 2, 4 / 12],
  "empirical with a tie": [{kind: "empirical", values: [2, 2, 2]}, 2, 0],
  mixture: [
    {kind: "mixture", weights: [0.9, 0.1], parts: [constant(1), exponential(10)]},
    1.9,
    17.29,
  ],
  "truncated below": [{kind: "truncate", of: exponential(3), lo: 5}, 8, 9],
  "truncated normal": [
    {kind: "truncate", of: {kind: "normal", mean: 0, sd: 1}, lo: 0},
    Math.sqrt(2 / Math.PI),
    1 - 2 / Math.PI,
  ],
  "truncated far out": [{kind: "truncate", of: exponential(1), lo: 15}, 16, 1],
  "truncated at an atom": [
    {kind: "truncate", of: {kind: "choice", values: [1, 2, 3], weights: [0.2, 0.3, 0.5]}, hi: 2},
    1.6,
    0.24,
  ],
  affine: [{kind: "affine", of: exponential(3), scale: 2, shift: 1}, 7, 36],
  "affine downwards": [{kind: "affine", of: exponential(3), scale: -1, shift: 10}, 7, 9],
  sum: [{kind: "sum", parts: [exponential(3), exponential(4), constant(1)]}, 8, 25],
  product: [{kind: "product", parts: [{kind: "bernoulli", p: 0.5}, exponential(2)]}, 1, 3],
};

function close(actual: number, expected: number, relative: number, what: string): void {
  const allowed = relative * Math.max(Math.abs(expected), 1e-3);
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual}, not ${expected}`);
}

for (const [name, [law, mean, variance]] of Object.entries(laws)) {
  it(`${name}: moments are the closed form`, () => {
    close(meanOf(law), mean, 1e-9, "mean");
    close(varianceOf(law), variance, 1e-7, "variance");
    close(secondMomentOf(law), variance + mean * mean, 1e-9, "second moment");
  });

  it(`${name}: quantile and distribution function fit each other`, () => {
    const [lo, hi] = supportOf(law);
    let last = Number.NEGATIVE_INFINITY;
    for (const q of [0.001, 0.02, 0.25, 0.5, 0.7, 0.95, 0.999]) {
      const x = quantile(law, q);
      assert.ok(x >= last && x >= lo && x <= hi, `quantile(${q}) = ${x}`);
      // At an atom the distribution function jumps over q.
      assert.ok(cdf(law, x * (1 + 1e-9)) >= q - 1e-9, `cdf(${x}) = ${cdf(law, x)} < ${q}`);
      const below = x - Math.abs(x) * 1e-4 - 1e-12;
      assert.ok(cdf(law, below) <= q + 1e-9, `cdf(${below}) = ${cdf(law, below)} > ${q}`);
      last = x;
    }
  });

  for (const method of ["ziggurat", "inversion"] as const) {
    it(`${name}: draws by ${method} have its mean, variance and distribution`, () => {
      const n = 12_000;
      const state = openStream(4, 0, name, method);
      const draw = compileSampler(law, method);
      const sample = Float64Array.from({length: n}, () => draw(state, 0)).sort();
      const average = sample.reduce((sum, x) => sum + x, 0) / n;
      assert.ok(
        Math.abs(average - mean) <= 4.5 * Math.sqrt(variance / n) + 1e-12,
        `mean ${average}`,
      );
      const spread = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
      close(spread, variance, 0.15, "variance");
      // Kolmogorov and Smirnov's distance; 1.95 / sqrt(n) is exceeded once in 1000. Atoms only make it smaller.
      let distance = 0;
      for (let i = 0; i < n; i += 7) {
        const x = sample[i] as number;
        let first = i;
        while (first > 0 && sample[first - 1] === x) first--;
        let end = i;
        while (end < n && sample[end] === x) end++;
        const below = cdf(law, x - Math.abs(x) * 1e-12 - 1e-300);
        distance = Math.max(distance, cdf(law, x) - end / n, first / n - below);
      }
      assert.ok(distance < 1.95 / Math.sqrt(n) + 0.005, `distance ${distance}`);
    });
  }
}

it("an exponential law has nothing at zero, unless its mean is", () => {
  assert.equal(cdf(exponential(3), 0), 0);
  assert.equal(cdf(exponential(0), 0), 1);
  assert.equal(meanOf(exponential(0)), 0);
});

// What is left of a walk of mean 200 at a random instant within one: E[W^2] / 2 E[W].
it("residual times follow from the moments", () => {
  const residual = (law: Distribution): number => secondMomentOf(law) / (2 * meanOf(law));
  const sigma = Math.sqrt(Math.log(5));
  close(residual(exponential(200)), 200, 1e-12, "exponential");
  close(residual(constant(200)), 100, 1e-12, "constant");
  close(residual({kind: "gamma", shape: 4, scale: 50}), 125, 1e-12, "Erlang-4");
  close(
    residual({kind: "lognormal", mu: Math.log(200) - sigma ** 2 / 2, sigma}),
    500,
    1e-12,
    "lognormal of cv 2",
  );
});

// The last of n exponential acknowledgements comes after H_n = 1 + 1/2 + ... + 1/n on average, with variance 1 + 1/4 + ... + 1/n^2.
it("the largest of n exponential draws has the mean of its order statistic", () => {
  for (const [n, expected, rounds] of [
    [2, 1.5, 40_000],
    [8, 2.717857, 20_000],
    [64, 4.743891, 10_000],
    [1024, 7.509176, 2000],
  ] as const) {
    const draw = compileSampler(exponential(1));
    const state = openStream(6, n, "largest", "test");
    let sum = 0;
    for (let round = 0; round < rounds; round++) {
      let largest = 0;
      for (let i = 0; i < n; i++) largest = Math.max(largest, draw(state, 0));
      sum += largest;
    }
    const error = Math.sqrt(1.6449 / rounds);
    assert.ok(Math.abs(sum / rounds - expected) < 4 * error, `n = ${n}: ${sum / rounds}`);
  }
});

it("heavy tails have no moments, and say so", () => {
  assert.equal(meanOf({kind: "pareto", min: 1, alpha: 1}), Number.POSITIVE_INFINITY);
  assert.equal(varianceOf({kind: "pareto", min: 1, alpha: 2}), Number.POSITIVE_INFINITY);
  close(
    meanOf({kind: "truncate", of: {kind: "pareto", min: 1, alpha: 1}, hi: Math.E}),
    1 / (1 - 1 / Math.E),
    1e-12,
    "mean",
  );
});

it("draws are the same for the same stream, whatever was drawn before", () => {
  for (const [name, [law]] of Object.entries(laws)) {
    const draws = (): number[] => {
      const state = openStream(9, 3, "x", "y");
      const draw = compileSampler(law);
      return Array.from({length: 20}, () => draw(state, 0));
    };
    assert.deepEqual(draws(), draws(), name);
  }
});

// Sums of 10,000 draws, to the last bit: they hold on every platform and version of Node, or results could not be compared.
it("draws are those of the first release, bit for bit", () => {
  const sums: readonly [Distribution, number][] = [
    [exponential(200), 2035729.7438349763],
    [{kind: "normal", mean: 0, sd: 1}, 84.55267963596904],
    [{kind: "lognormal", mu: 5, sigma: 0.5}, 1693543.6429288562],
    [{kind: "gamma", shape: 0.7, scale: 3}, 20919.892312808577],
    [{kind: "weibull", shape: 1.5, scale: 2}, 18273.207046768326],
  ];
  for (const [law, expected] of sums) {
    const state = openStream(1, 0, "gup", "hold");
    const draw = compileSampler(law);
    let sum = 0;
    for (let i = 0; i < 10_000; i++) sum += draw(state, 0);
    assert.equal(sum, expected, law.kind);
  }
});

it("inversion is monotone: the same uniform number gives a larger draw of a larger law", () => {
  const draw = (mean: number): number => {
    return compileSampler({kind: "gamma", shape: 3, scale: mean / 3}, "inversion")(
      openStream(1, 1, "a", "b"),
      0,
    );
  };
  close(draw(20), 2 * draw(10), 1e-9, "scaled");
});

it("parameters that no law has are refused by name", () => {
  const refused: readonly [Distribution, RegExp][] = [
    [exponential(-1), /`mean` of exponential to be a finite number >= 0, got `-1`/],
    [{kind: "uniform", lo: 3, hi: 2}, /`hi` of uniform/],
    [{kind: "gamma", shape: 0, scale: 1}, /`shape` of gamma/],
    [
      {kind: "choice", values: [1, 2], weights: [0, 0]},
      /`weights` of choice to be 2 numbers >= 0, not all 0/,
    ],
    [{kind: "choice", values: [1, 2], weights: [1]}, /`weights`/],
    [{kind: "empirical", values: [2, 1]}, /`values` of empirical to be ascending/],
    [{kind: "truncate", of: exponential(1), lo: 2, hi: 1}, /`hi` of truncate/],
    [
      {kind: "truncate", of: exponential(1), lo: 50},
      /Truncating exponential to \[50, inf\] keeps a probability of 0/,
    ],
    [{kind: "sum", parts: []}, /`parts` of sum/],
    [{kind: "affine", of: {kind: "bernoulli", p: 2}, scale: 1, shift: 0}, /`p` of bernoulli/],
    [{kind: "once", of: constant(1)}, /resolve it/],
  ];
  for (const [law, message] of refused) assert.throws(() => compileSampler(law), message);
});

it("`once` is drawn once a replication and is a constant after that", () => {
  const law: Distribution = {kind: "sum", parts: [{kind: "once", of: exponential(5)}, constant(1)]};
  assert.ok(hasOnce(law));
  const resolved = resolveOnce(law, 1, 0, "gup", "hold");
  assert.ok(!hasOnce(resolved));
  assert.deepEqual(resolveOnce(law, 1, 0, "gup", "hold"), resolved);
  assert.notDeepEqual(resolveOnce(law, 1, 1, "gup", "hold"), resolved);
  assert.notDeepEqual(resolveOnce(law, 1, 0, "gup", "hold", 2), resolved);
  const draw = compileSampler(resolved);
  const state = openStream(1, 0, "z", "z");
  assert.equal(draw(state, 0), draw(state, 0));
  const plain = exponential(2);
  assert.equal(resolveOnce(plain, 1, 0, "a", "b"), plain);
  assert.equal(meanOf(law), 6);
});

it("rates in proportion: an alias table draws each index as often as its weight says", () => {
  const weights = [0.1, 0, 0.35, 0.05, 0.5];
  const draw = compileSampler({kind: "choice", values: [0, 1, 2, 3, 4], weights});
  const state = openStream(2, 0, "alias", "test");
  const counts = new Int32Array(5);
  const n = 50_000;
  for (let i = 0; i < n; i++) {
    const drawn = draw(state, 0);
    counts[drawn] = (counts[drawn] as number) + 1;
  }
  weights.forEach((weight, i) => {
    const sd = Math.sqrt(n * weight * (1 - weight));
    assert.ok(Math.abs((counts[i] as number) - n * weight) <= 4.5 * sd, `${i}: ${counts[i]}`);
  });
});
