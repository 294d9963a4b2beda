// The shortest way to a violation, step by step: one column a CPU, time downwards, a row a step. The other way round (time to the right)
// was tried on paper and given up: a step's text is a dozen words wide and one line high. Bars beside a lane say what holds meanwhile
// (interrupts off, an RCU section, a store that waits in its buffer), a grey band is a grace period, arrows join a send to its
// acknowledgement and a store's commit to the load that reads it, and the red one leads from the free to its victim.

import {type Interval, type Trace as Run, type Verdict, verdictText} from "../explore/verdict.ts";
import {invariantTexts} from "../plan/invariants.ts";
import {composeFigure} from "./compose-figure.ts";
import {type FigureText, framed} from "./encoding.ts";
import type {Annotation, Figure, Shape, Trace} from "./figure.ts";
import {listText, plotlyText, wrapped} from "./text.ts";

const barColors: Readonly<Record<Interval["kind"], string>> = {
  "irq-off": "@series5",
  rcu: "@series2",
  "preempt-off": "@series8",
  nmi: "@series3",
  "store-buffer": "@series4",
  "grace-period": "@series9",
  lock: "@series7",
  preempted: "@series6",
};

/** Throws a RangeError when the verdict has no counterexample. */
export function counterexampleFigure(verdict: Verdict, text: FigureText, which = 0): Figure {
  const run = verdict.counterexamples[which];
  if (run === undefined) {
    throw new RangeError(
      `${verdict.label}: ${verdictText(verdict)} has no counterexample ${which + 1} to draw.`,
    );
  }
  const lanes = run.lanes.length;
  const width = text.width ?? Math.max(700, Math.min(1300, 230 + 290 * lanes));
  const laneWidth = (width - 230) / lanes;
  const room = laneWidth - 70;
  const bars = run.intervals.filter((interval) => interval.kind !== "grace-period");
  const slots = slotsOf(bars);
  const kinds = [...new Set(bars.map((interval) => interval.kind))];
  const broken = verdict.violated === undefined ? "the property" : invariantTexts[verdict.violated];
  return composeFigure(
    [
      {
        traces: [stepTrace(run), ...kinds.map((kind) => barTrace(kind, bars, slots, run))],
        shapes: [...laneShapes(run), ...graceShapes(run), ...badShapes(run)],
        annotations: [
          ...run.steps.map(
            (step): Annotation => ({
              text: plotlyText(
                wrapped(step.text, room, 11)[0] +
                  (wrapped(step.text, room, 11).length > 1 ? " …" : ""),
              ),
              x: step.lane,
              y: step.number,
              xanchor: "left",
              yanchor: "middle",
              xshift: -laneWidth / 2 + 42,
              font: {
                size: 11,
                color: step.violation ? "@danger" : step.kind === "commit" ? "@muted" : "@ink",
                ...(step.violation ? {weight: 700} : {}),
              },
            }),
          ),
          ...run.arrows.map((arrow) => arrowAnnotation(arrow, run, laneWidth)),
        ],
        xaxis: {
          type: "linear",
          range: [-0.5, lanes - 0.5],
          tickmode: "array",
          tickvals: run.lanes.map((_, i) => i),
          ticktext: run.lanes.map((lane) => `<b>${plotlyText(lane.title)}</b>`),
          side: "top",
          showgrid: false,
          zeroline: false,
          fixedrange: true,
        },
        yaxis: {
          type: "linear",
          range: [run.steps.length + 0.7, 0.3],
          tickmode: "array",
          tickvals: run.steps.map((step) => step.number),
          ticktext: run.steps.map((step) => String(step.number)),
          showgrid: false,
          zeroline: false,
        },
      },
    ],
    {
      kind: "counterexample",
      ...framed(
        text,
        `How does ${verdict.label} go wrong under ${verdict.model.toUpperCase()}?`,
        finding(verdict, run, broken),
      ),
      details: [
        ...run.steps.map(
          (step) =>
            `  ${String(step.number).padStart(2)} CPU${step.cpu} ${step.text}${step.violation ? `   <- ${broken}` : ""}`,
        ),
        ...verdict.explanation.map((line) => `  ${line}`),
      ],
      width,
      height: text.height ?? 180 + 25 * run.steps.length,
      top: 24,
      layout: {hovermode: "closest", dragmode: "pan"},
    },
  );
}

function finding(verdict: Verdict, run: Run, broken: string): string {
  const last = run.steps[run.steps.length - 1];
  const who = last === undefined ? "" : ` at step ${last.number} on CPU ${last.cpu}`;
  return (
    verdict.reason ??
    `${broken}${who}, after ${run.steps.length} steps and ${run.switches} switches between CPUs.`
  );
}

