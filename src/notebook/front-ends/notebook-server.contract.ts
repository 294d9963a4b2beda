// Debian's classic Notebook in Debian's Chromium, for the tests of both files that need it.

import {spawn} from "node:child_process";
import {writeFileSync} from "node:fs";
import {createServer} from "node:net";
import {join} from "node:path";
import {type Browser, chromium, type Page} from "playwright-core";
import type {JupyterHome} from "./jupyter-environment.contract.ts";

export const chromiumPath = "/usr/bin/chromium";
export const notebookPath = "/usr/bin/jupyter-notebook";

export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}

export interface NotebookServer {
  /** The page of a notebook in the home's folder. */
  url(name: string): string;
  stop(): Promise<void>;
}

/** Starts the server on a free port and waits until it listens. */
export async function startNotebookServer(home: JupyterHome): Promise<NotebookServer> {
  const token = "quiesce-test";
  const port = await freePort();
  const child = spawn(
    "/usr/bin/python3",
    [
      notebookPath,
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--port-retries=0",
      `--NotebookApp.token=${token}`,
      `--notebook-dir=${home.folder}`,
    ],
    {env: home.env, stdio: ["ignore", "ignore", "pipe"]},
  );
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(log)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on("exit", () => reject(new Error(`jupyter-notebook ended:\n${log}`)));
  });
  return {
    url: (name) => `${address}notebooks/${name}?token=${token}`,
    async stop() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

// Notebook 6 takes port 0 but does not say which port it got.
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const {port} = probe.address() as {port: number};
      probe.close(() => resolve(port));
    });
  });
}

/** Writes a notebook of code cells into the home's folder. */
export function writeNotebook(home: JupyterHome, name: string, sources: readonly string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const metadata = {kernelspec: {name: "quiesce", display_name: "Quiesce", language: "typescript"}};
  const notebook = {nbformat: 4, nbformat_minor: 5, metadata, cells};
  writeFileSync(join(home.folder, name), JSON.stringify(notebook));
}

/** Opens a notebook and waits for its kernel to be idle. */
export async function openNotebook(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector("#kernel_indicator_icon.kernel_idle_icon", {timeout: 60_000});
}

/** Runs JavaScript of the page; its names are not this program's. */
export function inPage<T>(page: Page, source: string): Promise<T> {
  return page.evaluate(source) as Promise<T>;
}

/** Runs all cells and waits until none is waiting or running; the text of each cell's output. */
export async function runAll(page: Page): Promise<readonly string[]> {
  await inPage(page, "Jupyter.notebook.execute_all_cells()");
  await page.waitForFunction(
    "Jupyter.notebook.get_cells().every((cell) => cell.cell_type !== 'code' || (cell.input_prompt_number !== '*' && cell.input_prompt_number !== null && !cell.element.hasClass('running')))",
    undefined,
    {timeout: 120_000},
  );
  await page.waitForSelector("#kernel_indicator_icon.kernel_idle_icon", {timeout: 60_000});
  return await outputTexts(page);
}

export function outputTexts(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    "Jupyter.notebook.get_cells().map((cell) => cell.output_area ? cell.output_area.element.text() : '')",
  );
}
