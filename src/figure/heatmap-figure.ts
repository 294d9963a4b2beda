// A map over two axes. With competitors (policies) a cell takes the colour of the one with the lowest measure among those that are safe
// there; one that would be cheaper and is unsafe is named and hatched in its own colour. Without competitors the colour is the value.
//
// Cells are bars of height one, stacked on nothing: bars can be hatched and labelled, keep a hover of their own, and draw the same with
// and without a browser, which Plotly's own heat maps (a bitmap) do not.

import type {ColumnTable} from "arquero";
import {composeFigure, type Panel} from "./compose-figure.ts";
import {
  type Encoding,
  estimateOf,
  type Field,
  type FigureText,
  framed,
  grouped,
  type Row,
  rowsOf,
} from "./encoding.ts";
import type {Annotation, Axis, Figure, Trace} from "./figure.ts";
import {seriesStyles} from "./palette.ts";
import {wantsLog} from "./quantity-axis.ts";
import {say, sayField, sayOverlap} from "./say.ts";
import {countText, listText, plotlyText} from "./text.ts";

export interface HeatmapEncoding extends Encoding {
  readonly x: Field;
  /** The vertical axis; `y` is the measure. */
  readonly rows: Field;
  /** Who competes for a cell. */
  readonly competitor?: Field;
  /** Column that is false where the competitor is unsafe; absent: nothing is known to be unsafe. */
  readonly safe?: string;
}

export function heatmapFigure(
  table: ColumnTable,
  encoding: HeatmapEncoding,
  text: FigureText,
): Figure {
  const rows = rowsOf(table);
  const columns = ordered(rows, encoding.x);
  const lines = ordered(rows, encoding.rows);
  const cells = columns.flatMap((x, i) =>
    lines.map((y, j) =>
      cellOf(
        rows.filter((row) => row[encoding.x.column] === x && row[encoding.rows.column] === y),
        i,
        j,
        encoding,
      ),
    ),
  );
  const filled = cells.filter((cell) => cell.rows.length > 0);
  const panel: Panel = {
    traces: encoding.competitor
      ? winnerTraces(filled, rows, encoding)
      : valueTraces(filled, encoding),
    annotations: hatchedLabels(filled, encoding),
    xaxis: placesAxis(columns, encoding.x),
    yaxis: placesAxis(lines, encoding.rows),
  };
  const width = text.width ?? 860;
  return composeFigure([panel], {
    kind: "heatmap",
    ...(encoding.competitor ? {legendTitle: encoding.competitor.title} : {}),
    width,
    height: Math.min(900, 190 + Math.max(160, 52 * lines.length)),
    ...framed(
      text,
      encoding.competitor
        ? `Which ${encoding.competitor.title} is the cheapest safe one?`
        : `Where is ${encoding.y.title} high?`,
      finding(filled, encoding),
    ),
    details: details(filled, encoding),
    layout: {barmode: "overlay", bargap: 0},
  });
}

interface Cell {
  readonly column: number;
  readonly line: number;
  readonly rows: readonly Row[];
  /** The safe row with the lowest value; absent when none is safe. */
  readonly best?: Row;
  /** Unsafe rows with a lower value than the best, or all of them when none is safe. */
  readonly tempting: readonly Row[];
}

function cellOf(
  rows: readonly Row[],
  column: number,
  line: number,
  encoding: HeatmapEncoding,
): Cell {
  const value = (row: Row): number => estimateOf(row, encoding.y.column).value;
  const usable = rows
    .filter((row) => Number.isFinite(value(row)))
    .sort((a, b) => value(a) - value(b));
  const safe = (row: Row): boolean => encoding.safe === undefined || row[encoding.safe] !== false;
  const best = usable.find(safe);
  const tempting = usable.filter(
    (row) => !safe(row) && (best === undefined || value(row) < value(best)),
  );
  return {column, line, rows: usable, tempting, ...(best === undefined ? {} : {best})};
}

