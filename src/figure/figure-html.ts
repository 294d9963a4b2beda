// Figures in HTML. A figure is a `<div>` that holds its static picture; a script replaces the picture by the interactive figure where
// scripts run and Plotly is there. Where they do not (a mail, GitHub, an untrusted notebook) the picture stays.

import {escapeHtml} from "../table/html-table.ts";
import type {Figure} from "./figure.ts";
import {plotlyScript, plotlyVersion, scriptText} from "./plotly-library.ts";
import {plotlyFigure, type Theme} from "./theme.ts";

/** Where the page finds Plotly: in itself, or in the network. */
export type LibraryPlace = "embed" | "connected";

/** The `<script>` that brings Plotly, once a page; in `connected` mode from a content network, pinned to this package's version. */
export function libraryElement(place: LibraryPlace): string {
  if (place === "connected") {
    const source = `https://cdn.jsdelivr.net/npm/plotly.js-dist-min@${plotlyVersion()}/plotly.min.js`;
    return `<script src="${source}" crossorigin="anonymous" charset="utf-8"></script>`;
  }
  return `<script>if (!window.Plotly) {${plotlyScript()}\n}</script>`;
}

/**
 * The figure's element. `id` must be unique in the page; `png` is its static picture. Without `interactive` there is the picture and
 * nothing else.
 */
export function figureElement(
  figure: Figure,
  id: string,
  png: Uint8Array | undefined,
  options: {readonly theme?: Theme; readonly interactive?: boolean} = {},
): string {
  const image =
    png === undefined
      ? `<p>${escapeHtml(figure.alt)}</p>`
      : `<img alt="${escapeHtml(figure.alt)}" width="${figure.width}" height="${figure.height}" style="max-width:100%;height:auto" src="data:image/png;base64,${Buffer.from(png).toString("base64")}">`;
  const size = `max-width:${figure.width}px`;
  if (options.interactive === false) return `<div style="${size}">${image}</div>`;
  const {data, layout, config} = plotlyFigure(figure, options.theme);
  const json = scriptText(JSON.stringify({data, layout, config}, plainArrays));
  const label = scriptText(JSON.stringify(figure.alt));
  // Plotly may still be on its way: the script looks for it for ten seconds, then leaves the picture alone.
  return `<div id="${escapeHtml(id)}" style="${size}">${image}</div><script>(function () {
  var figure = ${json}, tries = 0;
  (function draw() {
    var place = document.getElementById(${scriptText(JSON.stringify(id))});
    if (!place) return;
    if (!window.Plotly) { if (tries++ < 100) setTimeout(draw, 100); return; }
    var inner = document.createElement("div");
    inner.setAttribute("role", "img");
    inner.setAttribute("aria-label", ${label});
    window.Plotly.newPlot(inner, figure.data, figure.layout, figure.config).then(function () {
      place.replaceChildren(inner);
      window.Plotly.Plots.resize(inner);
    });
  })();
})();</script>`;
}

/** A page with one figure that needs nothing else. */
export function figurePage(
  figure: Figure,
  png: Uint8Array | undefined,
  theme: Theme = "light",
): string {
  return page(figure.title, figureElement(figure, "figure", png, {theme}), theme, true);
}

/** A self-contained HTML page; with `figures` Plotly stands in it. */
export function page(title: string, body: string, theme: Theme, figures: boolean): string {
  const colors =
    theme === "dark" ? "background:#14181f;color:#e6e9ef" : "background:#fff;color:#1f2430";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>body{${colors};font:14px/1.5 "DejaVu Sans",Verdana,"Segoe UI",Helvetica,Arial,sans-serif;margin:24px auto;max-width:1240px;padding:0 16px}</style>
${figures ? libraryElement("embed") : ""}</head><body>
${body}
</body></html>
`;
}

// Typed arrays as plain arrays: JSON has no others.
function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** The figure as Plotly's JSON. */
export function figureJson(figure: Figure, theme: Theme = "light"): string {
  return JSON.stringify(plotlyFigure(figure, theme), plainArrays);
}
