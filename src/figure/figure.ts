// A figure as data: the subset of Plotly's schema that this project draws, plus what a picture cannot say by itself: its kind, an
// alternative text, a summary for a terminal, its provenance. Colours are names of roles (`@ink`, `@series3/25`: role and opacity in
// per cent), so that one figure serves a light page, a dark one and paper; `theme.ts` turns them into colours.
//
// Every trace is one that also draws without a browser, which is what lets a static picture be the same picture: heat maps are bars,
// violins are filled outlines. Durations are in seconds and sizes in bytes in the data, and Plotly's SI prefixes make ns, µs and ms of
// them at every zoom.

import type {PlotKind} from "../plan/plan.ts";
import type {Raster} from "./raster.ts";

export type FigureKind = Exclude<PlotKind, "auto"> | "counterexample";

/** `@` and a role; after a slash its opacity in per cent, after a tilde its part in a mixture with paper. */
export type Color = string;

type Numbers = readonly (number | null)[] | Float64Array | Float32Array;
type Values = Numbers | readonly string[];

interface Line {
  readonly color?: Color;
  readonly width?: number;
  readonly dash?: "solid" | "dash" | "dot" | "dashdot";
  readonly shape?: "linear" | "hv" | "vh";
}

interface Pattern {
  readonly shape: "" | "/" | "\\" | "x" | "-" | "|" | "+" | "." | readonly ("" | "/" | "x")[];
  readonly fgcolor?: Color | readonly Color[];
  readonly bgcolor?: Color;
  readonly size?: number;
  readonly solidity?: number;
  readonly fillmode?: "overlay" | "replace";
}

interface Marker {
  readonly color?: Color | readonly Color[];
  readonly size?: number;
  readonly symbol?: string;
  readonly opacity?: number;
  readonly line?: {readonly color?: Color; readonly width?: number};
  readonly pattern?: Pattern;
}

interface ErrorBars {
  readonly type: "data";
  readonly symmetric: false;
  readonly array: Numbers;
  readonly arrayminus: Numbers;
  readonly color?: Color;
  readonly thickness?: number;
  readonly width?: number;
}

interface Font {
  readonly size?: number;
  readonly color?: Color;
  readonly family?: string;
  readonly weight?: number;
}

interface TraceBase {
  readonly name: string;
  readonly x?: Values;
  readonly y?: Values;
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly legendgroup?: string;
  readonly showlegend?: boolean;
  readonly opacity?: number;
  /** Sentences, one a point. */
  readonly text?: readonly string[];
  readonly hovertemplate?: string;
  readonly hoverinfo?: "skip" | "none" | "text";
  readonly textfont?: Font;
  readonly cliponaxis?: boolean;
}

export interface ScatterTrace extends TraceBase {
  readonly type: "scatter";
  readonly mode: "lines" | "markers" | "lines+markers" | "text" | "markers+text";
  readonly line?: Line;
  readonly marker?: Marker;
  readonly fill?: "none" | "tozeroy" | "toself" | "tonexty";
  readonly fillcolor?: Color;
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
  readonly textposition?: string;
  readonly hovertext?: readonly string[];
  readonly hoveron?: "points" | "fills";
}

interface BarTrace extends TraceBase {
  readonly type: "bar";
  readonly orientation?: "h" | "v";
  readonly base?: Numbers;
  readonly width?: number | Numbers;
  readonly marker?: Marker;
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
  readonly textposition?: "inside" | "outside" | "auto" | "none";
  readonly insidetextanchor?: "middle" | "start" | "end";
  readonly textangle?: number;
  readonly hovertext?: readonly string[];
}

interface BoxTrace extends TraceBase {
  readonly type: "box";
  readonly orientation?: "h" | "v";
  readonly q1: Numbers;
  readonly median: Numbers;
  readonly q3: Numbers;
  readonly lowerfence: Numbers;
  readonly upperfence: Numbers;
  readonly mean?: Numbers;
  readonly width?: number;
  readonly line?: Line;
  readonly fillcolor?: Color;
  readonly boxpoints?: false;
}

export type Trace = ScatterTrace | BarTrace | BoxTrace;

