// Nanoseconds per recorded sample, of streams and levels; and per finished series.

import {Bench} from "tinybench";
import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {LevelRecorder} from "./level-recorder.ts";
import {quantileOf} from "./statistic.ts";
import {StreamRecorder} from "./stream-recorder.ts";

const perTask = 10_000;
const state = openStream(1, 0, "bench", "record");
const values = Float64Array.from({length: perTask}, () => 2000 * exponential(state, 0));
const bench = new Bench({time: 200, warmupTime: 50});
const stream = new StreamRecorder("gup", "latency");
const level = new LevelRecorder("thp", "backlog");
let sum = 0;
bench.add("read and add, for comparison", () => {
  for (const value of values) sum += value;
});
bench.add("record in a stream", () => {
  for (const value of values) stream.record(value);
});
level.reset(0, 0);
let now = 0;
bench.add("change a level", () => {
  for (const value of values) {
    now += value;
    level.set(now, value);
  }
});
await bench.run();
for (const task of bench.tasks) {
  const {result} = task;
  const nanoseconds =
    result.state === "completed" ? (result.latency.p50 * 1e6) / perTask : Number.NaN;
  console.log(`${nanoseconds.toFixed(1).padStart(8)} ns  ${task.name}`);
}
const begun = performance.now();
const p99 = quantileOf(stream.series(), 0.99);
console.log(
  `${((performance.now() - begun) * 1e3).toFixed(0)} us for a series and its p99, ${p99.toFixed(0)} (${sum > 0})`,
);
