// Speed of the executors against a hand-written C simulator of the same model (`broadcast.bench.c`: one event per phase and message on a binary heap),
// compiled on the spot when there is a C compiler. Rounds are interleaved and CPU time is taken, medians are reported: on a shared
// machine only the ratios mean anything. Writes `dist/bench/engine.json`.

import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {busySystem} from "./busy-system.contract.ts";
import {exponentially, writerOf} from "./laboratory.ts";
import {modelW} from "./model-w.contract.ts";
import {simulate} from "./simulate.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const out = `${root}dist/bench`;
mkdirSync(out, {recursive: true});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** CPU seconds of a run. */
function timed<T>(run: () => T): {seconds: number; value: T} {
  const before = process.cpuUsage();
  const value = run();
  const spent = process.cpuUsage(before);
  return {seconds: (spent.user + spent.system) / 1e6, value};
}

function compile(): string | undefined {
  const source = `${root}src/machine/broadcast.bench.c`;
  const binary = `${out}/broadcast`;
  if (!existsSync(source)) return undefined;
  try {
    execFileSync("cc", ["-O3", "-march=native", "-o", binary, source, "-lm"], {stdio: "pipe"});
    return binary;
  } catch {
    return undefined;
  }
}

const executors = ["lazy", "closed", "equilibrium"] as const;
/** Mean of the longest of n residual walks in units of their mean, each there with probability p: the sum over k of (1 - (1 - p)^k) / k. */
function coupons(n: number, p: number): number {
  let sum = 0;
  let none = 1;
  for (let k = 1; k <= n; k++) {
    none *= 1 - p;
    sum += (1 - none) / k;
  }
  return sum;
}

const report: Record<string, unknown>[] = [];
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const reference = compile();
say(
  reference === undefined
    ? "no C compiler: no yardstick"
    : "model W against C (syncs per CPU second)",
);
for (const [n, duration] of [
  [8, 1e9],
  [64, 2e8],
  [512, 3e7],
  [8192, 3e6],
] as const) {
  const syncsPerSecond = {lazy: [], closed: [], equilibrium: []} as Record<string, number[]>;
  const phases: number[] = [];
  const theirs: number[] = [];
  const waits: number[] = [];
  const system = modelW(n, duration);
  for (const executor of executors) {
    simulate(modelW(n, duration / 5), {seed: 9, replication: 0, executor});
  }
  for (let round = 0; round < rounds; round++) {
    for (const executor of executors) {
      const {seconds, value} = timed(() => simulate(system, {seed: 1, replication: 0, executor}));
      const sync = value.series.find(
        ({entity, metric}) => entity === "writer" && metric === "sync",
      );
      assert.ok(sync);
      waits[executors.indexOf(executor)] = sync.sum / sync.count;
      syncsPerSecond[executor]?.push(sync.count / seconds);
      if (executor === "lazy") phases.push((2 * value.phases + value.events) / seconds);
    }
    if (reference === undefined) continue;
    const [syncs = 0, wait = 0, , spent = 1] = execFileSync(reference, [
      `${n}`,
      `${duration}`,
      `${round + 1}`,
    ])
      .toString()
      .split(" ")
      .map(Number);
    theirs.push(syncs / spent);
    waits[executors.length] = wait;
  }
  const expected = 650 + 200 * coupons(n, 1 / 11);
  const [lazy, closed, equilibrium] = executors.map((executor) =>
    median(syncsPerSecond[executor] ?? []),
  );
  const yardstick = median(theirs);
  report.push({
    what: "model W",
    n,
    syncsPerSecond: {lazy, closed, equilibrium, c: yardstick},
    ratio: {
      lazy: (lazy ?? 0) / yardstick,
      closed: (closed ?? 0) / yardstick,
      equilibrium: (equilibrium ?? 0) / yardstick,
    },
    eventsPerSecond: median(phases),
    meanWait: {
      lazy: waits[0],
      closed: waits[1],
      equilibrium: waits[2],
      c: waits[3],
      exact: expected,
    },
  });
  const times = (value = 0) => `${value.toFixed(0)} (${(value / yardstick).toFixed(1)}x)`;
  say(
    `  n=${n}: lazy ${times(lazy)}, closed form ${times(closed)}, equilibrium ${times(equilibrium)}, C ${yardstick.toFixed(0)}; lazy ${(median(phases) / 1e6).toFixed(1)} M CPU events/s; ` +
      `mean wait ${waits.map((wait) => wait.toFixed(1)).join(", ")} ns, exactly ${expected.toFixed(1)}`,
  );
}

say("realistic cases (CPU seconds)");
const busy = busySystem(64, 300_000, 1, exponentially(900));
for (const [what, system, executor] of [
  ["64 CPUs, 60 walkers of 300 k exponential walks/s, 1 k collapses/s, 1 s", busy, "lazy"],
  ["the same in equilibrium", busy, "equilibrium"],
  ["the same with lognormal walks, all walked", busySystem(64, 300_000, 1), "lazy"],
  [
    "8192 CPUs, 1 k broadcasts/s, 0.1 s",
    {
      ...modelW(8191, 1e8),
      walkers: [],
      writers: [writerOf({cadence: {kind: "open", gap: exponentially(1e6)}})],
    },
    "lazy",
  ],
] as const) {
  const seconds = median(
    Array.from(
      {length: Math.min(3, rounds)},
      () => timed(() => simulate(system, {seed: 1, replication: 0, executor})).seconds,
    ),
  );
  report.push({what, seconds});
  say(`  ${what}: ${seconds.toFixed(2)}`);
}

say(
  "a warm replication, set-up and results included (us of CPU; the quickest of ten thousands' parts)",
);
for (const [cpus, many] of [
  [8, 500],
  [64, 150],
] as const) {
  // A horizon of a picosecond leaves nothing but set-up and results.
  const [short, empty] = [1e-5, 1e-12].map((seconds) => {
    const system = busySystem(cpus, 1000, seconds);
    const parts = Array.from({length: 40}, (_, part) => {
      const run = (i: number) => simulate(system, {seed: 1, replication: part * many + i});
      return timed(() => {
        for (let i = 0; i < many; i++) run(i);
      }).seconds;
    });
    return (Math.min(...parts) / many) * 1e6;
  });
  report.push({what: "a warm replication", cpus, microseconds: {short, empty}});
  say(`  ${cpus} CPUs: ${short?.toFixed(1)} for 10 us, ${empty?.toFixed(1)} for a picosecond`);
}
report.push({what: "memory", rssMegabytes: process.memoryUsage().rss / 1e6});
say(`resident memory: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
writeFileSync(
  `${out}/engine.json`,
  `${JSON.stringify({node: process.version, rounds, report}, undefined, 2)}\n`,
);
