// A figure as a file.

import {writeFileSync} from "node:fs";
import {extname} from "node:path";
import {pixelsOf, svgOf} from "./draw.ts";
import type {Figure} from "./figure.ts";
import {figureJson, figurePage} from "./figure-html.ts";
import {pdfOf} from "./pdf.ts";
import {plotlyFigure, type Theme} from "./theme.ts";

type FigureFormat = "svg" | "png" | "pdf" | "html" | "json";

export interface RenderOptions {
  readonly format: FigureFormat;
  /** `light` when absent. */
  readonly theme?: Theme;
  /** CSS pixels; the figure's own size when absent. */
  readonly width?: number;
  readonly height?: number;
  /** Pixels of a PNG or PDF to a CSS pixel, 0.1..8; 2 and 3 when absent. */
  readonly scale?: number;
}

const figureFormats: readonly FigureFormat[] = ["svg", "png", "pdf", "html", "json"];

/** Four bytes each, some of them several times over while they are drawn and packed. */
const mostPixels = 60e6;

/** The bytes of the file. Throws a RangeError for a size or scale out of range. */
export async function renderFigure(
  figure: Figure,
  options: RenderOptions,
): Promise<string | Uint8Array> {
  const {format, theme = "light"} = options;
  const width = within("width", options.width ?? figure.width, 50, 10_000);
  const height = within("height", options.height ?? figure.height, 50, 10_000);
  const scale = within("scale", options.scale ?? (format === "pdf" ? 3 : 2), 0.1, 8);
  const pixels = width * height * scale * scale;
  if ((format === "png" || format === "pdf" || format === "html") && pixels > mostPixels) {
    throw new RangeError(
      `Expected at most ${mostPixels / 1e6} million pixels, got ${Math.round(pixels / 1e6)} million from \`width\`, \`height\` and \`scale\`.`,
    );
  }
  const sized: Figure = {...figure, width, height};
  const plotly = plotlyFigure(sized, theme);
  switch (format) {
    case "json":
      return `${figureJson(sized, theme)}\n`;
    case "svg":
      return svgOf(plotly, width, height);
    case "png":
      return (await pixelsOf(plotly, width, height, scale)).png;
    case "pdf": {
      const picture = await pixelsOf(plotly, width, height, scale);
      return pdfOf(picture, width * 0.75, height * 0.75, figure.title);
    }
    case "html":
      return figurePage(sized, (await pixelsOf(plotly, width, height, scale)).png, theme);
    default:
      throw new RangeError(
        `A figure cannot be written as \`${String(format)}\`; it can as ${figureFormats.join(", ")}.`,
      );
  }
}

/** Writes the figure in the format that the file's extension names. Throws a RangeError that lists the formats otherwise. */
export async function exportFigure(
  figure: Figure,
  file: string,
  options: Omit<RenderOptions, "format"> = {},
): Promise<void> {
  const format = extname(file).slice(1).toLowerCase() as FigureFormat;
  if (!figureFormats.includes(format)) {
    const known = figureFormats.map((name) => `.${name}`).join(", ");
    throw new RangeError(
      `\`${file}\` does not name a picture; a figure can be written as ${known}.`,
    );
  }
  writeFileSync(file, await renderFigure(figure, {...options, format}));
}

function within(what: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new RangeError(`Expected \`${what}\` between ${low} and ${high}, got \`${value}\`.`);
}
