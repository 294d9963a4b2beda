// Prints how often nominal 90 % and 95 % intervals cover the truth, for every kind of interval, and the two warnings from the literature:
// batch means of a short series, and sequential stopping that looks too early and too often.

import {compileSampler} from "../random/sampler.ts";
import {batchInterval} from "./batch-means.ts";
import {controlledMean} from "./control-variate.ts";
import {coverageOf, doubledUntilSteady} from "./coverage.contract.ts";
import {meanInterval, pairedDifference} from "./mean-interval.ts";
import {quantileInterval} from "./quantile-interval.ts";
import {ratioInterval} from "./ratio-interval.ts";
import {leastReplications, nextLook, relativeHalfWidth} from "./stopping.ts";
import {waitingTimes} from "./waiting-times.contract.ts";

const n = Number(process.env["EXPERIMENTS"] ?? 2000);
const exponential = compileSampler({kind: "exponential", mean: 1});
// Like the mean of 20 calls.
const gamma = compileSampler({kind: "gamma", shape: 20, scale: 1 / 20});
const lognormal = compileSampler({kind: "lognormal", mu: 0, sigma: 1});

function draws(sampler: typeof exponential, count: number, state: Int32Array): Float64Array {
  return Float64Array.from({length: count}, () => sampler(state, 0));
}

function line(what: string, ...shares: number[]): void {
  console.log(`${what.padEnd(72)} ${shares.map((share) => share.toFixed(3)).join("  ")}`);
}

console.log(`Coverage over ${n} experiments; nominal 0.90 and 0.95 unless stated otherwise.\n`);
const confidences = [0.9, 0.95];
for (const [name, sampler, truth] of [
  ["mean of 400 exponential samples", exponential, 1],
  ["mean of 400 lognormal samples (cv 1.3)", lognormal, Math.exp(0.5)],
] as const) {
  // A replication's measure is a mean over many samples; that is what the interval is formed of.
  for (const replications of [10, 40]) {
    const shares = confidences.map((confidence) =>
      coverageOf(n, truth, (state) =>
        meanInterval(
          Float64Array.from(
            {length: replications},
            () => meanInterval(draws(sampler, 400, state), 0.9).mean,
          ),
          confidence,
        ),
      ),
    );
    line(`t interval of ${replications} replications, each the ${name}`, ...shares);
  }
}
for (const q of [0.5, 0.9, 0.99]) {
  const shares = confidences.map((confidence) =>
    coverageOf(n, -Math.log(1 - q), (state) =>
      quantileInterval(draws(exponential, 1000, state), q, confidence),
    ),
  );
  line(`order-statistic interval of the ${100 * q} % quantile, 1000 samples`, ...shares);
}
const ratios = confidences.map((confidence) =>
  coverageOf(n, 2, (state) => {
    const y = draws(gamma, 30, state);
    const x = y.map((value) => 2 * value + gamma(state, 0) - 1);
    return ratioInterval(x, y, confidence);
  }),
);
line("Fieller interval of a ratio, 30 pairs", ...ratios);
const controlled = confidences.map((confidence) =>
  coverageOf(n, 3, (state) => {
    const x = draws(gamma, 20, state);
    const y = x.map((value) => 3 + 2 * (value - 1) + 0.3 * (gamma(state, 0) - 1));
    return controlledMean(y, x, 1, confidence);
  }),
);
line("control variate, 20 replications", ...controlled);

for (const [how, same] of [
  ["of two policies under the same arrivals", true],
  ["of two policies with arrivals of their own", false],
] as const) {
  const paired = confidences.map((confidence) =>
    coverageOf(n, 1, (state) => {
      const x = draws(gamma, 10, state);
      const y = same ? x : draws(gamma, 10, state);
      const a = x.map((value) => 3 + 2 * (value - 1) + 0.3 * (gamma(state, 0) - 1));
      const b = y.map((value) => 2 + (value - 1) + 0.3 * (gamma(state, 0) - 1));
      return pairedDifference(
        a,
        b,
        confidence,
        [x, y].map((values) => ({values, known: 1})),
      );
    }),
  );
  line(`controlled difference ${how}, 10 pairs`, ...paired);
}
// What a straight line leaves of a curved relation is skewed; so were the values themselves.
for (const pairs of [10, 40]) {
  for (const use of [true, false]) {
    const curved = confidences.map((confidence) =>
      coverageOf(n, 1, (state) => {
        const x = draws(gamma, pairs, state);
        // E[x^2] of this gamma law is 1 + 1/20.
        const a = x.map((value) => 3 + 2 * (value * value - 1.05) + 0.5 * (gamma(state, 0) - 1));
        const b = x.map((value) => 2 + (value - 1) + 0.5 * (gamma(state, 0) - 1));
        return pairedDifference(a, b, confidence, use ? [{values: x, known: 1}] : []);
      }),
    );
    line(
      `${use ? "controlled" : "plain"} difference, quadratic relation, ${pairs} pairs`,
      ...curved,
    );
  }
}
const controlledRatios = confidences.map((confidence) =>
  coverageOf(n, 2, (state) => {
    const x = draws(gamma, 12, state);
    const a = x.map((value) => 4 * value + 0.5 * (gamma(state, 0) - 1));
    const b = x.map((value) => 2 * value + 0.5 * (gamma(state, 0) - 1));
    return ratioInterval(a, b, confidence, [{values: x, known: 1}]);
  }),
);
line("controlled ratio, 12 pairs", ...controlledRatios);

console.log("\nWaiting times in M/M/1 at load 0.8, 640 customers, nominal 0.90:");
for (const batches of [5, 10, 20, 40]) {
  const share = coverageOf(n, 4, (state) =>
    batchInterval(waitingTimes(640, 0.8, state), batches, 0.9),
  );
  line(`naive batch means, ${batches} batches`, share);
}
const stopped: number[] = [];
const ours = coverageOf(Math.min(n, 500), 4, (state) => {
  const interval = doubledUntilSteady(0.8, 0.9, state);
  if (interval !== undefined) stopped.push(interval.n);
  return interval;
});
const customers = stopped.reduce((a, b) => a + b, 0) / stopped.length;
line(`ours, doubled until it has an interval (${customers.toFixed(0)} customers on average)`, ours);

console.log(
  "\nSequential stopping, replications of 50 calls with 2 % of 40-fold ones, nominal 0.95:",
);
const skewed = (state: Int32Array): number => {
  let sum = 0;
  for (let i = 0; i < 50; i++) {
    sum += exponential(state, 0) * (exponential(state, 0) < 0.0202 ? 40 : 1);
  }
  return sum / 50;
};
const truth = 1 * (1 + 39 * (1 - Math.exp(-0.0202)));
for (const tolerance of [0.3, 0.1]) {
  for (const [how, first, next] of [
    ["looks after every replication from 3", 3, (done: number) => done + 1],
    [
      "our schedule",
      leastReplications(tolerance),
      (done: number) => nextLook(done, leastReplications(tolerance), 1e5),
    ],
  ] as const) {
    const share = coverageOf(Math.min(n, 1000), truth, (state) => {
      const values: number[] = [];
      for (let look = first; ; look = next(look)) {
        while (values.length < look) values.push(skewed(state));
        const estimate = meanInterval(values, 0.95);
        if (relativeHalfWidth(estimate) <= tolerance || look >= 1e5) return estimate;
      }
    });
    line(`tolerance ${100 * tolerance} %, ${how}`, share);
  }
}
