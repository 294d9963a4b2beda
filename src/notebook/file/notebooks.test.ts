// The notebooks of the package, executed as a user would and compared with their committed outputs: all words and all numbers. Pictures
// are not compared; the figure room tests them.
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {type Notebook, type Output, readNotebook} from "./nbformat.ts";
import {runNotebook} from "./run-notebook.ts";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../../notebooks");
const compared = ["text/plain", "application/vnd.dataresource+json"];

function words(output: Output): unknown {
  if (output.output_type === "stream") return output.text;
  if (output.output_type === "error") return `${output.ename}: ${output.evalue}`;
  return compared.map((mime) => output.data[mime]);
}

const outputsOf = (notebook: Notebook): unknown[] =>
  notebook.cells.map((cell) => (cell.cell_type === "code" ? cell.outputs.map(words) : []));

describe("the notebook", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  assert.ok(files.length > 0, "no notebook was found: the test looks in the wrong place");
  for (const file of files) {
    it(`${file} gives what was committed`, async () => {
      const path = join(folder, file);
      const committed = readNotebook(readFileSync(path, "utf8"));
      const run = await runNotebook(path, {charts: "static"});
      assert.deepEqual(run.failures, []);
      assert.equal(run.executed, run.total);
      // Through JSON, as the committed outputs went: typed arrays and NaN are no longer what they were.
      const fresh = readNotebook(JSON.stringify(run.notebook));
      assert.deepEqual(outputsOf(fresh), outputsOf(committed));
    });
  }
});
