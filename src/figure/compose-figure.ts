// From panels to a figure. A kind of figure draws panels in its own coordinates; here they are laid out in a grid, their axes are
// named, and title, finding, legend, panel titles and the provenance line are put round them. Labels at the ends of lines stand in for a
// legend while they are few, because a reader should not have to match colours.

import type {Annotation, Axis, Figure, FigureKind, Layout, Shape, Trace} from "./figure.ts";
import {textWidth} from "./font.ts";
import {plotlyText, wrapped} from "./text.ts";

export interface Panel {
  readonly title?: string;
  readonly traces: readonly Trace[];
  /** In the panel's coordinates: `xref` and `yref` absent or `x domain`, `y domain`. */
  readonly shapes?: readonly Shape[];
  readonly annotations?: readonly Annotation[];
  /** Labels right of the panel at heights in the units of its y axis (log10 on a log axis). */
  readonly labels?: readonly {readonly text: string; readonly y: number; readonly color: string}[];
  readonly xaxis: Axis;
  readonly yaxis: Axis;
}

export interface Frame {
  readonly kind: FigureKind;
  readonly title: string;
  /** The answer in a sentence or two: subtitle and alternative text. */
  readonly finding: string;
  /** More lines for the text summary: the numbers. */
  readonly details?: readonly string[];
  readonly provenance: string;
  readonly width?: number;
  readonly height?: number;
  readonly legend?: boolean;
  readonly layout?: Partial<Layout>;
  /** Panels side by side; when absent as many as make a nearly square grid, at most 3. */
  readonly across?: number;
  /** Whether all panels have the same axes, so that only the outer ones need labels; true when absent. */
  readonly shared?: boolean;
  /** Extra pixels between the axes and the edge, for what the kind writes there. */
  readonly right?: number;
  readonly top?: number;
  readonly legendTitle?: string;
}

/** Puts panels into one figure. */
export function composeFigure(panels: readonly Panel[], frame: Frame): Figure {
  const across = Math.max(
    1,
    Math.min(frame.across ?? Math.min(3, Math.ceil(Math.sqrt(panels.length))), panels.length),
  );
  const down = Math.max(1, Math.ceil(panels.length / across));
  const width = frame.width ?? 860;
  const titles = wrapped(frame.title, width - 60, 16, "bold");
  const findings = wrapped(frame.finding, width - 30, 12);
  const provenance = wrapped(frame.provenance, width - 30, 9.5);
  const entries = legendNames(panels).size;
  const legend = (frame.legend ?? true) && entries > 1;
  const natural = down === 1 ? 470 : 130 + 250 * down;
  // A legend is shown whole up to some sixty entries.
  const height = frame.height ?? Math.max(natural, legend ? Math.min(1400, 150 + 19 * entries) : 0);
  const ticks = Math.max(...panels.map((panel) => tickWidth(panel.yaxis)));
  const labels = widest(
    panels.flatMap((panel) => (panel.labels ?? []).map(({text}) => text)),
    12,
  );
  const titled = panels.some((panel) => panel.yaxis.title !== undefined);
  const margin = {
    l: Math.round(ticks + (titled ? 42 : 22)),
    r: Math.round(
      24 +
        (labels > 0 ? 10 + labels : 0) +
        (legend ? legendWidth(panels, frame.legendTitle) : 0) +
        (frame.right ?? 0),
    ),
    t:
      24 +
      21 * titles.length +
      16 * findings.length +
      (panels.some((p) => p.title) ? 24 : 10) +
      (frame.top ?? 0),
    b:
      (panels.some((panel) => panel.xaxis.title !== undefined) ? 78 : 46) +
      13 * (provenance.length - 1),
  };
  const shared = frame.shared ?? true;
  const inner = {width: width - margin.l - margin.r, height: height - margin.t - margin.b};
  const traces: Trace[] = [];
  const shapes: Shape[] = [];
  const annotations: Annotation[] = [];
  const axes: Record<string, Axis> = {};
  const seen = new Set<string>();
  panels.forEach((panel, index) => {
    const suffix = index === 0 ? "" : String(index + 1);
    const column = index % across;
    const row = Math.floor(index / across);
    const gap = {
      x: across > 1 ? (shared ? 34 : ticks + (titled ? 48 : 28)) / inner.width : 0,
      y: down > 1 ? (shared ? 50 : 74) / inner.height : 0,
    };
    const cell = {
      width: (1 - gap.x * (across - 1)) / across,
      height: (1 - gap.y * (down - 1)) / down,
    };
    const left = column * (cell.width + gap.x);
    const top = 1 - row * (cell.height + gap.y);
    const domain = {
      x: [left, left + cell.width] as const,
      y: [Math.max(0, top - cell.height), top] as const,
    };
    const lowest = index + across >= panels.length;
    axes[`xaxis${suffix}`] = {
      ...(shared && !lowest ? untitled(panel.xaxis) : panel.xaxis),
      domain: domain.x,
      anchor: `y${suffix}`,
    };
    axes[`yaxis${suffix}`] = {
      ...(shared && column > 0 ? {...untitled(panel.yaxis), showticklabels: false} : panel.yaxis),
      domain: domain.y,
      anchor: `x${suffix}`,
    };
    for (const trace of panel.traces) {
      const group = trace.legendgroup ?? trace.name;
      const first = !seen.has(group) && trace.showlegend !== false;
      if (first) seen.add(group);
      traces.push({
        ...trace,
        name: plotlyText(trace.name),
        legendgroup: group,
        showlegend: legend && first,
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
      });
    }
    for (const shape of panel.shapes ?? []) {
      shapes.push({
        ...shape,
        xref: axisRef(shape.xref, "x", suffix),
        yref: axisRef(shape.yref, "y", suffix),
      });
    }
    for (const annotation of panel.annotations ?? []) {
      annotations.push({
        showarrow: false,
        ...annotation,
        xref: axisRef(annotation.xref, "x", suffix),
        yref: axisRef(annotation.yref, "y", suffix),
        ...(annotation.axref ? {axref: `x${suffix}`, ayref: `y${suffix}`} : {}),
      });
    }
    const pixels = cell.height * inner.height;
    annotations.push(...endLabels(panel, suffix, pixels));
    if (panel.title !== undefined) {
      annotations.push({
        text: `<b>${plotlyText(panel.title)}</b>`,
        x: domain.x[0],
        y: domain.y[1],
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "bottom",
        yshift: 4,
        showarrow: false,
        font: {size: 12, color: "@ink"},
      });
    }
  });
  annotations.push({
    text: findings.map(plotlyText).join("<br>"),
    x: 0,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "top",
    align: "left",
    xshift: -margin.l + 11,
    yshift: margin.t - 11 - 21 * titles.length,
    showarrow: false,
    font: {size: 12, color: "@muted"},
  });
  annotations.push({
    text: provenance.map(plotlyText).join("<br>"),
    x: 0,
    y: 0,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    align: "left",
    xshift: -margin.l + 12,
    yshift: -margin.b + 4,
    showarrow: false,
    font: {size: 9.5, color: "@muted"},
  });
  const {layout = {}} = frame;
  return {
    kind: frame.kind,
    title: frame.title,
    alt: `${frame.title} ${frame.finding}`.trim(),
    summary: [frame.title, frame.finding, ...(frame.details ?? []), frame.provenance]
      .filter((line) => line !== "")
      .join("\n"),
    provenance: frame.provenance,
    width,
    height,
    traces,
    layout: {
      ...layout,
      title: {
        text: `<b>${titles.map(plotlyText).join("<br>")}</b>`,
        x: 0,
        xanchor: "left",
        xref: "container",
        y: 1,
        yanchor: "top",
        yref: "container",
        // Plotly moves a title of several lines up by half of what it grows.
        pad: {l: 12, t: 12 + 10.5 * (titles.length - 1)},
        font: {size: 16, color: "@ink"},
      },
      margin,
      showlegend: legend,
      legend: legend ? legendPlace(panels, frame.legendTitle) : {},
      shapes: [...shapes, ...(layout.shapes ?? [])],
      annotations: [...annotations, ...(layout.annotations ?? [])],
      axes,
    },
  };
}

