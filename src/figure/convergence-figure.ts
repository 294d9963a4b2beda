// Whether the number of replications was enough: the estimate after each of them with its interval, and the band the stopping rule asked
// for. An estimate that still drifts when the run ends has not converged, whatever its interval says.

import type {ColumnTable} from "arquero";
import type {MeasureUnit} from "../plan/measure.ts";
import {tQuantile} from "../stats/student-t.ts";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {type Encoding, type FigureText, framed, grouped, type Row, rowsOf} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {inBase, quantityAxis, rangeOf} from "./quantity-axis.ts";
import {say, sayField} from "./say.ts";
import {plotlyText} from "./text.ts";

export interface ConvergenceEncoding extends Encoding {
  /** 0..1. */
  readonly confidence: number;
  /** Relative half-width the run was to reach; absent: none was asked for. */
  readonly tolerance?: number;
}

/** `table` has a row per replication: `replication`, the measure, and what tells series and facets apart. */
export function convergenceFigure(
  table: ColumnTable,
  encoding: ConvergenceEncoding,
  text: FigureText,
): Figure {
  const rows = rowsOf(table);
  const names = [...grouped(rows, encoding.series).keys()];
  const styles = seriesStyles(names);
  const running = (own: readonly Row[]): Step[] => runningEstimates(own, encoding);
  // Several estimates share an axis only as parts of their final values; one alone keeps its unit.
  const relative = names.length > 1;
  const most = Math.max(1, ...rows.map((row) => (row.replication as number) + 1));
  const shown: Encoding["y"] = relative
    ? {
        column: encoding.y.column,
        title: `${encoding.y.title}, against its last value`,
        unit: "ratio",
      }
    : encoding.y;
  const panels = [...grouped(rows, encoding.facet)].map(([facet, group]): Panel => {
    const series = [...grouped(group, encoding.series)].map(([name, own]) => ({
      name,
      steps: relative ? deviations(running(own)) : running(own),
    }));
    const ends = series.flatMap(({steps}) =>
      steps.flatMap((s) => [s.mean, ...(s.n >= Math.max(3, most / 5) ? [s.lo, s.hi] : [])]),
    );
    return {
      ...(encoding.facet ? {title: sayField(encoding.facet, facet)} : {}),
      traces: series.flatMap(({name, steps}) =>
        seriesTraces(
          say(name, encoding.series?.unit ?? "name") || encoding.y.title,
          steps,
          {...encoding, y: shown},
          styles.get(name)?.color ?? "@ink",
        ),
      ),
      labels:
        !relative && encoding.series && encoding.facet === undefined
          ? series.flatMap(({name, steps}) => {
              const last = steps[steps.length - 1];
              return last
                ? [
                    {
                      text: say(name, encoding.series?.unit ?? "name"),
                      y: inBase([last.mean], shown.unit as MeasureUnit)[0] ?? 0,
                      color: styles.get(name)?.color ?? "@ink",
                    },
                  ]
                : [];
            })
          : [],
      xaxis: {
        type: "linear",
        title: {text: "replications", standoff: 10},
        zeroline: false,
        nticks: 8,
        range: [0.6, most + 0.4],
      },
      yaxis: quantityAxis(shown.title, shown.unit as MeasureUnit, {range: rangeOf(ends, false)}),
    };
  });
  const direct = !relative && encoding.facet === undefined;
  return composeFigure(panels, {
    kind: "convergence",
    shared: false,
    ...(encoding.series ? {legendTitle: encoding.series.title} : {}),
    ...framed(
      text,
      `Were there enough replications for ${encoding.y.title}?`,
      finding(rows, encoding),
    ),
    ...(direct ? {legend: false} : {}),
    details: [...grouped(rows, encoding.series)]
      .slice(0, 16)
      .map(
        ([name, own]) =>
          `  ${lastText(say(name, encoding.series?.unit ?? "name"), running(own), encoding)}`,
      ),
  });
}

interface Step {
  readonly n: number;
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
}

/** Mean and t interval after 1, 2, … replications, in order of replication. */
export function runningEstimates(
  rows: readonly Row[],
  encoding: {readonly y: {readonly column: string}; readonly confidence: number},
): Step[] {
  const values = rows
    .toSorted((a, b) => (a.replication as number) - (b.replication as number))
    .map((row) => row[encoding.y.column] as number)
    .filter((value) => Number.isFinite(value));
  let mean = 0;
  let m2 = 0;
  return values.map((value, i) => {
    const n = i + 1;
    const delta = value - mean;
    mean += delta / n;
    m2 += delta * (value - mean);
    const half =
      n < 2
        ? Number.NaN
        : tQuantile((1 + encoding.confidence) / 2, n - 1) * Math.sqrt(m2 / (n - 1) / n);
    return {n, mean, lo: mean - half, hi: mean + half};
  });
}

