import assert from "node:assert/strict";
import {it} from "node:test";
import {philox} from "./philox.ts";

function hex(counter: number[], key: number[]): string {
  const block = Int32Array.from(counter);
  philox(block, 0, key[0] as number, key[1] as number);
  return [...block].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(" ");
}

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
it("gives the published answers", () => {
  assert.equal(hex([0, 0, 0, 0], [0, 0]), "6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  assert.equal(hex([-1, -1, -1, -1], [-1, -1]), "408f276d 41c83b0e a20bc7c6 6d5451fd");
  assert.equal(
    hex([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  );
});
