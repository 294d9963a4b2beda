// The engine beside ns-3 and SimPy, the same models on all three, dispatch included everywhere.
//
// Hold model: n events pending, the first is taken, dispatched by its kind, and comes again after an exponential time. Ours is the calendar
// by itself, theirs a scheduled function (`peers.bench.cc`) and a process that holds (`peers.bench.py`).
// M/M/4 at 0.9 of its capacity: ours is a whole system run by `simulate`, with a policy, accounts of all CPUs and quantiles of the latency;
// theirs is the queue and a sum of waits, in ns-3 two scheduled functions, in SimPy a process for each customer and a resource.
//
// ns-3 is compiled on the spot against Debian's library and runs with its default scheduler and with the best of its others, which a
// first round finds. Rounds are interleaved and CPU time is taken once as many events have passed as are pending (of SimPy not more than
// are measured), medians are reported: only the ratios mean anything.
// Writes `dist/bench/peers.json`.

import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {exponentially, freeMachine, systemOf, writerOf} from "../machine/laboratory.ts";
import {simulate} from "../machine/simulate.ts";
import {Calendar} from "./calendar.ts";
import {hold, warmUpHold} from "./hold-model.contract.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const minute = 60_000;
const root = fileURLToPath(new URL("../../../", import.meta.url));
const out = `${root}dist/bench`;
mkdirSync(out, {recursive: true});

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** What one run says of itself: its rate, and a number that tells whether it was the model (none of a calendar by itself). */
interface Outcome {
  readonly rate: number;
  readonly check?: number;
  /** The scheduler of ns-3 that ran. */
  readonly scheduler: string;
}

const installed = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
};

const ns3 = `${out}/peers`;
const compiles = ["-O3", "-march=native", "-o", ns3, `${root}src/engine/peers.bench.cc`];
const hasNs3 = installed("c++", ...compiles, "-lns3-core");
if (!hasNs3) say("no ns-3: apt-get install g++ libns3-dev");
// Debian's own Python, which is not always the first in the path, knows Debian's packages.
const python = ["/usr/bin/python3", "python3"].find((name) =>
  installed(name, "-c", "import SimPy"),
);
if (python === undefined) say("no SimPy: apt-get install python3-simpy");

/** A run of ns-3; `undefined` if it takes more than a minute. */
function runNs3(scheduler: string, model: readonly string[]): Outcome | undefined {
  const [name = "", ...args] = model;
  try {
    const told = execFileSync(ns3, [name, scheduler, ...args], {timeout: minute}).toString();
    const [ran = "", rate = 0, check = 0] = told
      .split(" ")
      .map((x, i) => (i === 0 ? x : Number(x)));
    return {rate: Number(rate), check: Number(check), scheduler: String(ran)};
  } catch (error) {
    if ((error as {code?: string}).code === "ETIMEDOUT") return undefined;
    throw error;
  }
}

function runSimPy(command: string, model: readonly string[]): Outcome {
  const told = execFileSync(command, [`${root}src/engine/peers.bench.py`, ...model]).toString();
  const [rate = 0, check = 0] = told.split(" ").map(Number);
  return {rate, check, scheduler: "SimPy"};
}

const others = ["Heap", "Calendar", "PriorityQueue"].map((name) => `ns3::${name}Scheduler`);
const list = "ns3::ListScheduler";

/** Runs a model on each; `customers` or events of ours, and of SimPy; `holds` says whether a check is that of the model. */
function compare(
  what: string,
  ours: () => Outcome,
  model: readonly string[],
  many: number,
  few: number,
  schedulers: readonly string[],
  holds: (check: number, of: number) => boolean,
) {
  const rates = {ours: [], default: [], best: [], simpy: []} as Record<string, number[]>;
  const noted = (rate: Outcome | undefined, into: string, of: number): void => {
    if (rate === undefined) return;
    if (rate.check !== undefined) {
      assert.ok(holds(rate.check, of), `${what}, ${rate.scheduler}: ${rate.check}`);
    }
    rates[into]?.push(rate.rate);
  };
  const runs = (scheduler: string) => runNs3(scheduler, [...model, `${many}`]);
  ours();
  const tried = hasNs3 ? schedulers.map(runs).filter((run) => run !== undefined) : [];
  const best = tried.toSorted((a, b) => b.rate - a.rate)[0]?.scheduler;
  let byDefault = "";
  for (let round = 0; round < rounds; round++) {
    noted(ours(), "ours", many);
    if (hasNs3) {
      const run = runs("default");
      byDefault = run?.scheduler ?? byDefault;
      noted(run, "default", many);
      if (best !== undefined) noted(runs(best), "best", many);
    }
    if (python !== undefined) noted(runSimPy(python, [...model, `${few}`]), "simpy", few);
  }
  const row = {
    what,
    ours: median(rates["ours"] ?? []),
    ns3: {scheduler: byDefault, rate: median(rates["default"] ?? [])},
    ns3Best: {scheduler: best, rate: median(rates["best"] ?? [])},
    simpy: median(rates["simpy"] ?? []),
  };
  const beside = (name: string, rate: number): string =>
    `; ${(row.ours / rate).toFixed(2)} x ${name} (${(rate / 1e6).toFixed(2)})`;
  say(
    `${what}: ${(row.ours / 1e6).toFixed(2)} M/s` +
      (hasNs3 ? beside(byDefault, row.ns3.rate) : "") +
      (best === undefined ? "" : beside(best, row.ns3Best.rate)) +
      (python === undefined ? "" : beside("SimPy", row.simpy)),
  );
  return row;
}

warmUpHold();
const rows = [];
for (const [n, events, few] of [
  [100, 2e6, 3e5],
  [10_000, 2e6, 2e5],
  [1_000_000, 1e6, 5e4],
] as const) {
  rows.push(
    compare(
      `hold model, ${n} pending`,
      () => ({rate: hold(n, events, 1e6, new Calendar(n)), scheduler: "ours"}),
      ["hold", `${n}`],
      events,
      few,
      n <= 100 ? [...others, list] : others,
      // Kinds 1 to 4 are equally many.
      (check, of) => Math.abs(check / of - 2.5) < 0.05,
    ),
  );
}

const gap = 1000 / 3.6;
const customers = 400_000;
const queue = systemOf({
  machine: freeMachine(5),
  policies: [{name: "empty", states: [], hooks: {op: []}, covers: ["free", "unshare", "collapse"]}],
  duration: customers * gap,
  writers: [
    writerOf({
      on: 1,
      workers: 4,
      cadence: {kind: "open", gap: exponentially(gap)},
      work: exponentially(1000),
      policy: "empty",
    }),
  ],
});
rows.push(
  compare(
    "M/M/4, customers",
    () => {
      const before = process.cpuUsage();
      const {series} = simulate(queue, {seed: 7, replication: 0});
      const {user, system} = process.cpuUsage(before);
      const latency = series.find((row) => row.entity === "writer" && row.metric === "latency");
      assert.ok(latency !== undefined);
      const rate = (latency.count / (user + system)) * 1e6;
      return {rate, check: latency.sum / latency.count / 1000 - 1, scheduler: "ours"};
    },
    ["mm4"],
    customers,
    customers / 8,
    [...others, list],
    // Erlang's formula says 1.969; so short a run is within a quarter of it.
    (check) => Math.abs(check / 1.9693832 - 1) < 0.25,
  ),
);
writeFileSync(
  `${out}/peers.json`,
  `${JSON.stringify({node: process.version, rounds, rows}, undefined, 2)}\n`,
);
