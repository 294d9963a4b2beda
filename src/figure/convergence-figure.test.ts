import assert from "node:assert/strict";
import {it} from "node:test";
import {meanInterval} from "../stats/mean-interval.ts";
import {runningEstimates} from "./convergence-figure.ts";

it("after n replications stands the estimate that n replications give", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const rows = values.map((sync_ns, replication) => ({replication, sync_ns})).toReversed();
  const steps = runningEstimates(rows, {y: {column: "sync_ns"}, confidence: 0.9});
  assert.equal(steps.length, values.length);
  steps.forEach((step, i) => {
    const {mean, lo, hi} = meanInterval(values.slice(0, i + 1), 0.9);
    assert.ok(Math.abs(step.mean - mean) < 1e-12);
    if (i === 0) assert.ok(Number.isNaN(step.lo));
    else assert.ok(Math.abs(step.lo - lo) < 1e-9 && Math.abs(step.hi - hi) < 1e-9);
  });
});
