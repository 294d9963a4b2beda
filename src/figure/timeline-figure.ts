// What every CPU did in a window of a run: one row a CPU, one colour a state, grace periods and lock holds as bands behind, interrupts
// as arrows.
//
// All intervals of one state are one trace of line segments with gaps between, so that a figure has some ten elements for the browser
// whatever the number of intervals; beyond a few thousand the traces are drawn by WebGL. What would be narrower than a fraction of a
// pixel at full width is joined with its neighbour of the same state and row (`level of detail`), which the finding says.

import type {ColumnTable} from "arquero";
import {composeFigure} from "./compose-figure.ts";
import {type FigureText, framed} from "./encoding.ts";
import type {Annotation, Figure, Shape, Trace} from "./figure.ts";
import {quantityAxis} from "./quantity-axis.ts";
import {say} from "./say.ts";
import {countText, listText, plotlyText} from "./text.ts";

export interface TimelineText extends FigureText {
  /** Gaps and intervals below this many ns are joined; absent: a 40 000th of the window when there are many intervals, otherwise 0. */
  readonly detail?: number;
}

interface Span {
  readonly cpu: number;
  readonly from: number;
  to: number;
  readonly state: string;
}

/** Beyond so many intervals WebGL draws them. */
export const glAbove = 4000;
/** Beyond so many interrupts no arrows but ticks are drawn. */
const mostArrows = 200;

// States whose meaning is the same in every run have a fixed colour; others take the hues in turn.
const stateColors: Readonly<Record<string, string>> = {
  walk: "@series0",
  irq_off: "@series5",
  handler: "@series1",
  idle: "@grid",
  user: "@series9/45",
  kernel: "@series9",
  spin: "@series7",
  wakeup: "@series4",
  preempted: "@series6",
  tracker: "@series2",
  tick: "@series8",
  nmi: "@series3",
};
const otherColors = ["@series3", "@series6", "@series8", "@series2", "@series4"];

