import assert from "node:assert/strict";
import {it} from "node:test";
import {simulate} from "../machine/simulate.ts";
import {systemAt} from "../plan/point.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {packSamples, unpackSamples} from "./packed-samples.ts";

const plan = laboratoryPlan([3, 8], 3e6);

it("brings over all that samples say, in the same order", () => {
  for (const [replication, options] of [
    [0, {}],
    [7, {}],
    [1, {timeline: {from: 0, to: 50_000}}],
    [1, {executor: "closed"}],
  ] as const) {
    for (const [point] of plan.points.entries()) {
      const samples = simulate(systemAt(plan, point), {seed: 3, replication, point, ...options});
      const received = unpackSamples(structuredClone(packSamples(samples)));
      assert.deepEqual(received, samples);
      assert.equal(JSON.stringify(received), JSON.stringify(samples));
    }
  }
});

it("tells an array without numbers from none, and brings over what is not finite", () => {
  const none = {entity: "a b", metric: "c", count: 0, sum: -0, m2: 0, min: NaN, max: -Infinity};
  const [samples] = [simulate(systemAt(plan, 0), {seed: 1, replication: 0})];
  const odd = {
    ...samples,
    series: [none, {...none, exact: new Float64Array(0)}, {...none, reservoir: Float64Array.of(1)}],
  };
  assert.deepEqual(unpackSamples(structuredClone(packSamples(odd))), odd);
  assert.deepEqual(unpackSamples(packSamples({...odd, series: []})).series, []);
});

it("hands all numbers over in one array", () => {
  const samples = simulate(systemAt(plan, 5), {seed: 3, replication: 0});
  const packed = packSamples(samples);
  const {buffer} = packed.numbers;
  const received = unpackSamples(structuredClone(packed, {transfer: [buffer]}));
  assert.equal(buffer.byteLength, 0);
  assert.deepEqual(received, samples);
});
