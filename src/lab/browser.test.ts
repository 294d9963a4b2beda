// `quiesce lab` in a real browser: the command is started as a user starts it, JupyterLab opens the first notebook, everything is run, asked,
// interrupted and saved. Pictures are left under `.test-output` to be looked at. In CI the application is built here from its packages;
// elsewhere the test is skipped until `quiesce lab --prepare` has built it.
import assert from "node:assert/strict";
import {type ChildProcess, spawn} from "node:child_process";
import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import type {Browser, Page} from "playwright-core";
import {pictureFolder, skipWithout} from "../notebook/front-ends/jupyter-environment.contract.ts";
import {
  chromiumPath,
  inPage,
  startBrowser,
} from "../notebook/front-ends/notebook-server.contract.ts";
import {surroundings} from "../notebook/install/kernel-spec.ts";
import {cacheFolder} from "./folders.ts";
import {preparedApplication, sizes} from "./prepare/prepare.ts";
import {readRecipe} from "./prepare/recipe.ts";

const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
const notebooks = fileURLToPath(new URL("../../../notebooks/", import.meta.url));

const isRequired = process.env.QUIESCE_REQUIRE_TOOLS === "1";
const isPrepared = preparedApplication(cacheFolder(surroundings()), readRecipe()) !== undefined;
const skip =
  skipWithout(chromiumPath) ||
  (!isRequired && !isPrepared && "needs JupyterLab, which `quiesce lab --prepare` fetches");

interface Command {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<number | null>;
}

/** Starts the command and waits for the address that it prints; fetching the packages may take minutes. */
async function startLab(folder: string, top: string): Promise<Command> {
  const child = spawn(process.execPath, [main, "lab", folder, "--port", "0", "--no-browser"], {
    env: {...process.env, XDG_CONFIG_HOME: join(top, "config")},
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        log += chunk.toString("utf8");
        const found = /http:\/\/127\.0\.0\.1:\d+\/lab\?token=\w+/.exec(log)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then(() => reject(new Error(`quiesce lab ended:\n${log}`)));
  });
  return {child, url, ended};
}

