// Logarithm, exponential and power from the four operations of IEEE 754 alone. ECMAScript leaves the last bits of `Math.log`,
// `Math.exp` and `Math.pow` to the implementation, so a result that went through them could change with the version of Node; these
// give the same bits everywhere. Method: the argument reductions and minimax polynomials of FreeBSD's msun (Sun's fdlibm),
// https://www.netlib.org/fdlibm/e_log.c and e_exp.c; their error is below one unit in the last place.

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);
bits[0] = 1;
// Where the sign and exponent stand: word 1 on little-endian machines.
const upper = words[1] === 0x3ff00000 ? 1 : 0;

// 2^k for -1022 <= k <= 1023.
const powersOfTwo = new Float64Array(2046);
powersOfTwo[1022] = 1;
for (let k = 1; k <= 1023; k++) powersOfTwo[1022 + k] = 2 * (powersOfTwo[1021 + k] as number);
for (let k = 1; k <= 1022; k++) powersOfTwo[1022 - k] = (powersOfTwo[1023 - k] as number) / 2;

/** Natural logarithm, within 1 ulp. -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let scaled = x;
  if (scaled < 2.2250738585072014e-308) {
    scaled *= 18014398509481984;
    k = -54;
  }
  // x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)).
  bits[0] = scaled;
  const word = words[upper] as number;
  const mantissa = word & 0xfffff;
  const above = (mantissa + 0x95f64) & 0x100000;
  words[upper] = mantissa | (above ^ 0x3ff00000);
  k += (word >> 20) - 1023 + (above >> 20);
  const f = (bits[0] as number) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + even + odd) + k * ln2Low) - f);
}

/** e^x, within 1 ulp; Infinity above 709.78, 0 below -745.13. */
export function exp(x: number): number {
  if (!(x > -745.1332191019412)) return Number.isNaN(x) ? x : 0;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t *
              (0.00006613756321437934 +
                t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  return timesPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}

/** e^x - 1, relative error below 1e-15 also for small |x|. */
export function expm1(x: number): number {
  if (x < -0.5 || x > 0.5) return exp(x) - 1;
  // The series, summed from its small end; 0.5^18 / 19! is far below the last bit.
  let sum = 1;
  for (let n = 18; n >= 2; n--) sum = 1 + (x / n) * sum;
  return x * sum;
}

/** ln(1 + x) for x > -1, relative error below 1e-15 also for small |x|. */
export function log1p(x: number): number {
  const u = 1 + x;
  // The rounding error of 1 + x is known exactly; its effect is added back to first order.
  return u === 1 ? x : log(u) * (x / (u - 1));
}

/** x^y for x >= 0, relative error below (2 + |y ln x|) 2^-52. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  return exp(y * log(x));
}

/** 2^k for an integer k from -1022 to 1023, exactly. */
export function powerOfTwo(k: number): number {
  return powersOfTwo[1022 + k] as number;
}

function timesPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * (powersOfTwo[1022 + k - 1] as number) * 2;
  if (k < -1022) return y * (powersOfTwo[1022 + k + 54] as number) * 5.551115123125783e-17;
  return y * (powersOfTwo[1022 + k] as number);
}
