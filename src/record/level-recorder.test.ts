import assert from "node:assert/strict";
import {it} from "node:test";
import {LevelRecorder} from "./level-recorder.ts";
import {fractionOf, meanOf, quantileOf, sdOf} from "./statistic.ts";

it("weights each value by how long it held, from the reset on", () => {
  const level = new LevelRecorder("thp", "backlog");
  level.reset(0, 9);
  level.reset(100, 2);
  level.set(110, 4);
  level.add(140, -3);
  assert.equal(level.value, 1);
  const series = level.series(200);
  assert.equal(series.count, 100);
  assert.equal(series.sum, 2 * 10 + 4 * 30 + 1 * 60);
  assert.equal(meanOf(series), 2);
  assert.ok(Math.abs(sdOf(series, "level") - Math.sqrt((0 * 10 + 4 * 30 + 1 * 60) / 100)) < 1e-12);
  assert.equal(series.min, 1);
  assert.equal(series.max, 4);
});

it("its quantiles and fractions are over time", () => {
  const level = new LevelRecorder("thp", "backlog");
  level.reset(0, 0);
  level.set(50, 8);
  level.set(90, 64);
  const series = level.series(100);
  assert.equal(quantileOf(series, 0.4), 0);
  assert.ok(Math.abs(quantileOf(series, 0.8) / 8 - 1) < 0.004);
  assert.equal(quantileOf(series, 1), 64);
  assert.equal(fractionOf(series, "<", 8), 0.5);
});

it("a level that never changes has no spread, and no time no mean", () => {
  const level = new LevelRecorder("thp", "retained");
  level.reset(5, 0.1);
  assert.equal(level.series(1e9).m2, 0);
  assert.ok(Math.abs(meanOf(level.series(1e9)) - 0.1) < 1e-15);
  level.reset(7, 3);
  assert.ok(Number.isNaN(meanOf(level.series(7))));
});
