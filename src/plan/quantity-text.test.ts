import assert from "node:assert/strict";
import {it} from "node:test";
import {estimateText, numberText, quantityText} from "./quantity-text.ts";

it("says durations in the unit people would use", () => {
  const said = [0, 12.34, 999.4, 999.9, 61_333, 2e6, 22.9e6, 3.2e9].map((v) =>
    quantityText(v, "ns"),
  );
  assert.deepEqual(said, ["0ns", "12.3ns", "999ns", "1us", "61.3us", "2ms", "22.9ms", "3.2s"]);
});

it("says rates, sizes, shares and counts", () => {
  assert.equal(quantityText(40_000, "1/s"), "40k/s");
  assert.equal(quantityText(4096, "bytes"), "4KiB");
  assert.equal(quantityText(0.0312, "ratio"), "3.12%");
  assert.equal(quantityText(123456, "1"), "123456");
  assert.equal(quantityText(-61_333, "ns", {digits: 2}), "-61us");
  assert.equal(quantityText(1500, "ns", {micro: "µ"}), "1.5µs");
});

it("says what has no value as no value", () => {
  assert.equal(quantityText(Number.NaN, "ns"), "-");
  assert.equal(quantityText(Number.POSITIVE_INFINITY, "ns"), "inf");
});

it("puts the half-width of an interval in the scale of the value", () => {
  assert.equal(estimateText(61_300, 59_200, 63_400, "ns"), "61.3us ±2.1us");
  assert.equal(estimateText(61_300, Number.NaN, Number.NaN, "ns"), "61.3us");
  assert.equal(estimateText(0, -5, 5, "ns"), "0ns ±5ns");
  assert.equal(estimateText(16e6, 16e6 - 180, 16e6 + 180, "ns"), "16.00000ms ±180ns");
  assert.equal(estimateText(1.003612, 1.003582, 1.003642, "1"), "1.003612 ±0.000030");
  assert.equal(estimateText(40_500, 40_500, 40_500, "ns"), "40.5us ±0");
  assert.equal(estimateText(61_345, 61_300, 61_390, "ns", {digits: 2}), "61us ±45ns");
});

it("writes numbers without exponents where people can read them", () => {
  assert.equal(numberText(1234.5678), "1235");
  assert.equal(numberText(0.00012345), "0.000123");
  assert.equal(numberText(1.5e20), "1.50e+20");
  assert.equal(numberText(1.5e-9), "1.50e-9");
});
