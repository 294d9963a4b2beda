import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {
  closure,
  difference,
  emptyRelation,
  eventSet,
  forEachPair,
  from,
  identity,
  intersection,
  into,
  inverse,
  isAcyclic,
  isEmpty,
  optional,
  product,
  type Relation,
  relate,
  related,
  sequence,
  union,
} from "./relation.ts";

type Pair = readonly [number, number];

/** One-word and two-word sizes, and the borders between them. */
const size = fc.constantFrom(1, 5, 31, 32, 33, 40, 64);
const pairs = (n: number): fc.Arbitrary<Pair[]> =>
  fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), {maxLength: 3 * n});

function relationOf(n: number, list: readonly Pair[]): Relation {
  const relation = emptyRelation(n);
  for (const [a, b] of list) relate(relation, a, b);
  return relation;
}

function shown(relation: Relation): string[] {
  const list: string[] = [];
  forEachPair(relation, (a, b) => list.push(`${a},${b}`));
  return list;
}

function sorted(list: Iterable<string>): string[] {
  const key = (text: string): number => {
    const [a, b] = text.split(",").map(Number);
    return 64 * a + b;
  };
  return [...new Set(list)].sort((p, q) => key(p) - key(q));
}

const twoRelations = size.chain((n) => fc.tuple(fc.constant(n), pairs(n), pairs(n)));

it("composes, joins, cuts and inverts as sets of pairs do", () => {
  fc.assert(
    fc.property(twoRelations, ([n, p, q]) => {
      const a = relationOf(n, p);
      const b = relationOf(n, q);
      const text = (list: readonly Pair[]): string[] => sorted(list.map(([x, y]) => `${x},${y}`));
      const inB = (pair: Pair): boolean => related(b, pair[0], pair[1]);
      assert.deepEqual(shown(union(a, b)), text([...p, ...q]));
      assert.deepEqual(shown(intersection(a, b)), text(p.filter(inB)));
      assert.deepEqual(shown(difference(a, b)), text(p.filter((pair) => !inB(pair))));
      assert.deepEqual(shown(inverse(a)), text(p.map(([x, y]) => [y, x] as const)));
      const composed = p.flatMap(([x, y]) =>
        q.filter(([z]) => z === y).map(([, w]) => [x, w] as const),
      );
      assert.deepEqual(shown(sequence(a, b)), text(composed));
      const even = eventSet(n, (event) => event % 2 === 0);
      assert.deepEqual(shown(from(even, a)), text(p.filter(([x]) => x % 2 === 0)));
      assert.deepEqual(shown(into(a, even)), text(p.filter(([, y]) => y % 2 === 0)));
      assert.deepEqual(shown(sequence(identity(n, even), a)), shown(from(even, a)));
      assert.deepEqual(shown(from(even, product(n, even, even))), shown(product(n, even, even)));
    }),
    {seed: 1, numRuns: 150},
  );
});

it("closes a relation to the least transitive one above it", () => {
  fc.assert(
    fc.property(twoRelations, ([n, p]) => {
      const a = relationOf(n, p);
      const closed = closure(a);
      assert.ok(isEmpty(difference(a, closed)), "contains it");
      assert.ok(isEmpty(difference(sequence(closed, closed), closed)), "is transitive");
      // Least: every pair is a path, i.e. its own pairs unfold into a step and a closed rest.
      assert.ok(isEmpty(difference(closed, sequence(a, optional(closed)))), "has nothing else");
      const cyclic = Array.from({length: n}, (_, i) => i).some((i) => related(closed, i, i));
      assert.equal(isAcyclic(a), !cyclic);
    }),
    {seed: 2, numRuns: 150},
  );
});
