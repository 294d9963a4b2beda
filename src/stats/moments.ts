/** Sample moments; `variance` and `skewness` are NaN where there are too few values (2 and 3). */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Unbiased, over n - 1. */
  readonly variance: number;
  /** Third standardised moment; 0 when the values do not vary. */
  readonly skewness: number;
}

/** In two passes, so that a large mean costs no digits of the variance. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  let mean = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += (values[i] as number) - mean;
  // What the division rounded away.
  if (n > 0) mean += rest / n;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const deviation = (values[i] as number) - mean;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  const spread = squares / n;
  return {
    n,
    mean,
    variance: n < 2 ? Number.NaN : squares / (n - 1),
    skewness: n < 3 ? Number.NaN : squares > 0 ? cubes / n / (spread * Math.sqrt(spread)) : 0,
  };
}