function deviations(steps: readonly Step[]): Step[] {
  const final = steps[steps.length - 1]?.mean ?? Number.NaN;
  const part = (value: number): number => value / final - 1;
  return steps.map(({n, mean, lo, hi}) => ({n, mean: part(mean), lo: part(lo), hi: part(hi)}));
}

function seriesTraces(
  name: string,
  steps: readonly Step[],
  encoding: ConvergenceEncoding,
  color: string,
): Trace[] {
  const unit = encoding.y.unit as MeasureUnit;
  const banded = steps.filter((step) => step.n > 1);
  const last = steps[steps.length - 1];
  const target = encoding.tolerance;
  const traces: Trace[] = [
    {
      type: "scatter",
      mode: "lines",
      name,
      x: [...banded.map((s) => s.n), ...banded.map((s) => s.n).toReversed()],
      y: inBase([...banded.map((s) => s.hi), ...banded.map((s) => s.lo).toReversed()], unit),
      fill: "toself",
      fillcolor: `${color}/${encoding.y.unit === "ratio" ? 9 : 18}`,
      line: {width: 0, color: `${color}/0`},
      hoverinfo: "skip",
      showlegend: false,
    },
    {
      type: "scatter",
      mode: "lines+markers",
      name,
      x: steps.map((s) => s.n),
      y: inBase(
        steps.map((s) => s.mean),
        unit,
      ),
      line: {color, width: 2},
      marker: {size: 4, color},
      text: steps.map((s) =>
        plotlyText(
          `${name}: after ${s.n} replications ${encoding.y.title} is ${say(s.mean, unit)}${s.n > 1 ? `, interval ${say(s.lo, unit)} to ${say(s.hi, unit)}` : ""}.`,
        ),
      ),
      hovertemplate: "%{text}<extra></extra>",
    },
  ];
  if (target !== undefined && last !== undefined) {
    // Of deviations the last is 0 and the band is the tolerance itself.
    const size = unit === "ratio" && last.mean === 0 ? 1 : last.mean;
    for (const side of [last.mean - target * size, last.mean + target * size]) {
      traces.push({
        type: "scatter",
        mode: "lines",
        name: "asked for",
        x: [1, last.n],
        y: inBase([side, side], unit),
        line: {color: "@muted", width: 1, dash: "dash"},
        hoverinfo: "skip",
      });
    }
  }
  return traces;
}

function relativeHalf(steps: readonly Step[]): number {
  const last = steps[steps.length - 1];
  return last === undefined ? Number.NaN : (last.hi - last.mean) / Math.abs(last.mean);
}

function lastText(name: string, steps: readonly Step[], encoding: ConvergenceEncoding): string {
  const last = steps[steps.length - 1];
  if (last === undefined) return `${name}: no replications`;
  return `${name}${name ? "  " : ""}${say(last.mean, encoding.y.unit)} ±${say(relativeHalf(steps), "ratio")} after ${last.n} replications`;
}

function finding(rows: readonly Row[], encoding: ConvergenceEncoding): string {
  const widths: {name: string; half: number; n: number}[] = [];
  for (const [, group] of grouped(rows, encoding.facet)) {
    for (const [name, own] of grouped(group, encoding.series)) {
      const steps = runningEstimates(own, encoding);
      widths.push({
        name: say(name, encoding.series?.unit ?? "name"),
        half: relativeHalf(steps),
        n: steps.length,
      });
    }
  }
  const worst = widths.filter(({half}) => Number.isFinite(half)).sort((a, b) => b.half - a.half)[0];
  if (worst === undefined) return "One replication has no interval; two are the least.";
  const who =
    worst.name === "" ? "The estimate" : `The widest interval is that of ${worst.name}: it`;
  const target = encoding.tolerance;
  const met =
    target === undefined
      ? ""
      : worst.half <= target
        ? `, within the ${say(target, "ratio")} asked for`
        : `, more than the ${say(target, "ratio")} asked for`;
  return `${who} is known to ±${say(worst.half, "ratio")} after ${worst.n} replications${met}.`;
}
