// The calendar by itself, on the hold model: n events pending, the first is taken, dispatched by its kind, and comes again after an
// exponential time. Beside it two structures in C (`hold.bench.c`), compiled on the spot when there is a C compiler and bare: nothing is
// dispatched there. And lock-step: all events carry the same time, as a broadcast of constant latency makes them; beside a plain heap with
// the calendar's order. Rounds are interleaved, medians reported. Writes `dist/bench/hold.json`.

import {execFileSync} from "node:child_process";
import {mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {Calendar} from "./calendar.ts";
import {hold, warmUpHold} from "./hold-model.contract.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const out = fileURLToPath(new URL("../../bench", import.meta.url));
mkdirSync(out, {recursive: true});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function compile(): string | undefined {
  const source = fileURLToPath(new URL("../../../src/engine/hold.bench.c", import.meta.url));
  const binary = `${out}/hold`;
  try {
    execFileSync("cc", ["-O3", "-march=native", "-o", binary, source, "-lm"], {stdio: "pipe"});
    return binary;
  } catch {
    return undefined;
  }
}

/** A binary heap as textbooks have it, ordered by time, kind and entity. */
class PlainHeap {
  readonly #times: number[] = [];
  readonly #whats: number[] = [];
  taken: number = 0;
  takenTime: number = 0;

  push(time: number, kind: number, entity: number): void {
    let at = this.#times.push(time) - 1;
    this.#whats.push((kind << 22) | entity);
    for (let up = (at - 1) >> 1; at > 0 && this.#before(at, up); up = (at - 1) >> 1) {
      this.#swap(at, up);
      at = up;
    }
  }

  take(): void {
    const last = this.#times.length - 1;
    this.#swap(0, last);
    this.takenTime = this.#times.pop() ?? Number.NaN;
    this.taken = this.#whats.pop() ?? Number.NaN;
    for (let at = 0, child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.#before(child + 1, child)) child++;
      if (!this.#before(child, at)) break;
      this.#swap(at, child);
      at = child;
    }
  }

  #before(a: number, b: number): boolean {
    const [times, whats] = [this.#times, this.#whats];
    const [left = 0, right = 0] = [times[a], times[b]];
    return left < right || (left === right && (whats[a] ?? 0) < (whats[b] ?? 0));
  }

  #swap(a: number, b: number): void {
    const [times, whats] = [this.#times, this.#whats];
    const [time = 0, what = 0] = [times[a], whats[a]];
    times[a] = times[b] ?? 0;
    whats[a] = whats[b] ?? 0;
    times[b] = time;
    whats[b] = what;
  }
}

const reference = compile();
if (reference === undefined) process.stdout.write("no C compiler: no yardstick\n");
warmUpHold();
const rows = [];
for (const [n, events] of [
  [100, 4e6],
  [10_000, 3e6],
  [1_000_000, 1e6],
] as const) {
  const ours: number[] = [];
  const heaps: number[] = [];
  const calendars: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(hold(n, events, 1e6, new Calendar(n)));
    if (reference === undefined) continue;
    const [heap = 0, calendar = 0] = execFileSync(reference, [`${n}`, `${events}`])
      .toString()
      .split(" ")
      .map(Number);
    heaps.push(heap);
    calendars.push(calendar);
  }
  const row = {n, calendar: median(ours), cHeap: median(heaps), cCalendar: median(calendars)};
  rows.push(row);
  const millions = (rate: number) => `${(rate / 1e6).toFixed(1)} M/s`;
  const fastest = Math.max(row.cHeap, row.cCalendar);
  process.stdout.write(
    `hold model, ${n} pending: ${millions(row.calendar)}, dispatch included; bare C heap ${millions(row.cHeap)}, ` +
      `bare C calendar ${millions(row.cCalendar)}; ${(row.calendar / fastest).toFixed(2)} of the faster\n`,
  );
}
const lockSteps: number[] = [];
const heaps: number[] = [];
for (let round = 0; round <= rounds; round++) {
  const [calendar, heap] = [new Calendar(8192), new PlainHeap()].map((queue) =>
    hold(8192, 2e6, 0, queue),
  );
  // The first round warms up.
  if (round === 0) continue;
  lockSteps.push(calendar ?? Number.NaN);
  heaps.push(heap ?? Number.NaN);
}
const [lockStep, plainHeap] = [median(lockSteps), median(heaps)];
process.stdout.write(
  `lock-step, 8192 events at one time: ${(lockStep / 1e6).toFixed(1)} M/s, ${(lockStep / plainHeap).toFixed(2)} of a plain heap\n`,
);
writeFileSync(
  `${out}/hold.json`,
  `${JSON.stringify({node: process.version, rounds, rows, lockStep, plainHeap}, undefined, 2)}\n`,
);
