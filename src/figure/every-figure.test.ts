// What must hold for every kind of figure: it is what it was, it is valid for Plotly, it says in words what it shows.
import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {everyFigure} from "./every-figure.contract.ts";
import {invalidPaths} from "./plotly-schema.contract.ts";
import {plotlyWindow} from "./render.ts";
import {type PlotlyFigure, plotlyFigure} from "./theme.ts";

const folder = fileURLToPath(new URL("../../../src/figure/fixtures/", import.meta.url));
const figures = everyFigure();

/** Numbers to six digits: enough to see a change, too few to see another machine. */
function golden(figure: PlotlyFigure, alt: string): string {
  const round = (_key: string, value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
    return typeof value === "number" ? Number(value.toPrecision(6)) : value;
  };
  const lines = figure.data.map((trace) => JSON.stringify(trace, round));
  return `${alt}\n[\n${lines.join(",\n")}\n]\n${JSON.stringify(figure.layout, round)}\n`;
}

describe("every figure", () => {
  for (const [name, figure] of figures) {
    it(`${name} is what it was`, () => {
      const now = golden(plotlyFigure(figure), figure.alt);
      const file = `${folder}${name}.golden`;
      if (!existsSync(file) || process.env.QUIESCE_UPDATE_GOLDEN === "1") {
        mkdirSync(folder, {recursive: true});
        writeFileSync(file, now);
        if (process.env.QUIESCE_UPDATE_GOLDEN !== "1")
          assert.fail(`${file} was missing and is written now: look at it`);
      }
      if (readFileSync(file, "utf8") !== now) {
        writeFileSync(`${file}-changed`, now);
        assert.fail(`${name} changed: compare ${file}-changed; QUIESCE_UPDATE_GOLDEN=1 accepts it`);
      }
    });

    it(`${name} is valid for Plotly in both themes`, () => {
      const schema = plotlyWindow().Plotly.PlotSchema.get();
      for (const theme of ["light", "dark"] as const) {
        assert.deepEqual(invalidPaths(plotlyFigure(figure, theme), schema), []);
      }
    });

    it(`${name} says what it shows`, () => {
      assert.match(figure.title, /\?$/);
      assert.ok(figure.alt.length > figure.title.length + 20, "the alternative text has a finding");
      assert.ok(figure.summary.includes(figure.provenance));
      assert.doesNotMatch(`${figure.alt}${figure.summary}`, /undefined|NaN|\[object/);
    });
  }
});

it("the validator finds what Plotly does not know", () => {
  const schema = plotlyWindow().Plotly.PlotSchema.get();
  const wrong = {
    data: [{type: "scatter", mode: "lines", colour: "red", line: {dash: 3, width: -1}}],
    layout: {xaxis: {tpye: "log"}, hovermode: "nearest"},
    config: {},
  };
  assert.deepEqual(invalidPaths(wrong, schema), [
    "data[0].colour: no such attribute",
    "data[0].line.dash: 3 is not a string",
    "data[0].line.width: -1 is less than 0",
    "layout.xaxis.tpye: no such attribute",
    'layout.hovermode: "nearest" is none of x, y, closest, false, x unified, y unified',
  ]);
});
