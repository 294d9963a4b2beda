// Numbers as people say them: 61.3us, 40k/s, 4MiB, 3.2%. One place decides scale and digits for terminals, notebooks, hover texts and
// axis-free labels.

import type {MeasureUnit} from "./measure.ts";

export interface QuantityStyle {
  /** Significant digits, 1..15; 3 when absent. */
  readonly digits?: number;
  /** What stands for micro: `u` in text (as in the language), `µ` in pictures. */
  readonly micro?: "u" | "µ";
}

interface Scale {
  readonly factor: number;
  readonly name: string;
}

const scales: Readonly<Record<MeasureUnit, readonly Scale[]>> = {
  ns: [
    {factor: 1, name: "ns"},
    {factor: 1e3, name: "us"},
    {factor: 1e6, name: "ms"},
    {factor: 1e9, name: "s"},
  ],
  "1/s": [
    {factor: 1, name: "/s"},
    {factor: 1e3, name: "k/s"},
    {factor: 1e6, name: "M/s"},
    {factor: 1e9, name: "G/s"},
  ],
  bytes: [
    {factor: 1, name: "B"},
    {factor: 2 ** 10, name: "KiB"},
    {factor: 2 ** 20, name: "MiB"},
    {factor: 2 ** 30, name: "GiB"},
    {factor: 2 ** 40, name: "TiB"},
  ],
  ratio: [{factor: 0.01, name: "%"}],
  "1": [
    {factor: 1, name: ""},
    {factor: 1e6, name: "M"},
    {factor: 1e9, name: "G"},
  ],
};

/** The value with its unit; `-` where there is none (NaN), `inf` where it is unbounded. */
export function quantityText(value: number, unit: MeasureUnit, style: QuantityStyle = {}): string {
  if (Number.isNaN(value)) return "-";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return inScale(value, scaleFor(value, unit, style.digits ?? 3), style);
}

/**
 * `61.3us ±2.1us`: the estimate and the half-width of its interval, in one scale; without an interval the value alone. The half-width has
 * two digits and the value ends where it does, within 3 and 7 digits: 1.00362 ±0.00003 is not 1, and 40.80 ±0.12 is known to the hundredth.
 */
export function estimateText(
  value: number,
  lo: number,
  hi: number,
  unit: MeasureUnit,
  style: QuantityStyle = {},
): string {
  const half = Math.max(hi - value, value - lo);
  if (!Number.isFinite(value) || Number.isNaN(half)) return quantityText(value, unit, style);
  if (!Number.isFinite(half)) return `${quantityText(value, unit, style)} ±inf`;
  if (half === 0) return `${quantityText(value, unit, style)} ±0`;
  const known = value === 0 ? 0 : decade(value) - decade(half) + 2;
  const digits = style.digits ?? Math.min(7, Math.max(3, known));
  const scale = scaleFor(value, unit, digits);
  const text = inScale(value, scale, {...style, digits}, known >= digits);
  // In the scale of the value, unless the half-width would vanish in it: 16ms ±180ns.
  const small = value === 0 || half < Math.abs(value) / 1000;
  const halfScale = small ? scaleFor(half, unit, 2) : scale;
  return `${text} ±${inScale(half, halfScale, {...style, digits: 2}, known >= digits)}`;
}

// Of the number as it is said with two digits: 0.996 is said 1.0.
function decade(value: number): number {
  return Math.floor(Math.log10(Math.abs(Number(value.toPrecision(2)))));
}

/** A number to so many significant digits, without exponent from 1e-6 to 1e15; without trailing zeros unless `full`. */
export function numberText(value: number, digits = 3, full = false): string {
  if (value === 0) return "0";
  if (!full && Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-6) return value.toExponential(Math.max(0, digits - 1));
  const decimals = Math.min(20, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  const fixed = value.toFixed(decimals);
  return !full && fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

function scaleFor(value: number, unit: MeasureUnit, digits: number): Scale {
  const of = scales[unit];
  let chosen = of[0];
  // The value as it will be rounded decides, so that 999.9ns becomes 1us and not 1000ns. Integer counts keep all their digits.
  const size = Math.abs(Number(value.toPrecision(digits)));
  if (unit === "1" && Number.isInteger(value) && size < 1e7) return chosen;
  for (const scale of of) if (size >= scale.factor) chosen = scale;
  return chosen;
}

function inScale(value: number, scale: Scale, style: QuantityStyle, full = false): string {
  const name = style.micro === "µ" ? scale.name.replace("u", "µ") : scale.name;
  const scaled = value / scale.factor;
  const digits = style.digits ?? 3;
  // A scaled integer is rounded like any other number: 61333ns is 61.3us, and 1234567ns 1.23ms.
  const rounded = scale.factor === 1 ? scaled : Number(scaled.toPrecision(digits));
  return `${numberText(rounded, digits, full)}${name}`;
}
