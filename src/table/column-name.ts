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
