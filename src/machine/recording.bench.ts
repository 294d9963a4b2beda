// What part of an engine's speed its fingerprint and its statistics take: the engine as it is beside a copy of it in which they do nothing.
// The copy is made of the compiled files; each place that is silenced must be found, or the bench ends. Rounds are interleaved, the share
// is the median over rounds. Writes `dist/bench/recording.json`.

import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {fileURLToPath, pathToFileURL} from "node:url";
import type {System} from "../plan/system.ts";
import {busySystem} from "./busy-system.contract.ts";
import {
  broadcastPolicy,
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const rounds = Number(process.env["ROUNDS"] ?? 9);
const compiled = fileURLToPath(new URL("../", import.meta.url));
const bench = fileURLToPath(new URL("../../bench/", import.meta.url));

/** A text in place of a match of the pattern. */
type Silence = readonly [file: string, pattern: RegExp, text: string];

const withoutFingerprint: readonly Silence[] = [
  ["engine/fingerprint.js", /\n {4}add\(.*\{/, "$& return;"],
  ["engine/fingerprint.js", /\n {4}addAll\(.*\{/, "$& return;"],
];
const withoutStatistics: readonly Silence[] = [
  ["machine/run-walks.js", /const value = [\s\S]*latency\.keep\(.*\);/, ""],
  ["machine/scattered-recorder.js", /\n {4}record\(.*\{/, "$& return;"],
  ["machine/scattered-recorder.js", /\n {4}recordMany\(.*\{/, "$& return;"],
  ["record/stream-recorder.js", /\n {4}record\(.*\{/, "$& return;"],
  ["record/level-recorder.js", /\n {4}set\(.*\{/, "$& return;"],
  // It holds of what has been recorded.
  ["machine/littles-law.js", /function holdLittlesLaw\(.*\{/, "$& return;"],
];

/** The engine in a folder of its own, silenced. */
async function engineWithout(name: string, silences: readonly Silence[]): Promise<typeof simulate> {
  const folder = `${bench}${name}/`;
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  for (const room of [
    "engine",
    "machine",
    "plan",
    "program",
    "random",
    "record",
    "stats",
    "units",
  ]) {
    cpSync(`${compiled}${room}`, `${folder}${room}`, {recursive: true});
  }
  for (const [file, pattern, text] of silences) {
    const source = readFileSync(`${folder}${file}`, "utf8");
    if (!pattern.test(source)) throw new Error(`${file} has nothing like ${pattern}`);
    writeFileSync(`${folder}${file}`, source.replace(pattern, text));
  }
  const module = await import(pathToFileURL(`${folder}machine/simulate.js`).href);
  return module.simulate as typeof simulate;
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

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function cpuTime(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const {user, system} = process.cpuUsage(before);
  return user + system;
}

const engines = [
  simulate,
  await engineWithout("no-fingerprint", withoutFingerprint),
  await engineWithout("no-statistics", withoutStatistics),
  await engineWithout("no-recording", [...withoutFingerprint, ...withoutStatistics]),
];
const rows = [];
process.stdout.write("share of the CPU time: fingerprint, statistics, both\n");
for (const [what, system] of [
  ["model W, 8 CPUs", modelW(8, 3e8)],
  ["model W, 64 CPUs", modelW(64, 5e7)],
  ["64 CPUs, open walkers of 300 k/s", busySystem(64, 300_000, 0.03, exponentially(900))],
] as const) {
  for (const executor of ["lazy", "closed"] as const) {
    const shares = engines.map((): number[] => []);
    for (let round = -1; round < rounds; round++) {
      const options = {seed: 1, replication: round + 1, executor};
      const times = engines.map((run) => cpuTime(() => run(system, options)));
      if (round < 0) continue;
      times.forEach((time, i) => {
        shares[i]?.push(1 - time / (times[0] ?? Number.NaN));
      });
    }
    const [, fingerprint = 0, statistics = 0, both = 0] = shares.map(median);
    rows.push({what, executor, fingerprint, statistics, both});
    const percent = (share: number) => `${(100 * share).toFixed(0).padStart(3)} %`;
    process.stdout.write(
      `  ${what}, ${executor}: ${percent(fingerprint)}, ${percent(statistics)}, ${percent(both)}\n`,
    );
  }
}
writeFileSync(
  `${bench}recording.json`,
  `${JSON.stringify({node: process.version, rounds, rows}, undefined, 2)}\n`,
);
