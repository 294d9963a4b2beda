// Who pays: for each policy (or whatever the rows are) one stacked bar of CPU time by party, and beside it the memory kept waiting. The
// unit of the bar is CPUs: 0.01 is ten milliseconds of CPU time a second, whoever spends it.

import type {ColumnTable} from "arquero";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {type Field, type FigureText, framed, grouped, type Row, rowsOf} from "./encoding.ts";
import type {Figure, Trace} from "./figure.ts";
import {quantityAxis, rangeOf} from "./quantity-axis.ts";
import {say, sayRatio} from "./say.ts";
import {listText, plotlyText} from "./text.ts";

const payerColors: Readonly<Record<string, string>> = {
  reader: "@series0",
  writer: "@series5",
  victim: "@series1",
  "isolated victim": "@series7",
  "wake-ups": "@series4",
};

/** `table` as of `billTable`; `of` is the column whose values are the rows. */
export function billFigure(table: ColumnTable, of: Field, text: FigureText): Figure {
  const rows = rowsOf(table);
  const groups = [...grouped(rows, of)].map(([name, own]) => ({
    name: say(name, of.unit),
    rows: own,
  }));
  const payers = [...grouped(rows, {column: "payer", title: "payer", unit: "name"}).keys()].map(
    String,
  );
  const totals = groups.map(({rows: own}) =>
    own.reduce((sum, row) => sum + (row.cpu as number), 0),
  );
  const places = groups.map((_, i) => i);
  const names = {
    type: "linear" as const,
    range: [groups.length - 0.4, -0.6],
    tickmode: "array" as const,
    tickvals: places,
    ticktext: groups.map(({name}) => plotlyText(name)),
    showgrid: false,
    zeroline: false,
  };
  const paying = payers.filter((payer) => groups.some(({rows: own}) => cpuOf(own, payer) > 0));
  const cpu: Panel = {
    title: "CPU time",
    traces: paying.map(
      (payer): Trace => ({
        type: "bar",
        orientation: "h",
        name: payer,
        x: groups.map(({rows: own}) => Number(cpuOf(own, payer).toPrecision(9))),
        y: places,
        width: 0.62,
        marker: {color: payerColors[payer] ?? "@muted"},
        hovertext: groups.map(({name, rows: own}) =>
          plotlyText(`${name}: ${payer} pays ${cpuText(cpuOf(own, payer))}.`),
        ),
        hovertemplate: "%{hovertext}<extra></extra>",
      }),
    ),
    annotations: groups.map((_, i) => ({
      text: cpuText(totals[i]),
      x: totals[i],
      y: i,
      xanchor: "left" as const,
      xshift: 5,
      font: {size: 11, color: "@ink"},
    })),
    xaxis: {
      ...quantityAxis("CPU time a second", "ns", {}),
      range: [0, Math.max(...totals, 1e-12) * 1.3],
      autorange: false,
    },
    yaxis: names,
  };
  const retained = groups.map(({rows: own}) => own[0].retained_bytes as number);
  const hasMemory = retained.some((bytes) => bytes > 0);
  const memory: Panel = {
    title: "memory kept",
    traces: [
      {
        type: "bar",
        orientation: "h",
        name: "memory kept",
        x: retained.map((bytes) => (Number.isFinite(bytes) ? Number(bytes.toPrecision(9)) : 0)),
        y: places,
        width: 0.62,
        marker: {color: "@series8"},
        text: retained.map((bytes) => say(Number.isFinite(bytes) ? bytes : 0, "bytes")),
        textposition: "outside",
        textfont: {size: 11, color: "@ink"},
        cliponaxis: false,
        hovertext: groups.map(({name}, i) =>
          plotlyText(`${name} keeps ${say(retained[i], "bytes")} of freed tables on average.`),
        ),
        hovertemplate: "%{hovertext}<extra></extra>",
        showlegend: false,
      },
    ],
    xaxis: quantityAxis("bytes, on average", "bytes", {
      range: [0, rangeOf(retained, false, true)[1] * 1.3],
    }),
    yaxis: {...names, showticklabels: false},
  };
  return composeFigure(hasMemory ? [cpu, memory] : [cpu], {
    kind: "bill",
    height: Math.max(250, 190 + 40 * groups.length),
    ...framed(text, "Who pays for the syncs?", finding(groups, totals, paying)),
    details: groups
      .slice(0, 16)
      .map(
        ({name, rows: own}, i) =>
          `  ${name}  ${cpuText(totals[i])}: ${listText(paying.filter((p) => cpuOf(own, p) > 0).map((p) => `${p} ${cpuText(cpuOf(own, p))}`)) || "nothing"}${retained[i] > 0 ? `; keeps ${say(retained[i], "bytes")}` : ""}`,
      ),
    layout: {barmode: "stack"},
  });
}

function cpuOf(rows: readonly Row[], payer: string): number {
  return (rows.find((row) => row.payer === payer)?.cpu as number | undefined) ?? 0;
}

/** `1.2ms/s`: CPU time a second. */
function cpuText(cpus: number): string {
  return `${say(cpus * 1e9, "ns")}/s`;
}

function finding(
  groups: readonly {readonly name: string; readonly rows: readonly Row[]}[],
  totals: readonly number[],
  paying: readonly string[],
): string {
  if (groups.length === 0) return "There is nothing to show.";
  const order = groups.map((_, i) => i).sort((a, b) => totals[a] - totals[b]);
  const [low, high] = [order[0], order[order.length - 1]];
  const most = (i: number): string =>
    paying.toSorted((a, b) => cpuOf(groups[i].rows, b) - cpuOf(groups[i].rows, a))[0] ?? "nobody";
  const costs = (i: number): string =>
    `${cpuText(totals[i])} of CPU time, mostly for the ${most(i)}`;
  const worst = `${groups[high].name} costs ${low === high ? "" : "most, "}${costs(high)}`;
  if (low === high) return `${worst}.`;
  const ratio = sayRatio(totals[high], totals[low]);
  const times = ratio.endsWith("×") ? `: ${ratio} as much` : "";
  return `${groups[low].name} costs least, ${costs(low)}; ${worst}${times}.`;
}
