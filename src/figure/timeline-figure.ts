// What every CPU did in a window of a run: one row a CPU, one colour a state, grace periods and lock holds as bands behind, interrupts
// as arrows.
//
// Up to a few thousand intervals all those of one state are one trace of line segments with gaps between, and each answers a hover.
// Beyond that they are painted into one raster (`Drawn to 117ns`, says the finding): a browser without a graphics card then pans a
// hundred thousand intervals as smoothly as ten, which it does not with WebGL lines (measured: seconds a redraw), and the static
// picture is the same.

import type {ColumnTable} from "arquero";
import {composeFigure} from "./compose-figure.ts";
import {type FigureText, framed} from "./encoding.ts";
import type {Annotation, Figure, Picture, Shape, Trace} from "./figure.ts";
import {quantityAxis} from "./quantity-axis.ts";
import {say} from "./say.ts";
import {countText, listText, plotlyText} from "./text.ts";

interface Span {
  readonly cpu: number;
  readonly from: number;
  readonly to: number;
  readonly state: string;
}

/** Beyond so many intervals they are painted. */
const paintAbove = 4000;
/** Columns of the painting: ten for each of 800 intervals a row. */
const paintColumns = 8192;
/** Lines of the painting a row of the figure, the last of them empty. */
const paintLines = 4;
/** Beyond so many interrupts no arrows but dots are drawn. */
const mostArrows = 200;

// States whose meaning is the same in every run have a fixed colour; others take the hues in turn.
const stateColors: Readonly<Record<string, string>> = {
  walk: "@series0",
  irq_off: "@series5",
  handler: "@series1",
  idle: "@grid",
  user: "@series9~45",
  kernel: "@series9",
  spin: "@series7",
  wakeup: "@series4",
  preempted: "@series6",
  tracker: "@series2",
  tick: "@series8",
  nmi: "@series3",
};
const otherColors = ["@series3", "@series6", "@series8", "@series2", "@series4"];

/** What is said above a CPU's row at an instant. */
export interface Mark {
  readonly cpu: number;
  /** [ns] */
  readonly at: number;
  /** A few characters. */
  readonly label: string;
  /** The sentence of its hover. */
  readonly text: string;
  readonly bad: boolean;
}

export interface TimelineExtras {
  readonly marks: readonly Mark[];
  /** Colours of states that have a meaning of their own in this figure. */
  readonly colors: Readonly<Record<string, string>>;
}

/** Width [px] that a figure's rows have, about. */
const plotWidth = 780;
/** Pixels between two marks of a row, from start to start: `12–13` has room. */
const markRoom = 36;

