import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {decideFamily, type Hypothesis} from "./family.ts";
import {meanInterval} from "./mean-interval.ts";
import {leastReplications, nextLook, relativeHalfWidth} from "./stopping.ts";

function at(alpha: number, ...ps: number[]): Hypothesis[] {
  return ps.map((p) => ({p, alpha}));
}

// Holm's own kind of example: 0.01 <= 0.05/4, 0.015 <= 0.05/3, 0.03 > 0.05/2.
it("Holm divides by those not yet rejected and stops at the first that stands", () => {
  const decisions = decideFamily(at(0.05, 0.03, 0.01, 0.04, 0.015), "holm");
  assert.deepEqual(
    decisions.map((decision) => decision.rejected),
    [false, true, false, true],
  );
  assert.deepEqual(
    decisions.map((decision) => decision.alpha),
    [0.025, 0.0125, 0.025, 0.05 / 3],
  );
});

it("Bonferroni divides by all, none by nothing", () => {
  const ps = at(0.05, 0.012, 0.013);
  assert.deepEqual(
    decideFamily([...ps, ...at(0.05, 0.9, 0.9)], "bonferroni").map((one) => one.rejected),
    [true, false, false, false],
  );
  assert.ok(decideFamily(ps, "none").every((one) => one.rejected && one.alpha === 0.05));
});

it("Holm rejects all that Bonferroni does, and no more than testing each alone", () => {
  const ps = fc.array(fc.double({min: 0, max: 0.2, noNaN: true}), {minLength: 1, maxLength: 12});
  fc.assert(
    fc.property(ps, (list) => {
      const family = at(0.05, ...list);
      const [holm, bonferroni, alone] = (["holm", "bonferroni", "none"] as const).map((kind) =>
        decideFamily(family, kind).map((one) => one.rejected),
      );
      list.forEach((_, i) => {
        assert.ok(holm?.[i] || !bonferroni?.[i]);
        assert.ok(alone?.[i] || !holm?.[i]);
      });
    }),
  );
});

it("looks follow a geometric schedule between the bounds", () => {
  const looks: number[] = [];
  while (looks.at(-1) !== 200) looks.push(nextLook(looks.at(-1) ?? 0, 10, 200));
  assert.deepEqual(looks, [10, 15, 23, 35, 53, 80, 120, 180, 200]);
  assert.equal(nextLook(0, 50, 20), 20);
  assert.equal(nextLook(200, 10, 200), 200);
  assert.equal(leastReplications(0.3), 40);
  assert.equal(leastReplications(0.1), 10);
});

it("precision is unknown before two replications and perfect without spread", () => {
  assert.equal(relativeHalfWidth(meanInterval([5], 0.95)), Number.POSITIVE_INFINITY);
  assert.equal(relativeHalfWidth(meanInterval([5, 5], 0.95)), 0);
  assert.equal(relativeHalfWidth(meanInterval([0, 0], 0.95)), 0);
  assert.equal(relativeHalfWidth(meanInterval([-1, 1], 0.95)), Number.POSITIVE_INFINITY);
});
