import assert from "node:assert/strict";
import {it} from "node:test";
import {openStream, uniform53} from "../random/stream.ts";
import {transientEnd} from "./transient-end.ts";

const state = openStream(5, 0, "transient", "noise");
const noise = (): number => uniform53(state, 0) - 0.5;

it("drops nothing where nothing varies, and exactly a transient without noise", () => {
  assert.deepEqual(transientEnd(new Float64Array(100).fill(0.1 + 0.2)), {parts: 0, settled: true});
  assert.deepEqual(transientEnd(new Float64Array(100)), {parts: 0, settled: true});
  const ramp = Float64Array.from({length: 100}, (_, i) => Math.min(i, 20));
  assert.deepEqual(transientEnd(ramp), {parts: 20, settled: true});
});

it("drops little of what only varies", () => {
  let dropped = 0;
  for (let run = 0; run < 200; run++) {
    const {parts, settled} = transientEnd(Float64Array.from({length: 100}, noise));
    assert.ok(settled);
    dropped += parts / 200;
  }
  // The second change of sides of a fair coin is expected at the fourth toss.
  assert.ok(dropped > 3 && dropped < 5, `${dropped} of 100 parts`);
});

it("drops a transient beneath noise, from above and from below", () => {
  for (const sign of [-1, 1]) {
    const curve = Float64Array.from(
      {length: 100},
      (_, i) => 5 + sign * 3 * Math.exp(-i / 5) + 0.1 * noise(),
    );
    const {parts, settled} = transientEnd(curve);
    // The transient is in the noise's half-width after 5 ln(3 / 0.05) = 20 parts.
    assert.ok(settled && parts >= 12 && parts <= 35, `${parts}`);
  }
});

it("says when a curve has not settled by its middle", () => {
  const rising = Float64Array.from({length: 100}, (_, i) => i + noise());
  assert.deepEqual(transientEnd(rising), {parts: 50, settled: false});
});