/** `intervals` as of `timelineTable`, `arrows` as of `arrowsTable`. With marks a row is high enough for them. */
export function timelineFigure(
  intervals: ColumnTable,
  arrows: ColumnTable,
  text: FigureText,
  {marks, colors}: TimelineExtras = {marks: [], colors: {}},
): Figure {
  const spans = read(intervals);
  const onCpu = spans.filter((span) => span.cpu >= 0);
  const bands = spans.filter((span) => span.cpu < 0);
  const sent = arrows.objects() as Sent[];
  const cpus = [
    ...new Set([
      ...onCpu.map((span) => span.cpu),
      ...sent.flatMap((arrow) => [arrow.from_cpu, arrow.to_cpu]),
    ]),
  ].sort((a, b) => a - b);
  const rowOf = new Map(cpus.map((cpu, row) => [cpu, row]));
  const [start, end] = extent(spans);
  const painted = onCpu.length > paintAbove;
  const states = [...new Set(onCpu.map((span) => span.state))];
  const colorOf = (state: string): string =>
    colors[state] ?? stateColors[state] ?? otherColors[states.indexOf(state) % otherColors.length];
  const row = marks.length > 0 ? 46 : Math.min(26, Math.max(7, 900 / Math.max(1, cpus.length)));
  const height = text.height ?? Math.max(260, 190 + row * cpus.length);
  const thickness = Math.max(2, 0.72 * ((height - 170) / Math.max(1, cpus.length)));
  const thickest = Math.min(16, thickness);
  const rows = cpus.map((_, at) => at).filter((at) => row >= 12 || cpus[at] % 8 === 0);
  // A painting is shown whole: resvg ends the process over a picture that is laid out a hundred times wider than its page.
  const view = (painted ? undefined : largestBurst(sent, start, end)) ?? [start, end];
  const traces = states.map((state) =>
    painted
      ? legendTrace(state, colorOf(state))
      : stateTrace(state, onCpu, rowOf, thickest, colorOf(state)),
  );
  return composeFigure(
    [
      {
        traces: [...traces, ...arrowTrace(sent, rowOf), ...markTraces(marks, rowOf, view)],
        shapes: bandShapes(bands),
        annotations: [
          ...bandLabels(bands),
          ...(sent.length <= mostArrows ? sent.map((arrow) => arrowAnnotation(arrow, rowOf)) : []),
        ],
        xaxis: {...quantityAxis("time in the run", "ns", {range: view}), nticks: 9},
        yaxis: {
          type: "linear",
          range: [cpus.length - 0.4, -0.6],
          tickmode: "array",
          tickvals: rows,
          ticktext: rows.map((at) => `CPU ${cpus[at]}`),
          showgrid: false,
          zeroline: false,
        },
      },
    ],
    {
      kind: "timeline",
      ...framed(
        text,
        "What did the CPUs do?",
        [
          finding(onCpu, bands, sent, end - start, cpus.length, painted),
          view[0] > start || view[1] < end
            ? `Shown is the largest burst of them, ${say(view[1] - view[0], "ns")}; drag to see the rest.`
            : "",
        ].join(" "),
      ),
      width: text.width ?? 980,
      height,
      layout: {
        dragmode: "pan",
        hovermode: "closest",
        ...(painted ? {images: [painting(onCpu, states, rowOf, colorOf, start, end)]} : {}),
      },
    },
  );
}

function read(intervals: ColumnTable): Span[] {
  const cpu = intervals.array("cpu") as ArrayLike<number>;
  const from = intervals.array("from_ns") as ArrayLike<number>;
  const to = intervals.array("to_ns") as ArrayLike<number>;
  const state = intervals.array("state") as ArrayLike<string>;
  return Array.from({length: cpu.length}, (_, i) => ({
    cpu: cpu[i],
    from: from[i],
    to: to[i],
    state: state[i],
  }));
}

function extent(spans: readonly Span[]): [number, number] {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    start = Math.min(start, span.from);
    end = Math.max(end, span.to);
  }
  return end > start ? [start, end] : [0, 1];
}

// Where the interrupts are: a microsecond of a millisecond would show them as one line. Sends that follow each other within 20 us are a
// burst; the view is the largest with half its time on either side, or nothing when that is most of the window anyway.
function largestBurst(
  sent: readonly Sent[],
  start: number,
  end: number,
): [number, number] | undefined {
  const sorted = sent.toSorted((a, b) => a.from_ns - b.from_ns);
  let best: Sent[] = [];
  let burst: Sent[] = [];
  for (const arrow of sorted) {
    const before = burst[burst.length - 1];
    if (before !== undefined && arrow.from_ns - before.from_ns > 20_000) burst = [];
    burst.push(arrow);
    if (burst.length > best.length) best = burst;
  }
  if (best.length === 0) return undefined;
  const from = best[0].from_ns;
  const to = best.reduce((most, arrow) => Math.max(most, arrow.to_ns), from);
  const room = Math.max(1000, (to - from) / 2);
  const view: [number, number] = [Math.max(start, from - room), Math.min(end, to + room)];
  return view[1] - view[0] < 0.3 * (end - start) ? view : undefined;
}

function stateTrace(
  state: string,
  spans: readonly Span[],
  rowOf: ReadonlyMap<number, number>,
  width: number,
  color: string,
): Trace {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const text: string[] = [];
  for (const span of spans) {
    if (span.state !== state) continue;
    const row = rowOf.get(span.cpu) as number;
    const lasted = say(span.to - span.from, "ns");
    const sentence = plotlyText(
      `CPU ${span.cpu}: ${state} for ${lasted}, from ${say(span.from, "ns")}.`,
    );
    x.push(seconds(span.from), seconds(span.to), null);
    y.push(row, row, null);
    text.push(sentence, sentence, "");
  }
  return {
    type: "scatter",
    mode: "lines",
    name: state,
    x,
    y,
    line: {color, width},
    text,
    hovertemplate: "%{text}<extra></extra>",
  };
}

