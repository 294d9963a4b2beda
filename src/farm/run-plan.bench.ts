// The farm's own cost: a sweep of 1000 short points, in this thread, in one worker and in as many as there are CPUs, beside the bare engine.

import {availableParallelism} from "node:os";
import {systemAt} from "../plan/point.ts";
import {engineModule, loadEngine} from "./engine.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {runPlan} from "./run-plan.ts";

const readers = Array.from({length: 8}, (_, i) => i + 1);
const many = laboratoryPlan(readers, Number(process.env["DURATION_NS"] ?? 5e6));
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

interface Cost {
  readonly wall: number;
  /** Of all threads; what tells on a machine that is busy with other things. */
  readonly cpu: number;
}

async function cost(run: () => Promise<unknown>): Promise<Cost> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await run();
  const {user, system} = process.cpuUsage(before);
  return {wall: performance.now() - begun, cpu: (user + system) / 1000};
}

const cpus = availableParallelism();
const rows: readonly [string, () => Promise<unknown>][] = [
  ["the bare engine", bare],
  ["in this thread", () => runPlan(plan, {workers: 0})],
  ["1 worker", () => runPlan(plan, {workers: 1})],
  [`${cpus} workers`, () => runPlan(plan, {workers: cpus})],
];
const costs = rows.map((): Cost[] => []);
// The first round of each row starts its threads and warms the engine up in them; it is not counted, but printed.
for (const [i, [name, run]] of rows.entries()) {
  const first = await cost(run);
  console.log(`${name.padEnd(16)} first ${first.wall.toFixed(0).padStart(6)} ms`);
  for (let round = 0; round < 3; round++) costs[i]?.push(await cost(run));
}
const best = costs.map((spent) => ({
  wall: Math.min(...spent.map((one) => one.wall)),
  cpu: Math.min(...spent.map((one) => one.cpu)),
}));
const [engine, , alone] = best;
for (const [i, [name]] of rows.entries()) {
  const {wall = Number.NaN, cpu = Number.NaN} = best[i] ?? {};
  const over = ((cpu - (engine?.cpu ?? 0)) / runs) * 1000;
  console.log(
    `${name.padEnd(16)} wall ${wall.toFixed(0).padStart(6)} ms (${((alone?.wall ?? 0) / wall).toFixed(2)}x one worker), ` +
      `CPU ${cpu.toFixed(0).padStart(6)} ms, ${over.toFixed(0).padStart(5)} us a replication over the engine`,
  );
}
