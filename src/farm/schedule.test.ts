import assert from "node:assert/strict";
import {it} from "node:test";
import {fakePlan} from "./fake-engine.contract.ts";
import {Ledger} from "./ledger.ts";
import {Schedule} from "./schedule.ts";

it("hands out points in turn, so that none is ever ahead of another by more than its double and two, however cheap", () => {
  const points = Array.from({length: 7}, (_, i) => ({at: [i % 3], patches: []}));
  const plan = fakePlan({points, replications: {min: 100, max: 100}});
  const schedule = new Schedule(plan, new Ledger(plan));
  const handed = points.map(() => 0);
  // Replications of the first point cost a hundredth of those of the last.
  for (let shards = 0; schedule.left > 0; shards++) {
    assert.ok(shards < 1000);
    const shard = schedule.next((point) => 200 / 2 ** point);
    assert.ok(shard !== undefined);
    assert.equal(shard.from, handed[shard.point]);
    handed[shard.point] = shard.to;
    const [least, most] = [Math.min(...handed), Math.max(...handed)];
    assert.ok(most <= 2 * least + 2, `${handed}`);
  }
  assert.deepEqual(new Set(handed), new Set([100]));
});
