// What part of an engine's speed its fingerprint and its statistics take: the engine as it is beside a copy of it in which they do nothing.
// The copy is made of the compiled files; each place that is silenced must be found, or the bench ends. Each engine runs in processes of its
// own, since several copies in one process get in each other's way in the compiler; processes are interleaved, and of each the quickest
// runs count. Writes `dist/bench/recording.json`.

import {execFileSync} from "node:child_process";
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {fileURLToPath, pathToFileURL} from "node:url";
import {busySystem} from "./busy-system.contract.ts";
import {exponentially} from "./laboratory.ts";
import {modelW} from "./model-w.contract.ts";
import type {simulate} from "./simulate.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const runsPerProcess = 12;
const compiled = fileURLToPath(new URL("../", import.meta.url));
const bench = fileURLToPath(new URL("../../bench/", import.meta.url));

/** A text in place of a match of the pattern. */
type Silence = readonly [file: string, pattern: RegExp, text: string];

const withoutFingerprint: readonly Silence[] = [
  ["engine/fingerprint.js", /\n {4}add\(.*\{/, "$& return;"],
  ["engine/fingerprint.js", /\n {4}addAll\(.*\{/, "$& return;"],
];
const withoutStatistics: readonly Silence[] = [
  ["machine/scattered-recorder.js", /\n {4}recordAll\(.*\{/, "$& return;"],
  ["machine/scattered-recorder.js", /\n {4}record\(.*\{/, "$& return;"],
  ["machine/scattered-recorder.js", /\n {4}recordMany\(.*\{/, "$& return;"],
  ["record/stream-recorder.js", /\n {4}record\(.*\{/, "$& return;"],
  ["record/level-recorder.js", /\n {4}set\(.*\{/, "$& return;"],
  // It holds of what has been recorded.
  ["machine/littles-law.js", /function holdLittlesLaw\(.*\{/, "$& return;"],
];

/** Writes the engine into a folder of its own, silenced, and returns its module. */
function engineWithout(name: string, silences: readonly Silence[]): string {
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
  return pathToFileURL(`${folder}machine/simulate.js`).href;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function cpuTime(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const {user, system} = process.cpuUsage(before);
  return user + system;
}

const cases = [
  ["model W, 8 CPUs", modelW(8, 3e8)],
  ["model W, 64 CPUs", modelW(64, 5e7)],
  ["64 CPUs, open walkers of 300 k/s", busySystem(64, 300_000, 0.03, exponentially(900))],
] as const;
const executors = ["lazy", "closed", "equilibrium"] as const;

/** CPU time of the quickest runs, by case and executor, in this process. */
async function measure(module: string): Promise<number[]> {
  const {simulate: run} = (await import(module)) as {simulate: typeof simulate};
  return cases.flatMap(([, system]) =>
    executors.map((executor) => {
      const times = Array.from({length: runsPerProcess}, (_, replication) =>
        cpuTime(() => run(system, {seed: 1, replication, executor})),
      );
      return times.toSorted((a, b) => a - b)[2] ?? Number.NaN;
    }),
  );
}

const [, self = "", given] = process.argv;
if (given !== undefined) process.stdout.write(JSON.stringify(await measure(given)));
else compare();

function compare(): void {
  const engines = [
    new URL("simulate.js", import.meta.url).href,
    engineWithout("no-fingerprint", withoutFingerprint),
    engineWithout("no-statistics", withoutStatistics),
    engineWithout("no-recording", [...withoutFingerprint, ...withoutStatistics]),
  ];
  const taken = Array.from({length: rounds}, () =>
    engines.map((module) => {
      const out = execFileSync(process.execPath, [self, module], {encoding: "utf8"});
      return JSON.parse(out) as number[];
    }),
  );
  const rows: unknown[] = [];
  process.stdout.write("share of the CPU time: fingerprint, statistics, both\n");
  cases.forEach(([what], c) => {
    executors.forEach((executor, e) => {
      const place = c * executors.length + e;
      const [, fingerprint = 0, statistics = 0, both = 0] = engines.map((_, engine) =>
        median(
          taken.map((round) => {
            const [whole = Number.NaN, time = Number.NaN] = [0, engine].map(
              (i) => round[i]?.[place],
            );
            return 1 - time / whole;
          }),
        ),
      );
      rows.push({what, executor, fingerprint, statistics, both});
      const percent = (share: number) => `${(100 * share).toFixed(0).padStart(3)} %`;
      process.stdout.write(
        `  ${what}, ${executor}: ${percent(fingerprint)}, ${percent(statistics)}, ${percent(both)}\n`,
      );
    });
  });
  writeFileSync(
    `${bench}recording.json`,
    `${JSON.stringify({node: process.version, rounds, rows}, undefined, 2)}\n`,
  );
}
