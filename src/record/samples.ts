// What one replication of one point yields: plain, structured-cloneable, mergeable data, a few kilobytes whatever the length of the run.
// Times are in nanoseconds here; whatever finer tick the engine counts in stays inside it.

import type {InvariantId} from "../plan/invariants.ts";

/** Counts per bin of a logarithmic histogram; bin edges are `histogram.ts`'s and the same for every series. */
export interface HistogramCounts {
  /** Index of the first bin stored. */
  readonly first: number;
  readonly counts: Uint32Array | Float64Array;
}

/**
 * One metric of one entity over the measured part of a replication. What the numbers mean depends on the metric's shape:
 * a `stream` has one sample per event; a `level` is weighted by time, so that `count` is the measured time and `sum` the integral over
 * it [ns]; a `count` is a single number, `sum`, with `count` 1. In all three the mean is `sum / count`.
 */
export interface Series {
  readonly entity: string;
  readonly metric: string;
  readonly count: number;
  readonly sum: number;
  /** Sum of squared deviations from the mean (for a level, weighted by time). */
  readonly m2: number;
  /** NaN where there is no sample. */
  readonly min: number;
  readonly max: number;
  /** Of streams with many samples, and of levels (then weights are ns); quantiles come from it, within `histogram.ts`' error. */
  readonly histogram?: HistogramCounts;
  /** All samples in order of time, while there are few (`stream-recorder.ts`); then absent. */
  readonly exact?: Float64Array;
  /**
   * Of long streams whose samples come in order of time, in the first replications: means of consecutive batches of `size` samples. What
   * does not fill a batch at the end is left out.
   */
  readonly batches?: {readonly size: number; readonly means: Float64Array};
  /** An unbiased random subset of the samples, for plots; absent when `exact` is there. */
  readonly reservoir?: Float64Array;
}

/** Number of samples and their sum, as `Series` means them: all that a mean needs. */
export type Totals = Pick<Series, "entity" | "metric" | "count" | "sum">;

/**
 * The totals of one metric of one entity in each of equally long parts of a run, one after the other. Of a metric that is counted
 * (`arrivals`, `ipis`) the sums tell all, and `counts` nothing.
 */
export interface Slices {
  readonly entity: string;
  readonly metric: string;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

/** Where every nanosecond of a class of CPUs went; the accounts add up to `cpus * duration`. */
export interface Account {
  /** `walking`, `isolated`, `idle`, `busy`, `writer`. */
  readonly cpuClass: string;
  readonly cpus: number;
  /** ns by account: user, kernel, walk, tracker, irq_off, handler, spin, idle, wakeup, preempted, tick. */
  readonly time: Readonly<Record<string, number>>;
}

/** A safety violation that happened in the timed run; the first of its kind. It is replayed by running the replication again. */
export interface Violation {
  readonly kind: InvariantId;
  readonly walker: string;
  readonly writer: string;
  readonly cpu: number;
  /** ns since the start of the run, when the table was released. */
  readonly time: number;
}

export interface Interval {
  readonly cpu: number;
  readonly from: number;
  readonly to: number;
  readonly state: string;
}

export interface Arrow {
  readonly from: number;
  readonly fromCpu: number;
  readonly to: number;
  readonly toCpu: number;
  readonly kind: string;
}

/** A recorded window of a run: per-CPU intervals, IPI arrows, grace periods and lock holds as intervals of CPU -1. Times in ns. */
export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly intervals: readonly Interval[];
  readonly arrows: readonly Arrow[];
  readonly dropped: number;
}

export interface Samples {
  readonly point: number;
  readonly replication: number;
  readonly seed: number;
  /** ns actually measured: duration minus warm-up. */
  readonly measured: number;
  readonly series: readonly Series[];
  /** Named counters of policies (`count targets`), summed over the measured part. */
  readonly counters: Readonly<Record<string, number>>;
  readonly accounts: readonly Account[];
  readonly violations: readonly Violation[];
  /** How many there were of each kind. */
  readonly violationCounts: Readonly<Record<string, number>>;
  /** Rolling hash over (time, entity, kind) of all interactions, 16 hex digits; equal for equal (plan, point, seed, replication). */
  readonly fingerprint: string;
  /** Interactions the engine dispatched, and private CPU phases it advanced over without an event. */
  readonly events: number;
  readonly phases: number;
  /** Walkers whose walks were passed over, by an executor that does so; absent where every walk was walked. */
  readonly passed?: readonly string[];
  readonly timeline?: Timeline;
  /** Of a run that was asked for them, with the counters of policies under the entity `counter`. */
  readonly slices?: readonly Slices[];
}
