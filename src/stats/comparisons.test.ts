import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {normalCdf} from "../random/normal-law.ts";
import {openStream} from "../random/stream.ts";
import {normal} from "../random/ziggurat.ts";
import {bootstrapInterval} from "./bootstrap.ts";
import {controlledMean} from "./control-variate.ts";
import {findCrossovers} from "./crossover.ts";
import {ksAgainst, ksBetween} from "./kolmogorov-smirnov.ts";
import {momentsOf} from "./moments.ts";
import {paretoFront} from "./pareto-front.ts";
import {atMost, quantileInterval} from "./quantile-interval.ts";
import {waitingTimes} from "./waiting-times.contract.ts";
import {warmUp} from "./warm-up.ts";
import {welchDifference} from "./welch.ts";

const normals = (n: number, name: string): Float64Array => {
  const state = openStream(5, 0, name, "test");
  return Float64Array.from({length: n}, () => normal(state, 0));
};

it("binomial probabilities are sums of their terms", () => {
  assert.ok(Math.abs(atMost(1, 5, 0.3) - (0.7 ** 5 + 5 * 0.3 * 0.7 ** 4)) < 1e-14);
  assert.equal(atMost(-1, 5, 0.3), 0);
  assert.equal(atMost(5, 5, 0.3), 1);
});

// The textbook case: of 10 samples the 2nd and the 9th smallest bound the median with 97.9 %.
it("the median of ten samples lies between the second and the ninth", () => {
  const {lo, hi, coverage, mean} = quantileInterval([3, 1, 4, 10, 5, 9, 2, 6, 8, 7], 0.5, 0.95);
  assert.deepEqual([lo, hi, mean], [2, 9, 5]);
  assert.ok(Math.abs(coverage - (1 - (2 * 11) / 1024)) < 1e-12);
});

it("a quantile that too few samples bound has an infinite end", () => {
  const samples = Array.from({length: 100}, (_, i) => i);
  const {lo, hi} = quantileInterval(samples, 0.99, 0.95);
  assert.equal(hi, Number.POSITIVE_INFINITY);
  assert.ok(Number.isFinite(lo));
  assert.equal(quantileInterval(samples, 0.001, 0.95).lo, Number.NEGATIVE_INFINITY);
});

it("the truncation point of a series follows its transient", () => {
  const noise = normals(1000, "warm-up");
  const settled = warmUp(noise);
  assert.ok(settled.settled && settled.drop <= 100, `${settled.drop}`);
  const transient = noise.map((value, i) => value + 20 * Math.exp(-i / 30));
  const {drop, settled: known} = warmUp(transient);
  assert.ok(known && drop >= 60 && drop <= 200, `${drop}`);
  assert.equal(drop % 5, 0);
  const rising = noise.map((value, i) => value + i / 20);
  assert.ok(!warmUp(rising).settled);
  assert.ok(!warmUp([1, 2, 3]).settled);
});

it("Welch's interval reduces to the t interval for equal spread and size", () => {
  const a = [1, 2, 3, 4, 5];
  const b = [2, 3, 4, 5, 6];
  const {mean, lo, hi} = welchDifference(a, b, 0.95);
  assert.equal(mean, -1);
  // 8 degrees of freedom, standard error 1.
  assert.ok(Math.abs(hi - (-1 + 2.306004135204166)) < 1e-9);
  assert.ok(Math.abs(lo - (-1 - 2.306004135204166)) < 1e-9);
  assert.deepEqual(welchDifference([2, 2], [1, 1], 0.9), {mean: 1, lo: 1, hi: 1, n: 2});
});

it("a control that explains everything leaves no variance, a useless one costs little", () => {
  const x = normals(50, "control");
  const explained = controlledMean(
    x.map((value) => 7 + 3 * value),
    x,
    0,
    0.95,
  );
  assert.ok(Math.abs(explained.mean - 7) < 1e-12);
  assert.ok(explained.hi - explained.lo < 1e-6);
  const useless = controlledMean(normals(50, "other"), x, 0, 0.95);
  assert.ok(useless.gain > 0.8 && useless.gain < 1.3);
});

it("Kolmogorov and Smirnov tell laws apart and equal ones not", () => {
  const a = normals(2000, "ks a");
  assert.ok(ksAgainst(a, normalCdf).p > 0.01);
  assert.ok(
    ksAgainst(
      a.map((x) => x + 0.15),
      normalCdf,
    ).p < 1e-4,
  );
  assert.ok(ksBetween(a, normals(1500, "ks b")).p > 0.01);
  assert.ok(
    ksBetween(
      a,
      normals(1500, "ks b").map((x) => 1.3 * x),
    ).p < 1e-4,
  );
  assert.equal(ksBetween([1, 2], [3, 4]).distance, 1);
  assert.throws(() => ksBetween([1, Number.NaN], [3, 4]), /got NaN/);
  // The limit law's 5 % point is 1.358.
  const distance = 1.358 / (100 + 0.12 + 0.0011);
  const grid = Array.from({length: 10_000}, (_, i) => (i + 0.5) / 10_000);
  assert.ok(Math.abs(ksAgainst(grid, (x) => Math.min(1, x + distance - 5e-5)).p - 0.05) < 0.002);
});

