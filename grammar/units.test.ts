import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {
  bytes,
  cycles,
  type Dimension,
  dimensionName,
  divide,
  frequency,
  multiply,
  none,
  quantityText,
  sameDimension,
  time,
  unitOf,
  unitTable,
} from "./units.ts";

const dimensions: readonly Dimension[] = [none, time, frequency, bytes, cycles];
const quantity = fc.tuple(
  fc.double({min: 1e-3, max: 1e9, noNaN: true}),
  fc.constantFrom(...dimensions),
);

it("a rate times a duration is a plain number", () => {
  assert.deepEqual(multiply(40_000, frequency, 10_000, time), {value: 0.4, dimension: none});
  assert.deepEqual(divide(1, none, 10_000, time), {value: 100_000, dimension: frequency});
  assert.deepEqual(divide(33, cycles, 3.3e9, frequency), {
    value: 10,
    dimension: {time: 1, bytes: 0, cycles: 1},
  });
});

it("multiplication commutes, in value and in dimension", () => {
  fc.assert(
    fc.property(quantity, quantity, ([a, da], [b, db]) => {
      const left = multiply(a, da, b, db);
      const right = multiply(b, db, a, da);
      assert.ok(sameDimension(left.dimension, right.dimension));
      assert.equal(left.value, right.value);
    }),
  );
});

it("division undoes multiplication", () => {
  fc.assert(
    fc.property(quantity, quantity, ([a, da], [b, db]) => {
      const product = multiply(a, da, b, db);
      const back = divide(product.value, product.dimension, b, db);
      assert.ok(sameDimension(back.dimension, da), dimensionName(back.dimension));
      assert.ok(Math.abs(back.value / a - 1) < 1e-12);
    }),
  );
});

it("the text of a quantity reads back as the same quantity", () => {
  const storable = fc.constantFrom(time, frequency, bytes);
  fc.assert(
    fc.property(fc.double({min: 1e-6, max: 1e12, noNaN: true}), storable, (value, dimension) => {
      const text = quantityText(value, dimension);
      const [, number, suffix] = /^([\d.]+(?:e[+-]?\d+)?)(.+)$/.exec(text) ?? [];
      const prefix = /^([kMG])\/s$/.exec(suffix as string)?.[1];
      const scale = prefix ? {k: 1e3, M: 1e6, G: 1e9}[prefix] : unitOf(suffix as string)?.scale;
      assert.ok(Math.abs((Number(number) * (scale as number)) / value - 1) < 1e-11, text);
    }),
  );
});

it("texts choose the unit a person would", () => {
  assert.equal(quantityText(38_200, time), "38.2us");
  assert.equal(quantityText(1e9, time), "1s");
  assert.equal(quantityText(0, time), "0ns");
  assert.equal(quantityText(40_000, frequency), "40k/s");
  assert.equal(quantityText(65_536, bytes), "64KiB");
  assert.equal(quantityText(33, cycles), "33cyc");
  assert.equal(quantityText(3162.27766, time, 4), "3.162us");
});

it("no unit is listed twice", () => {
  assert.equal(new Set(unitTable.map((row) => row.word)).size, unitTable.length);
});
