// How often an interval covers the truth: measured over many experiments, for the tests (few experiments, fixed seeds) and for the bench,
// which prints the whole tables.

import {openStream} from "../random/stream.ts";
import {steadyInterval} from "./batch-means.ts";
import type {Estimate} from "./estimate.ts";
import {waitingTimes} from "./waiting-times.contract.ts";

export interface Coverage {
  readonly covered: number;
  readonly experiments: number;
  /** Experiments in which the method gave no interval. */
  readonly refused: number;
}

/** The interval of a series that is doubled from 640 waiting times in M/M/1 until it has one; at most 655,360. */
export function doubledUntilSteady(
  rho: number,
  confidence: number,
  state: Int32Array,
): Estimate | undefined {
  const waits = waitingTimes(655_360, rho, state);
  for (let n = 640; n <= waits.length; n *= 2) {
    const interval = steadyInterval(waits.subarray(0, n), confidence);
    if (interval !== undefined) return interval;
  }
  return undefined;
}

/** Part of the experiments with an interval whose interval holds the truth. */
export function coverageOf(
  experiments: number,
  truth: number,
  experiment: (state: Int32Array) => Estimate | undefined,
): number {
  const {covered, refused} = count(experiments, truth, experiment);
  return covered / (experiments - refused);
}

export function count(
  experiments: number,
  truth: number,
  experiment: (state: Int32Array) => Estimate | undefined,
): Coverage {
  let covered = 0;
  let refused = 0;
  for (let i = 0; i < experiments; i++) {
    const estimate = experiment(openStream(20_261_123, i, "coverage", "experiment"));
    if (estimate === undefined) refused++;
    else if (estimate.lo <= truth && truth <= estimate.hi) covered++;
  }
  return {covered, experiments, refused};
}
