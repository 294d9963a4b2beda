// A distribution as plain data: what the language resolves to, what the plan stores and hashes, what the random room samples.
// Durations are in nanoseconds, rates in 1/s, everything else is dimensionless. Parameters are canonical (one form a law), so two
// texts that mean the same law have the same plan hash: `lognormal(p50:, p99:)` and `lognormal(mean:, sd:)` both become mu and sigma.

/** A law that is redrawn at every use. `once` inside it is drawn a single time per replication. */
export type Distribution =
  | {readonly kind: "constant"; readonly value: number}
  /** Mean `mean`. */
  | {readonly kind: "exponential"; readonly mean: number}
  | {readonly kind: "uniform"; readonly lo: number; readonly hi: number}
  /** Normal; a draw below zero is redrawn where a duration is wanted (the language writes that as `truncate`). */
  | {readonly kind: "normal"; readonly mean: number; readonly sd: number}
  /** exp(mu + sigma Z), `mu` in ln(ns) for durations. */
  | {readonly kind: "lognormal"; readonly mu: number; readonly sigma: number}
  | {readonly kind: "gamma"; readonly shape: number; readonly scale: number}
  | {readonly kind: "weibull"; readonly shape: number; readonly scale: number}
  /** P(X > x) = (min/x)^alpha for x >= min. */
  | {readonly kind: "pareto"; readonly min: number; readonly alpha: number}
  | {readonly kind: "triangular"; readonly lo: number; readonly mode: number; readonly hi: number}
  /** 1 with probability `p`, else 0. */
  | {readonly kind: "bernoulli"; readonly p: number}
  /** `values[i]` with probability `weights[i]`; the weights add up to 1. */
  | {
      readonly kind: "choice";
      readonly values: readonly number[];
      readonly weights: readonly number[];
    }
  /** Uniform within bin i = [edges[i], edges[i+1]), chosen with `weights[i]`; `edges` has one entry more; the weights add up to 1. */
  | {
      readonly kind: "histogram";
      readonly edges: readonly number[];
      readonly weights: readonly number[];
    }
  /** Quantile function through the points (i/(n-1), values[i]), linear between them; `values` ascending, n >= 2. */
  | {readonly kind: "empirical"; readonly values: readonly number[]; readonly source?: string}
  | {
      readonly kind: "mixture";
      readonly weights: readonly number[];
      readonly parts: readonly Distribution[];
    }
  /** `of`, redrawn until it lies in [lo, hi]; either bound may be absent. */
  | {
      readonly kind: "truncate";
      readonly of: Distribution;
      readonly lo?: number;
      readonly hi?: number;
    }
  /** scale * X + shift. */
  | {
      readonly kind: "affine";
      readonly of: Distribution;
      readonly scale: number;
      readonly shift: number;
    }
  /** Sum of independent draws. */
  | {readonly kind: "sum"; readonly parts: readonly Distribution[]}
  /** Product of independent draws. */
  | {readonly kind: "product"; readonly parts: readonly Distribution[]}
  /** One draw per replication, the same at every use. */
  | {readonly kind: "once"; readonly of: Distribution};
