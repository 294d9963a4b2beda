import assert from "node:assert/strict";
import {it} from "node:test";
import {
  nextUint32,
  openStream,
  seedStream,
  streamId,
  uniform53,
  uniformBelow,
  uniformOpen,
} from "./stream.ts";

function words(state: Int32Array, n: number, at = 0): string {
  return Array.from({length: n}, () => nextUint32(state, at).toString(16).padStart(8, "0")).join(
    " ",
  );
}

it("a stream is a function of seed, replication, entity and purpose", () => {
  assert.equal(
    words(openStream(7, 3, "gup@0", "hold"), 50),
    words(openStream(7, 3, "gup@0", "hold"), 50),
  );
  const others = [
    openStream(8, 3, "gup@0", "hold"),
    openStream(7 + 2 ** 32, 3, "gup@0", "hold"),
    openStream(7, 4, "gup@0", "hold"),
    openStream(7, 3, "gup@1", "hold"),
    openStream(7, 3, "gup@0", "gap"),
    openStream(7, 3, "gup@0h", "old"),
    openStream(7, 3, "a name well beyond sixteen bytes", "hold"),
    openStream(7, 3, "a name well beyond sixteen byteS", "hold"),
  ].map((state) => words(state, 4));
  assert.equal(new Set([...others, words(openStream(7, 3, "gup@0", "hold"), 4)]).size, 9);
});

it("a point gets streams of its own only when it is named", () => {
  assert.deepEqual(streamId("a", "b"), streamId("a", "b"));
  assert.notDeepEqual(streamId("a", "b", 0), streamId("a", "b"));
  assert.notDeepEqual(streamId("a", "b", 0), streamId("a", "b", 1));
});

// A change of these words changes every result ever published: it needs a new version of the semantics.
it("start states and draws are those of the first release", () => {
  assert.equal(words(openStream(1, 0, "gup", "hold"), 4), "42416746 f72a3e7a c04aba6e 5e428ec0");
});

it("streams packed in one array do not touch each other", () => {
  const packed = new Int32Array(12);
  for (let i = 0; i < 3; i++) seedStream(packed, 4 * i, 5, i, streamId("x", "y"));
  const alone = [0, 1, 2].map((i) => words(openStream(5, i, "x", "y"), 9));
  const mixed = [0, 1, 2].map((i) => words(packed, 9, 4 * i));
  assert.deepEqual(mixed, alone);
});

it("refuses seeds and replications it would have to round", () => {
  const state = new Int32Array(4);
  assert.throws(() => seedStream(state, 0, -1, 0, [0, 0, 0]), /`seed` to be an integer from 0/);
  assert.throws(() => seedStream(state, 0, 2 ** 53, 0, [0, 0, 0]), /`seed`/);
  assert.throws(() => seedStream(state, 0, 1, 0.5, [0, 0, 0]), /`replication`/);
});

it("uniform numbers fill their interval evenly and never leave it", () => {
  const state = openStream(11, 0, "uniform", "test");
  const bins = new Int32Array(64);
  const n = 64_000;
  for (let i = 0; i < n; i++) {
    const u = i % 2 === 0 ? uniform53(state, 0) : uniformOpen(state, 0);
    assert.ok(u >= 0 && u < 1);
    bins[Math.floor(u * 64)] = (bins[Math.floor(u * 64)] as number) + 1;
  }
  let chiSquare = 0;
  for (const count of bins) chiSquare += (count - n / 64) ** 2 / (n / 64);
  // 63 degrees of freedom: the 0.001 and 0.999 quantiles.
  assert.ok(chiSquare > 32 && chiSquare < 104, `chi-square ${chiSquare}`);
});

it("every bit of a draw is one half of the time set", () => {
  const state = openStream(12, 0, "bits", "test");
  const ones = new Int32Array(32);
  const n = 40_000;
  for (let i = 0; i < n; i++) {
    const word = nextUint32(state, 0);
    for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] as number) + ((word >>> bit) & 1);
  }
  for (const count of ones) assert.ok(Math.abs(count - n / 2) < 4 * Math.sqrt(n / 4), `${count}`);
});

it("integers below n are even and within range", () => {
  const state = openStream(13, 0, "below", "test");
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) {
    const drawn = uniformBelow(state, 0, 3);
    counts[drawn] = (counts[drawn] as number) + 1;
  }
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 330, `${count}`);
  assert.equal(uniformBelow(state, 0, 1), 0);
});
