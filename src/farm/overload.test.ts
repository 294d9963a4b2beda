import assert from "node:assert/strict";
import {it} from "node:test";
import {constant, exponentially} from "../machine/laboratory.ts";
import type {Plan} from "../plan/plan.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {overloadNotes} from "./overload.ts";
import {runPlan} from "./run-plan.ts";
import {summaryOf} from "./summary.ts";

/** A writer that needs about 1.3 us for an operation, and one comes every `gap` ns. */
function planOf(gap: number): Plan {
  const plan = laboratoryPlan([4], 5e6, {
    replications: {min: 3, max: 3},
    measures: [],
    compare: [],
  });
  const {base} = plan;
  const writers = base.writers.map((writer) => ({
    ...writer,
    cadence: {kind: "open" as const, gap: exponentially(gap)},
    work: constant(500),
  }));
  return {...plan, base: {...base, writers}, points: plan.points.slice(0, 1)};
}

it("says of a writer whose operations come faster than they end that it cannot keep up", async () => {
  const result = await runPlan(planOf(800), {workers: 0});
  const [note, ...others] = overloadNotes(result);
  assert.match(
    note ?? "",
    /^`thp` cannot keep up at .*: of \d+ operations that arrived \d+ ended, /,
  );
  assert.deepEqual(others, []);
  assert.ok(summaryOf(result).notes.includes(note ?? "none"));
});

it("says nothing of one that is busy nine tenths of its time", async () => {
  const result = await runPlan(planOf(1700), {workers: 0});
  const busy = result.points[0]?.replications[0]?.series.find(
    ({entity, metric}) => entity === "thp" && metric === "latency",
  );
  // Its queue is there, and ends.
  assert.ok(busy !== undefined && busy.sum / busy.count > 2000);
  assert.deepEqual(overloadNotes(result), []);
});