function untitled({title, ...axis}: Axis): Axis {
  return axis;
}

function legendWidth(panels: readonly Panel[], title = ""): number {
  return Math.max(58 + widest([...legendNames(panels)], 11), 24 + widest([title], 12));
}

// Numbers of an axis without fixed ticks are at most as wide as "999.9 ms".
function tickWidth(axis: Axis): number {
  if (axis.showticklabels === false) return 0;
  const texts = axis.ticktext ?? axis.categoryarray;
  return texts === undefined ? 46 : widest(texts, 12);
}

function widest(texts: readonly string[], size: number): number {
  return Math.max(
    0,
    ...texts.map((text) => textWidth(text.replace(/<[^>]*>/g, ""), "normal") * size),
  );
}

function legendPlace(panels: readonly Panel[], title?: string): NonNullable<Layout["legend"]> {
  const many = legendNames(panels).size > 24;
  return {
    orientation: "v",
    x: 1.02,
    y: 1,
    xanchor: "left",
    yanchor: "top",
    tracegroupgap: 2,
    font: {size: many ? 9 : 11},
    ...(title === undefined ? {} : {title: {text: plotlyText(title)}}),
  };
}

function legendNames(panels: readonly Panel[]): Set<string> {
  const names = new Set<string>();
  for (const panel of panels) {
    for (const trace of panel.traces) {
      if (trace.showlegend !== false) names.add(trace.legendgroup ?? trace.name);
    }
  }
  return names;
}

function axisRef(ref: string | undefined, axis: "x" | "y", suffix: string): string {
  if (ref === "paper") return ref;
  return ref?.endsWith("domain") ? `${axis}${suffix} domain` : `${axis}${suffix}`;
}

// Labels keep their order and are pushed apart until a line fits between them; a label that had to move says so by its place only, its
// colour ties it to its line.
function endLabels(panel: Panel, suffix: string, pixels: number): Annotation[] {
  const labels = panel.labels ?? [];
  const range = panel.yaxis.range;
  if (labels.length === 0 || range === undefined) return [];
  const size = labels.length > 24 ? 10 : 12;
  const line = size + 2;
  const placed = labels
    .map((label) => ({
      ...label,
      wanted: ((label.y - range[0]) / (range[1] - range[0])) * pixels,
      at: 0,
    }))
    .sort((a, b) => a.wanted - b.wanted);
  let floor = 0;
  for (const label of placed) {
    label.at = Math.max(label.wanted, floor);
    floor = label.at + line;
  }
  let ceiling = pixels;
  for (const label of placed.toReversed()) {
    label.at = Math.min(label.at, ceiling);
    ceiling = label.at - line;
  }
  return placed.map((label) => ({
    text: plotlyText(label.text),
    x: 1,
    y: 0,
    xref: `x${suffix} domain`,
    yref: `y${suffix} domain`,
    xanchor: "left",
    yanchor: "middle",
    xshift: 6,
    yshift: Math.round(label.at * 10) / 10,
    showarrow: false,
    font: {color: label.color, size},
  }));
}
