// Speed against a hand-written C simulator of the same model (`broadcast.bench.c`: one event per phase and message on a binary heap),
// compiled on the spot when there is a C compiler. Rounds are interleaved and CPU time is taken, medians are reported: on a shared
// machine only the ratios mean anything. Writes `dist/bench/engine.json`.

import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import type {System} from "../plan/system.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  broadcastPolicy,
  constant,
  exponentially,
  first,
  freeMachine,
  loadOf,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";
import {twoSockets, xeonCosts} from "./validation/measured.ts";

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

function modelW(n: number, duration: number): System {
  return systemOf({
    machine: freeMachine(n + 1, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150}),
    policies: [broadcastPolicy()],
    duration,
    mms: [mmOf("app", [[1, n]])],
    walkers: [
      walkerOf({
        on: [[1, n]],
        cadence: {kind: "closed", think: exponentially(2000)},
        hold: exponentially(200),
      }),
    ],
    writers: [writerOf({cadence: {kind: "closed", think: exponentially(50_000)}})],
  });
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
  [8, 4e8],
  [64, 2e8],
  [512, 3e7],
  [8192, 3e6],
] as const) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const phases: number[] = [];
  let mean = 0;
  let meanOfC = 0;
  simulate(modelW(n, duration / 20), {seed: 9, replication: 0});
  for (let round = 0; round < rounds; round++) {
    const {seconds, value} = timed(() => simulate(modelW(n, duration), {seed: 1, replication: 0}));
    const sync = value.series.find(({entity, metric}) => entity === "writer" && metric === "sync");
    assert.ok(sync);
    mean = sync.sum / sync.count;
    ours.push(sync.count / seconds);
    phases.push((2 * value.phases + value.events) / seconds);
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
    meanOfC = wait;
  }
  const ratio = median(ours) / median(theirs);
  report.push({
    what: "model W",
    n,
    syncsPerSecond: median(ours),
    eventsPerSecond: median(phases),
    cSyncsPerSecond: median(theirs),
    ratio,
    meanWait: mean,
    meanWaitC: meanOfC,
  });
  say(
    `  n=${n}: ${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)}, ratio ${ratio.toFixed(2)}; ${(median(phases) / 1e6).toFixed(1)} M CPU events/s; mean wait ${mean.toFixed(1)} and ${meanOfC.toFixed(1)} ns`,
  );
}

say("realistic cases (CPU seconds)");
const hold: Distribution = {kind: "lognormal", mu: Math.log(900), sigma: 0.8};
const busy = (cpus: number, walks: number, seconds: number, law: Distribution = hold): System =>
  systemOf({
    machine: freeMachine(cpus, {...twoSockets(cpus / 2), hz: 250, idle: "c1"}, xeonCosts),
    policies: [targetedPolicy(true)],
    duration: seconds * 1e9,
    mms: [mmOf("app", first(Math.round((cpus * 60) / 64)))],
    walkers: [
      walkerOf({
        on: first(Math.round((cpus * 60) / 64)),
        cadence: {kind: "open", gap: exponentially(1e9 / walks)},
        hold: law,
      }),
    ],
    writers: [
      writerOf({
        name: "khugepaged",
        on: cpus - 1,
        kind: "collapse",
        holds: "mmap_lock",
        policy: "targeted",
        cadence: {kind: "open", gap: exponentially(1e6)},
        work: constant(30_000),
      }),
    ],
    loads: [loadOf({on: [[cpus - 4, cpus - 1]], irqOff: exponentially(2000), irqRate: 4000})],
  });
for (const [what, system] of [
  [
    "64 CPUs, 60 walkers of 300 k exponential walks/s, 1 k collapses/s, 1 s",
    busy(64, 300_000, 1, exponentially(900)),
  ],
  ["the same with lognormal walks", busy(64, 300_000, 1)],
  [
    "8192 CPUs, 1 k broadcasts/s, 0.1 s",
    {
      ...modelW(8191, 1e8),
      walkers: [],
      writers: [writerOf({cadence: {kind: "open", gap: exponentially(1e6)}})],
    },
  ],
] as const) {
  const seconds = median(
    Array.from(
      {length: Math.min(3, rounds)},
      () => timed(() => simulate(system, {seed: 1, replication: 0})).seconds,
    ),
  );
  report.push({what, seconds});
  say(`  ${what}: ${seconds.toFixed(2)}`);
}

say("growth (CPU milliseconds; each should double from one to the next)");
const growth = (what: string, systems: readonly System[]): void => {
  const times = systems.map((system) =>
    median(
      Array.from(
        {length: 3},
        () => timed(() => simulate(system, {seed: 1, replication: 0})).seconds,
      ),
    ),
  );
  report.push({what, seconds: times});
  say(`  ${what}: ${times.map((seconds) => (seconds * 1000).toFixed(0)).join(" ")}`);
};
growth(
  "CPUs 32, 64, 128, 256",
  [32, 64, 128, 256].map((cpus) => busy(cpus, 100_000, 0.05)),
);
growth(
  "walks/s 50 k, 100 k, 200 k, 400 k",
  [5e4, 1e5, 2e5, 4e5].map((walks) => busy(64, walks, 0.1)),
);
growth(
  "seconds 0.05, 0.1, 0.2, 0.4",
  [0.05, 0.1, 0.2, 0.4].map((seconds) => busy(64, 100_000, seconds)),
);

const warm = busy(8, 1000, 1e-5);
for (let i = 0; i < 5000; i++) simulate(warm, {seed: 1, replication: i});
const overhead = median(
  Array.from({length: 200}, () => timed(() => simulate(warm, {seed: 1, replication: 0})).seconds),
);
report.push({what: "one warm replication of 10 us, set-up included", seconds: overhead});
say(`one warm replication of 10 us, set-up included: ${(overhead * 1e6).toFixed(0)} us`);
report.push({what: "memory", rssMegabytes: process.memoryUsage().rss / 1e6});
say(`resident memory: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
writeFileSync(
  `${out}/engine.json`,
  `${JSON.stringify({node: process.version, rounds, report}, undefined, 2)}\n`,
);
