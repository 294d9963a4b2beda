// Pictures without a browser: Plotly draws into jsdom, which has a document but no layout, and resvg turns the SVG into pixels. What
// jsdom lacks is supplied here: the sizes of texts, from the font's own widths. It runs in a worker thread (`render-worker.ts`), because
// loading the library takes half a second and drawing blocks.

import {Resvg} from "@resvg/resvg-js";
import {JSDOM, VirtualConsole} from "jsdom";
import {ascent, descent, fontFamily, textWidth} from "./font.ts";
import {plotlySource} from "./plotly-library.ts";
import type {PlotlyFigure} from "./theme.ts";

interface Plotly {
  newPlot(element: Element, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  toImage(element: Element, options: unknown): Promise<string>;
  purge(element: Element): void;
  PlotSchema: {get(): unknown};
}

interface PlotlyWindow {
  readonly Plotly: Plotly;
  readonly document: Document;
}

let window: PlotlyWindow | undefined;

/** Plotly in a document of its own; loaded at the first call. */
export function plotlyWindow(): PlotlyWindow {
  window ??= load();
  return window;
}

/** The figure as an SVG document. */
export async function drawSvg(
  figure: PlotlyFigure,
  width: number,
  height: number,
): Promise<string> {
  const {Plotly, document} = plotlyWindow();
  const element = document.createElement("div");
  document.body.append(element);
  const layout = {...figure.layout, width, height, autosize: false};
  try {
    await Plotly.newPlot(element, figure.data, layout, {...figure.config, staticPlot: true});
    return await Plotly.toImage(element, {format: "svg", imageDataOnly: true, width, height});
  } finally {
    Plotly.purge(element);
    element.remove();
  }
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly rgba: Uint8Array;
  readonly png: Uint8Array;
}

/** The SVG document as pixels, `scale` of them to a unit; fonts are those of the given files only. */
export function drawPixels(svg: string, scale: number, fontFiles: readonly string[]): Pixels {
  const image = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles],
      defaultFontFamily: fontFamily,
      sansSerifFamily: fontFamily,
    },
    fitTo: {mode: "zoom", value: scale},
  }).render();
  return {width: image.width, height: image.height, rgba: image.pixels, png: image.asPng()};
}

function load(): PlotlyWindow {
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    // What Plotly warns of is the tests' business (they validate every figure), not a terminal's.
    virtualConsole: new VirtualConsole(),
  });
  const shimmed = dom.window as unknown as Record<string, unknown> & {
    SVGElement: {prototype: Record<string, unknown>};
    HTMLCanvasElement: {prototype: Record<string, unknown>};
    URL: Record<string, unknown>;
    eval: (source: string) => void;
  };
  shimmed.TextDecoder = TextDecoder;
  shimmed.TextEncoder = TextEncoder;
  shimmed.URL.createObjectURL = () => "";
  shimmed.HTMLCanvasElement.prototype.getContext = () => null;
  const {prototype} = shimmed.SVGElement;
  prototype.getBBox = function (this: Element) {
    return boxOf(this, this);
  };
  prototype.getBoundingClientRect = function (this: Element) {
    return boxOf(this, null);
  };
  prototype.getComputedTextLength = function (this: Element) {
    return lineWidth(this, sizeOf(this));
  };
  // Plotly asks a path for its length to shorten lines under arrow heads and to drop empty ones.
  prototype.getTotalLength = function (this: Element) {
    return lengthOf(pathPoints(this));
  };
  prototype.getPointAtLength = function (this: Element, at: number) {
    return pointAt(pathPoints(this), at);
  };
  shimmed.eval(plotlySource());
  return dom.window as unknown as PlotlyWindow;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function box(x: number, y: number, width: number, height: number): Box {
  return {x, y, width, height, left: x, top: y, right: x + width, bottom: y + height};
}

// The union of the boxes of all texts in an element, in the coordinates of `space` (null: of the document). Plotly asks for groups to
// place legends and axis titles, and nothing but texts in them has an extent worth knowing.
function boxOf(element: Element, space: Element | null): Box {
  const texts = isText(element) ? [element] : [...element.querySelectorAll("text")];
  let union: Box | undefined;
  for (const text of texts) {
    const one = moved(textBox(text), text, space);
    if (union === undefined) union = one;
    else {
      const x = Math.min(union.left, one.left);
      const y = Math.min(union.top, one.top);
      union = box(
        x,
        y,
        Math.max(union.right, one.right) - x,
        Math.max(union.bottom, one.bottom) - y,
      );
    }
  }
  return union ?? box(0, 0, 0, 0);
}

