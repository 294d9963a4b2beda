import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {Plan} from "../plan/plan.ts";
import {labelsAt, systemAt} from "../plan/point.ts";
import {checkText, startingEnvironment} from "./check.ts";
import {planExperiment} from "./plan-command.ts";

const host = `
scenario host {
  machine: epyc_2x64
  param readers: Int in 1..128 = 16
  param gap: Duration in 1ns..1s = 10us
  mm app { cpus: first(readers) }
  walker gup { mm: app, every: exp(gap), hold: lognormal(p50: 1us, p99: 6us) }
  writer thp { mm: app, every: exp(1ms), kind: collapse, work: 10us }
}
`;
const start = checkText({name: "host", text: host}, startingEnvironment()).environment;

function plan(sweep: string, seed = 1, set: {path: string; value: string}[] = []): Plan {
  const text = `experiment e { scenario: host, policy: broadcast_ipi, seed: ${seed}, ${sweep} }`;
  const checked = checkText({name: "e", text}, start);
  const {planned, diagnostics} = planExperiment(checked.environment, "e", {set});
  assert.ok(
    planned,
    JSON.stringify([...checked.diagnostics, ...diagnostics].map((one) => one.message)),
  );
  return planned.plan;
}

function points(made: Plan): string[] {
  return made.points.map((_, i) => {
    const {policy, ...rest} = labelsAt(made, i);
    return `${policy === "broadcast_ipi" ? "" : `${policy} `}${Object.values(rest).join(" ")}`;
  });
}

describe("a sweep block", () => {
  it("is a grid in row-major order", () => {
    assert.deepEqual(points(plan("sweep { readers: [1, 4], gap: [1us, 2us] }")), [
      "1 1us",
      "1 2us",
      "4 1us",
      "4 2us",
    ]);
  });

  it("zips", () => {
    assert.deepEqual(points(plan("sweep zip { readers: [1, 4], gap: [1us, 2us] }")), [
      "1 1us",
      "4 2us",
    ]);
  });

  it("nests a zip in a grid as one axis", () => {
    const made = plan(
      "sweep { readers: [1, 4] sweep zip { gap: [1us, 2us], thp.work: [3us, 4us] } }",
    );
    assert.deepEqual(points(made), ["1 1us 3us", "1 2us 4us", "4 1us 3us", "4 2us 4us"]);
  });

  it("varies one at a time from the first point", () => {
    assert.deepEqual(points(plan("sweep each { readers: [1, 4, 8], gap: [1us, 2us] }")), [
      "1 1us",
      "4 1us",
      "8 1us",
      "1 2us",
    ]);
  });

  it("spaces ranges by step, lin and log, both ends included", () => {
    assert.deepEqual(points(plan("sweep { readers: 4..16 step 4 }")), ["4", "8", "12", "16"]);
    assert.deepEqual(points(plan("sweep { readers: 1..3 }")), ["1", "2", "3"]);
    assert.deepEqual(points(plan("sweep { gap: 1us..3us lin 3 }")), ["1us", "2us", "3us"]);
    assert.deepEqual(points(plan("sweep { gap: 1us..1ms log 4 }")), [
      "1us",
      "10us",
      "100us",
      "1ms",
    ]);
  });

  it("merges duplicates and keeps what `where` keeps", () => {
    assert.deepEqual(points(plan("sweep { readers: [4, 4, 8] where readers < 8 }")), ["4"]);
  });

  it("reaches policies, machine fields and parameters of distributions", () => {
    const made = plan(
      "sweep { policy: [rcu_sync, targeted_ipi], machine.tlb: [ipi, invlpgb], gup.hold.p99: [6us, 9us] }",
    );
    assert.equal(made.points.length, 8);
    const last = systemAt(made, 7);
    assert.equal(last.machine.tlb, "invlpgb");
    assert.equal(last.writers[0]?.policy, "targeted_ipi");
    const hold = last.walkers[0]?.hold;
    assert.ok(typeof hold === "object" && hold.kind === "lognormal");
    assert.ok(Math.abs(Math.exp(hold.mu + 2.3263478740408408 * hold.sigma) - 9000) < 1e-6);
  });

  it("gives way to what the command says of its axis", () => {
    const text = "sweep { readers: [1, 4], gap: [1us, 2us] }";
    assert.deepEqual(points(plan(text, 1, [{path: "readers", value: "8"}])), ["8 1us", "8 2us"]);
    assert.deepEqual(points(plan(text, 1, [{path: "gap", value: "[5us, 6us]"}])), [
      "1 5us",
      "1 6us",
      "4 5us",
      "4 6us",
    ]);
  });

  it("samples by latin hypercube, as the seed says", () => {
    const text = "sweep lhs 16 { gap: 1us..1ms log, readers: 1..128 }";
    const made = plan(text);
    assert.equal(made.points.length, 16);
    assert.deepEqual(plan(text).points, made.points);
    assert.notDeepEqual(plan(text, 2).axes, made.axes);
    const decades = made.axes[1]?.values.filter((value) => (value.value as number) < 10_000).length;
    assert.ok(
      Math.abs((decades as number) - 16 / 3) <= 1,
      "a log axis has as many points in each decade",
    );
  });
});

it("every point is what the same values give when written out", () => {
  const readers = fc.uniqueArray(fc.integer({min: 1, max: 128}), {minLength: 1, maxLength: 3});
  const gaps = fc.uniqueArray(fc.integer({min: 1, max: 999}), {minLength: 1, maxLength: 3});
  const policies = fc.subarray(["broadcast_ipi", "targeted_ipi", "rcu_sync", "batched_ipi"], {
    minLength: 1,
  });
  fc.assert(
    fc.property(readers, gaps, policies, (rs, gs, ps) => {
      const made = plan(
        `sweep { policy: [${ps.join(", ")}], readers: [${rs.join(", ")}], gap: [${gs.map((g) => `${g}us`).join(", ")}] }`,
      );
      assert.equal(made.points.length, rs.length * gs.length * ps.length);
      for (const index of made.points.keys()) {
        const labels = labelsAt(made, index);
        const alone = plan(
          `with { policy: ${labels.policy}, readers: ${labels.readers}, gap: ${labels.gap} }`,
        );
        assert.deepEqual(systemAt(made, index), alone.base);
      }
    }),
    {numRuns: 12},
  );
});
