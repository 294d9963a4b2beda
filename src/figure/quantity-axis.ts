// Axes of quantities. Plotly writes SI prefixes itself (40µs, 1.5ms) when it is given seconds, so that ticks stay readable at every
// zoom; hence data are converted from the tables' nanoseconds once, here.

import type {MeasureUnit} from "../plan/measure.ts";
import {quantityText} from "../plan/quantity-text.ts";
import type {Axis} from "./figure.ts";
import {plotlyText} from "./text.ts";

/** How many of Plotly's base unit one of the table's is: 1e-9 for nanoseconds in seconds, otherwise 1. */
export function baseFactor(unit: MeasureUnit): number {
  return unit === "ns" ? 1e-9 : 1;
}

const format: Readonly<Record<MeasureUnit, {tickformat?: string; ticksuffix?: string}>> = {
  ns: {tickformat: "~s", ticksuffix: "s"},
  "1/s": {tickformat: "~s", ticksuffix: "/s"},
  bytes: {tickformat: "~s", ticksuffix: "B"},
  ratio: {tickformat: "~%"},
  "1": {},
};

export interface QuantityAxisOptions {
  readonly log?: boolean;
  /** Values of a designed axis, in table units: the ticks stand at them while they are few. */
  readonly at?: readonly number[];
  /** Range in table units. */
  readonly range?: readonly [number, number];
}

/** An axis of values in `unit`, titled in plain words. */
export function quantityAxis(
  title: string,
  unit: MeasureUnit,
  options: QuantityAxisOptions = {},
): Axis {
  const factor = baseFactor(unit);
  const place = (value: number): number =>
    options.log ? Math.log10(value * factor) : value * factor;
  const few = options.at !== undefined && options.at.length <= 8;
  return {
    title: {text: plotlyText(title), standoff: 10},
    type: options.log ? "log" : "linear",
    ...format[unit],
    exponentformat: "SI",
    zeroline: false,
    ...(few && options.at
      ? {
          tickmode: "array" as const,
          tickvals: options.at.map((value) => value * factor),
          ticktext: options.at.map((value) => quantityText(value, unit, {micro: "µ"})),
        }
      : options.log
        ? decades(options.range, unit)
        : unit === "bytes"
          ? binarySteps(options.range)
          : {nticks: 7}),
    ...(options.range
      ? {range: [place(options.range[0]), place(options.range[1])] as const, autorange: false}
      : {}),
  };
}

// Over few decades 1-2-5 ticks, over many decades every decade or every third: labels never collide, whatever the span.
function decades(range: readonly [number, number] | undefined, unit: MeasureUnit): Partial<Axis> {
  if (range === undefined) return {};
  const factor = baseFactor(unit);
  const low = Math.floor(Math.log10(range[0] * factor));
  const high = Math.ceil(Math.log10(range[1] * factor));
  const span = Math.log10(range[1] / range[0]);
  const steps = span < 2 ? [1, 2, 5] : [1];
  const every = span > 8 ? 3 : 1;
  const ticks: number[] = [];
  for (let decade = low; decade <= high; decade++) {
    if ((((decade - low) % every) + every) % every !== 0) continue;
    for (const step of steps) ticks.push(Number(`${step}e${decade}`));
  }
  return {
    tickmode: "array",
    tickvals: ticks,
    ticktext: ticks.map((tick) => quantityText(tick / factor, unit, {micro: "µ"})),
  };
}

// Plotly counts thousands; memory is counted in 1024s, here as in every text.
function binarySteps(range: readonly [number, number] | undefined): Partial<Axis> {
  if (range === undefined || !(range[1] > range[0])) return {nticks: 5};
  const power = 1024 ** Math.max(0, Math.floor(Math.log(range[1]) / Math.log(1024)));
  const rough = (range[1] - range[0]) / power / 4;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * decade >= rough) ?? 10) * decade * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(range[0] / step); i * step <= range[1]; i++) ticks.push(i * step);
  return {
    tickmode: "array",
    tickvals: ticks,
    ticktext: ticks.map((tick) => quantityText(tick, "bytes")),
  };
}

/** Numbers of a table in Plotly's base unit; what is not finite becomes a gap. */
export function inBase(values: readonly number[], unit: MeasureUnit): (number | null)[] {
  const factor = baseFactor(unit);
  return values.map((value) =>
    Number.isFinite(value) ? Number((value * factor).toPrecision(12)) : null,
  );
}

/** A range that holds all values with some room; for log axes multiplicative. Falls back to 0..1 when there are none. */
export function rangeOf(values: readonly number[], log: boolean, zero = false): [number, number] {
  const usable = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (usable.length === 0) return log ? [1, 10] : [0, 1];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of usable) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (log) {
    const room = Math.max(1.15, (high / low) ** 0.06);
    return [low / room, high * room];
  }
  if (zero) low = Math.min(0, low);
  if (zero) high = Math.max(0, high);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [zero && low === 0 ? 0 : low - room, zero && high === 0 ? 0 : high + room];
}

/** Whether positive values spread so far that only a log axis shows them all. */
export function wantsLog(values: readonly number[]): boolean {
  const usable = values.filter((value) => Number.isFinite(value));
  if (usable.length === 0 || usable.some((value) => value <= 0)) return false;
  const low = usable.reduce((a, b) => Math.min(a, b));
  const high = usable.reduce((a, b) => Math.max(a, b));
  return high > 30 * low;
}
