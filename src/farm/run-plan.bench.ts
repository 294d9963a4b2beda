// The farm's own cost: a sweep of 1000 short points, in this thread, in one worker and in as many as there are CPUs, beside the bare engine.

import {availableParallelism} from "node:os";
import {systemAt} from "../plan/point.ts";
import {engineModule, loadEngine} from "./engine.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {runPlan} from "./run-plan.ts";

const readers = Array.from({length: 8}, (_, i) => i + 1);
const many = laboratoryPlan(readers, Number(process.env["DURATION_NS"] ?? 20e6));
// 24 points, each replicated 42 times: to the farm as much work as 1008 points.
const plan = {...many, replications: {min: 42, max: 42}};
const runs = plan.points.length * 42;

const simulate = await loadEngine(engineModule);
const systems = plan.points.map((_, point) => systemAt(plan, point));
const bare = async (): Promise<void> => {
  for (let replication = 0; replication < 42; replication++) {
    for (const [point, system] of systems.entries()) {
      simulate(system, {seed: plan.seed, replication, point});
    }
  }
};

async function time(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

const cpus = availableParallelism();
await runPlan(plan, {workers: 0});
const results = new Map<string, number[]>();
for (let round = 0; round < 3; round++) {
  for (const [name, run] of [
    ["the bare engine", bare],
    ["in this thread", () => runPlan(plan, {workers: 0})],
    ["1 worker", () => runPlan(plan, {workers: 1})],
    [`${cpus} workers`, () => runPlan(plan, {workers: cpus})],
  ] as const) {
    results.set(name, [...(results.get(name) ?? []), await time(run)]);
  }
}
const least = new Map([...results].map(([name, times]) => [name, Math.min(...times)]));
const base = least.get("the bare engine") ?? Number.NaN;
for (const [name, ms] of least) {
  const each = ((ms - base) / runs) * 1000;
  console.log(
    `${name.padEnd(16)} ${ms.toFixed(0).padStart(6)} ms, ${(ms / runs).toFixed(3)} ms a replication, ` +
      `${each.toFixed(0).padStart(6)} us over the engine, speed-up ${((least.get("1 worker") ?? 0) / ms).toFixed(2)}`,
  );
}
