// A run with 10^9 walks: memory is bounded by CPUs and reservoirs, not by events. `WALKS=1e8` runs a shorter one. Writes
// `dist/bench/walks.json`.

import {mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {
  broadcastPolicy,
  exponentially,
  first,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const walks = Number(process.env["WALKS"] ?? 1e9);
const readers = 60;
const cycle = 10_000 / 3; // ns: 300,000 walks/s of each
const system = systemOf({
  machine: freeMachine(64, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150}),
  policies: [broadcastPolicy()],
  duration: Math.round((walks / readers) * cycle),
  mms: [mmOf("app", first(readers))],
  walkers: [
    walkerOf({
      on: first(readers),
      cadence: {kind: "closed", think: exponentially(cycle - 900)},
      hold: exponentially(900),
    }),
  ],
  writers: [writerOf({on: 63, cadence: {kind: "open", gap: exponentially(1e6)}})],
});

const rows = (["closed", "lazy"] as const).map((executor) => {
  const before = process.cpuUsage();
  const samples = simulate(system, {seed: 1, replication: 0, executor});
  const {user, system: kernel} = process.cpuUsage(before);
  const seconds = (user + kernel) / 1e6;
  const done = samples.series.find(({metric, entity}) => entity === "gup" && metric === "count");
  const row = {
    executor,
    walks: done?.sum ?? Number.NaN,
    simulatedSeconds: system.duration / 1e9,
    seconds,
    megabytes: process.resourceUsage().maxRSS / 1000,
  };
  process.stdout.write(
    `${executor}: ${row.walks.toLocaleString("en")} walks in ${row.simulatedSeconds.toFixed(1)} simulated seconds: ` +
      `${seconds.toFixed(2)} s of CPU, at most ${row.megabytes.toFixed(0)} MB resident\n`,
  );
  return row;
});
const out = fileURLToPath(new URL("../../bench", import.meta.url));
mkdirSync(out, {recursive: true});
writeFileSync(
  `${out}/walks.json`,
  `${JSON.stringify({node: process.version, rows}, undefined, 2)}\n`,
);
