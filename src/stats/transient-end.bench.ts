// Prints what two rules for the end of a transient do with waiting times in a queue M/M/1 that starts empty: what they drop, and how
// much of the bias is left of the mean of the rest; and what they drop of the same queue in its steady state, where nothing should be.

import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {batchMeans} from "./batch-means.ts";
import {transientEnd} from "./transient-end.ts";
import {waitingTimes} from "./waiting-times.contract.ts";
import {warmUp} from "./warm-up.ts";

const choices = Number(process.env["CHOICES"] ?? 400);
const parts = 200;
const runs = 20_000;

/** Waits in a queue that starts empty. */
function fromEmpty(n: number, load: number, state: Int32Array): Float64Array {
  let wait = 0;
  return Float64Array.from({length: n}, () => {
    const now = wait;
    wait = Math.max(0, wait + exponential(state, 0) - exponential(state, 0) / load);
    return now;
  });
}

function average(curves: readonly Float64Array[]): Float64Array {
  return Float64Array.from({length: parts}, (_, i) => {
    return curves.reduce((sum, curve) => sum + (curve[i] as number), 0) / curves.length;
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}

const rules: readonly (readonly [string, (curve: Float64Array) => number])[] = [
  ["MSER", (curve) => mserOf(curve)],
  ["second crossing", (curve) => transientEnd(curve).parts / parts],
];

// MSER-5 is MSER on means of five; here the parts are the means.
function mserOf(curve: Float64Array): number {
  const spread = Float64Array.from(
    {length: 5 * parts},
    (_, i) => curve[Math.floor(i / 5)] as number,
  );
  return Math.min(0.5, warmUp(spread).drop / spread.length);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8);
console.log(
  `${choices} choices each, runs in ${parts} parts; dropped of the run: mean and 90 % quantile; bias of the mean: whole run, rest\n`,
);
for (const [load, n] of [
  [0.8, 1600],
  [0.8, 8000],
  [0.9, 4500],
  [0.9, 18000],
] as const) {
  const state = openStream(11, n, "transient", "bench");
  const empty = Array.from({length: Math.min(runs, 5e7 / n)}, () =>
    batchMeans(fromEmpty(n, load, state), parts),
  );
  const steady = Array.from({length: 2000}, () => batchMeans(waitingTimes(n, load, state), parts));
  const truth = load / (1 - load);
  const whole = average(empty);
  const biasOf = (dropped: number): number =>
    mean(whole.subarray(Math.round(dropped * parts))) / truth - 1;
  for (const pilots of [5, 20]) {
    for (const [name, rule] of rules) {
      const dropped = (from: readonly Float64Array[]) =>
        Float64Array.from({length: choices}, (_, choice) => {
          const own = Array.from(
            {length: pilots},
            (_, i) => from[(choice * pilots + i) % from.length] as Float64Array,
          );
          return rule(average(own));
        }).sort();
      const empties = dropped(empty);
      const steadies = dropped(steady);
      const ninth = Math.floor(0.9 * (choices - 1));
      console.log(
        `load ${load}, ${String(n).padStart(5)} customers, ${String(pilots).padStart(2)} pilots, ${name.padEnd(16)}` +
          `from empty${percent(mean(empties))}${percent(empties[ninth] as number)}, bias${percent(biasOf(0))}${percent(mean(Array.from(empties, biasOf)))};` +
          ` steady${percent(mean(steadies))}${percent(steadies[ninth] as number)}`,
      );
    }
  }
}
