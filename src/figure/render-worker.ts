// The thread that draws. One request at a time, in order; a failure is an answer like any other.

import {parentPort} from "node:worker_threads";
import {drawPixels, drawSvg} from "./render.ts";
import type {PlotlyFigure} from "./theme.ts";

export interface DrawRequest {
  readonly id: number;
  readonly figure: PlotlyFigure;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly want: "svg" | "pixels";
  readonly fontFiles: readonly string[];
}

export type DrawAnswer =
  | {readonly id: number; readonly svg: string}
  | {readonly id: number; readonly pixels: import("./render.ts").Pixels}
  | {readonly id: number; readonly error: string};

async function answer(request: DrawRequest): Promise<DrawAnswer> {
  const {id, figure, width, height, scale, want, fontFiles} = request;
  try {
    const svg = await drawSvg(figure, width, height);
    return want === "svg" ? {id, svg} : {id, pixels: drawPixels(svg, scale, fontFiles)};
  } catch (error) {
    return {id, error: error instanceof Error ? error.message : String(error)};
  }
}

let queue: Promise<void> = Promise.resolve();

parentPort?.on("message", (request: DrawRequest) => {
  queue = queue.then(async () => {
    parentPort?.postMessage(await answer(request));
  });
});
