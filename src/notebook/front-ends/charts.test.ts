// Charts where scripts run and where they do not: live in classic Notebook, reopened untrusted, exported by nbconvert, exported by us, with
// the network cut, and with every script taken out. Pictures are left under `.test-output`.
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {after, before, describe, it} from "node:test";
import {fileURLToPath, pathToFileURL} from "node:url";
import type {Browser, Page} from "playwright-core";
import {runNotebook} from "../file/run-notebook.ts";
import {
  type JupyterHome,
  jupyterHome,
  pictureFolder,
  runCommand,
  skipWithout,
} from "./jupyter-environment.contract.ts";
import {
  chromiumPath,
  inPage,
  type NotebookServer,
  notebookPath,
  openNotebook,
  runAll,
  startBrowser,
  startNotebookServer,
  writeNotebook,
} from "./notebook-server.contract.ts";

const figures = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../figure/every-figure.contract.js",
);
const sources = [
  `const figures = require(${JSON.stringify(figures)}).everyFigure().map((each: any) => each[1]);`,
  "figures.find((each: any) => each.kind === 'line')",
  "figures.find((each: any) => each.kind === 'bar')",
];
const live = "document.querySelectorAll('.js-plotly-plot .main-svg').length";
const pictures =
  "Array.from(document.images).filter((image) => image.src.startsWith('data:image/png') && image.naturalWidth > 100).length";

describe("a chart", {
  skip: skipWithout(chromiumPath, notebookPath, "/usr/bin/jupyter-nbconvert"),
}, () => {
  let home: JupyterHome;
  let server: NotebookServer;
  let browser: Browser;
  before(async () => {
    home = jupyterHome();
    writeNotebook(home, "charts.ipynb", sources);
    server = await startNotebookServer(home);
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    home?.remove();
  });

  const shot = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({path: join(pictureFolder(), `${name}.png`), fullPage: true});
  };
  /** A page from a file, with no network. */
  const offline = async (file: string, scripts: boolean): Promise<Page> => {
    const context = await browser.newContext({offline: true, javaScriptEnabled: scripts});
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(pathToFileURL(file).href);
    return page;
  };

  it("is live in classic Notebook and is saved with its picture", async () => {
    const page = await browser.newPage({viewport: {width: 1200, height: 1800}});
    await openNotebook(page, server.url("charts.ipynb"));
    await runAll(page);
    await page.waitForFunction(`${live} >= 2`, undefined, {timeout: 60_000});
    await shot(page, "charts-live");
    await inPage(page, "Jupyter.notebook.save_notebook()");
    await page.waitForFunction("!Jupyter.notebook.dirty", undefined, {timeout: 60_000});
    await page.close();
    const saved = readFileSync(join(home.folder, "charts.ipynb"), "utf8");
    assert.equal(
      saved.split("for all charts of this notebook").length - 1,
      1,
      "the library is in it once",
    );
    assert.equal(saved.match(/"image\/png"/g)?.length, 4, "two pictures, each with its size");
  });

  it("is a picture in a notebook that is not trusted", async () => {
    const notebook = JSON.parse(readFileSync(join(home.folder, "charts.ipynb"), "utf8")) as {
      cells: object[];
    };
    notebook.cells.push({cell_type: "markdown", metadata: {}, source: "changed by a stranger"});
    writeFileSync(join(home.folder, "stranger.ipynb"), JSON.stringify(notebook));
    const page = await browser.newPage({viewport: {width: 1200, height: 1800}});
    await openNotebook(page, server.url("stranger.ipynb"));
    await page.waitForFunction(`${pictures} === 2`, undefined, {timeout: 60_000});
    assert.equal(await inPage(page, live), 0);
    await shot(page, "charts-untrusted");
    await page.close();
  });

  it("is live in nbconvert's HTML without a network, and a picture without scripts", async () => {
    const args = ["/usr/bin/jupyter-nbconvert", "--to", "html", "charts.ipynb"];
    const {code, text} = await runCommand("/usr/bin/python3", args, {
      env: home.env,
      cwd: home.folder,
    });
    assert.equal(code, 0, text);
    const file = join(home.folder, "charts.html");
    const page = await offline(file, true);
    await page.waitForFunction(`${live} >= 2`);
    await shot(page, "charts-nbconvert");
    await page.close();
    const still = await offline(file, false);
    assert.equal(await still.locator("img[src^='data:image/png']").count(), 2);
    await shot(still, "charts-nbconvert-no-scripts");
    await still.close();
  });

  it("is both in the page that `quiesce notebook run` writes", async () => {
    const html = join(home.folder, "own.html");
    const run = await runNotebook(join(home.folder, "charts.ipynb"), {html});
    assert.deepEqual(run.failures, []);
    const page = await offline(html, true);
    await page.waitForFunction(`${live} >= 2`);
    await shot(page, "charts-own-page");
    await page.close();
    const still = await offline(html, false);
    assert.equal(await still.locator("img[src^='data:image/png']").count(), 2);
    await still.close();
  });

  it("is a picture alone in static mode", async () => {
    const run = await runNotebook(join(home.folder, "charts.ipynb"), {charts: "static"});
    const text = JSON.stringify(run.notebook.cells);
    assert.doesNotMatch(text, /<script|vnd\.plotly/);
    assert.equal(text.match(/data:image\/png/g)?.length, 2);
  });
});
