// Values of which a mean is estimated, made less variable by other quantities of the same replications whose true means are known: where
// those came out too high, each value is lowered in proportion to their regression. With multiple correlation R the variance of the
// mean falls by 1 - R^2; a degree of freedom is paid for each of them. What is linear in the values stays so: an adjusted difference is the
// difference of what was adjusted by the same controls, and so for tests and ratios.
// Source: Lavenberg and Welch, "A perspective on the use of control variables", 1981, https://doi.org/10.1287/mnsc.27.3.322

import {momentsOf} from "./moments.ts";

export interface ControlVariate {
  /** One a replication. */
  readonly values: ArrayLike<number>;
  /** Their true mean. */
  readonly known: number;
}

export interface Adjusted {
  /** Their mean is the estimate. Alike where the controls explain all but rounding errors, and then 0 rather than next to it. */
  readonly values: ArrayLike<number>;
  /** Degrees of freedom of what still varies; n - 1 if there was nothing to adjust by. */
  readonly df: number;
  /** So many independent values of what still varies have a mean as precise as this one; n if there was nothing to adjust by. */
  readonly worth: number;
}

/** A control that others explain up to this share of its variance adds nothing: two policies meet the same arrivals. */
const collinear = 1e-9;
/** Below this share of what was adjusted, what is left is rounding. */
const rounding = 1e-12;

/**
 * The values, adjusted by the controls that vary and are not explained by those before them. As they are, if no degree of freedom would
 * remain. Throws a RangeError when the lengths differ.
 */
export function adjusted(
  values: ArrayLike<number>,
  controls: readonly ControlVariate[] = [],
): Adjusted {
  const n = values.length;
  const unadjusted = {values, df: n - 1, worth: n};
  const bases = independent(controls, n);
  if (bases.length === 0 || n - 1 - bases.length < 1) return unadjusted;
  const found = Float64Array.from(values);
  let unsure = 1 / n;
  const {mean} = momentsOf(values);
  let size = 0;
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(values[i] as number));
  for (const {deviations, excess, squares} of bases) {
    let product = 0;
    for (let i = 0; i < n; i++) {
      product += ((values[i] as number) - mean) * (deviations[i] as number);
    }
    const slope = product / squares;
    for (let i = 0; i < n; i++) {
      const explained = slope * ((deviations[i] as number) + excess);
      size = Math.max(size, Math.abs(explained));
      found[i] = (found[i] as number) - explained;
    }
    unsure += (excess * excess) / squares;
  }
  return {
    values: withoutRounding(found, size),
    df: n - 1 - bases.length,
    worth: 1 / unsure,
  };
}

interface Basis {
  /** From its mean; orthogonal to those of all others. */
  readonly deviations: Float64Array;
  /** By how much its mean came out too high. */
  readonly excess: number;
  /** Sum of the squared deviations. */
  readonly squares: number;
}

/** The controls made independent of each other, one after the other (Gram and Schmidt). */
function independent(controls: readonly ControlVariate[], n: number): Basis[] {
  const bases: Basis[] = [];
  for (const {values, known} of controls) {
    if (values.length !== n) {
      throw new RangeError(`Expected pairs, got ${n} and ${values.length} values`);
    }
    const {mean} = momentsOf(values);
    const deviations = Float64Array.from(values, (value) => value - mean);
    const whole = squaresOf(deviations);
    let excess = mean - known;
    for (const basis of bases) {
      let product = 0;
      for (let i = 0; i < n; i++) {
        product += (deviations[i] as number) * (basis.deviations[i] as number);
      }
      const slope = product / basis.squares;
      for (let i = 0; i < n; i++) {
        deviations[i] = (deviations[i] as number) - slope * (basis.deviations[i] as number);
      }
      excess -= slope * basis.excess;
    }
    const squares = squaresOf(deviations);
    if (squares > collinear * whole) bases.push({deviations, excess, squares});
  }
  return bases;
}

function squaresOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

function withoutRounding(values: Float64Array, size: number): Float64Array {
  const {mean} = momentsOf(values);
  if (values.some((value) => Math.abs(value - mean) > rounding * size)) return values;
  return values.fill(Math.abs(mean) > rounding * size ? mean : 0);
}
