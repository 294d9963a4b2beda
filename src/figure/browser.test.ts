// The pages in a real browser: without network, and with scripts stripped.
import assert from "node:assert/strict";
import {mkdirSync, writeFileSync} from "node:fs";
import {after, before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import type {Browser} from "playwright-core";
import {syntheticRun, syntheticTimeline} from "../table/synthetic-run.contract.ts";
import {arrowsTable, timelineTable} from "../table/timeline-table.ts";
import {launchBrowser, openHtml, whyNoBrowser} from "./browser.contract.ts";
import {everyFigure, syntheticCheck} from "./every-figure.contract.ts";
import {figureElement, page as htmlPage} from "./figure-html.ts";
import {renderFigure} from "./render-figure.ts";
import {reportHtml} from "./report-html.ts";
import {timelineFigure} from "./timeline-figure.ts";

const output = fileURLToPath(new URL("../../../.test-output/", import.meta.url));
const skip = whyNoBrowser();

describe("in a browser", {skip: skip ?? false}, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
    mkdirSync(output, {recursive: true});
  });
  after(async () => {
    await browser.close();
  });

  for (const theme of ["light", "dark"] as const) {
    it(`every figure draws, offline and without an error, in the ${theme} theme`, async () => {
      const figures = everyFigure();
      const elements = figures.map(([name, figure]) =>
        figureElement(figure, name, undefined, {theme}),
      );
      const html = htmlPage("every figure", elements.join("\n"), theme, true);
      const {page, errors, requests} = await openHtml(browser, html);
      await page.waitForFunction(
        (count) => document.querySelectorAll(".js-plotly-plot .main-svg").length >= count,
        figures.length * 2,
      );
      assert.deepEqual(errors, []);
      assert.deepEqual(requests, []);
      for (const [name] of figures) {
        const picture = await page.locator(`#${name}`).screenshot();
        writeFileSync(`${output}${name}-${theme}-browser.png`, picture);
        const marks = await page.locator(`#${name} path, #${name} rect`).count();
        assert.ok(marks > 5, `${name} has ${marks} marks`);
      }
      await page.context().close();
    });
  }

  it("a page with scripts stripped shows the picture, with its alternative text", async () => {
    const [, figure] = everyFigure()[0];
    const html = (await renderFigure(figure, {format: "html"})) as string;
    const stripped = html.replace(/<script[\s\S]*?<\/script>/g, "");
    assert.ok(stripped.length < 300_000, `${stripped.length} bytes`);
    const {page} = await openHtml(browser, stripped, {scripts: false});
    const image = page.locator("#figure img");
    const box = await image.boundingBox();
    assert.equal(Math.round(box?.width ?? 0), figure.width);
    assert.equal(await image.getAttribute("alt"), figure.alt);
    await page.context().close();
  });

  it("a figure page replaces its picture by the interactive figure and answers a hover in a sentence", async () => {
    const [, figure] = everyFigure()[0];
    const html = (await renderFigure(figure, {format: "html"})) as string;
    const {page, errors} = await openHtml(browser, html);
    await page.waitForSelector("#figure .js-plotly-plot .main-svg");
    assert.equal(await page.locator("#figure img").count(), 0);
    const point = await page.locator("#figure .points path").first().boundingBox();
    assert.ok(point);
    await page.mouse.move(point.x + point.width / 2, point.y + point.height / 2);
    const hover = await page.waitForSelector("#figure .hoverlayer .hovertext");
    assert.match((await hover.textContent()) ?? "", /is .+ at readers = /);
    assert.deepEqual(errors, []);
    await page.context().close();
  });

  it("a report draws its figures, and stands without scripts", async () => {
    const run = syntheticRun({readers: [1, 16], samples: 20});
    const html = await reportHtml([
      {kind: "run", run},
      {kind: "check", result: syntheticCheck},
    ]);
    const {page, errors, requests} = await openHtml(browser, html);
    await page.waitForFunction(() => document.querySelectorAll("figure img").length === 0);
    assert.deepEqual(errors, []);
    assert.deepEqual(requests, []);
    assert.ok((await page.locator("figure .js-plotly-plot").count()) >= 7);
    writeFileSync(`${output}report.png`, await page.screenshot({fullPage: true}));
    await page.context().close();
    const quiet = await openHtml(browser, html, {scripts: false});
    const images = await quiet.page.locator("figure img").count();
    assert.ok(images >= 7);
    await quiet.page.context().close();
  });

  it("a timeline of 128 CPUs and a hundred thousand intervals pans smoothly", async () => {
    const timeline = syntheticTimeline(128, 800);
    const figure = timelineFigure(timelineTable(timeline), arrowsTable(timeline), {
      provenance: "test",
    });
    const html = htmlPage("timeline", figureElement(figure, "timeline", undefined), "light", true);
    const {page, errors} = await openHtml(browser, html);
    await page.waitForSelector("#timeline .js-plotly-plot .imagelayer image");
    const plot = await page.locator("#timeline .nsewdrag").first().boundingBox();
    assert.ok(plot);
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width / 4, plot.y + plot.height / 2, {steps: 10});
    await page.mouse.up();
    // Smooth is a matter of how much the browser has to move: some hundred elements, not a hundred thousand.
    const elements = await page.locator("#timeline *").count();
    assert.ok(elements < 1500, `${elements} elements`);
    const range = await page.evaluate(() => {
      const element = document.querySelector(".js-plotly-plot") as unknown as {
        layout: {xaxis: {range: number[]}};
      };
      return element.layout.xaxis.range;
    });
    const before = figure.layout.axes.xaxis.range ?? [];
    assert.ok(range[0] > before[0], "the window moved");
    assert.deepEqual(errors, []);
    writeFileSync(
      `${output}timeline-128-browser.png`,
      await page.locator("#timeline").screenshot(),
    );
    await page.context().close();
  });
});