function winnerTraces(
  cells: readonly Cell[],
  rows: readonly Row[],
  encoding: HeatmapEncoding,
): Trace[] {
  const competitor = encoding.competitor as Field;
  const names = [...grouped(rows, competitor).keys()];
  const styles = seriesStyles(names);
  const traces: Trace[] = names.flatMap((name): Trace[] => {
    const own = cells.filter((cell) => cell.best?.[competitor.column] === name);
    if (own.length === 0) return [];
    const color = styles.get(name)?.color ?? "@ink";
    const label = {name: say(name, competitor.unit), legendgroup: say(name, competitor.unit)};
    const plain = own.filter((cell) => !isHatched(cell));
    const hatched = own.filter(isHatched);
    const line = {color: "@paper", width: 2};
    return [
      ...(plain.length > 0
        ? [{...bars(plain, encoding), ...label, marker: {color: `${color}~80`, line}}]
        : []),
      ...(hatched.length > 0
        ? [
            // The cell and its hatch are two bars: a pattern with a ground of its own shows the seams of its tiles.
            {
              ...bars(hatched, encoding),
              ...label,
              marker: {color: `${color}~40`, line},
            },
            {
              ...bars(hatched, encoding),
              ...label,
              showlegend: false,
              hoverinfo: "skip" as const,
              marker: {
                color: "@paper/0",
                pattern: {
                  shape: "/" as const,
                  // The hatch has the colour of the unsafe one that would have won.
                  fgcolor: hatched.map(
                    (cell) =>
                      styles.get(cell.tempting[0][competitor.column] as string)?.color ?? "@ink",
                  ),
                  bgcolor: "@paper/0",
                  size: 11,
                  solidity: 0.3,
                },
              },
            },
          ]
        : []),
    ];
  });
  const none = cells.filter((cell) => cell.best === undefined);
  if (none.length > 0) {
    traces.push({
      ...bars(none, encoding),
      name: "none is safe",
      marker: {
        color: "@danger~18",
        line: {color: "@paper", width: 2},
        pattern: {
          shape: none.map(() => "x" as const),
          fgcolor: none.map(() => "@danger"),
          fillmode: "overlay",
          size: 8,
          solidity: 0.2,
        },
      },
    });
  }
  return traces;
}

function valueTraces(cells: readonly Cell[], encoding: HeatmapEncoding): Trace[] {
  const values = cells.map((cell) => estimateOf(cell.rows[0], encoding.y.column).value);
  const log = wantsLog(values)
    ? encoding.y.log !== false
    : encoding.y.log === true && values.every((value) => value > 0);
  const place = (value: number): number => (log ? Math.log(value) : value);
  const low = place(Math.min(...values));
  const high = place(Math.max(...values));
  return [
    {
      ...bars(cells, encoding),
      name: encoding.y.title,
      showlegend: false,
      marker: {
        color: values.map(
          (value) =>
            `@ramp${Math.round(high > low ? (100 * (place(value) - low)) / (high - low) : 50)}`,
        ),
        line: {color: "@paper", width: 2},
      },
    },
  ];
}

function bars(cells: readonly Cell[], encoding: HeatmapEncoding): Extract<Trace, {type: "bar"}> {
  return {
    type: "bar",
    name: "",
    x: cells.map((cell) => cell.column),
    y: cells.map(() => 1),
    base: cells.map((cell) => cell.line - 0.5),
    width: 1,
    // A hatched cell has its label on a chip of its own; elsewhere Plotly chooses black or white by contrast.
    text: cells.map((cell) => (isHatched(cell) ? "" : plotlyText(cellText(cell, encoding)))),
    textposition: "inside",
    insidetextanchor: "middle",
    textangle: 0,
    hovertext: cells.map((cell) => plotlyText(sentence(cell, encoding))),
    hovertemplate: "%{hovertext}<extra></extra>",
  };
}

function isHatched(cell: Cell): boolean {
  return cell.best === undefined || cell.tempting.length > 0;
}

// What would be cheaper there and is unsafe, by name, under the value of the safe one.
function hatchedLabels(cells: readonly Cell[], encoding: HeatmapEncoding): Annotation[] {
  const {competitor} = encoding;
  if (competitor === undefined) return [];
  return cells.filter(isHatched).map((cell) => {
    const unsafe = listText(
      cell.tempting.map((row) => say(row[competitor.column], competitor.unit)),
      2,
    );
    const value = cell.best === undefined ? "" : `${cellText(cell, encoding)}<br>`;
    return {
      text: `${value}<span style="font-size:9px">${plotlyText(unsafe)}<br>unsafe</span>`,
      x: cell.column,
      y: cell.line,
      xanchor: "center" as const,
      yanchor: "middle" as const,
      bgcolor: "@paper/85",
      borderpad: 2,
      font: {size: 11, color: "@ink"},
    };
  });
}

