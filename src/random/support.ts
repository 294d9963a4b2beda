import type {Distribution} from "../units/distribution.ts";

/** The least and the greatest value the law can take; infinite where unbounded. */
export function supportOf(d: Distribution): readonly [lo: number, hi: number] {
  const infinity = Number.POSITIVE_INFINITY;
  switch (d.kind) {
    case "constant":
      return [d.value, d.value];
    case "uniform":
    case "triangular":
      return [d.lo, d.hi];
    case "exponential":
    case "lognormal":
    case "gamma":
    case "weibull":
      return [0, infinity];
    case "normal":
      return d.sd === 0 ? [d.mean, d.mean] : [-infinity, infinity];
    case "pareto":
      return [d.min, infinity];
    case "bernoulli":
      return [d.p < 1 ? 0 : 1, d.p > 0 ? 1 : 0];
    case "choice": {
      const values = d.values.filter((_, i) => (d.weights[i] as number) > 0);
      return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    }
    case "histogram": {
      const used = d.weights.flatMap((weight, i) => (weight > 0 ? [i] : []));
      return [d.edges[used[0] as number] as number, d.edges[(used.at(-1) as number) + 1] as number];
    }
    case "empirical":
      return [d.values[0] as number, d.values.at(-1) as number];
    case "mixture": {
      const parts = d.parts.filter((_, i) => (d.weights[i] as number) > 0).map(supportOf);
      return [Math.min(...parts.map(([lo]) => lo)), Math.max(...parts.map(([, hi]) => hi))];
    }
    case "truncate": {
      const [lo, hi] = supportOf(d.of);
      return [Math.max(lo, d.lo ?? -infinity), Math.min(hi, d.hi ?? infinity)];
    }
    case "affine": {
      if (d.scale === 0) return [d.shift, d.shift];
      const ends = supportOf(d.of).map((end) => d.scale * end + d.shift) as [number, number];
      return d.scale < 0 ? [ends[1], ends[0]] : ends;
    }
    case "sum":
      return d.parts
        .map(supportOf)
        .reduce<readonly [number, number]>((a, b) => [a[0] + b[0], a[1] + b[1]], [0, 0]);
    case "product":
      return d.parts.map(supportOf).reduce<readonly [number, number]>(
        (a, b) => {
          // 0 * Infinity is 0 here: an end that is reached times one that is not.
          const ends = a.flatMap((x) => b.map((y) => (x === 0 || y === 0 ? 0 : x * y)));
          return [Math.min(...ends), Math.max(...ends)];
        },
        [1, 1],
      );
    case "once":
      return supportOf(d.of);
  }
}
