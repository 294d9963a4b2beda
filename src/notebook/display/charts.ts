// Figures as displays. One bundle serves every front end:
//   application/vnd.plotly.v1+json   JupyterLab with a Plotly renderer, nteract, VS Code
//   text/html                        a picture inside a <div>, replaced by the live figure where scripts run and Plotly is there
//   image/png                        front ends that drop scripts, and converters to paper
//   text/plain                       what the figure shows, in words, for a terminal
// Plotly itself (4.8 MB) is displayed once, before the first chart of a session. Modes: `embed` works offline, `connected` fetches Plotly
// from a content network, `static` has pictures only, for small differences under version control.

import type {Figure} from "../../figure/figure.ts";
import {figureElement, figureJson, libraryElement} from "../../figure/figure-html.ts";
import {plotlyVersion} from "../../figure/plotly-library.ts";
import {renderFigure} from "../../figure/render-figure.ts";
import type {Cell} from "../kernel/cell.ts";
import type {Bundle} from "./bundle.ts";

/**
 * Marks the display of the library for a front end that draws figures itself, as `quiesce lab` does: it shows nothing instead of parsing 4.8 MB
 * of HTML. Others do not know the type and take the HTML.
 */
const libraryType = "application/vnd.quiesce.plotly-library+json";

export type ChartMode = "embed" | "connected" | "static";

export interface Charts {
  mode: ChartMode;
  /** The display of a figure in a cell; displays the library first where that is due. */
  bundle(figure: Figure, cell: Cell | undefined): Promise<Bundle>;
}

/** The mode that the environment variable QUIESCE_CHARTS asks for; `embed` unless it names another. */
export function chartMode(text: string | undefined): ChartMode {
  return text === "connected" || text === "static" ? text : "embed";
}

/** Whether a value of a cell is a figure of the figure room. */
export function isFigure(value: unknown): value is Figure {
  if (typeof value !== "object" || value === null) return false;
  const figure = value as Partial<Figure>;
  return (
    typeof figure.kind === "string" &&
    typeof figure.summary === "string" &&
    Array.isArray(figure.traces) &&
    typeof figure.layout?.axes === "object"
  );
}

export function createCharts(
  mode: ChartMode,
  display: (cell: Cell | undefined, bundle: Bundle) => void,
): Charts {
  let next = 1;
  // The cell whose output holds the library. Run again, its output is replaced, and then it has to bring the library once more.
  let carrier: string | undefined;
  const library = (cell: Cell | undefined): void => {
    const key = cell?.key ?? "";
    if (charts.mode === "static" || (carrier !== undefined && carrier !== key)) return;
    if (cell !== undefined && libraryShown.has(cell)) return;
    if (cell !== undefined) libraryShown.add(cell);
    carrier = key;
    const plain = `[Plotly ${plotlyVersion()}, for all charts of this notebook]`;
    const html = libraryElement(charts.mode);
    const data = {
      [libraryType]: {version: plotlyVersion()},
      "text/html": html,
      "text/plain": plain,
    };
    display(cell, {data, metadata: {"text/html": {quiesce: "library"}}});
  };
  const libraryShown = new WeakSet<Cell>();
  const charts: Charts = {
    mode,
    async bundle(figure, cell) {
      library(cell);
      // A picture that is committed is smaller: sharp enough, at half the bytes.
      const scale = charts.mode === "static" ? 1.25 : 2;
      const png = (await renderFigure(figure, {format: "png", scale})) as Uint8Array;
      const id = `quiesce-chart-${cell?.serial ?? 0}-${next++}`;
      const interactive = charts.mode !== "static";
      const {width, height} = figure;
      const base64 = Buffer.from(png).toString("base64");
      return {
        data: {
          ...(interactive
            ? {"application/vnd.plotly.v1+json": JSON.parse(figureJson(figure))}
            : {}),
          "text/html": figureElement(figure, id, png, {interactive}),
          "image/png": base64,
          "text/plain": figure.summary,
        },
        metadata: {"image/png": {width, height}, quiesce: {provenance: figure.provenance}},
      };
    },
  };
  return charts;
}
