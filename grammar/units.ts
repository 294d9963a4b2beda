// Dimensions and units. A quantity is kept in the canonical unit of its dimension: nanoseconds, bytes, cycles, and 1/s for what is per
// time. A dimension is three exponents; the language names five of them and lets no other be stored, though products of any pass
// through an expression (`10 * tax * 1us`). Percent is a way to write a number, not a dimension.

/** Exponents of time, bytes and cycles. */
export interface Dimension {
  readonly time: number;
  readonly bytes: number;
  readonly cycles: number;
}

export const none: Dimension = {time: 0, bytes: 0, cycles: 0};
export const time: Dimension = {time: 1, bytes: 0, cycles: 0};
export const frequency: Dimension = {time: -1, bytes: 0, cycles: 0};
export const bytes: Dimension = {time: 0, bytes: 1, cycles: 0};
export const cycles: Dimension = {time: 0, bytes: 0, cycles: 1};

export interface UnitRow {
  /** As written after a number; rates are written `/s`, `/us`. */
  readonly word: string;
  readonly dimension: Dimension;
  /** Canonical units in one of this unit. */
  readonly scale: number;
  readonly doc: string;
}

export const unitTable: readonly UnitRow[] = [
  {word: "ns", dimension: time, scale: 1, doc: "nanoseconds"},
  {word: "us", dimension: time, scale: 1e3, doc: "microseconds"},
  {word: "µs", dimension: time, scale: 1e3, doc: "microseconds, printed as `us`"},
  {word: "ms", dimension: time, scale: 1e6, doc: "milliseconds"},
  {word: "s", dimension: time, scale: 1e9, doc: "seconds"},
  {word: "min", dimension: time, scale: 60e9, doc: "minutes"},
  {word: "h", dimension: time, scale: 3600e9, doc: "hours"},
  {word: "cyc", dimension: cycles, scale: 1, doc: "cycles of `machine.clock`"},
  {word: "kcyc", dimension: cycles, scale: 1e3, doc: "thousand cycles"},
  {word: "Hz", dimension: frequency, scale: 1, doc: "per second"},
  {word: "kHz", dimension: frequency, scale: 1e3, doc: "thousand per second"},
  {word: "MHz", dimension: frequency, scale: 1e6, doc: "million per second"},
  {word: "GHz", dimension: frequency, scale: 1e9, doc: "thousand million per second"},
  {word: "B", dimension: bytes, scale: 1, doc: "bytes"},
  {word: "KiB", dimension: bytes, scale: 1024, doc: "1024 bytes"},
  {word: "MiB", dimension: bytes, scale: 1024 ** 2, doc: "1024 KiB"},
  {word: "GiB", dimension: bytes, scale: 1024 ** 3, doc: "1024 MiB"},
  {word: "%", dimension: none, scale: 0.01, doc: "hundredths"},
  {word: "/ns", dimension: frequency, scale: 1e9, doc: "per nanosecond"},
  {word: "/us", dimension: frequency, scale: 1e6, doc: "per microsecond"},
  {word: "/µs", dimension: frequency, scale: 1e6, doc: "per microsecond"},
  {word: "/ms", dimension: frequency, scale: 1e3, doc: "per millisecond"},
  {word: "/s", dimension: frequency, scale: 1, doc: "per second"},
  {word: "/min", dimension: frequency, scale: 1 / 60, doc: "per minute"},
];

const byWord = new Map(unitTable.map((row) => [row.word, row]));

/** The row of a unit as written; undefined for a word that is no unit. */
export function unitOf(word: string): UnitRow | undefined {
  return byWord.get(word);
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.time === b.time && a.bytes === b.bytes && a.cycles === b.cycles;
}

/** The name of a dimension in messages: `Duration`, `Frequency`, `Bytes`, `Cycles`, `Number`, or its exponents. */
export function dimensionName(dimension: Dimension): string {
  for (const [name, known] of named) if (sameDimension(dimension, known)) return name;
  const parts = (["time", "bytes", "cycles"] as const)
    .filter((base) => dimension[base] !== 0)
    .map((base) => (dimension[base] === 1 ? base : `${base}^${dimension[base]}`));
  return parts.join("*");
}

