import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {
  binCount,
  binOf,
  histogramOf,
  lowerEdge,
  mergeCounts,
  middleOf,
  relativeError,
} from "./histogram.ts";

const sample = fc.oneof(
  fc.double({min: 0, max: 1e15, noNaN: true}),
  fc.integer({min: 0, max: 5000}),
  fc.double({min: 2 ** -10, max: 1, noNaN: true}),
);

it("a number lies within its bin, and the bin's middle within 0.4 % of it", () => {
  assert.ok(relativeError < 0.004);
  fc.assert(
    fc.property(sample, (x) => {
      const bin = binOf(x);
      assert.ok(lowerEdge(bin) <= x && x < lowerEdge(bin + 1), `${x} in bin ${bin}`);
      if (x >= 2 ** -10) assert.ok(Math.abs(middleOf(bin) - x) <= relativeError * x * (1 + 1e-12));
    }),
  );
});

it("edges rise without gaps from 0 to infinity and each begins its own bin", () => {
  assert.equal(lowerEdge(0), 0);
  assert.equal(lowerEdge(binCount), Number.POSITIVE_INFINITY);
  for (let bin = 1; bin < binCount; bin++) {
    assert.ok(lowerEdge(bin) < lowerEdge(bin + 1));
    assert.equal(binOf(lowerEdge(bin)), bin);
  }
});

it("numbers out of range fall into the outermost bins", () => {
  assert.equal(binOf(-3), 0);
  assert.equal(binOf(0), 0);
  assert.equal(binOf(1e300), binCount - 1);
  assert.equal(binOf(Number.POSITIVE_INFINITY), binCount - 1);
});

it("merging is associative, commutative and the same as recording everything at once", () => {
  const samples = fc.array(sample, {maxLength: 60});
  fc.assert(
    fc.property(samples, samples, samples, (a, b, c) => {
      const [x, y, z] = [histogramOf(a), histogramOf(b), histogramOf(c)];
      const all = histogramOf([...a, ...b, ...c]);
      assert.deepEqual(mergeCounts(mergeCounts(x, y), z), all);
      assert.deepEqual(mergeCounts(x, mergeCounts(y, z)), all);
      assert.deepEqual(mergeCounts(z, mergeCounts(y, x)), all);
    }),
  );
});
