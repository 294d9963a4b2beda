import assert from "node:assert/strict";
import {it} from "node:test";
import {say, sayEstimate, sayOverlap, sayRatio} from "./say.ts";

it("says values as pictures do", () => {
  assert.equal(say(61_333, "ns"), "61.3µs");
  assert.equal(say("rcu_sync", "name"), "rcu_sync");
  assert.equal(
    sayEstimate(61_300, 59_200, 63_400, "ns", 40),
    "61.3µs (interval 59.2µs to 63.4µs, 40 replications)",
  );
  assert.equal(sayEstimate(61_300, Number.NaN, Number.NaN, "ns", 1), "61.3µs (1 replication)");
  assert.deepEqual(
    [sayRatio(25, 2), sayRatio(3, 2), sayRatio(2.01, 2), sayRatio(1, 0)],
    ["13×", "1.5×", "about the same", ""],
  );
});

it("names what the best is not told apart from, and claims nothing without intervals", () => {
  const best = {name: "a", value: 1, lo: 0.5, hi: 1.5};
  const near = {name: "b", value: 2, lo: 1.4, hi: 2.6};
  const far = {name: "c", value: 9, lo: 8, hi: 10};
  const bare = {name: "d", value: 1.1, lo: Number.NaN, hi: Number.NaN};
  assert.equal(sayOverlap(best, [best, near, far, bare]), " (not told apart from b)");
  assert.equal(sayOverlap(best, [best, far]), "");
});
