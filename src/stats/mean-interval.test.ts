import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {meanInterval, pairedDifference} from "./mean-interval.ts";
import {momentsOf} from "./moments.ts";
import {ratioInterval} from "./ratio-interval.ts";
import {equivalenceTest, signTest} from "./t-test.ts";

function close(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual}, not ${expected}`,
  );
}

const values = fc.array(fc.double({min: 1, max: 1e6, noNaN: true}), {minLength: 2, maxLength: 30});

it("mean, variance and skewness are those of the definition", () => {
  const {mean, variance, skewness} = momentsOf([1, 2, 3, 4, 10]);
  assert.equal(mean, 4);
  assert.equal(variance, 12.5);
  close(skewness, 36 / 10 ** 1.5);
  assert.equal(momentsOf([1e15, 1e15 + 2, 1e15 + 4]).variance, 4);
  assert.ok(Number.isNaN(momentsOf([3]).variance));
  assert.equal(momentsOf([3, 3, 3]).skewness, 0);
});

// Ten values with mean 5.5 and variance 55/6; t(0.975, 9) = 2.262157162798205.
it("the t interval of ten values is the textbook's", () => {
  const {mean, lo, hi, n} = meanInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95);
  assert.equal(mean, 5.5);
  assert.equal(n, 10);
  close(hi - 5.5, 2.262157162798205 * Math.sqrt(55 / 60));
  close(lo, 11 - hi);
});

it("one value has no interval, equal values one of width zero", () => {
  assert.ok(Number.isNaN(meanInterval([7], 0.95).lo));
  assert.deepEqual(meanInterval([7, 7, 7], 0.95), {mean: 7, lo: 7, hi: 7, n: 3});
});

it("a paired difference is the interval of the differences, and turns sign with its sides", () => {
  fc.assert(
    fc.property(values, (a) => {
      const b = a.map((x) => x / 2 + 1);
      const ab = pairedDifference(a, b, 0.9);
      const ba = pairedDifference(b, a, 0.9);
      close(ab.mean, -ba.mean, 1e-9);
      assert.ok(Math.abs(ab.lo + ba.hi) <= 1e-9 * (Math.abs(ab.lo) + 1));
    }),
  );
  assert.throws(() => pairedDifference([1], [1, 2], 0.9), /Expected pairs, got 1 and 2/);
});

it("the ratio of proportional pairs is exact", () => {
  const {mean, lo, hi} = ratioInterval([2, 4, 6, 9], [1, 2, 3, 4.5], 0.95);
  assert.equal(mean, 2);
  close(lo, 2, 1e-7);
  close(hi, 2, 1e-7);
});

it("a ratio's interval holds exactly the ratios at which the difference is not significant", () => {
  const x = [10, 12, 9, 14, 11, 13];
  const y = [5, 7, 4, 6, 6, 5];
  const {lo, hi} = ratioInterval(x, y, 0.95);
  for (const [bound, side] of [
    [lo, "above"],
    [hi, "below"],
  ] as const) {
    const test = signTest(x.map((value, i) => value - bound * (y[i] as number)));
    close(test[side], 0.025, 1e-9);
  }
});

it("a denominator that may be zero makes the ratio unbounded", () => {
  const {lo, hi} = ratioInterval([1, 2, 3], [-1, 1, 0.5], 0.95);
  assert.equal(lo, Number.NEGATIVE_INFINITY);
  assert.equal(hi, Number.POSITIVE_INFINITY);
});

it("the sign of a mean is decided by the t-test, and at once where nothing varies", () => {
  const {below, above} = signTest([1, 2, 3, 4]);
  close(below + above, 1);
  // t = sqrt(15) with 3 degrees of freedom, whose tail has a closed form.
  close(above, 0.5 - (Math.atan(Math.sqrt(5)) + Math.sqrt(5) / 6) / Math.PI);
  assert.deepEqual(signTest([0, 0, 0]), {below: 1, above: 1});
  assert.deepEqual(signTest([-2, -2]), {below: 0, above: 1});
  assert.deepEqual(signTest([5]), {below: 1, above: 1});
});

it("equivalence wants both bounds refuted, difference one of them exceeded", () => {
  const y = [100, 101, 99, 100, 102, 98];
  const near = y.map((value) => value * 1.01 + 0.1);
  assert.ok(equivalenceTest(near, y, 0.05).within < 0.001);
  assert.ok(equivalenceTest(near, y, 0.05).outside > 0.9);
  assert.ok(equivalenceTest(near, y, 0.001).outside < 0.001);
  const negative = y.map((value) => -value);
  assert.ok(
    equivalenceTest(
      near.map((value) => -value),
      negative,
      0.05,
    ).within < 0.001,
  );
});
