// Nanoseconds per draw of every law, by both methods; and of the platform's own logarithm and exponential beside ours.
// Each task draws in a loop, so that the harness' own cost per call is spread over a thousand draws.

import {Bench} from "tinybench";
import type {Distribution} from "../units/distribution.ts";
import {exp, log} from "./elementary.ts";
import {compileSampler} from "./sampler.ts";
import {nextUint32, openStream, seedStream, streamId, uniform53, uniformOpen} from "./stream.ts";
import {exponential, normal} from "./ziggurat.ts";

const perTask = 1000;
const bench = new Bench({time: 150, warmupTime: 50});
const state = openStream(1, 0, "bench", "bench");
let sink = 0;

function draws(name: string, draw: (state: Int32Array, at: number) => number): void {
  bench.add(name, () => {
    let sum = 0;
    for (let i = 0; i < perTask; i++) sum += draw(state, 0);
    sink += sum;
  });
}

draws("nextUint32", nextUint32);
draws("uniform53", uniform53);
draws("exponential, ziggurat", exponential);
draws("exponential, -Math.log(u)", (s, at) => -Math.log(uniformOpen(s, at)));
draws("exponential, -log(u)", (s, at) => -log(uniformOpen(s, at)));
draws("normal, ziggurat", normal);
draws("Math.exp(u)", (s, at) => Math.exp(uniform53(s, at)));
draws("exp(u)", (s, at) => exp(uniform53(s, at)));
const id = streamId("gup@0", "hold");
draws("seed a stream by its id", (s, at) => {
  seedStream(s, at, 1, 7, id);
  return 0;
});
draws("seed a stream by its name", (s, at) => {
  seedStream(s, at, 1, 7, streamId("gup@0", "hold"));
  return 0;
});

const of: Distribution = {kind: "exponential", mean: 200};
const laws: readonly Distribution[] = [
  {kind: "constant", value: 7},
  of,
  {kind: "uniform", lo: 2, hi: 6},
  {kind: "normal", mean: 500, sd: 20},
  {kind: "lognormal", mu: 5, sigma: 0.5},
  {kind: "gamma", shape: 4, scale: 2},
  {kind: "weibull", shape: 2, scale: 3},
  {kind: "pareto", min: 2, alpha: 5},
  {kind: "triangular", lo: 1, mode: 2, hi: 6},
  {kind: "bernoulli", p: 0.3},
  {kind: "choice", values: [1, 5, 9], weights: [0.5, 0.3, 0.2]},
  {kind: "histogram", edges: [0, 2, 6], weights: [0.5, 0.5]},
  {kind: "empirical", values: [1, 3, 4, 9]},
  {kind: "mixture", weights: [0.98, 0.02], parts: [of, {kind: "exponential", mean: 8000}]},
  {kind: "truncate", of, hi: 1000},
  {kind: "affine", of, scale: 2, shift: 1},
  {kind: "sum", parts: [of, {kind: "constant", value: 30}]},
  {kind: "product", parts: [of, {kind: "bernoulli", p: 0.5}]},
];
for (const law of laws) {
  draws(law.kind, compileSampler(law));
  if (law.kind !== "constant") draws(`${law.kind}, inversion`, compileSampler(law, "inversion"));
}

await bench.run();
for (const task of bench.tasks) {
  const {result} = task;
  const nanoseconds =
    result.state === "completed" ? (result.latency.p50 * 1e6) / perTask : Number.NaN;
  console.log(`${nanoseconds.toFixed(1).padStart(8)} ns  ${task.name}`);
}
if (sink === 0) console.log("nothing was drawn");
