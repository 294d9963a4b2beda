// What a notebook puts together: a figure in every form a front end may take. Which of them goes under which name is the notebook's
// business.

import {pixelsOf} from "./draw.ts";
import type {Figure} from "./figure.ts";
import {figureElement} from "./figure-html.ts";
import {type PlotlyFigure, plotlyFigure, type Theme} from "./theme.ts";

/**
 * `embed`: interactive with the library in the notebook; `connected`: interactive with the library from the network; `static`: a picture
 * only, which keeps files small and differences between them readable.
 */
export type FigureMode = "embed" | "connected" | "static";

export interface FigureParts {
  /** An element with the static picture in it, which a script replaces where Plotly is; needs `libraryElement` once before it. */
  readonly html: string;
  /** `{data, layout, config}`; absent in mode `static`. */
  readonly plotly?: PlotlyFigure;
  readonly png: Uint8Array;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Some lines of text that say what the picture shows. */
  readonly text: string;
  readonly alt: string;
}

/** The parts of a figure. `id` names the element and must be unique in the notebook. */
export async function figureParts(
  figure: Figure,
  mode: FigureMode,
  id: string,
  theme: Theme = "light",
): Promise<FigureParts> {
  const {width, height, summary: text, alt} = figure;
  const plotly = plotlyFigure(figure, theme);
  const {png} = await pixelsOf(plotly, width, height, mode === "static" ? 2 : 1.5);
  const html = figureElement(figure, id, png, {theme, interactive: mode !== "static"});
  return {html, ...(mode === "static" ? {} : {plotly}), png, width, height, text, alt};
}