function isText(element: Element): boolean {
  return element.tagName.toLowerCase() === "text";
}

// The box that holds the four corners after every transform from the text outwards, up to but not of `space`.
function moved(own: Box, text: Element, space: Element | null): Box {
  let corners = [
    [own.left, own.top],
    [own.right, own.top],
    [own.left, own.bottom],
    [own.right, own.bottom],
  ];
  for (let at: Element | null = text; at !== null && at !== space; at = at.parentElement) {
    const transform = at.getAttribute("transform");
    if (transform) corners = corners.map(([x, y]) => transformed(transform, x, y));
  }
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return box(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
}

// `translate(x,y)rotate(degrees,x,y)scale(s)`: the last is applied first.
function transformed(transform: string, x: number, y: number): [number, number] {
  let point: [number, number] = [x, y];
  for (const [, name, list] of [...transform.matchAll(/(\w+)\(([^)]*)\)/g)].reverse()) {
    const n = list.split(/[\s,]+/).map(Number);
    const [px, py] = point;
    if (name === "translate") point = [px + n[0], py + (n[1] ?? 0)];
    else if (name === "scale") point = [px * n[0], py * (n[1] ?? n[0])];
    else if (name === "rotate") {
      const [cx, cy] = [n[1] ?? 0, n[2] ?? 0];
      const angle = (n[0] * Math.PI) / 180;
      const [dx, dy] = [px - cx, py - cy];
      point = [
        cx + dx * Math.cos(angle) - dy * Math.sin(angle),
        cy + dx * Math.sin(angle) + dy * Math.cos(angle),
      ];
    }
  }
  return point;
}

// The corners of a path of straight lines (M, L, H, V, absolute), which is all that is asked about.
function pathPoints(path: Element): [number, number][] {
  const points: [number, number][] = [];
  for (const [, command, list] of (path.getAttribute("d") ?? "").matchAll(
    /([MLHV])([^A-Za-z]*)/g,
  )) {
    const n = list.match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
    const [x, y] = points[points.length - 1] ?? [0, 0];
    if (command === "H") points.push([n[0], y]);
    else if (command === "V") points.push([x, n[0]]);
    else for (let i = 0; i + 1 < n.length; i += 2) points.push([n[i], n[i + 1]]);
  }
  return points;
}

function lengthOf(points: readonly [number, number][]): number {
  let length = 0;
  for (let i = 1; i < points.length; i++) {
    length += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
  }
  return length;
}

function pointAt(points: readonly [number, number][], at: number): {x: number; y: number} {
  let left = at;
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (left <= length && length > 0) {
      return {x: x0 + ((x1 - x0) * left) / length, y: y0 + ((y1 - y0) * left) / length};
    }
    left -= length;
  }
  const [x, y] = points[points.length - 1] ?? [0, 0];
  return {x, y};
}

function textBox(text: Element): Box {
  const size = sizeOf(text);
  const lines = [...text.querySelectorAll("tspan.line")];
  const width = Math.max(
    0,
    ...(lines.length > 0 ? lines : [text]).map((line) => lineWidth(line, size)),
  );
  const height = size * (ascent + descent) + 1.3 * size * Math.max(0, lines.length - 1);
  const anchor = styleOf(text, "text-anchor");
  const x = Number(text.getAttribute("x") ?? 0);
  const y = Number(text.getAttribute("y") ?? 0);
  const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
  return box(left, y - size * ascent, width, height);
}

function lineWidth(element: Element, size: number): number {
  let sum = 0;
  const visit = (node: Node, bold: boolean): void => {
    if (node.nodeType === 3) {
      sum += textWidth(node.textContent ?? "", bold ? "bold" : "normal") * size;
      return;
    }
    const weight = styleOf(node as Element, "font-weight");
    const heavier = bold || weight === "bold" || Number(weight) >= 600;
    for (const child of node.childNodes) visit(child, heavier);
  };
  visit(element, false);
  return sum;
}

function sizeOf(element: Element): number {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const size = Number.parseFloat(styleOf(at, "font-size"));
    if (size > 0) return size;
  }
  return 12;
}

function styleOf(element: Element, name: string): string {
  const {style} = element as unknown as {style?: CSSStyleDeclaration};
  return style?.getPropertyValue(name) || element.getAttribute(name) || "";
}