// A dot a step, where the hover says everything about it.
function stepTrace(run: Run): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name: "step",
    x: run.steps.map((step) => step.lane),
    y: run.steps.map((step) => step.number),
    marker: {size: 7, color: "@ink/0"},
    text: run.steps.map((step) => {
      const buffer =
        step.buffer.length > 0 ? ` Waiting in its store buffer: ${listText(step.buffer)}.` : "";
      return plotlyText(
        `Step ${step.number}, CPU ${step.cpu}, ${step.actor}: ${step.text}.${buffer}`,
      );
    }),
    hovertemplate: "%{text}<extra></extra>",
    showlegend: false,
  };
}

// Bars of one lane that overlap stand side by side.
function slotsOf(bars: readonly Interval[]): Map<Interval, number> {
  const slots = new Map<Interval, number>();
  for (const bar of bars.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const taken = [...slots]
      .filter(([other]) => other.lane === bar.lane && other.from <= bar.to && bar.from <= other.to)
      .map(([, slot]) => slot);
    let slot = 0;
    while (taken.includes(slot)) slot++;
    slots.set(bar, slot);
  }
  return slots;
}

function barTrace(
  kind: Interval["kind"],
  bars: readonly Interval[],
  slots: ReadonlyMap<Interval, number>,
  run: Run,
): Trace {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const text: string[] = [];
  for (const bar of bars) {
    if (bar.kind !== kind) continue;
    const place =
      bar.lane - 0.5 + 0.02 + 0.016 * (slots.get(bar) ?? 0) * Math.min(3, run.lanes.length);
    const sentence = plotlyText(
      `${run.lanes[bar.lane]?.title}: ${kind} from step ${bar.from} to ${bar.to}${bar.text ? ` (${bar.text})` : ""}.`,
    );
    x.push(place, place, null);
    y.push(bar.from - 0.4, bar.to + 0.4, null);
    text.push(sentence, sentence, "");
  }
  return {
    type: "scatter",
    mode: "lines",
    name: {
      "irq-off": "interrupts off",
      rcu: "RCU section",
      "preempt-off": "preemption off",
      nmi: "NMI",
      "store-buffer": "in the store buffer",
      "grace-period": "grace period",
      lock: "lock held",
      preempted: "vCPU preempted",
    }[kind],
    x,
    y,
    line: {color: barColors[kind], width: 5},
    text,
    hovertemplate: "%{text}<extra></extra>",
  };
}

function laneShapes(run: Run): Shape[] {
  const rows = run.steps.slice(1).map(
    (step): Shape => ({
      type: "line",
      x0: 0,
      x1: 1,
      xref: "x domain",
      y0: step.number - 0.5,
      y1: step.number - 0.5,
      line: {color: "@grid/60", width: 1},
      layer: "below",
    }),
  );
  const lanes = run.lanes.slice(1).map(
    (_, i): Shape => ({
      type: "line",
      x0: i + 0.5,
      x1: i + 0.5,
      y0: 0,
      y1: 1,
      yref: "y domain",
      line: {color: "@grid", width: 1.5},
      layer: "below",
    }),
  );
  return [...rows, ...lanes];
}

function graceShapes(run: Run): Shape[] {
  return run.intervals
    .filter((interval) => interval.kind === "grace-period")
    .map((interval) => ({
      type: "rect",
      x0: 0,
      x1: 1,
      xref: "x domain",
      y0: interval.from - 0.45,
      y1: interval.to + 0.45,
      fillcolor: "@series9/16",
      line: {width: 0},
      layer: "below",
    }));
}

function badShapes(run: Run): Shape[] {
  return run.steps
    .filter((step) => step.violation !== undefined)
    .map((step) => ({
      type: "rect",
      x0: step.lane - 0.49,
      x1: step.lane + 0.49,
      y0: step.number - 0.45,
      y1: step.number + 0.45,
      fillcolor: "@danger/14",
      line: {color: "@danger", width: 1},
      layer: "below",
    }));
}

function arrowAnnotation(arrow: Run["arrows"][number], run: Run, laneWidth: number): Annotation {
  const from = run.steps[arrow.from - 1];
  const to = run.steps[arrow.to - 1];
  const color =
    arrow.kind === "bad"
      ? "@danger"
      : arrow.kind === "ipi"
        ? "@series1"
        : arrow.kind === "rf"
          ? "@series0/70"
          : "@muted";
  // From the side of one lane that faces the other; within a lane along its right edge.
  const right = 0.5 - 14 / laneWidth;
  const left = -0.5 + 38 / laneWidth;
  const same = from.lane === to.lane;
  return {
    text: "",
    x: to.lane + (same || from.lane > to.lane ? right : left),
    y: arrow.to,
    ax: from.lane + (same || to.lane > from.lane ? right : left),
    ay: arrow.from,
    axref: "x",
    ayref: "y",
    showarrow: true,
    arrowhead: 2,
    arrowsize: 0.9,
    arrowwidth: arrow.kind === "bad" ? 2 : 1.3,
    arrowcolor: color,
  };
}
