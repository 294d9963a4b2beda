import assert from "node:assert/strict";
import {it} from "node:test";
import {openStream} from "../random/stream.ts";
import {counterEntity, shapeOf} from "../record/measure.ts";
import {randomSystem} from "./random-system.ts";
import {simulate} from "./simulate.ts";

const parts = 20;
const cases = Array.from({length: 24}, (_, replication) => ({
  system: {
    ...randomSystem(openStream(29, replication, "system", "shape")),
    duration: 400_000,
    warmup: 0,
  },
  replication,
}));

it("gives slices that add up to the whole of every metric, and changes nothing in it", () => {
  for (const {system, replication} of cases) {
    const plain = simulate(system, {seed: 2, replication});
    const {slices, ...sliced} = simulate(system, {seed: 2, replication, slices: parts});
    assert.equal(sliced.fingerprint, plain.fingerprint);
    const known = new Map(slices?.map((one) => [`${one.entity}.${one.metric}`, one]));
    for (const [i, {entity, metric, count, sum}] of plain.series.entries()) {
      assert.equal(sliced.series[i]?.count, count, `system ${replication}: ${entity}.${metric}`);
      if (entity === "safety") continue;
      const own = known.get(`${entity}.${metric}`);
      assert.ok(own?.counts.length === parts);
      const add = (of: Float64Array) => of.reduce((a, b) => a + b, 0);
      const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
      assert.ok(near(add(own.sums), sum), `${entity}.${metric}: ${add(own.sums)} of ${sum}`);
      if (shapeOf(metric) !== "count") assert.ok(near(add(own.counts), count));
    }
    for (const [name, total] of Object.entries(plain.counters)) {
      const own = known.get(`${counterEntity}.${name}`);
      assert.equal(
        own?.sums.reduce((a, b) => a + b, 0),
        total,
      );
    }
  }
});

it("puts samples into the slice in which they were taken", () => {
  const [{system}] = cases as [(typeof cases)[number]];
  const [writer] = system.writers;
  assert.ok(writer);
  const {slices} = simulate(
    {
      ...system,
      writers: [
        {
          ...writer,
          cadence: {kind: "open", gap: {kind: "constant", value: 100_000}},
          operations: 2,
        },
      ],
      walkers: [],
    },
    {seed: 1, replication: 0, slices: 4},
  );
  const arrivals = slices?.find(({metric}) => metric === "arrivals");
  assert.equal(
    arrivals?.sums.reduce((a, b) => a + b, 0),
    2,
  );
  assert.ok(Math.max(...(arrivals?.sums ?? [])) === 1, `${arrivals?.sums}`);
});
