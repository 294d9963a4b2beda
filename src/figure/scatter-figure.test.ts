import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {paretoFront} from "./scatter-figure.ts";

const encoding = {
  x: {column: "x", title: "x", unit: "1"},
  y: {column: "y", title: "y", unit: "1"},
} as const;

type Point = {x: number; y: number};

const beats = (a: Point, b: Point): boolean => a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);

it("the front is all that no other point beats in both measures, ascending", () => {
  const coordinate = fc.integer({min: 0, max: 9});
  fc.assert(
    fc.property(fc.array(fc.record({x: coordinate, y: coordinate})), (points) => {
      const front = paretoFront(points, encoding) as unknown as readonly Point[];
      const unbeaten = points.filter((point) => !points.some((other) => beats(other, point)));
      assert.deepEqual(new Set(front), new Set(unbeaten));
      for (let i = 1; i < front.length; i++) assert.ok(front[i].x >= front[i - 1].x);
    }),
  );
});

it("points without a number are on no front", () => {
  const points = [{x: Number.NaN, y: 0}, {x: 1, y: 1}, {y: 0}];
  assert.deepEqual(paretoFront(points, encoding), [{x: 1, y: 1}]);
});
