// A small, deterministic version of `coverage.bench.ts`: intervals cover the truth about as often as they say. Of 1000 experiments at 90 %
// the share has a standard deviation of 0.0095; bounds are some two of these wide, and seeds are fixed.
import assert from "node:assert/strict";
import {it} from "node:test";
import {compileSampler} from "../random/sampler.ts";
import {openStream} from "../random/stream.ts";
import {exponential, normal} from "../random/ziggurat.ts";
import {batchInterval, correlationTime, steadyInterval} from "./batch-means.ts";
import {controlledMean} from "./control-variate.ts";
import {count, coverageOf, doubledUntilSteady} from "./coverage.contract.ts";
import {meanInterval, pairedDifference} from "./mean-interval.ts";
import {momentsOf} from "./moments.ts";
import {quantileInterval} from "./quantile-interval.ts";
import {ratioInterval} from "./ratio-interval.ts";
import {signTest} from "./t-test.ts";
import {waitingTimes} from "./waiting-times.contract.ts";
import {welchDifference} from "./welch.ts";

/** Like a replication's mean over many calls: mean 1, a little skewed. */
const calls = compileSampler({kind: "gamma", shape: 20, scale: 1 / 20});

function draws(n: number, state: Int32Array): Float64Array {
  return Float64Array.from({length: n}, () => calls(state, 0));
}

function within(share: number, lo: number, hi: number): void {
  assert.ok(share >= lo && share <= hi, `covers ${share}, not ${lo} to ${hi}`);
}

for (const [confidence, lo, hi] of [
  [0.9, 0.88, 0.92],
  [0.95, 0.93, 0.97],
] as const) {
  it(`nominal ${confidence} intervals of means, differences and ratios cover ${lo} to ${hi}`, () => {
    within(
      coverageOf(1000, 1, (state) => meanInterval(draws(10, state), confidence)),
      lo,
      hi,
    );
    within(
      coverageOf(1000, 0, (state) =>
        pairedDifference(draws(10, state), draws(10, state), confidence),
      ),
      lo,
      hi,
    );
    within(
      coverageOf(1000, 0, (state) => {
        return welchDifference(
          draws(10, state),
          draws(25, state).map((x) => 1 + 3 * (x - 1)),
          confidence,
        );
      }),
      lo,
      hi,
    );
    within(
      coverageOf(1000, 2, (state) => {
        const y = draws(20, state);
        return ratioInterval(
          y.map((value) => value + calls(state, 0)),
          y,
          confidence,
        );
      }),
      lo,
      hi,
    );
    within(
      coverageOf(1000, 3, (state) => {
        const x = draws(20, state);
        const y = x.map((value) => 3 + 2 * (value - 1) + 0.1 * normal(state, 0));
        return controlledMean(y, x, 1, confidence);
      }),
      lo,
      hi,
    );
  });

  it(`nominal ${confidence} intervals of controlled differences and ratios cover ${lo} to ${hi}`, () => {
    const noise = (state: Int32Array): number => 0.5 * (calls(state, 0) - 1);
    const by = (...controls: Float64Array[]) => controls.map((values) => ({values, known: 1}));
    // Two policies under random numbers of their own: each has its control.
    within(
      coverageOf(1000, 1, (state) => {
        const [x, y] = [draws(10, state), draws(10, state)];
        const a = x.map((value) => 3 + 2 * (value - 1) + noise(state));
        const b = y.map((value) => 2 + (value - 1) + noise(state));
        return pairedDifference(a, b, confidence, by(x, y));
      }),
      lo,
      hi,
    );
    // Under common ones the controls are the same, and count once.
    within(
      coverageOf(1000, 1, (state) => {
        const x = draws(10, state);
        const a = x.map((value) => 3 + 2 * (value - 1) + noise(state));
        const b = x.map((value) => 2 + (value - 1) + noise(state));
        return pairedDifference(a, b, confidence, by(x, x));
      }),
      lo,
      hi,
    );
    within(
      coverageOf(1000, 2, (state) => {
        const x = draws(12, state);
        const a = x.map((value) => 4 * value + noise(state));
        const b = x.map((value) => 2 * value + noise(state));
        return ratioInterval(a, b, confidence, by(x));
      }),
      lo,
      hi,
    );
  });

  it(`the test that nominal ${confidence} verdicts on controlled differences are based on errs as often as stated`, () => {
    let [below, above] = [0, 0];
    const alpha = 1 - confidence;
    for (let i = 0; i < 2000; i++) {
      const state = openStream(7, i, "sign", "controlled");
      const x = draws(10, state);
      const gaps = x.map((value) => 3 * (value - 1) + calls(state, 0) - 1);
      const test = signTest(gaps, [{values: x, known: 1}]);
      if (test.below < alpha) below++;
      if (test.above < alpha) above++;
    }
    // The standard deviation of a share of 2000 is 0.0067 at 10 % and 0.0049 at 5 %.
    for (const errors of [below, above])
      within(errors / 2000, alpha - (hi - confidence), alpha + (hi - confidence));
  });

  it(`the order-statistic interval of a quantile covers at least ${confidence}`, () => {
    const share = coverageOf(1000, Math.log(10), (state) =>
      quantileInterval(
        Float64Array.from({length: 200}, () => exponential(state, 0)),
        0.9,
        confidence,
      ),
    );
    within(share, lo, 1);
  });
}

// Waiting times in M/M/1 at load 0.8, 640 customers: the published .74, .67, .59, .48 of 5, 10, 20, 40 batches.
it("naive batch means cover far less than their nominal 90 %, as published", () => {
  for (const [batches, published] of [
    [5, 0.74],
    [10, 0.67],
    [20, 0.59],
    [40, 0.48],
  ] as const) {
    const share = coverageOf(1000, 4, (state) =>
      batchInterval(waitingTimes(640, 0.8, state), batches, 0.9),
    );
    within(share, published - 0.05, published + 0.05);
  }
});

it("our interval of a correlated series refuses short ones and covers at least 0.88 where it stops", () => {
  assert.equal(
    count(50, 4, (state) => steadyInterval(waitingTimes(640, 0.8, state), 0.9)).refused,
    50,
  );
  const {covered, experiments, refused} = count(300, 1, (state) =>
    doubledUntilSteady(0.5, 0.9, state),
  );
  assert.equal(refused, 0);
  // The standard deviation of the share is 0.017.
  within(covered / experiments, 0.88, 0.96);
});

// n Var(mean of n waits) tends to 1976 for M/M/1 at load 0.8 (Law and Kelton's variance constant).
it("the mean wait in M/M/1 has the known variance constant", () => {
  const n = 20_000;
  const means = Array.from({length: 300}, (_, i) => {
    return momentsOf(waitingTimes(n, 0.8, openStream(31, i, "wait", "constant"))).mean;
  });
  // A variance from 300 values has a relative standard error of 8 %, more with their skewness.
  within((momentsOf(means).variance * n) / 1976, 0.75, 1.25);
});

it("independent values have a correlation time of 1, an autoregression that of its law", () => {
  const state = new Int32Array([1, 2, 3, 4]);
  const white = Float64Array.from({length: 20_000}, () => normal(state, 0));
  assert.ok(Math.abs(correlationTime(white) - 1) < 0.1);
  let value = 0;
  const red = Float64Array.from({length: 40_000}, () => {
    value = 0.8 * value + normal(state, 0);
    return value;
  });
  // (1 + 0.8) / (1 - 0.8)
  assert.ok(Math.abs(correlationTime(red) / 9 - 1) < 0.15, `${correlationTime(red)}`);
  assert.equal(correlationTime([3, 3, 3]), 1);
});
