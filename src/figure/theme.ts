// From a figure to what Plotly is given: roles become colours of a theme, the frame that all figures share is added, and nothing else
// changes. The only place that knows what a page looks like.

import type {Figure, Picture} from "./figure.ts";
import {darkPalette, lightPalette, type Palette, resolveColor} from "./palette.ts";
import {rasterPng} from "./raster.ts";
import {figureFont} from "./text.ts";

export type Theme = "light" | "dark";

/** The content of `application/vnd.plotly.v1+json`. */
export interface PlotlyFigure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The figure for Plotly in a theme. */
export function plotlyFigure(figure: Figure, theme: Theme = "light"): PlotlyFigure {
  const palette = theme === "dark" ? darkPalette : lightPalette;
  const {axes, images = [], ...layout} = figure.layout;
  const framed = {
    autosize: false,
    width: figure.width,
    height: figure.height,
    paper_bgcolor: "@paper",
    plot_bgcolor: "@panel",
    font: {family: figureFont, size: 12, color: "@ink"},
    hoverlabel: {align: "left", font: {family: figureFont, size: 12}},
    modebar: {bgcolor: "@paper/0", color: "@muted", activecolor: "@ink"},
    hovermode: "closest",
    ...layout,
    ...(images.length > 0 ? {images: images.map((image) => picture(image, palette))} : {}),
    ...Object.fromEntries(
      Object.entries(axes).map(([name, axis]) => [
        name,
        {
          gridcolor: "@grid",
          linecolor: "@muted",
          tickcolor: "@muted",
          zerolinecolor: "@grid",
          ticklabeloverflow: "allow",
          ...axis,
          ...(axis.title ? {title: {font: {size: 12}, ...axis.title}} : {}),
        },
      ]),
    ),
  };
  return {
    data: figure.traces.map((trace) => colored(trace, palette) as Record<string, unknown>),
    layout: colored(framed, palette) as Record<string, unknown>,
    config: {displaylogo: false, responsive: true, scrollZoom: false},
  };
}

function picture({raster, ...place}: Picture, palette: Palette): Record<string, unknown> {
  const png = rasterPng(
    raster,
    raster.colors.map((color) => resolveColor(color, palette)),
  );
  const source = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  return {...place, source, sizing: "stretch", layer: "below", xanchor: "left", yanchor: "top"};
}

// Roles are looked for under names that hold colours only: a title may say "@ink" and stay as it is.
function colored(value: unknown, palette: Palette, key = ""): unknown {
  if (typeof value === "string") {
    return key.endsWith("color") && value.startsWith("@") ? resolveColor(value, palette) : value;
  }
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    return key.endsWith("color") || typeof value[0] === "object"
      ? value.map((item) => colored(item, palette, key))
      : value;
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, colored(item, palette, name)]),
  );
}