/** The dimension of a type name, if it names a quantity. */
export function dimensionNamed(name: string): Dimension | undefined {
  if (name === "Int" || name === "Real" || name === "Ratio") return none;
  return named.find(([known]) => known === name)?.[1];
}

const named: readonly (readonly [string, Dimension])[] = [
  ["Number", none],
  ["Duration", time],
  ["Frequency", frequency],
  ["Bytes", bytes],
  ["Cycles", cycles],
];

/** Dimension and canonical value of a product; time is in ns where its exponent is positive, per s where it is negative. */
export function multiply(
  a: number,
  of: Dimension,
  b: number,
  by: Dimension,
): {value: number; dimension: Dimension} {
  const dimension = combine(of, by, 1);
  const surplus = nanos(of) + nanos(by) - nanos(dimension);
  return {value: surplus === 0 ? a * b : (a * b) / 1e9 ** surplus, dimension};
}

/** Dimension and canonical value of a quotient. */
export function divide(
  a: number,
  of: Dimension,
  b: number,
  by: Dimension,
): {value: number; dimension: Dimension} {
  const dimension = combine(of, by, -1);
  const missing = nanos(dimension) + nanos(by) - nanos(of);
  // Dividing by a smaller number keeps `1 / 10us` exact where multiplying by 1e9 first would round twice.
  if (missing === 0) return {value: a / b, dimension};
  return {value: missing > 0 ? (a * 1e9 ** missing) / b : a / (b * 1e9 ** -missing), dimension};
}

function combine(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  return {
    time: a.time + sign * b.time,
    bytes: a.bytes + sign * b.bytes,
    cycles: a.cycles + sign * b.cycles,
  };
}

function nanos(dimension: Dimension): number {
  return Math.max(0, dimension.time);
}

/**
 * A quantity as text in the largest unit that keeps its number at 1 or above: `38.2us`, `2.7GHz`, `40k/s`, `64KiB`, `33cyc`. At most
 * `digits` significant digits; absent: as many as are needed to read back the same number.
 */
export function quantityText(value: number, dimension: Dimension, digits?: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (sameDimension(dimension, none)) return numberText(value, digits);
  const ladder = ladders.find(([known]) => sameDimension(known, dimension))?.[1];
  if (ladder === undefined) return `${numberText(value, digits)} ${dimensionName(dimension)}`;
  const size = Math.abs(value);
  let chosen = ladder[0] as readonly [string, number];
  for (const rung of ladder) if (size >= rung[1] * (1 - 1e-9)) chosen = rung;
  if (size === 0) chosen = ladder[0] as readonly [string, number];
  return `${numberText(value / chosen[1], digits)}${chosen[0]}`;
}

const ladders: readonly (readonly [Dimension, readonly (readonly [string, number])[]])[] = [
  [
    time,
    [
      ["ns", 1],
      ["us", 1e3],
      ["ms", 1e6],
      ["s", 1e9],
    ],
  ],
  [
    frequency,
    [
      ["/s", 1],
      ["k/s", 1e3],
      ["M/s", 1e6],
      ["G/s", 1e9],
    ],
  ],
  [
    bytes,
    [
      ["B", 1],
      ["KiB", 1024],
      ["MiB", 1024 ** 2],
      ["GiB", 1024 ** 3],
    ],
  ],
  [cycles, [["cyc", 1]]],
];

function numberText(value: number, digits?: number): string {
  // Twelve digits hide the last bits of a scaled double (0.1 + 0.2) and keep every number a user writes.
  const rounded = Number(value.toPrecision(Math.min(digits ?? 12, 17)));
  return Math.abs(rounded) >= 1e15 ? rounded.toExponential() : String(rounded);
}