it("the bootstrap of a mean agrees with its t interval, and is repeatable", () => {
  const values = normals(200, "bootstrap");
  const mean = (list: Float64Array): number => momentsOf(list).mean;
  const boot = bootstrapInterval(values, mean, {confidence: 0.95});
  const half = 1.97 * Math.sqrt(momentsOf(values).variance / 200);
  assert.ok(Math.abs(boot.lo - (boot.mean - half)) < 0.1 * half, `${boot.lo}`);
  assert.ok(Math.abs(boot.hi - (boot.mean + half)) < 0.1 * half, `${boot.hi}`);
  assert.deepEqual(bootstrapInterval(values, mean, {confidence: 0.95}), boot);
  assert.notDeepEqual(bootstrapInterval(values, mean, {confidence: 0.95, seed: 2}), boot);
  assert.deepEqual(bootstrapInterval([4, 4, 4], mean, {confidence: 0.95}), {
    mean: 4,
    lo: 4,
    hi: 4,
    n: 3,
  });
});

it("the Pareto front is what nothing dominates", () => {
  const points = [
    [1, 9],
    [2, 5],
    [3, 6],
    [5, 1],
    [5, 1],
    [6, 1],
    [0, Number.NaN],
  ];
  assert.deepEqual(paretoFront(points), [0, 1, 3, 4]);
  const coordinates = fc.array(fc.array(fc.nat(5), {minLength: 3, maxLength: 3}), {maxLength: 25});
  fc.assert(
    fc.property(coordinates, (list) => {
      const front = paretoFront(list);
      assert.ok(list.length === 0 || front.length > 0);
      const best = list.map((point) => point.reduce((a, b) => a + b, 0));
      if (list.length > 0) assert.ok(front.includes(best.indexOf(Math.min(...best))));
    }),
  );
});

it("a crossover is bracketed, narrowed and covered", async () => {
  // D(x) = ln(x / 37) with noise; it rises through zero at 37.
  const differenceAt = async (x: number, n: number): Promise<number[]> => {
    const state = openStream(1, 0, `${x}`, "crossover");
    return Array.from({length: n}, () => Math.log(x / 37) + 0.1 * normal(state, 0));
  };
  const grid = [1, 4, 16, 64, 256];
  const found = await findCrossovers(grid, differenceAt, {confidence: 0.95, min: 10, max: 2000});
  assert.equal(found.length, 1);
  const [one] = found;
  assert.ok(one && one.lo <= 37 && one.hi >= 37 && one.rising);
  assert.ok(one.hi / one.lo < 1.2);
  const coarse = await findCrossovers(grid, differenceAt, {confidence: 0.95, min: 10, max: 10});
  assert.ok(coarse[0] && !coarse[0].resolved && coarse[0].hi / coarse[0].lo >= one.hi / one.lo);
});

it("no crossover is made up where signs agree, and two are two", async () => {
  const at = (f: (x: number) => number) => async (x: number, n: number) =>
    Array.from({length: n}, (_, i) => f(x) + 1e-3 * ((i % 3) - 1));
  const options = {confidence: 0.95, min: 10, max: 100};
  assert.deepEqual(
    await findCrossovers(
      [1, 10, 100],
      at(() => 1),
      options,
    ),
    [],
  );
  const two = await findCrossovers(
    [1, 10, 100],
    at((x) => (x < 5 || x > 50 ? 1 : -1)),
    options,
  );
  assert.deepEqual(
    two.map(({rising, resolved}) => [rising, resolved]),
    [
      [false, true],
      [true, true],
    ],
  );
  assert.ok(two[0] && two[0].lo <= 5 && two[0].hi >= 5 && two[0].hi / two[0].lo <= 1.02);
});

it("waiting times have the mean of M/M/1 and M/D/1", () => {
  const state = openStream(8, 0, "mm1", "test");
  const mm1 = momentsOf(waitingTimes(400_000, 0.8, state)).mean;
  assert.ok(Math.abs(mm1 - 4) < 0.35, `${mm1}`);
  const md1 = momentsOf(waitingTimes(400_000, 0.8, state, () => 1)).mean;
  assert.ok(Math.abs(md1 - 2) < 0.15, `${md1}`);
});
