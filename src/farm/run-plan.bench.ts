// The farm's own cost on a sweep of short replications: by the bare engine, in this thread, in one worker and in as many as there are CPUs.
// Once with 1,008 points of a replication each, once with 24 points of 42. The least of several rounds is taken. On a machine that is busy
// with other things only the CPU times tell anything. What several threads can gain at most is printed first: how much several processes of
// the bare engine, which share nothing, do in the time of one.

import {execFile} from "node:child_process";
import {availableParallelism} from "node:os";
import {promisify} from "node:util";
import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import {engineModule, loadEngine} from "./engine.ts";
import {laboratoryPlan} from "./laboratory-plan.contract.ts";
import {runPlan} from "./run-plan.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const duration = Number(process.env["DURATION_NS"] ?? 5e6);
const cpus = availableParallelism();
const simulate = await loadEngine(engineModule);

const few = laboratoryPlan([1, 2, 3, 4, 5, 6, 7, 8], duration);
const thoughts = Array.from({length: 42}, (_, i) => 10_000 + 500 * i);
const many: Plan = {
  ...few,
  axes: [
    ...few.axes,
    {
      path: "think",
      unit: "ns",
      values: thoughts.map((value) => ({label: `${value}`, value})),
    },
  ],
  points: few.points.flatMap(({at, patches}) =>
    thoughts.map((mean, i) => {
      const cadence = {kind: "closed", think: {kind: "exponential", mean}};
      return {
        at: [...at, i],
        patches: [...patches, {path: ["writers", 0, "cadence"], value: cadence}],
      };
    }),
  ),
};

interface Cost {
  /** ms. */
  readonly wall: number;
  /** Of all threads. */
  readonly cpu: number;
}

async function cost(run: () => unknown): Promise<Cost> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await run();
  const {user, system} = process.cpuUsage(before);
  return {wall: performance.now() - begun, cpu: (user + system) / 1000};
}

function runBare(plan: Plan, replications: number): void {
  const systems = plan.points.map((_, point) => systemAt(plan, point));
  for (let replication = 0; replication < replications; replication++) {
    for (const [point, system] of systems.entries()) {
      simulate(system, {seed: plan.seed, replication, point});
    }
  }
}

/** Wall times [ms] of the bare engine in so many processes at once, when each has warmed up. */
async function apart(processes: number): Promise<number> {
  const args = [process.argv[1] ?? "", "bare"];
  const run = () => promisify(execFile)(process.execPath, args);
  const told = await Promise.all(Array.from({length: processes}, run));
  return Math.max(...told.map(({stdout}) => Number(stdout)));
}

if (process.argv[2] === "bare") {
  // So long that several that were started together have most of their time in common.
  for (let warm = 0; warm < 3; warm++) runBare(few, 42);
  const {wall} = await cost(() => {
    for (let again = 0; again < 10; again++) runBare(few, 42);
  });
  process.stdout.write(String(wall));
  process.exit();
}

const gains: number[] = [];
for (let round = 0; round < rounds; round++) {
  const one = await apart(1);
  gains.push((cpus * one) / (await apart(cpus)));
}
const gain = gains.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
console.log(`${cpus} processes of the bare engine do ${gain.toFixed(2)}x what one does`);

for (const [name, plan, replications] of [
  ["1008 points of one replication", many, 1],
  ["24 points of 42 replications", few, 42],
] as const) {
  const whole = {...plan, replications: {min: replications, max: replications}};
  const rows: readonly [string, () => unknown][] = [
    ["the bare engine", () => runBare(plan, replications)],
    ["in this thread", () => runPlan(whole, {workers: 0})],
    ["1 worker", () => runPlan(whole, {workers: 1})],
    [`${cpus} workers`, () => runPlan(whole, {workers: cpus})],
  ];
  const costs = rows.map((): Cost[] => []);
  for (const [i, [, run]] of rows.entries()) {
    // A run with another number of workers starts new threads; the first runs warm the engine up in them.
    for (let warm = 0; warm < 3; warm++) await cost(run);
    for (let round = 0; round < rounds; round++) costs[i]?.push(await cost(run));
  }
  const least = costs.map((own) => ({
    wall: Math.min(...own.map(({wall}) => wall)),
    cpu: Math.min(...own.map(({cpu}) => cpu)),
  }));
  const [engine, here, alone] = least;
  console.log(name);
  for (const [i, [row]] of rows.entries()) {
    const {wall = Number.NaN, cpu = Number.NaN} = least[i] ?? {};
    const times = (other: Cost | undefined): string => ((other?.wall ?? 0) / wall).toFixed(2);
    const over = (cpu - (engine?.cpu ?? 0)) / (plan.points.length * replications);
    console.log(
      `  ${row.padEnd(16)} wall ${wall.toFixed(0).padStart(6)} ms (${times(here)}x this thread, ${times(alone)}x one worker), ` +
        `CPU ${cpu.toFixed(0).padStart(6)} ms, ${(over * 1000).toFixed(0).padStart(4)} us a replication over the engine`,
    );
  }
}
