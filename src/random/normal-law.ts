// The standard normal law: its distribution function and quantiles, from IEEE arithmetic alone.

import {log} from "./elementary.ts";
import {gammaP, gammaQ} from "./gamma-function.ts";

/** P(Z <= x), relative error below 1e-13 also far in the lower tail. */
export function normalCdf(x: number): number {
  const half = 0.5 * x * x;
  if (x < 0) return 0.5 * gammaQ(0.5, half);
  return 0.5 + 0.5 * gammaP(0.5, half);
}

/**
 * The x with P(Z <= x) = p; -Infinity and Infinity at 0 and 1. Relative error about 1e-16.
 * Source: Wichura, algorithm AS 241 (PPND16), 1988, https://doi.org/10.2307/2347330
 */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (!(p < 1)) return p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return (q * rational(central, 0.180625 - q * q)) as number;
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? rational(middle, r - 1.6) : rational(far, r - 5);
  return q < 0 ? -x : x;
}

interface Rational {
  readonly top: readonly number[];
  readonly bottom: readonly number[];
}

const central: Rational = {
  top: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  bottom: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852854,
  ],
};

const middle: Rational = {
  top: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  bottom: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
  ],
};

const far: Rational = {
  top: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  bottom: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

function rational({top, bottom}: Rational, x: number): number {
  return polynomial(top, x) / polynomial(bottom, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--)
    value = value * x + (coefficients[i] as number);
  return value;
}