// An entry of the legend for a state that is painted.
function legendTrace(state: string, color: string): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name: state,
    x: [null],
    y: [null],
    marker: {color, size: 10, symbol: "square"},
    hoverinfo: "skip",
  };
}

function painting(
  spans: readonly Span[],
  states: readonly string[],
  rowOf: ReadonlyMap<number, number>,
  colorOf: (state: string) => string,
  start: number,
  end: number,
): Picture {
  const rows = rowOf.size;
  const cells = new Uint8Array(paintColumns * rows * paintLines);
  // How much of each cell of a row every state fills; a cell shows the state that fills most of it, however little that is.
  const filled = states.map(() => new Float32Array(paintColumns));
  const byRow = Array.from({length: rows}, () => [] as Span[]);
  for (const span of spans) byRow[rowOf.get(span.cpu) as number].push(span);
  const place = new Map(states.map((state, i) => [state, i]));
  byRow.forEach((own, row) => {
    for (const part of filled) part.fill(0);
    for (const span of own) fill(filled[place.get(span.state) as number], span, start, end);
    const first = row * paintLines * paintColumns;
    const line = cells.subarray(first, first + paintColumns);
    for (let column = 0; column < paintColumns; column++) {
      let most = 0;
      for (let state = 0; state < states.length; state++) {
        if (filled[state][column] > most) {
          most = filled[state][column];
          line[column] = state + 1;
        }
      }
    }
    for (let copy = 1; copy < paintLines - 1; copy++) cells.set(line, first + copy * paintColumns);
  });
  return {
    raster: {width: paintColumns, height: rows * paintLines, cells, colors: states.map(colorOf)},
    x: start * 1e-9,
    sizex: (end - start) * 1e-9,
    // A row's lines are centred on its number, the empty one between two rows.
    y: -0.5 + 0.5 / paintLines,
    sizey: rows,
    xref: "x",
    yref: "y",
  };
}

function fill(part: Float32Array, span: Span, start: number, end: number): void {
  const scale = paintColumns / (end - start);
  const from = (span.from - start) * scale;
  const to = Math.min(paintColumns, (span.to - start) * scale);
  for (let column = Math.max(0, Math.floor(from)); column < to; column++) {
    part[column] += Math.min(to, column + 1) - Math.max(from, column);
  }
}

function bandShapes(bands: readonly Span[]): Shape[] {
  const kinds = [...new Set(bands.map((band) => band.state))];
  return bands.map((band) => ({
    type: "rect",
    x0: seconds(band.from),
    x1: seconds(band.to),
    y0: 0,
    y1: 1,
    yref: "y domain",
    fillcolor: kinds.indexOf(band.state) === 0 ? "@series2/16" : "@series3/16",
    line: {width: 0},
    layer: "below",
  }));
}

function bandLabels(bands: readonly Span[]): Annotation[] {
  return bands.slice(0, 12).map((band) => ({
    text: plotlyText(band.state),
    x: seconds(band.from),
    y: 1,
    yref: "y domain",
    xanchor: "left",
    yanchor: "bottom",
    font: {size: 10, color: "@muted"},
  }));
}

interface Sent {
  readonly kind: string;
  readonly from_cpu: number;
  readonly from_ns: number;
  readonly to_cpu: number;
  readonly to_ns: number;
}

// Arrows are annotations, which have no hover of their own: a dot at each arrival says the sentence.
function arrowTrace(sent: readonly Sent[], rowOf: ReadonlyMap<number, number>): Trace[] {
  if (sent.length === 0) return [];
  return [
    {
      type: "scatter",
      mode: "markers",
      name: "interrupt",
      x: sent.map((arrow) => seconds(arrow.to_ns)),
      y: sent.map((arrow) => rowOf.get(arrow.to_cpu) as number),
      marker: {size: sent.length > mostArrows ? 3 : 5, color: "@danger", symbol: "circle"},
      text: sent.map((arrow) =>
        plotlyText(
          `${arrow.kind} from CPU ${arrow.from_cpu} to CPU ${arrow.to_cpu}, ${say(arrow.to_ns - arrow.from_ns, "ns")} on its way.`,
        ),
      ),
      hovertemplate: "%{text}<extra></extra>",
    },
  ];
}

