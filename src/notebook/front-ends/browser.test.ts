// The kernel in classic Notebook, in a real browser: run all, interrupt, reopen. Pictures are left under `.test-output` to be looked at.
import assert from "node:assert/strict";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {
  type JupyterHome,
  jupyterHome,
  pictureFolder,
  skipWithout,
} from "./jupyter-environment.contract.ts";
import {
  chromiumPath,
  inPage,
  type NotebookServer,
  notebookPath,
  openNotebook,
  outputTexts,
  runAll,
  startBrowser,
  startNotebookServer,
  writeNotebook,
} from "./notebook-server.contract.ts";

describe("classic Notebook", {skip: skipWithout(chromiumPath, notebookPath)}, () => {
  let home: JupyterHome;
  let server: NotebookServer;
  let browser: Browser;
  let page: Page;
  before(async () => {
    home = jupyterHome();
    server = await startNotebookServer(home);
    browser = await startBrowser();
    page = await browser.newPage({viewport: {width: 1200, height: 1600}});
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    home?.remove();
  });

  it("runs all cells, with tables, displays that change and errors", async () => {
    writeNotebook(home, "typescript.ipynb", [
      "6 * 7",
      "import {table} from 'arquero';\nconst waits = table({policy: ['rcu', 'ipi'], wait_ns: [5e6, 61300]});\nwaits",
      "await show('0%', {id: 'bar'}); for (let n = 1; n <= 10; n++) { await new Promise((r) => setTimeout(r, 20)); await show(n * 10 + '%', {id: 'bar', update: true}); }",
      "console.log('a'); console.error('b');",
      "waits.foo()",
    ]);
    await openNotebook(page, server.url("typescript.ipynb"));
    const texts = await runAll(page);
    await page.screenshot({path: join(pictureFolder(), "notebook-typescript.png"), fullPage: true});
    assert.match(texts[0] ?? "", /42/);
    assert.match(texts[1] ?? "", /policy[\s\S]*rcu/);
    assert.match(texts[2] ?? "", /100%/);
    assert.doesNotMatch(texts[2] ?? "", /10%/);
    assert.match(texts[3] ?? "", /a\s+b/);
    assert.match(texts[4] ?? "", /Property 'foo' does not exist/);
  });

  // Whatever is asked for before an interrupted cell has ended is aborted with it.
  const ended = (cell: number): Promise<unknown> =>
    page.waitForFunction(
      `!Jupyter.notebook.get_cell(${cell}).element.hasClass("running")`,
      undefined,
      {timeout: 60_000},
    );

  it("interrupts a cell and runs the next", async () => {
    writeNotebook(home, "interrupt.ipynb", [
      "let turns = 0; console.log('go'); while (true) turns++;",
      "'alive'",
    ]);
    await openNotebook(page, server.url("interrupt.ipynb"));
    await inPage(page, "Jupyter.notebook.execute_cells([0])");
    await page.waitForFunction(
      "Jupyter.notebook.get_cell(0).output_area.element.text().includes('go')",
      undefined,
      {timeout: 60_000},
    );
    await inPage(page, "Jupyter.notebook.kernel.interrupt()");
    await page.waitForFunction(
      "Jupyter.notebook.get_cell(0).output_area.element.text().includes('Interrupted')",
      undefined,
      {timeout: 60_000},
    );
    await ended(0);
    await inPage(page, "Jupyter.notebook.execute_cells([1])");
    await page.waitForFunction(
      "Jupyter.notebook.get_cell(1).output_area.element.text().includes('alive')",
      undefined,
      {timeout: 60_000},
    );
    assert.match((await outputTexts(page))[1] ?? "", /alive/);
  });

  it("runs Quiesce cells, shares with TypeScript, and stops a simulation", async () => {
    const study = (name: string, rest: string): string =>
      `experiment ${name} {\n  machine: flat_4\n  policy: [broadcast_ipi, targeted_ipi]\n  mm app { cpus: all }\n  walker gup { mm: app, every: 20us, hold: 1us }\n  writer thp { mm: app, every: 100us, kind: collapse }\n  ${rest}\n}\nrun ${name}`;
    writeNotebook(home, "quiesce.ipynb", [
      study("quick", "duration: 5ms, replications: 3\n  measure { sync: mean(thp.sync) }"),
      "table sync by policy of quick",
      "plot sync vs policy of quick",
      "quick.estimates.select('policy', 'sync_ns')",
      "machine lab from flat_4 { cors: 3 }",
      study("endless", "duration: 1000s"),
      "'alive'",
    ]);
    await openNotebook(page, server.url("quiesce.ipynb"));
    await inPage(page, "Jupyter.notebook.execute_cells([0, 1, 2, 3])");
    const shows = (cell: number, text: string): Promise<unknown> =>
      page.waitForFunction(
        `Jupyter.notebook.get_cell(${cell}).output_area.element.text().includes(${JSON.stringify(text)})`,
        undefined,
        {timeout: 60_000},
      );
    await shows(3, "targeted_ipi");
    await page.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0");
    await inPage(page, "Jupyter.notebook.execute_cells([4])");
    await shows(4, "did you mean");
    await inPage(page, "Jupyter.notebook.execute_cells([5])");
    await shows(5, "endless");
    await page.screenshot({path: join(pictureFolder(), "notebook-quiesce.png"), fullPage: true});
    await inPage(page, "Jupyter.notebook.kernel.interrupt()");
    await shows(5, "Interrupted");
    await ended(5);
    await inPage(page, "Jupyter.notebook.execute_cells([6])");
    await shows(6, "alive");
  });
});
