// Where a transient ends, read from a curve: a quantity in equal parts of simulated time, averaged over several runs (Welch's average).
//
// (1) The level it settles at is the mean of the second half.
// (2) The transient is over when the curve has come to the level and has left it again on the other side, that is at the second crossing:
//     what still drifts towards its level stays on one side of it, what only varies about it soon changes sides twice.
// (3) A curve that does not get there in its first half has not settled, and its second half is no level to judge by.
//
// MSER-5, which is better known, asks where the rest varies least. With heavily loaded queues that is a matter of chance: it left more of the
// bias, and where there was none it at times dropped half of the run (`transient-end.bench.ts` prints both).
// Sources: Welch, "The statistical analysis of simulation results", 1983; Fishman, "Concepts and Methods in Discrete Event Digital
// Simulation", 1973 (crossings of the mean).

export interface TransientEnd {
  /** Parts at the beginning that belong to the transient. */
  readonly parts: number;
  /** False when it did not end in the first half; `parts` is then half of them. */
  readonly settled: boolean;
}

const crossings = 2;
/** Closer to the level than this share of it is at it: sums have rounding errors. */
const rounding = 1e-9;

/** Of at least 4 values, all finite. */
export function transientEnd(curve: ArrayLike<number>): TransientEnd {
  const half = curve.length >> 1;
  let level = 0;
  for (let i = half; i < curve.length; i++) level += curve[i] as number;
  level /= curve.length - half;
  const side = (i: number): number => {
    const excess = (curve[i] as number) - level;
    return Math.abs(excess) <= rounding * Math.abs(level) ? 0 : Math.sign(excess);
  };
  let last = side(0);
  let crossed = 0;
  for (let i = 0; i < half; i++) {
    const now = side(i);
    // Nothing varies there.
    if (now === 0) return {parts: i, settled: true};
    if (now === last) continue;
    last = now;
    if (++crossed === crossings) return {parts: i, settled: true};
  }
  return {parts: half, settled: false};
}
