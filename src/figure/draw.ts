// Asks the drawing thread. It is started by the first picture, kept for the next ones, and never keeps the process alive; the font files
// it reads live in a temporary folder of this process.

import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Worker} from "node:worker_threads";
import {openTypeFont} from "./font.ts";
import type {Pixels} from "./render.ts";
import type {DrawAnswer, DrawRequest} from "./render-worker.ts";
import type {PlotlyFigure} from "./theme.ts";

/** The figure as an SVG document of that size. */
export async function svgOf(figure: PlotlyFigure, width: number, height: number): Promise<string> {
  const answer = await ask({figure, width, height, scale: 1, want: "svg"});
  return "svg" in answer ? answer.svg : "";
}

/** The figure as pixels, `scale` of them to a unit of its size. */
export async function pixelsOf(
  figure: PlotlyFigure,
  width: number,
  height: number,
  scale: number,
): Promise<Pixels> {
  const answer = await ask({figure, width, height, scale, want: "pixels"});
  if ("pixels" in answer) return answer.pixels;
  throw new Error("the drawing thread answered without a picture");
}

interface Drawing {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    {resolve: (answer: DrawAnswer) => void; reject: (error: Error) => void}
  >;
}

let drawing: Drawing | undefined;
let lastId = 0;

function ask(request: Omit<DrawRequest, "id" | "fontFiles">): Promise<DrawAnswer> {
  const {worker, waiting} = drawingThread();
  lastId++;
  const id = lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, {resolve, reject});
    // While somebody waits for a picture the thread counts as work to be done.
    worker.ref();
    worker.postMessage({...request, id, fontFiles: fontFiles()});
  });
}

function drawingThread(): Drawing {
  if (drawing !== undefined) return drawing;
  const worker = new Worker(new URL("./render-worker.js", import.meta.url));
  const started: Drawing = {worker, waiting: new Map()};
  const {waiting} = started;
  worker.on("message", (answer: DrawAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ("error" in answer)
      asked?.reject(new Error(`the figure could not be drawn: ${answer.error}`));
    else asked?.resolve(answer);
  });
  const lost = (error: Error): void => {
    if (drawing === started) drawing = undefined;
    for (const {reject} of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("error", (cause) => lost(new Error("the drawing thread failed", {cause})));
  worker.on("exit", () => lost(new Error("the drawing thread ended")));
  worker.unref();
  drawing = started;
  return started;
}

let fonts: readonly string[] | undefined;

function fontFiles(): readonly string[] {
  if (fonts !== undefined) return fonts;
  const folder = mkdtempSync(join(tmpdir(), "quiesce-fonts-"));
  process.once("exit", () => rmSync(folder, {recursive: true, force: true}));
  fonts = (["normal", "bold"] as const).map((weight) => {
    const file = join(folder, `${weight}.ttf`);
    writeFileSync(file, openTypeFont(weight));
    return file;
  });
  return fonts;
}
