// Runs a notebook through the real kernel, over its sockets, with no Python: what `quiesce notebook run` does.

import {readFileSync, renameSync, writeFileSync} from "node:fs";
import {basename, dirname, resolve} from "node:path";
import {version} from "../../plan/version.ts";
import {type KernelClient, startKernel} from "../client/kernel-client.ts";
import {createOutputCollector} from "./cell-outputs.ts";
import {
  type CodeCell,
  type Notebook,
  NotebookError,
  notebookText,
  type Output,
  readNotebook,
} from "./nbformat.ts";
import {notebookHtml} from "./notebook-html.ts";
import {type Parameters, withParameters} from "./parameters.ts";

export interface RunNotebookOptions {
  /** File to write the executed notebook to; nothing is written without it. May be the input. */
  readonly out?: string;
  /** File to write a self-contained page to. */
  readonly html?: string;
  readonly parameters?: Parameters;
  /** How charts are kept in the outputs; `embed` when absent. */
  readonly charts?: "embed" | "connected" | "static";
  /** Go on after a cell that failed. */
  readonly keepGoing?: boolean;
  /** Interrupts the running cell and ends the run. */
  readonly signal?: AbortSignal;
  /** Called before each code cell; `index` counts code cells from 0. */
  readonly onCell?: (cell: CodeCell, index: number, total: number) => void;
}

export interface CellFailure {
  /** Counts all cells from 1, as a reader does. */
  readonly cell: number;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface NotebookRun {
  /** With the outputs of every cell that ran. */
  readonly notebook: Notebook;
  readonly executed: number;
  readonly total: number;
  /** Cells that failed and were not tagged `raises-exception`. */
  readonly failures: readonly CellFailure[];
  readonly interrupted: boolean;
}

/**
 * Runs every code cell in order in the notebook's own folder. What has run is written also when a cell fails or the run is interrupted.
 * @throws {NotebookError} for a file that cannot be read or written; {KernelDied} when the kernel ends, after writing what had run.
 */
export async function runNotebook(
  input: string,
  options: RunNotebookOptions = {},
): Promise<NotebookRun> {
  const original = withParameters(load(input), options.parameters ?? {});
  const cells = original.cells.map((cell) =>
    cell.cell_type === "code" ? {...cell, execution_count: null, outputs: []} : cell,
  );
  const total = cells.filter((cell) => cell.cell_type === "code").length;
  const env = {...process.env, QUIESCE_CHARTS: options.charts ?? "embed"};
  const kernel = await startKernel({cwd: dirname(resolve(input)), env});
  const collector = createOutputCollector();
  const readers = new Map<number, () => readonly Output[]>();
  const counts = new Map<number, number>();
  const failures: CellFailure[] = [];
  let executed = 0;
  let interrupted = options.signal?.aborted ?? false;

  const current = (): Notebook => ({
    ...original,
    metadata: {
      ...original.metadata,
      kernelspec: {display_name: "Quiesce", language: "typescript", name: "quiesce"},
      language_info: {
        file_extension: ".ts",
        mimetype: "text/typescript",
        name: "typescript",
        nbconvert_exporter: "script",
      },
      quiesce: {version, ...(options.parameters ? {parameters: options.parameters} : {})},
    },
    cells: cells.map((cell, index) =>
      cell.cell_type === "code"
        ? {
            ...cell,
            execution_count: counts.get(index) ?? null,
            outputs: readers.get(index)?.() ?? [],
          }
        : cell,
    ),
  });
  const save = (): void => {
    if (options.out !== undefined) write(options.out, notebookText(current()));
  };
  const stop = (): void => {
    interrupted = true;
    kernel.interrupt().catch(() => {});
  };
  options.signal?.addEventListener("abort", stop);
  try {
    for (const [index, cell] of cells.entries()) {
      if (cell.cell_type !== "code" || interrupted) continue;
      options.onCell?.(cell, executed, total);
      const {take, outputs} = collector.begin();
      readers.set(index, outputs);
      const {reply} = await kernel.execute(cell.source, {}, {onPublish: take});
      executed++;
      const {content} = reply;
      if (cell.source.trim() !== "") counts.set(index, Number(content.execution_count));
      save();
      if (content.status === "ok" || cell.metadata.tags?.includes("raises-exception")) continue;
      failures.push({
        cell: index + 1,
        ename: String(content.ename),
        evalue: String(content.evalue),
        traceback: (content.traceback as string[] | undefined) ?? [],
      });
      if (options.keepGoing !== true) break;
    }
    await settle(kernel);
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await kernel.close();
    save();
  }
  const notebook = current();
  if (options.html !== undefined) {
    const title = basename(input).replace(/\.ipynb$/, "");
    write(options.html, notebookHtml(notebook, title));
  }
  return {notebook, executed, total, failures, interrupted};
}

// What the last cells said before they ended has been sent; a question answered by the I/O thread comes after it on the same socket.
async function settle(kernel: KernelClient): Promise<void> {
  await kernel.request("comm_info_request", {});
}

function load(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new NotebookError(`cannot read ${path}: ${reason(cause)}`, {cause});
  }
  try {
    return readNotebook(text);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    throw new NotebookError(`${path} is not a notebook: ${error.message}`, {cause: error});
  }
}

// Written beside and renamed, so that a reader or a crash never meets half a file.
function write(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    throw new NotebookError(`cannot write ${path}: ${reason(cause)}`, {cause});
  }
}

function reason(error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  return message;
}