/** `intervals` as of `timelineTable`, `arrows` as of `arrowsTable`. */
export function timelineFigure(
  intervals: ColumnTable,
  arrows: ColumnTable,
  text: TimelineText,
): Figure {
  const spans = read(intervals);
  const onCpu = spans.filter((span) => span.cpu >= 0);
  const bands = spans.filter((span) => span.cpu < 0);
  const cpus = [...new Set(onCpu.map((span) => span.cpu))].sort((a, b) => a - b);
  const rowOf = new Map(cpus.map((cpu, row) => [cpu, row]));
  const [start, end] = extent(spans);
  const detail = text.detail ?? (onCpu.length > glAbove ? (end - start) / 40_000 : 0);
  const drawn = joined(onCpu, detail);
  const states = [...new Set(drawn.map((span) => span.state))];
  const height =
    text.height ??
    Math.min(
      1400,
      Math.max(260, 190 + Math.min(26, Math.max(7, 900 / Math.max(1, cpus.length))) * cpus.length),
    );
  const rowPixels = (height - 170) / Math.max(1, cpus.length);
  const gl = drawn.length > glAbove;
  const kinds = [...new Set(bands.map((band) => band.state))];
  const width = Math.max(2, Math.min(16, 0.72 * rowPixels));
  const traces = states.map(
    (state, i): Trace =>
      stateTrace(
        state,
        drawn,
        rowOf,
        gl,
        width,
        stateColors[state] ?? otherColors[i % otherColors.length],
        drawn.length <= glAbove,
      ),
  );
  const sends = arrows.objects() as {
    kind: string;
    from_cpu: number;
    from_ns: number;
    to_cpu: number;
    to_ns: number;
  }[];
  const shown = sends.filter((arrow) => rowOf.has(arrow.from_cpu) && rowOf.has(arrow.to_cpu));
  const few = cpus.length <= 32 || cpus.length * 12 < height;
  return composeFigure(
    [
      {
        traces: [...traces, ...arrowTrace(shown, rowOf)],
        shapes: bands.map(
          (band): Shape => ({
            type: "rect",
            x0: band.from * 1e-9,
            x1: band.to * 1e-9,
            y0: 0,
            y1: 1,
            yref: "y domain",
            fillcolor: `@series${kinds.indexOf(band.state) === 0 ? 2 : 3}/16`,
            line: {width: 0},
            layer: "below",
          }),
        ),
        annotations: [
          ...bands.slice(0, 12).map(
            (band): Annotation => ({
              text: plotlyText(band.state),
              x: band.from * 1e-9,
              y: 1,
              yref: "y domain",
              xanchor: "left",
              yanchor: "bottom",
              font: {size: 10, color: "@muted"},
            }),
          ),
          ...(shown.length <= mostArrows
            ? shown.map((arrow) => arrowAnnotation(arrow, rowOf))
            : []),
        ],
        xaxis: {...quantityAxis("time in the run", "ns", {range: [start, end]}), nticks: 9},
        yaxis: {
          type: "linear",
          range: [cpus.length - 0.4, -0.6],
          tickmode: "array",
          tickvals: cpus.map((_, row) => row).filter((row) => few || row % 8 === 0),
          ticktext: cpus.filter((_, row) => few || row % 8 === 0).map((cpu) => `CPU ${cpu}`),
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
        finding(onCpu, bands, shown, [start, end], cpus.length, detail, drawn.length),
      ),
      width: text.width ?? 980,
      height,
      layout: {dragmode: "pan", hovermode: "closest"},
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

// Neighbours of one row and state that are less than `detail` apart become one interval.
function joined(spans: readonly Span[], detail: number): Span[] {
  if (detail <= 0) return [...spans];
  const sorted = spans.toSorted((a, b) => a.cpu - b.cpu || a.from - b.from);
  const open = new Map<string, Span>();
  const kept: Span[] = [];
  for (const span of sorted) {
    const key = `${span.cpu} ${span.state}`;
    const last = open.get(key);
    if (last !== undefined && span.from - last.to < detail) {
      last.to = Math.max(last.to, span.to);
      continue;
    }
    const copy = {...span};
    kept.push(copy);
    open.set(key, copy);
  }
  return kept;
}

function stateTrace(
  state: string,
  drawn: readonly Span[],
  rowOf: ReadonlyMap<number, number>,
  gl: boolean,
  width: number,
  color: string,
  sentences: boolean,
): Trace {
  const own = drawn.filter((span) => span.state === state);
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const text: string[] = [];
  for (const span of own) {
    const row = rowOf.get(span.cpu) as number;
    x.push(
      Number((span.from * 1e-9).toPrecision(12)),
      Number((span.to * 1e-9).toPrecision(12)),
      null,
    );
    y.push(row, row, null);
    if (!sentences) continue;
    const sentence = plotlyText(
      `CPU ${span.cpu}: ${state} for ${say(span.to - span.from, "ns")}, from ${say(span.from, "ns")}.`,
    );
    text.push(sentence, sentence, "");
  }
  return {
    type: gl ? "scattergl" : "scatter",
    mode: "lines",
    name: state,
    x,
    y,
    line: {color, width},
    ...(sentences
      ? {text, hovertemplate: "%{text}<extra></extra>"}
      : {hovertemplate: `CPU row %{y}: ${plotlyText(state)} at %{x}<extra></extra>`}),
  };
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
      name: sent[0].kind === "ipi" ? "interrupt" : sent[0].kind,
      x: sent.map((arrow) => Number((arrow.to_ns * 1e-9).toPrecision(12))),
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
    x: arrow.to_ns * 1e-9,
    y: rowOf.get(arrow.to_cpu) as number,
    ax: arrow.from_ns * 1e-9,
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

function finding(
  spans: readonly Span[],
  bands: readonly Span[],
  sent: readonly Sent[],
  [start, end]: readonly [number, number],
  cpus: number,
  detail: number,
  drawn: number,
): string {
  const time = new Map<string, number>();
  for (const span of spans) time.set(span.state, (time.get(span.state) ?? 0) + span.to - span.from);
  const total = (end - start) * cpus;
  const shares = [...time]
    .sort((a, b) => b[1] - a[1])
    .map(([state, spent]) => `${state} ${say(spent / total, "ratio")}`);
  const parts = [
    `${say(end - start, "ns")} on ${countText(cpus, "CPU")}: ${listText(shares)} of CPU time.`,
  ];
  if (sent.length > 0) {
    const slowest = sent.reduce((worst, arrow) => Math.max(worst, arrow.to_ns - arrow.from_ns), 0);
    parts.push(
      `${countText(sent.length, "interrupt")}, the slowest ${say(slowest, "ns")} on its way.`,
    );
  }
  for (const kind of new Set(bands.map((band) => band.state))) {
    const own = bands.filter((band) => band.state === kind);
    const longest = own.reduce((most, band) => Math.max(most, band.to - band.from), 0);
    parts.push(`${countText(own.length, kind)}, the longest ${say(longest, "ns")}.`);
  }
  if (detail > 0 && drawn < spans.length) parts.push(`Drawn to ${say(detail, "ns")}.`);
  return parts.join(" ");
}
