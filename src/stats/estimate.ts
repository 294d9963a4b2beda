/** An estimate with its confidence interval. */
export interface Estimate {
  readonly mean: number;
  /** Ends of the interval; NaN with fewer than two replications. */
  readonly lo: number;
  readonly hi: number;
  /** Replications. */
  readonly n: number;
}
