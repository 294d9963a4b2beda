import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {type CodeCell, readNotebook} from "./nbformat.ts";
import {runNotebook} from "./run-notebook.ts";

const folder = mkdtempSync(join(tmpdir(), "quiesce notebook "));
after(() => rmSync(folder, {recursive: true, force: true}));
const input = join(folder, "in.ipynb");

function notebook(...sources: (string | [string, string])[]): void {
  const cells = sources.map((source) => ({
    cell_type: "code",
    metadata: Array.isArray(source) ? {tags: [source[0]]} : {},
    source: Array.isArray(source) ? source[1] : source,
    outputs: [{output_type: "stream", name: "stdout", text: "stale"}],
    execution_count: 99,
  }));
  writeFileSync(input, JSON.stringify({nbformat: 4, nbformat_minor: 2, metadata: {}, cells}));
}

describe("running a notebook without Python", () => {
  it("executes it with parameters and writes a notebook and a page", async () => {
    notebook(
      ["parameters", "let times = 2;"],
      "console.log('x'.repeat(times));\nsetTimeout(() => console.log('late'), 1);\nimport {readFileSync} from 'node:fs'; readFileSync('in.ipynb').length > 0",
      ["raises-exception", "throw new RangeError('expected')"],
      "'end'",
    );
    const out = join(folder, "out.ipynb");
    const html = join(folder, "out.html");
    const cells: number[] = [];
    const run = await runNotebook(input, {
      out,
      html,
      parameters: {times: "3"},
      onCell: (_, index) => cells.push(index),
    });
    assert.deepEqual([run.executed, run.total, run.failures, run.interrupted], [5, 5, [], false]);
    assert.deepEqual(cells, [0, 1, 2, 3, 4]);
    const written = readNotebook(readFileSync(out, "utf8")).cells as CodeCell[];
    const text = JSON.stringify(written[2]?.outputs);
    assert.match(text, /xxx\\n/);
    assert.match(text, /"text\/plain":"true"/);
    assert.equal(written[3]?.outputs[0]?.output_type, "error");
    assert.equal(written[4]?.execution_count, 5);
    assert.match(readFileSync(html, "utf8"), /&#39;end&#39;/);
    assert.doesNotMatch(readFileSync(out, "utf8"), /stale/);
  });

  it("keeps what has run when a cell fails, and stops there", async () => {
    notebook("'kept'", "missing", "'never'");
    const out = join(folder, "failed.ipynb");
    const run = await runNotebook(input, {out});
    assert.equal(run.executed, 2);
    assert.equal(run.failures[0]?.cell, 2);
    assert.match(run.failures[0]?.evalue ?? "", /Cannot find name 'missing'/);
    const written = readNotebook(readFileSync(out, "utf8")).cells as CodeCell[];
    assert.match(JSON.stringify(written[0]?.outputs), /kept/);
    assert.deepEqual(written[2]?.outputs, []);
    assert.equal(written[2]?.execution_count, null);
  });

  it("keeps what has run when it is interrupted", async () => {
    notebook("'kept'", "while (true) {}", "'never'");
    const out = join(folder, "interrupted.ipynb");
    const stop = new AbortController();
    const run = await runNotebook(input, {
      out,
      signal: stop.signal,
      onCell: (_, index) => {
        if (index === 1) setTimeout(() => stop.abort(), 300);
      },
    });
    assert.ok(run.interrupted);
    assert.equal(run.executed, 2);
    assert.match(readFileSync(out, "utf8"), /kept/);
  });

  it("says which file is wrong and why", async () => {
    await assert.rejects(
      runNotebook(join(folder, "none.ipynb")),
      /cannot read .*none\.ipynb: there is no such file/,
    );
    notebook("1");
    const out = join(folder, "no", "such", "folder.ipynb");
    await assert.rejects(runNotebook(input, {out}), /cannot write .*folder\.ipynb/);
  });
});