export interface Axis {
  readonly title?: {readonly text: string; readonly standoff?: number; readonly font?: Font};
  readonly type?: "linear" | "log" | "category";
  readonly range?: readonly number[];
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  readonly autorange?: boolean | "reversed";
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickmode?: "array" | "auto";
  readonly tickformat?: string;
  readonly ticksuffix?: string;
  readonly exponentformat?: "SI" | "none";
  readonly nticks?: number;
  readonly categoryorder?: "array";
  readonly categoryarray?: readonly string[];
  readonly showgrid?: boolean;
  readonly showticklabels?: boolean;
  readonly showline?: boolean;
  readonly zeroline?: boolean;
  readonly ticks?: "outside" | "inside" | "";
  readonly matches?: string;
  readonly fixedrange?: boolean;
  readonly side?: "top" | "bottom" | "left" | "right";
  readonly tickfont?: Font;
  readonly tickangle?: number;
}

export interface Shape {
  readonly type: "rect" | "line" | "path";
  readonly xref?: string;
  readonly yref?: string;
  readonly x0?: number;
  readonly x1?: number;
  readonly y0?: number;
  readonly y1?: number;
  readonly line?: Line;
  readonly fillcolor?: Color;
  readonly layer?: "below" | "above";
}

export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref?: string;
  readonly yref?: string;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly showarrow?: boolean;
  readonly ax?: number;
  readonly ay?: number;
  readonly axref?: string;
  readonly ayref?: string;
  readonly arrowhead?: number;
  readonly arrowsize?: number;
  readonly arrowwidth?: number;
  readonly arrowcolor?: Color;
  readonly standoff?: number;
  readonly startstandoff?: number;
  readonly font?: Font;
  readonly align?: "left" | "center" | "right";
  readonly bgcolor?: Color;
  readonly borderpad?: number;
  readonly hovertext?: string;
  readonly captureevents?: boolean;
}

/** A raster laid over a range of the axes, behind the traces. */
export interface Picture {
  readonly raster: Raster;
  readonly x: number;
  /** Top. */
  readonly y: number;
  readonly sizex: number;
  readonly sizey: number;
  readonly xref: string;
  readonly yref: string;
}

export interface Layout {
  readonly title?: {
    readonly text: string;
    readonly x?: number;
    readonly xanchor?: "left";
    readonly xref?: "paper" | "container";
    readonly y?: number;
    readonly yanchor?: "top";
    readonly yref?: "container";
    readonly pad?: {readonly l?: number; readonly t?: number};
    readonly font?: Font;
  };
  readonly width?: number;
  readonly height?: number;
  readonly margin?: {
    readonly l: number;
    readonly r: number;
    readonly t: number;
    readonly b: number;
    readonly pad?: number;
  };
  readonly barmode?: "stack" | "group" | "overlay" | "relative";
  readonly bargap?: number;
  readonly boxmode?: "group" | "overlay";
  readonly hovermode?: "closest" | "x" | "x unified" | false;
  readonly dragmode?: "zoom" | "pan";
  readonly showlegend?: boolean;
  readonly legend?: {
    readonly orientation?: "h" | "v";
    readonly x?: number;
    readonly y?: number;
    readonly xanchor?: "left" | "right";
    readonly yanchor?: "top" | "bottom";
    readonly tracegroupgap?: number;
    readonly font?: Font;
    readonly title?: {readonly text: string};
  };
  readonly shapes?: readonly Shape[];
  readonly annotations?: readonly Annotation[];
  readonly images?: readonly Picture[];
  /** Axes by Plotly's names: `xaxis`, `yaxis`, `xaxis2`, … */
  readonly axes: Readonly<Record<string, Axis>>;
}

export interface Figure {
  readonly kind: FigureKind;
  /** Plain text; the question the figure answers. */
  readonly title: string;
  /** What the picture shows, one or two sentences: the finding itself. */
  readonly alt: string;
  /** For a terminal: title, finding and the numbers that carry it, a few lines. */
  readonly summary: string;
  /** Seed, version, plan hash in one line. */
  readonly provenance: string;
  readonly width: number;
  readonly height: number;
  readonly traces: readonly Trace[];
  readonly layout: Layout;
}
