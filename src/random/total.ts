// The law of the sum of k independent draws, where it is known in closed form: constants add up, gamma variates of one scale add up to a
// gamma variate. With it the sum of a thousand draws costs as much as one.

import type {Distribution} from "../units/distribution.ts";
import {gammaOf} from "./gamma-variate.ts";

/** k draws add up to k * shift + scale * Gamma(k * shape), in the distribution's unit. `shape` 0: a constant. */
export interface Total {
  readonly shift: number;
  readonly shape: number;
  readonly scale: number;
}

/** `undefined` where the sum has no such form, or where a draw might be negative. */
export function totalOf(distribution: Distribution): Total | undefined {
  const total = form(distribution);
  return total !== undefined && total.shift >= 0 && total.scale >= 0 ? total : undefined;
}

function form(d: Distribution): Total | undefined {
  switch (d.kind) {
    case "constant":
      return {shift: d.value, shape: 0, scale: 0};
    case "exponential":
      return {shift: 0, shape: 1, scale: d.mean};
    case "gamma":
      return {shift: 0, shape: d.shape, scale: d.scale};
    case "affine": {
      const of = form(d.of);
      return (
        of && {shift: d.shift + d.scale * of.shift, shape: of.shape, scale: d.scale * of.scale}
      );
    }
    case "sum":
      return d.parts.reduce<Total | undefined>(
        (sum, part) => sum && added(sum, form(part)),
        form({kind: "constant", value: 0}),
      );
    default:
      return undefined;
  }
}

function added(a: Total, b: Total | undefined): Total | undefined {
  if (b === undefined || (a.shape > 0 && b.shape > 0 && a.scale !== b.scale)) return undefined;
  const scale = a.shape > 0 ? a.scale : b.scale;
  return {shift: a.shift + b.shift, shape: a.shape + b.shape, scale};
}

/** The random part of the sum of `draws` draws, 1 or more: without their shifts. */
export function drawTotal(total: Total, draws: number, state: Int32Array, at: number): number {
  return total.shape === 0 ? 0 : total.scale * gammaOf(draws * total.shape, state, at);
}
