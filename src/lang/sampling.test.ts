import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {designRandom, latinHypercube, pairwiseRows, uniformRows} from "./sampling.ts";

const seed = fc.integer({min: 0, max: Number.MAX_SAFE_INTEGER});

it("a latin hypercube hits every stratum of every axis once", () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 5}), fc.integer({min: 1, max: 40}), seed, (axes, n, s) => {
      const rows = latinHypercube(axes, n, s);
      assert.equal(rows.length, n);
      for (let axis = 0; axis < axes; axis++) {
        const strata = rows.map((row) => Math.floor((row[axis] as number) * n));
        assert.deepEqual(
          strata.toSorted((a, b) => a - b),
          Array.from({length: n}, (_, i) => i),
        );
      }
    }),
  );
});

it("a design is a function of its seed", () => {
  fc.assert(
    fc.property(seed, (s) => {
      assert.deepEqual(latinHypercube(3, 8, s), latinHypercube(3, 8, s));
      assert.deepEqual(uniformRows(3, 8, s), uniformRows(3, 8, s));
    }),
  );
  assert.notDeepEqual(uniformRows(2, 4, 1), uniformRows(2, 4, 2));
  const random = designRandom(7);
  const mean = Array.from({length: 10_000}, random).reduce((sum, u) => sum + u, 0) / 10_000;
  assert.ok(Math.abs(mean - 0.5) < 0.02);
});

it("pairwise rows cover every pair of values, in fewer rows than the grid where that is possible", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 1, max: 4}), {minLength: 1, maxLength: 5}), (sizes) => {
      const rows = pairwiseRows(sizes);
      for (const [a, m] of sizes.entries())
        for (let b = a + 1; b < sizes.length; b++)
          for (let i = 0; i < m; i++)
            for (let j = 0; j < (sizes[b] as number); j++)
              assert.ok(rows.some((row) => row[a] === i && row[b] === j));
      assert.ok(rows.length <= sizes.reduce((product, size) => product * size, 1));
    }),
  );
  assert.ok(pairwiseRows([3, 3, 3, 3]).length <= 15);
});
