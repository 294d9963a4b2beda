// How long the big figures take and how large they are: a million samples as ECDF, histogram, box and violin; a timeline of a hundred
// thousand intervals on 128 CPUs, with its redraw while panning where Chromium is there; 64 lines. Run: node dist/src/figure/scale.bench.js

import {table} from "arquero";
import {
  congruential,
  lognormal,
  syntheticRun,
  syntheticTimeline,
} from "../table/synthetic-run.contract.ts";
import {arrowsTable, timelineTable} from "../table/timeline-table.ts";
import {boxFigure} from "./box-figure.ts";
import {launchBrowser, openHtml, whyNoBrowser} from "./browser.contract.ts";
import {ecdfFigure} from "./ecdf-figure.ts";
import type {Encoding} from "./encoding.ts";
import {axis, measure, plot} from "./every-figure.contract.ts";
import type {Figure} from "./figure.ts";
import {figuresFor} from "./figure-for.ts";
import {figureElement, figureJson, page} from "./figure-html.ts";
import {histogramFigure} from "./histogram-figure.ts";
import {renderFigure} from "./render-figure.ts";
import {timelineFigure} from "./timeline-figure.ts";
import {violinFigure} from "./violin-figure.ts";

const text = {provenance: "bench"};

async function timed(name: string, make: () => Figure): Promise<Figure> {
  const start = performance.now();
  const figure = make();
  const made = performance.now();
  const bytes = Buffer.byteLength(figureJson(figure));
  const png = (await renderFigure(figure, {format: "png", scale: 1})) as Uint8Array;
  const drawn = performance.now();
  const size = (count: number): string => `${(count / 1024).toFixed(0)} KiB`;
  console.log(
    `${name.padEnd(28)} figure ${(made - start).toFixed(0).padStart(5)} ms  ${size(bytes).padStart(9)}   static picture ${(drawn - made).toFixed(0).padStart(5)} ms  ${size(png.length).padStart(8)}`,
  );
  return figure;
}

const random = congruential(1);
const samples = table({
  policy: Array.from({length: 1_000_000}, (_, i) => `policy_${i % 4}`),
  latency_ns: Float64Array.from(
    {length: 1_000_000},
    (_, i) => 900 * (1 + (i % 4)) * lognormal(random, 0.8),
  ),
});
const encoding: Encoding = {
  y: {column: "latency_ns", title: "gup.latency", unit: "ns"},
  series: {column: "policy", title: "policy", unit: "name"},
};
// The first picture pays for loading the library; it is not what is measured.
await renderFigure(
  figuresFor(plot(measure(syntheticRun().plan.measures[0]), "auto"), syntheticRun())[0],
  {format: "png", scale: 1},
);
await timed("10^6 samples, ecdf", () => ecdfFigure(samples, encoding, text));
await timed("10^6 samples, histogram", () => histogramFigure(samples, encoding, text));
await timed("10^6 samples, box", () => boxFigure(samples, encoding, text));
await timed("10^6 samples, violin", () => violinFigure(samples, encoding, text));

const policies = Array.from({length: 64}, (_, i) => `policy_${i}`);
const many = syntheticRun({policies, readers: [1, 4, 16, 64, 128], samples: 20});
await timed(
  "64 lines",
  () =>
    figuresFor(
      plot(measure(many.plan.measures[0]), "line", {x: axis("readers"), by: ["policy"]}),
      many,
    )[0],
);

const timeline = syntheticTimeline(128, 800);
const lanes = await timed("128 CPUs, 102 400 intervals", () =>
  timelineFigure(timelineTable(timeline), arrowsTable(timeline), text),
);
const missing = whyNoBrowser();
if (missing === undefined) {
  const browser = await launchBrowser();
  const html = page("bench", figureElement(lanes, "timeline", undefined), "light", true);
  const {page: open} = await openHtml(browser, html);
  const plotted = open.locator("#timeline .nsewdrag").first();
  await plotted.waitFor();
  const box = await plotted.boundingBox();
  if (box !== null) {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await open.mouse.move(x, y);
    await open.mouse.down();
    const start = performance.now();
    for (let i = 1; i <= 60; i++) await open.mouse.move(x - 4 * i, y);
    const moved = (performance.now() - start) / 60;
    await open.mouse.up();
    console.log(`panning it in Chromium       ${moved.toFixed(1)} ms a step of the mouse`);
  }
  await browser.close();
} else console.log(`panning: ${missing}`);
