import {adjusted, type ControlVariate} from "./adjusted.ts";
import type {Estimate} from "./estimate.ts";
import {meanInterval} from "./mean-interval.ts";
import {momentsOf} from "./moments.ts";

export interface ControlledEstimate extends Estimate {
  /** Variance of the plain mean over that of this one; below 1 if the controls were useless, NaN if nothing could be controlled. */
  readonly gain: number;
}

/** `values[i]` and `controls[i]` belong to one replication; `known` is the control's true mean. Wants at least 3 replications. */
export function controlledMean(
  values: ArrayLike<number>,
  controls: ArrayLike<number>,
  known: number,
  confidence: number,
): ControlledEstimate {
  const control: ControlVariate = {values: controls, known};
  const gain = gainOf(values, [control]);
  const {mean, n} = meanInterval(values, confidence);
  if (Number.isNaN(gain)) return {mean, lo: Number.NaN, hi: Number.NaN, n, gain};
  return {...meanInterval(values, confidence, [control]), gain};
}

/**
 * What controls gain for the mean of values: the variance of the plain mean over that of the controlled one, so that many times more
 * replications would do as well. Infinity where they explain all that varies, NaN where nothing could be controlled.
 */
export function gainOf(values: ArrayLike<number>, controls: readonly ControlVariate[]): number {
  const n = values.length;
  const {values: rest, df, worth} = adjusted(values, controls);
  if (df === n - 1) return Number.NaN;
  const variance = (momentsOf(rest).variance * ((n - 1) / df)) / worth;
  return momentsOf(values).variance / n / variance;
}
