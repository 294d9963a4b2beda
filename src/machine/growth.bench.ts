// How the cost of a run grows with CPUs, with the rate of walks and with simulated time: in proportion to each. Rounds are interleaved
// and medians of CPU time are reported. Writes `dist/bench/growth.json`, and a picture of it to the file that is named, if any:
//   node dist/src/machine/growth.bench.js notebooks/pictures/growth.svg

import {mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {table} from "arquero";
import {lineFigure} from "../figure/line-figure.ts";
import {exportFigure} from "../figure/render-figure.ts";
import {version} from "../plan/version.ts";
import {busySystem} from "./busy-system.contract.ts";
import {simulate} from "./simulate.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const factors = [1, 2, 4, 8];
const ways = [
  ["CPUs (from 32)", (factor: number) => busySystem(32 * factor, 1e5, 0.05)],
  ["walks a second (from 50,000)", (factor: number) => busySystem(64, 5e4 * factor, 0.05)],
  ["simulated time (from 25 ms)", (factor: number) => busySystem(64, 1e5, 0.025 * factor)],
] as const;

const cases = ways.flatMap(([along, systemOf]) =>
  factors.map((factor) => ({along, factor, system: systemOf(factor), seconds: [] as number[]})),
);
for (const {system} of cases) simulate(system, {seed: 1, replication: 0});
for (let round = 0; round < rounds; round++) {
  for (const {system, seconds} of cases) {
    const before = process.cpuUsage();
    simulate(system, {seed: 1, replication: 0});
    const {user, system: kernel} = process.cpuUsage(before);
    seconds.push((user + kernel) / 1e6);
  }
}
const rows = cases.map(({along, factor, seconds}) => ({
  along,
  factor,
  seconds: seconds.toSorted((a, b) => a - b)[seconds.length >> 1] ?? Number.NaN,
}));

const out = fileURLToPath(new URL("../../bench", import.meta.url));
mkdirSync(out, {recursive: true});
writeFileSync(
  `${out}/growth.json`,
  `${JSON.stringify({node: process.version, rounds, rows}, undefined, 2)}\n`,
);
process.stdout.write("CPU milliseconds of a run; each should double from one to the next\n");
for (const [along] of ways) {
  const own = rows.filter((row) => row.along === along);
  const first = own[0]?.seconds ?? Number.NaN;
  const last = own.at(-1)?.seconds ?? Number.NaN;
  process.stdout.write(
    `  ${along}: ${own.map(({seconds}) => (seconds * 1000).toFixed(0)).join(" ")}; eight times as many cost ${(last / first).toFixed(1)} times\n`,
  );
}

const [picture] = process.argv.slice(2);
if (picture !== undefined) {
  const figure = lineFigure(
    table({
      along: rows.map(({along}) => along),
      times: rows.map(({factor}) => factor),
      cpu_ns: rows.map(({seconds}) => seconds * 1e9),
    }),
    {
      x: {column: "times", title: "size", unit: "1", log: true},
      y: {column: "cpu_ns", title: "CPU time of a run", unit: "ns", log: true},
      series: {column: "along", title: "what grows", unit: "name"},
    },
    {
      title: "What does a larger run cost?",
      provenance: `quiesce ${version} · node dist/src/machine/growth.bench.js · medians of ${rounds} interleaved rounds`,
    },
  );
  await exportFigure(figure, picture);
  process.stdout.write(`wrote ${picture}\n`);
}
