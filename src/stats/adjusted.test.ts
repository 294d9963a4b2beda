import assert from "node:assert/strict";
import {it} from "node:test";
import {openStream} from "../random/stream.ts";
import {normal} from "../random/ziggurat.ts";
import {adjusted} from "./adjusted.ts";
import {gainOf} from "./control-variate.ts";
import {meanInterval} from "./mean-interval.ts";
import {ratioInterval} from "./ratio-interval.ts";
import {signTest} from "./t-test.ts";

const state = openStream(5, 0, "adjusted", "test");
const normals = (n: number): Float64Array => Float64Array.from({length: n}, () => normal(state, 0));

it("leaves values as they are without controls, and where no degree of freedom would remain", () => {
  const values = [3, 1, 4];
  assert.deepEqual(adjusted(values), {values, df: 2, worth: 3});
  const control = {values: [1, 2, 4], known: 2};
  assert.equal(adjusted(values, [control]).df, 1);
  assert.equal(adjusted([3, 1], [{values: [1, 2], known: 2}]).df, 1);
  // A control that does not vary explains nothing.
  assert.equal(adjusted(values, [{values: [2, 2, 2], known: 1}]).values, values);
  assert.throws(() => adjusted(values, [{values: [1], known: 1}]), /Expected pairs, got 3 and 1/);
});

it("is the textbook's regression on one control", () => {
  const values = [10, 12, 9, 14, 11, 13];
  const control = [5, 7, 4, 6, 6, 5];
  // Means 11.5 and 5.5; products of deviations 5.5, squares 5.5 and 17.5.
  const {lo, hi, mean} = meanInterval(values, 0.95, [{values: control, known: 6}]);
  assert.ok(Math.abs(mean - (11.5 + 0.5)) < 1e-12);
  // t(0.975, 4) = 2.7764451051977987.
  const half = 2.7764451051977987 * Math.sqrt(((17.5 - 5.5) / 4) * (1 / 6 + 0.25 / 5.5));
  assert.ok(Math.abs(hi - mean - half) < 1e-12 && Math.abs(mean - lo - half) < 1e-12);
});

it("counts controls that are the same, or sums of others, once", () => {
  const [x, y, values] = [normals(20), normals(20), normals(20)];
  const both = x.map((value, i) => 2 * value - (y[i] as number));
  const by = (...controls: Float64Array[]) =>
    meanInterval(
      values,
      0.9,
      controls.map((one) => ({values: one, known: 0})),
    );
  assert.deepEqual(by(x, x), by(x));
  assert.deepEqual(by(x, y, both), by(x, y));
  assert.equal(
    adjusted(
      values,
      [x, y].map((one) => ({values: one, known: 0})),
    ).df,
    17,
  );
});

it("adjusts a difference as the difference of what is adjusted", () => {
  const [x, a, b] = [normals(20), normals(20), normals(20)];
  const control = [{values: x, known: 0}];
  const [left, right, gap] = [a, b, a.map((value, i) => value - (b[i] as number))].map(
    (values) => adjusted(values, control).values,
  );
  for (let i = 0; i < 20; i++) {
    const expected = (left?.[i] as number) - (right?.[i] as number);
    assert.ok(Math.abs((gap?.[i] as number) - expected) < 1e-12);
  }
});

it("a controlled ratio's interval holds exactly the ratios at which the difference is not significant", () => {
  const [x, e, f] = [normals(12), normals(12), normals(12)];
  const control = [{values: x, known: 0}];
  const b = x.map((value, i) => 5 - value + 0.3 * (e[i] as number));
  const a = x.map((value, i) => 20 + 2 * value + 0.3 * (f[i] as number));
  const {lo, hi} = ratioInterval(a, b, 0.95, control);
  for (const [bound, side] of [
    [lo, "above"],
    [hi, "below"],
  ] as const) {
    const gaps = a.map((value, i) => value - bound * (b[i] as number));
    assert.ok(Math.abs(signTest(gaps, control)[side] - 0.025) < 1e-9);
  }
  assert.ok(hi - lo < 0.5 * (ratioInterval(a, b, 0.95).hi - ratioInterval(a, b, 0.95).lo));
});

it("decides nothing by rounding errors where controls explain all that varies", () => {
  const arrivals = Float64Array.from({length: 10}, (_, i) => 1000 + ((i * 7919) % 97));
  const rates = arrivals.map((count) => (3 * count) / 0.09);
  const control = [{values: arrivals, known: 1000}];
  const gaps = rates.map((rate) => rate - 3000 / 0.09);
  assert.deepEqual(signTest(gaps, control), {below: 1, above: 1});
  assert.deepEqual(Array.from(adjusted(gaps, control).values), new Array(10).fill(0));
  const {lo, hi, mean} = meanInterval(rates, 0.95, control);
  assert.ok(lo === mean && hi === mean && Math.abs(mean - 3000 / 0.09) < 1e-9);
  assert.equal(gainOf(rates, control), Number.POSITIVE_INFINITY);
});