describe("quiesce lab", {skip}, () => {
  let top: string;
  let folder: string;
  let command: Command;
  let browser: Browser;
  let page: Page;
  /** Errors of the page, and answers that are errors. */
  const faults: string[] = [];
  const panel = "jupyterapp.shell.currentWidget";
  const shot = (name: string): Promise<unknown> =>
    page.screenshot({path: join(pictureFolder(), `lab-${name}.png`)});
  const waitFor = (condition: string): Promise<unknown> =>
    page.waitForFunction(condition, undefined, {timeout: 120_000, polling: 100});
  /** Puts a new code cell with the source below the active one and makes it active. */
  const insert = async (source: string): Promise<void> => {
    await inPage(page, "jupyterapp.commands.execute('notebook:insert-cell-below')");
    await inPage(
      page,
      `${panel}.content.activeCell.model.sharedModel.setSource(${JSON.stringify(source)})`,
    );
  };
  const activeOutput = `${panel}.content.activeCell.outputArea.node.innerText`;

  before(async () => {
    top = mkdtempSync(join(tmpdir(), "quiesce-lab-"));
    folder = join(top, "notebooks");
    mkdirSync(folder);
    copyFileSync(join(notebooks, "01-start-here.ipynb"), join(folder, "01-start-here.ipynb"));
    command = await startLab(folder, top);
    browser = await startBrowser();
    page = await browser.newPage({viewport: {width: 1300, height: 1500}});
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("response", (response) => {
      if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
    });
  });
  after(async () => {
    await browser?.close();
    command?.child.kill("SIGKILL");
    await command?.ended;
    rmSync(top, {recursive: true, force: true, maxRetries: 5});
  });

  it("opens the first notebook, with Quiesce and TypeScript cells in their own colours", async () => {
    await page.goto(command.url.replace("/lab?", "/lab/tree/01-start-here.ipynb?"));
    await page.waitForSelector(".jp-Notebook .jp-CodeCell", {timeout: 120_000});
    await waitFor(`${panel}?.sessionContext?.session?.kernel?.status === 'idle'`);
    assert.ok(!page.url().includes("token"), page.url());
    const types = await inPage<string[]>(
      page,
      `${panel}.content.widgets.map((cell) => cell.model.mimeType)`,
    );
    assert.ok(
      types.includes("text/x-quiesce") && types.includes("application/typescript"),
      types.join(),
    );
    const colour = (word: string): string =>
      `[...document.querySelectorAll('.jp-CodeCell .cm-line span')].filter((span) => span.textContent === '${word}').map((span) => getComputedStyle(span).color)[0]`;
    await inPage(page, `${panel}.content.scrollToItem(9)`);
    await waitFor(`${colour("experiment")} !== undefined && ${colour("const")} !== undefined`);
    // A declaring word of Quiesce and a keyword of TypeScript have the colour of keywords, a field has another.
    assert.equal(await inPage(page, colour("experiment")), await inPage(page, colour("const")));
    assert.notEqual(
      await inPage(page, colour("experiment")),
      await inPage(page, colour("duration")),
    );
    await shot("opened");
  });

  it("runs all cells: tables, verdicts and charts that are alive", async () => {
    await inPage(page, "void jupyterapp.commands.execute('notebook:run-all-cells')");
    await waitFor(
      `${panel}.content.widgets.every((cell) => cell.model.type !== 'code' || (cell.model.executionCount !== null && cell.model.executionState !== 'running'))`,
    );
    await waitFor("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0");
    const outputs = await inPage<string[]>(
      page,
      `${panel}.content.widgets.flatMap((cell) => cell.model.type === 'code' ? cell.model.outputs.toJSON().map((output) => output.output_type + ' ' + Object.keys(output.data ?? {}).join(' ')) : [])`,
    );
    assert.ok(outputs.some((output) => output.includes("application/vnd.plotly.v1+json")));
    assert.ok(outputs.some((output) => output.includes("application/vnd.dataresource+json")));
    assert.deepEqual(
      outputs.filter((output) => output.startsWith("error")),
      [],
    );
    await inPage(page, `${panel}.content.scrollToItem(4)`);
    await waitFor("document.querySelectorAll('.jp-OutputArea-output table td').length > 8");
    await shot("tables");
    await inPage(
      page,
      "document.querySelector('.js-plotly-plot').scrollIntoView({block: 'center'})",
    );
    await waitFor(
      "[...document.querySelectorAll('.js-plotly-plot')].some((plot) => plot.getBoundingClientRect().top < innerHeight && plot.querySelector('.main-svg'))",
    );
    await shot("chart");
  });

  it("gives a cell the colours of what is put into it", async () => {
    await inPage(page, `${panel}.content.activeCellIndex = ${panel}.content.widgets.length - 1`);
    await insert("machine mine from epyc_2x64");
    const marked = (word: string): string =>
      `[...${panel}.content.activeCell.node.querySelectorAll('.cm-line span')].some((span) => span.textContent === '${word}')`;
    await waitFor(marked("machine"));
    await inPage(
      page,
      `${panel}.content.activeCell.model.sharedModel.setSource("function f() {}")`,
    );
    await waitFor(`${marked("function")} && !${marked("machine")}`);
    await inPage(page, "jupyterapp.commands.execute('notebook:delete-cell')");
  });

  it("completes with Tab and explains with Shift-Tab", async () => {
    await inPage(page, `${panel}.content.activeCellIndex = ${panel}.content.widgets.length - 1`);
    await insert("machine mine from fl");
    await inPage(
      page,
      `(${panel}.content.mode = 'edit', ${panel}.content.activeCell.editor.setCursorPosition({line: 0, column: 20}), ${panel}.content.activeCell.editor.focus())`,
    );
    assert.equal(
      await inPage(page, `${panel}.content.activeCell.model.mimeType`),
      "text/x-quiesce",
    );
    await page.keyboard.press("Tab");
    await waitFor(
      `[...document.querySelectorAll('.jp-Completer-item')].some((item) => item.textContent.includes('flat_4')) || ${panel}.content.activeCell.model.sharedModel.getSource().includes('flat_')`,
    );
    await shot("completion");
    await page.keyboard.press("Escape");
    await inPage(
      page,
      `(${panel}.content.mode = 'edit', ${panel}.content.activeCell.model.sharedModel.setSource('machine mine from epyc_2x64'), ${panel}.content.activeCell.editor.setCursorPosition({line: 0, column: 20}), ${panel}.content.activeCell.editor.focus())`,
    );
    await page.keyboard.press("Shift+Tab");
    await page.waitForSelector(".jp-Tooltip", {timeout: 60_000});
    await shot("tooltip");
    assert.match((await page.locator(".jp-Tooltip").textContent()) ?? "", /epyc_2x64/);
    await page.keyboard.press("Escape");
  });

  it("interrupts a cell and runs the next", async () => {
    await insert("console.log('turning'); while (true);");
    assert.equal(
      await inPage(page, `${panel}.content.activeCell.model.mimeType`),
      "application/typescript",
    );
    await inPage(page, "void jupyterapp.commands.execute('notebook:run-cell')");
    await waitFor(`${activeOutput}.includes('turning')`);
    await inPage(page, "void jupyterapp.commands.execute('notebook:interrupt-kernel')");
    await waitFor(`${activeOutput}.includes('Interrupted')`);
    await shot("interrupted");
    await insert("6 * 7");
    await inPage(page, "void jupyterapp.commands.execute('notebook:run-cell')");
    await waitFor(`${activeOutput}.includes('42')`);
  });

  it("saves what was run", async () => {
    await page.keyboard.press("Control+s");
    await waitFor(`!${panel}.context.model.dirty`);
    const saved = readFileSync(join(folder, "01-start-here.ipynb"), "utf8");
    assert.match(saved, /^ {3}"source": \[\n {4}"6 \* 7"\n/m);
    assert.match(saved, /"text\/plain": \[\n\s+"42"/);
    assert.doesNotMatch(saved, /"trusted"/);
  });

  it("keeps its kernel when the page is loaded again", async () => {
    const kernel = await inPage(page, `${panel}.sessionContext.session.kernel.id`);
    await page.reload();
    await waitFor(
      `window.jupyterapp && ${panel}?.sessionContext?.session?.kernel?.status === 'idle'`,
    );
    assert.equal(await inPage(page, `${panel}.sessionContext.session.kernel.id`), kernel);
  });

  it("takes as much room as it says beforehand", () => {
    const application = preparedApplication(cacheFolder(surroundings()), readRecipe());
    const files = [...(application?.files ?? [])].map((file) =>
      join(application?.folder ?? "", file),
    );
    const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
    assert.ok(Math.abs(megabytes - sizes.kept) < 1.5, `${megabytes} MB`);
  });

  it("has asked for nothing that is not there and had no errors", () => {
    assert.deepEqual(faults, []);
  });

  it("ends its kernels and itself on SIGTERM", async () => {
    command.child.kill("SIGTERM");
    assert.equal(await command.ended, 0);
  });
});
