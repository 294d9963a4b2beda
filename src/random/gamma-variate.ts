// Gamma variates of scale 1. Marsaglia and Tsang, "A simple method for generating gamma variables", 2000,
// https://doi.org/10.1145/358407.358414. A shape below 1 is that of shape + 1 times U^(1/shape).

import {log, pow} from "./elementary.ts";
import {uniformOpen} from "./stream.ts";
import {exponential, normal} from "./ziggurat.ts";

/** Gamma of shape d + 1/3 >= 1; `c` is 1 / sqrt(9 d). */
export function gammaVariate(d: number, c: number, state: Int32Array, at: number): number {
  for (;;) {
    const x = normal(state, at);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = uniformOpen(state, at);
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v;
  }
}

/** Gamma of any shape > 0, where the shape is another each time. */
export function gammaOf(shape: number, state: Int32Array, at: number): number {
  if (shape < 1) return gammaOf(shape + 1, state, at) * pow(uniformOpen(state, at), 1 / shape);
  // Of one or two exponentials the sum itself is the quickest.
  if (shape === 1) return exponential(state, at);
  if (shape === 2) return exponential(state, at) + exponential(state, at);
  const d = shape - 1 / 3;
  return gammaVariate(d, 1 / Math.sqrt(9 * d), state, at);
}
