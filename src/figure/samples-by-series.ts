// The distributions of a table of samples, one a series, read column by column: a million rows never become objects.

import type {ColumnTable} from "arquero";
import {type Distribution, distributionOf} from "./distribution.ts";
import type {Encoding} from "./encoding.ts";

export interface SeriesSamples {
  readonly facet: string | number;
  readonly series: string | number;
  readonly distribution: Distribution;
}

/** By facet and series in order of first appearance, numbers ascending; a column `weight` is respected. */
export function samplesBySeries(table: ColumnTable, encoding: Encoding): SeriesSamples[] {
  const values = table.array(encoding.y.column) as ArrayLike<number>;
  const weights = table.columnNames().includes("weight")
    ? (table.array("weight") as ArrayLike<number>)
    : undefined;
  const facets = encoding.facet
    ? (table.array(encoding.facet.column) as ArrayLike<string>)
    : undefined;
  const series = encoding.series
    ? (table.array(encoding.series.column) as ArrayLike<string>)
    : undefined;
  const groups = new Map<string | number, Map<string | number, number[]>>();
  let lastFacet: string | number | undefined;
  let lastSeries: string | number | undefined;
  let rows: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const facet = facets?.[i] ?? "";
    const name = series?.[i] ?? "";
    if (facet !== lastFacet || name !== lastSeries || i === 0) {
      let inner = groups.get(facet);
      if (inner === undefined) {
        inner = new Map();
        groups.set(facet, inner);
      }
      rows = inner.get(name) ?? [];
      inner.set(name, rows);
      lastFacet = facet;
      lastSeries = name;
    }
    rows.push(i);
  }
  return ascending(groups).flatMap(([facet, inner]) =>
    ascending(inner).map(([name, own]) => ({
      facet,
      series: name,
      distribution: distributionOf(
        Float64Array.from(own, (i) => values[i]),
        weights === undefined ? undefined : Float64Array.from(own, (i) => weights[i]),
      ),
    })),
  );
}

function ascending<Value>(groups: Map<string | number, Value>): [string | number, Value][] {
  const entries = [...groups];
  return entries.every(([key]) => typeof key === "number")
    ? entries.sort(([a], [b]) => (a as number) - (b as number))
    : entries;
}

/** The samples of each facet. */
export function byFacet(all: readonly SeriesSamples[]): Map<string | number, SeriesSamples[]> {
  const facets = new Map<string | number, SeriesSamples[]>();
  for (const one of all) facets.set(one.facet, [...(facets.get(one.facet) ?? []), one]);
  return facets;
}

/** Names of the series in order, each once. */
export function seriesNames(all: readonly SeriesSamples[]): (string | number)[] {
  return [...new Set(all.map((one) => one.series))];
}
