// Pictures without a browser.
import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {inflateSync} from "node:zlib";
import {pixelsOf} from "./draw.ts";
import {everyFigure} from "./every-figure.contract.ts";
import {figureElement} from "./figure-html.ts";
import {openTypeFont, textWidth} from "./font.ts";
import {darkPalette, lightPalette} from "./palette.ts";
import {plotlyScript, plotlySource, scriptText} from "./plotly-library.ts";
import {rasterPng} from "./raster.ts";
import {exportFigure, renderFigure} from "./render-figure.ts";
import {plotlyFigure} from "./theme.ts";

const output = fileURLToPath(new URL("../../../.test-output/", import.meta.url));
const figures = everyFigure();
const [, line] = figures[0];

describe("without a browser", () => {
  for (const [name, figure] of figures) {
    it(`${name} has paper, ink and marks in both themes`, async () => {
      mkdirSync(output, {recursive: true});
      for (const theme of ["light", "dark"] as const) {
        const {width, height, rgba, png} = await pixelsOf(
          plotlyFigure(figure, theme),
          figure.width,
          figure.height,
          1,
        );
        assert.deepEqual([width, height], [Math.round(figure.width), Math.round(figure.height)]);
        writeFileSync(`${output}${name}-${theme}.png`, png);
        const palette = theme === "dark" ? darkPalette : lightPalette;
        const [paper, ink] = [countOf(rgba, palette.paper), countOf(rgba, palette.ink)];
        assert.ok(paper / (width * height) > 0.25, `paper ${paper}`);
        assert.ok(ink > 150, `${ink} pixels of text`);
        const others = width * height - paper;
        assert.ok(others > 4000, `${others} pixels that are not paper`);
      }
    });
  }
});

function countOf(rgba: Uint8Array, color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  let count = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i] === r && rgba[i + 1] === g && rgba[i + 2] === b) count++;
  }
  return count;
}

it("draws the same picture every time", async () => {
  const first = await renderFigure(line, {format: "png", scale: 1});
  assert.deepEqual(await renderFigure(line, {format: "png", scale: 1}), first);
});

it("writes SVG with its texts as texts", async () => {
  const svg = (await renderFigure(line, {format: "svg"})) as string;
  assert.match(svg, /^<svg [^>]*width="860"/);
  assert.match(svg, />100µs</);
  assert.match(svg, /targeted_ipi/);
});

it("writes a PDF whose cross-reference table points at its objects", async () => {
  const pdf = Buffer.from((await renderFigure(line, {format: "pdf", scale: 1})) as Uint8Array);
  assert.equal(pdf.toString("latin1", 0, 8), "%PDF-1.4");
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf.toString("latin1"))?.[1]);
  const table = pdf.toString("latin1", start);
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
  assert.equal(offsets.length, 6);
  offsets.forEach((offset, i) => {
    assert.equal(pdf.toString("latin1", offset, offset + 7), `${i + 1} 0 obj`);
  });
  const image = pdf.indexOf("stream\n", offsets[4]) + 7;
  const length = Number(/\/Length (\d+)/.exec(pdf.toString("latin1", offsets[4], image))?.[1]);
  assert.equal(inflateSync(pdf.subarray(image, image + length)).length, 860 * 470 * 3);
});

it("writes a page and JSON, and says what it can write otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quiesce-figure-"));
  try {
    await exportFigure(line, join(folder, "a.json"));
    assert.equal(JSON.parse(readFileSync(join(folder, "a.json"), "utf8")).layout.width, 860);
    await exportFigure(line, join(folder, "a.png"), {width: 400, height: 300, scale: 1});
    assert.equal(readFileSync(join(folder, "a.png")).readUInt32BE(16), 400);
    await assert.rejects(
      exportFigure(line, join(folder, "a.gif")),
      /\.svg, \.png, \.pdf, \.html, \.json/,
    );
    await assert.rejects(
      renderFigure(line, {format: "png", width: 10_000, height: 10_000}),
      /at most 60 million pixels, got 400 million/,
    );
    await assert.rejects(
      renderFigure(line, {format: "png", scale: 100}),
      /`scale` between 0\.1 and 8, got `100`/,
    );
  } finally {
    rmSync(folder, {recursive: true});
  }
});

it("a figure that Plotly refuses is an error with its reason, and the next one draws", async () => {
  const broken = {
    ...plotlyFigure(line),
    data: [{type: "scatter", x: {length: -1}, y: 3}],
    layout: {xaxis: {domain: 7}, shapes: 3},
  };
  await pixelsOf(broken as never, 300, 200, 1).catch((error: Error) => {
    assert.match(error.message, /could not be drawn/);
  });
  assert.ok((await pixelsOf(plotlyFigure(line), 300, 200, 1)).png.length > 1000);
});

it("measures text by the font's own widths", () => {
  // From DejaVu Sans 2.37: i 569, M 1767, space 651 of 2048 units.
  assert.ok(Math.abs(textWidth("i") - 569 / 2048) < 1e-9);
  assert.ok(Math.abs(textWidth("M i") - (1767 + 651 + 569) / 2048) < 1e-9);
  assert.ok(textWidth("µ×±→≤…", "bold") > 3, "has the characters that figures use");
  assert.ok(textWidth("hurt", "bold") > textWidth("hurt"));
});

it("unpacks a font whose table checksums are right", () => {
  const font = openTypeFont("normal");
  const tables = font.readUInt16BE(4);
  for (let i = 0; i < tables; i++) {
    const entry = 12 + 16 * i;
    if (font.toString("latin1", entry, entry + 4) === "head") continue;
    let sum = 0;
    const offset = font.readUInt32BE(entry + 8);
    for (let at = offset; at < offset + font.readUInt32BE(entry + 12); at += 4) {
      sum = (sum + font.readUInt32BE(at)) >>> 0;
    }
    assert.equal(sum, font.readUInt32BE(entry + 4));
  }
});

it("paints cells as an indexed PNG", () => {
  const png = rasterPng({width: 2, height: 2, cells: Uint8Array.of(0, 1, 0, 1), colors: []}, [
    "#ff0080",
  ]);
  const buffer = Buffer.from(png);
  assert.equal(buffer.readUInt32BE(16), 2);
  const at = buffer.indexOf("PLTE");
  assert.deepEqual([...buffer.subarray(at + 4, at + 10)], [0, 0, 0, 255, 0, 128]);
  const data = buffer.indexOf("IDAT");
  const lines = inflateSync(buffer.subarray(data + 4, data + 4 + buffer.readUInt32BE(data - 4)));
  assert.deepEqual([...lines], [0, 0, 1, 2, 0, 0]);
});

it("nothing ends the script that the library stands in", () => {
  const script = plotlyScript();
  assert.doesNotMatch(script, /<\/script|<script|<!--/i);
  assert.ok(Math.abs(script.length - plotlySource().length) < 2000);
  assert.equal(scriptText('"</SCRIPT><!--"'), '"\\x3c/SCRIPT>\\x3c!--"');
});

it("whatever names and titles hold, a page shows it and runs none of it", () => {
  const evil = "</script><img src=x onerror=alert(1)>";
  const html = figureElement({...line, alt: evil, title: evil}, `id"${evil}`, undefined);
  const script = html.indexOf("<script>");
  assert.doesNotMatch(html.slice(0, script), /<img src=x/);
  assert.equal(html.match(/<\/script>/g)?.length, 1);
});
