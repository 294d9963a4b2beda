import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {GrowingOrder} from "./growing-order.ts";
import {emptyRelation, isAcyclic, type Relation, relate} from "./relation.ts";

type Pair = readonly [number, number];

const size = fc.constantFrom(3, 8, 32, 33, 64);
const steps = size.chain((n) =>
  fc.record({
    n: fc.constant(n),
    start: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), {maxLength: n}),
    pairs: fc.array(fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), {maxLength: 6}), {
      maxLength: 6,
    }),
  }),
);

function relationOf(n: number, pairs: readonly Pair[]): Relation {
  const relation = emptyRelation(n);
  for (const [a, b] of pairs) relate(relation, a, b);
  return relation;
}

it("takes a pair exactly where no cycle closes, at every level and after going back", () => {
  fc.assert(
    fc.property(steps, ({n, start, pairs}) => {
      // From lower to higher, so that the start is acyclic.
      const from = start.filter(([a, b]) => a < b);
      const order = new GrowingOrder(relationOf(n, from));
      const kept: Pair[][] = [[...from]];
      const level = (): Pair[] => kept[kept.length - 1] as Pair[];
      const tryAll = (list: readonly Pair[]): void => {
        for (const pair of list) {
          const acyclic = isAcyclic(relationOf(n, [...level(), pair]));
          assert.equal(order.add(...pair), acyclic);
          if (acyclic) level().push(pair);
        }
      };
      for (const list of pairs) {
        order.open();
        kept.push([...level()]);
        tryAll(list);
      }
      for (const list of pairs) {
        order.close();
        kept.pop();
        tryAll(list.slice(0, 2));
      }
    }),
    {numRuns: 200},
  );
});