function arrowAnnotation(arrow: Sent, rowOf: ReadonlyMap<number, number>): Annotation {
  return {
    text: "",
    x: seconds(arrow.to_ns),
    y: rowOf.get(arrow.to_cpu) as number,
    ax: seconds(arrow.from_ns),
    ay: rowOf.get(arrow.from_cpu) as number,
    axref: "x",
    ayref: "y",
    showarrow: true,
    arrowhead: 2,
    arrowsize: 0.8,
    arrowwidth: 1,
    arrowcolor: "@danger/70",
  };
}

// Marks of a row that would overlap are one, which says all their sentences.
function markTraces(
  marks: readonly Mark[],
  rowOf: ReadonlyMap<number, number>,
  [start, end]: readonly [number, number],
): Trace[] {
  const grouped: Mark[][] = [];
  for (const mark of marks.filter(({cpu}) => rowOf.has(cpu))) {
    const near = grouped.findLast(([first]) => first.cpu === mark.cpu);
    const pixels = ((mark.at - (near?.[0].at ?? 0)) / (end - start)) * plotWidth;
    if (near !== undefined && pixels < markRoom) near.push(mark);
    else grouped.push([mark]);
  }
  return [false, true].flatMap((bad): Trace[] => {
    const own = grouped.filter((group) => group.some((mark) => mark.bad) === bad);
    if (own.length === 0) return [];
    return [
      {
        type: "scatter",
        mode: "text",
        name: bad ? "violation" : "step",
        showlegend: false,
        x: own.map((group) => seconds(group[0].at)),
        y: own.map(([{cpu}]) => (rowOf.get(cpu) as number) - 0.34),
        text: own.map(labelOf),
        // A violation is the last that happens, and stands at the end of its row.
        textposition: bad ? "middle left" : "middle center",
        textfont: {size: 10, color: bad ? "@danger" : "@muted"},
        hovertext: own.map((group) => group.map((mark) => plotlyText(mark.text)).join("<br>")),
        hoverinfo: "text",
        cliponaxis: false,
      },
    ];
  });
}

// `4`, `4–6` where labels are many.
function labelOf(group: readonly Mark[]): string {
  const [first, last] = [group[0], group[group.length - 1]];
  return first === last ? first.label : `${first.label}–${last.label}`;
}

function seconds(time: number): number {
  return Number((time * 1e-9).toPrecision(12));
}

function finding(
  spans: readonly Span[],
  bands: readonly Span[],
  sent: readonly Sent[],
  window: number,
  cpus: number,
  painted: boolean,
): string {
  const time = new Map<string, number>();
  for (const span of spans) {
    time.set(span.state, (time.get(span.state) ?? 0) + span.to - span.from);
  }
  const shares = [...time]
    .sort((a, b) => b[1] - a[1])
    .map(([state, spent]) => `${state} ${say(spent / (window * cpus), "ratio")}`);
  const parts = [
    `${say(window, "ns")} on ${countText(cpus, "CPU")}: ${listText(shares)} of CPU time.`,
  ];
  if (sent.length > 0) {
    const slowest = sent.reduce((most, arrow) => Math.max(most, arrow.to_ns - arrow.from_ns), 0);
    parts.push(
      `${countText(sent.length, "interrupt")}, the slowest ${say(slowest, "ns")} on its way.`,
    );
  }
  for (const kind of new Set(bands.map((band) => band.state))) {
    const own = bands.filter((band) => band.state === kind);
    const longest = own.reduce((most, band) => Math.max(most, band.to - band.from), 0);
    parts.push(`${countText(own.length, kind)}, the longest ${say(longest, "ns")}.`);
  }
  if (painted) parts.push(`Drawn to ${say(window / paintColumns, "ns")}.`);
  return parts.join(" ");
}
