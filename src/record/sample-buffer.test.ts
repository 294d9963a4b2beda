import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {binOf} from "./histogram.ts";
import {SampleBuffer} from "./sample-buffer.ts";

test("a sample in a buffer has the bin that it has by itself", () => {
  const value = fc.oneof(
    fc.double({min: 0, max: 2 ** 60, noNaN: true}),
    fc.double({min: 0, max: 1, noNaN: true}),
    fc.integer({min: 0, max: 100_000}).map((ticks) => ticks / 1000),
  );
  fc.assert(
    fc.property(fc.array(value, {minLength: 1, maxLength: 50}), (values) => {
      const buffer = new SampleBuffer(values.length);
      buffer.values.set(values);
      for (const [i, one] of values.entries()) assert.equal(buffer.bin(i), binOf(one));
    }),
  );
});