function cellText(cell: Cell, encoding: HeatmapEncoding): string {
  const row = cell.best;
  if (row === undefined) return "unsafe";
  return say(estimateOf(row, encoding.y.column).value, encoding.y.unit);
}

function sentence(cell: Cell, encoding: HeatmapEncoding): string {
  const any = cell.rows[0];
  const where = `At ${sayField(encoding.x, any[encoding.x.column])}, ${sayField(encoding.rows, any[encoding.rows.column])}`;
  const {competitor} = encoding;
  const of = (row: Row): string => say(estimateOf(row, encoding.y.column).value, encoding.y.unit);
  if (competitor === undefined) return `${where}: ${encoding.y.title} is ${of(any)}.`;
  const name = (row: Row): string => say(row[competitor.column], competitor.unit);
  const unsafe =
    cell.tempting.length > 0
      ? ` ${listText(cell.tempting.map((row) => `${name(row)} (${of(row)})`))} would be cheaper and ${cell.tempting.length === 1 ? "is" : "are"} unsafe.`
      : "";
  if (cell.best === undefined)
    return `${where}: no ${competitor.title} is safe.${unsafe.replace("would be cheaper and ", "")}`;
  const next = cell.rows.find((row) => row !== cell.best && !cell.tempting.includes(row));
  const said = cell.rows
    .filter((row) => !cell.tempting.includes(row))
    .map((row) => ({name: name(row), ...estimateOf(row, encoding.y.column)}));
  const near = sayOverlap(said[0], said);
  return `${where}: ${name(cell.best)} is the cheapest safe ${competitor.title} with ${of(cell.best)}${near}${next ? `, before ${name(next)} with ${of(next)}` : ""}.${unsafe}`;
}

function placesAxis(values: readonly (string | number)[], field: Field): Axis {
  return {
    type: "linear",
    title: {text: plotlyText(field.title), standoff: 10},
    range: [-0.5, values.length - 0.5],
    tickmode: "array",
    tickvals: values.map((_, i) => i),
    ticktext: values.map((value) => plotlyText(say(value, field.unit))),
    showgrid: false,
    zeroline: false,
  };
}

function ordered(rows: readonly Row[], field: Field): (string | number)[] {
  return [...grouped(rows, field).keys()];
}

function finding(cells: readonly Cell[], encoding: HeatmapEncoding): string {
  const {competitor} = encoding;
  if (cells.length === 0) return "There is nothing to show.";
  const value = (cell: Cell): number =>
    estimateOf((cell.best ?? cell.rows[0]) as Row, encoding.y.column).value;
  if (competitor === undefined) {
    const high = cells.toSorted((a, b) => value(b) - value(a));
    const at = (cell: Cell): string =>
      `${sayField(encoding.x, cell.rows[0][encoding.x.column])} and ${sayField(encoding.rows, cell.rows[0][encoding.rows.column])}`;
    return `${encoding.y.title} is highest, ${say(value(high[0]), encoding.y.unit)}, at ${at(high[0])} and lowest, ${say(value(high[high.length - 1]), encoding.y.unit)}, at ${at(high[high.length - 1])}.`;
  }
  const wins = new Map<string, number>();
  for (const cell of cells) {
    const name =
      cell.best === undefined ? "none" : say(cell.best[competitor.column], competitor.unit);
    wins.set(name, (wins.get(name) ?? 0) + 1);
  }
  const list = [...wins]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} in ${count} of ${countText(cells.length, "cell")}`);
  const hatched = cells.filter((cell) => cell.tempting.length > 0).length;
  return `By ${encoding.y.title} the cheapest safe ${competitor.title} is ${listText(list)}.${hatched > 0 ? ` Hatched: in ${countText(hatched, "cell")} an unsafe one would be cheaper.` : ""}`;
}

function details(cells: readonly Cell[], encoding: HeatmapEncoding): string[] {
  return cells.slice(0, 24).map((cell) => `  ${sentence(cell, encoding)}`);
}
