import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {relativeError} from "./histogram.ts";
import {mergeSeries} from "./merge-series.ts";
import type {Series} from "./samples.ts";
import {fractionOf, meanOf, quantileOf, sdOf, sortedQuantile} from "./statistic.ts";
import {
  batchCapacity,
  exactCapacity,
  reservoirCapacity,
  StreamRecorder,
} from "./stream-recorder.ts";

function recorded(values: readonly number[], replication = 0): Series {
  const recorder = new StreamRecorder("thp", "sync");
  recorder.reset(1, replication);
  for (const value of values) recorder.record(value);
  return recorder.series();
}

function exponentials(n: number): number[] {
  const state = openStream(3, 0, "exponentials", "test");
  return Array.from({length: n}, () => 1000 * exponential(state, 0));
}

const spread = fc.array(fc.double({min: 0, max: 1e9, noNaN: true}), {minLength: 2, maxLength: 900});

it("count, mean, spread and extremes are those of the samples, few or many", () => {
  fc.assert(
    fc.property(spread, (values) => {
      const series = recorded(values);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const m2 = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      const scale = Math.max(...values);
      assert.equal(series.count, values.length);
      assert.equal(series.min, Math.min(...values));
      assert.equal(series.max, scale);
      assert.ok(Math.abs(meanOf(series) - mean) <= 1e-12 * scale);
      assert.ok(Math.abs(series.m2 - m2) <= 1e-9 * scale * scale * values.length);
    }),
    {numRuns: 40},
  );
});

it("a small spread on a large mean keeps its variance", () => {
  const values = Array.from({length: 5000}, (_, i) => 1e9 + (i % 2));
  assert.ok(Math.abs(sdOf(recorded(values), "stream") - Math.sqrt(0.25 * (5000 / 4999))) < 1e-9);
});

it("quantiles are exact while there are few samples", () => {
  const values = exponentials(exactCapacity);
  const series = recorded(values);
  assert.equal(series.histogram, undefined);
  assert.deepEqual([...(series.exact ?? [])], values);
  assert.equal(
    quantileOf(series, 0.9),
    sortedQuantile(
      values.toSorted((a, b) => a - b),
      0.9,
    ),
  );
  assert.equal(quantileOf(recorded([1, 2, 4]), 0.75), 3);
});

it("quantiles of many samples are within the stated error of an order statistic", () => {
  const values = exponentials(20_000);
  const sorted = values.toSorted((a, b) => a - b);
  const series = recorded(values);
  assert.equal(series.exact, undefined);
  for (const q of [0.001, 0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
    const truth = sorted[Math.ceil(q * 20_000) - 1] as number;
    assert.ok(Math.abs(quantileOf(series, q) / truth - 1) <= relativeError * 1.0001, `q = ${q}`);
  }
});

it("a fraction is exact with few samples and within one bin's share with many", () => {
  assert.equal(fractionOf(recorded([1, 2, 3, 4]), "<=", 2), 0.5);
  assert.equal(fractionOf(recorded([1, 2, 3, 4]), ">", 2), 0.5);
  assert.equal(fractionOf(recorded([1, 2, 3, 4]), "<", 2), 0.25);
  const values = exponentials(20_000);
  const truth = values.filter((x) => x < 700).length / values.length;
  assert.ok(Math.abs(fractionOf(recorded(values), "<", 700) - truth) < 0.004);
  const constant = recorded(Array.from({length: 400}, () => 5));
  assert.equal(fractionOf(constant, "<=", 5), 1);
  assert.equal(fractionOf(constant, "<", 5), 0);
});

it("the reservoir holds samples of the stream, each as likely as any other", () => {
  const n = 2000;
  const hits = new Int32Array(10);
  for (let replication = 0; replication < 100; replication++) {
    const values = Array.from({length: n}, (_, i) => i);
    const kept = recorded(values, replication).reservoir as Float64Array;
    assert.equal(kept.length, reservoirCapacity);
    assert.equal(new Set(kept).size, reservoirCapacity);
    for (const value of kept) {
      const decile = Math.floor((10 * value) / n);
      hits[decile] = (hits[decile] as number) + 1;
    }
  }
  // 12,800 draws without replacement: standard deviation of a decile below 34.
  for (const count of hits) assert.ok(Math.abs(count - 1280) < 4 * 34, `${hits}`);
});

it("batches are means of consecutive samples, whose number stays bounded", () => {
  for (const n of [300, 1023, 1024, 5000, 33_333]) {
    const values = exponentials(n);
    const {size, means} = recorded(values).batches as {size: number; means: Float64Array};
    assert.equal(means.length, Math.floor(n / size));
    assert.ok(
      means.length < batchCapacity && (n < batchCapacity || means.length >= batchCapacity / 2),
    );
    means.forEach((mean, i) => {
      const batch = values.slice(i * size, (i + 1) * size);
      const expected = batch.reduce((a, b) => a + b) / size;
      assert.ok(Math.abs(mean - expected) <= 1e-9 * expected + 1e-9, `${mean}, not ${expected}`);
    });
  }
  assert.equal(recorded(exponentials(300), 5).batches, undefined);
});

it("reset forgets the samples and gives the same series again", () => {
  const recorder = new StreamRecorder("thp", "sync");
  const values = exponentials(3000);
  const once = (): Series => {
    recorder.reset(9, 4);
    for (const value of values) recorder.record(value);
    return recorder.series();
  };
  const first = once();
  recorder.reset(9, 5);
  recorder.record(1);
  assert.equal(recorder.series().count, 1);
  assert.deepEqual(once(), first);
});

it("no samples are told apart from samples of zero", () => {
  assert.ok(Number.isNaN(meanOf(recorded([]))));
  assert.ok(Number.isNaN(quantileOf(recorded([]), 0.5)));
  assert.equal(meanOf(recorded([0, 0])), 0);
});

it("merged series count, bound and bin as one series of all samples would", () => {
  fc.assert(
    fc.property(spread, spread, spread, (a, b, c) => {
      const [x, y, z] = [recorded(a), recorded(b), recorded(c)];
      const left = mergeSeries(mergeSeries(x, y), z);
      const right = mergeSeries(x, mergeSeries(y, z));
      assert.deepEqual(left.histogram, right.histogram);
      assert.equal(left.count, a.length + b.length + c.length);
      assert.equal(left.max, Math.max(...a, ...b, ...c));
      const all = recorded([...a, ...b, ...c]);
      assert.ok(Math.abs(left.m2 - all.m2) <= 1e-9 * (all.m2 + all.max * all.max));
    }),
    {numRuns: 30},
  );
});
