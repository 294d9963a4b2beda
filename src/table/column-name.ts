// A column's name says its unit: `sync_ns`, `calls_per_s`, `held_bytes`, `tax_ratio`; a plain count or a name has no suffix. Whoever prints
// or plots a column reads the unit back from its name, so that a table keeps its units through every Arquero verb.

import type {MeasureUnit} from "../plan/measure.ts";

const suffixes: readonly (readonly [string, MeasureUnit])[] = [
  ["_ns", "ns"],
  ["_per_s", "1/s"],
  ["_bytes", "bytes"],
  ["_ratio", "ratio"],
];

/** `("gup.hold.p99", "ns")` is `gup_hold_p99_ns`: an identifier, usable as `d.gup_hold_p99_ns` in an Arquero expression; `mean(thp.sync)` is `mean_thp_sync_ns`. */
export function columnName(base: string, unit: MeasureUnit | "name"): string {
  const plain = base
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/(?<=[^_])_+$/, "")
    .replace(/^(?=\d)/, "_");
  const suffix = suffixes.find(([, of]) => of === unit)?.[0] ?? "";
  return plain.endsWith(suffix) ? plain : `${plain}${suffix}`;
}

// What a table says of every row; a measure of that name would take its place.
const ownColumns = new Set(["point", "points", "replication", "seed", "n"]);

const operators: readonly (readonly [RegExp, string])[] = [
  [/\s*\+\s*/g, "_plus_"],
  [/\s+-\s+/g, "_minus_"],
  [/-/g, "_minus_"],
  [/\s*\*\s*/g, "_times_"],
  [/\s*\/\s*/g, "_over_"],
];

/**
 * The column of a measure. Arithmetic keeps its operators as words, so that a sum and a difference stay two columns; a name that the
 * table itself uses (`n`, `seed`, …) or that reads as an end of another's interval (`sync_lo`) gets a `_` before its unit.
 */
export function measureColumn(measure: {
  readonly name: string;
  readonly unit: MeasureUnit;
}): string {
  const words = operators.reduce((text, [sign, word]) => text.replace(sign, word), measure.name);
  const name = columnName(words, measure.unit);
  return ownColumns.has(name) || /_(lo|hi|sd)$/.test(columnStem(name)) ? evaded(name) : name;
}

/** Another name with the same unit, for one that is taken: `gap_ns` becomes `gap__ns`. */
export function evaded(name: string): string {
  return relatedColumn(name, "");
}

/** The unit a column's name says; `1` where it says none. */
export function columnUnit(name: string): MeasureUnit {
  return suffixes.find(([suffix]) => name.endsWith(suffix))?.[1] ?? "1";
}

/** The name without its unit: `sync` of `sync_ns`. */
export function columnStem(name: string): string {
  const suffix = suffixes.find(([end]) => name.endsWith(end) && name.length > end.length)?.[0];
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}

/** `("sync_ns", "lo")` is `sync_lo_ns`. */
export function relatedColumn(name: string, part: string): string {
  const stem = columnStem(name);
  return `${stem}_${part}${name.slice(stem.length)}`;
}
