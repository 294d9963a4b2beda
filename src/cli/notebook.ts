import {NotebookError} from "../notebook/file/nbformat.ts";
import {runNotebook} from "../notebook/file/run-notebook.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {onInterrupt} from "./on-interrupt.ts";

export interface NotebookOptions {
  readonly output?: string;
  readonly html?: string;
  readonly parameter?: readonly string[];
  readonly charts?: string;
  readonly keepGoing?: boolean;
}

const charts = ["embed", "connected", "static"] as const;

/**
 * `quiesce notebook run IN.ipynb`: runs every cell through the kernel. Status 1 if a cell failed (what ran before it is written), 2 for
 * what cannot be read or written, 130 after an interrupt.
 */
export async function runNotebookFile(file: string, options: NotebookOptions): Promise<number> {
  const mode = charts.find((one) => one === (options.charts ?? "embed"));
  if (mode === undefined) throw new UsageError(`--charts is one of ${charts.join(", ")}`);
  const {signal, release} = onInterrupt();
  try {
    const run = await runNotebook(file, {
      charts: mode,
      signal,
      parameters: Object.fromEntries((options.parameter ?? []).map(parameterOf)),
      keepGoing: options.keepGoing === true,
      onCell: (_cell, index, total) => {
        if (process.stderr.isTTY) process.stderr.write(`\rcell ${index + 1} of ${total}\u001b[K`);
      },
      ...(options.output === undefined ? {} : {out: options.output}),
      ...(options.html === undefined ? {} : {html: options.html}),
    });
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    for (const failure of run.failures) {
      process.stderr.write(
        `cell ${failure.cell} failed: ${failure.ename}: ${failure.evalue}\n${failure.traceback.join("\n")}\n`,
      );
    }
    process.stdout.write(`${file}: ${run.executed} of ${run.total} cells ran\n`);
    if (options.output !== undefined) process.stdout.write(`notebook: ${options.output}\n`);
    if (options.html !== undefined) process.stdout.write(`page:     ${options.html}\n`);
    if (run.interrupted) return exitStatus.interrupted;
    return run.failures.length > 0 ? exitStatus.expectationFailed : exitStatus.ok;
  } catch (error) {
    if (error instanceof NotebookError) throw new UsageError(error.message);
    throw error;
  } finally {
    release();
  }
}

/** `gap=20us` stays text, `n=7` is a number, `on=true` a truth value, and JSON is what it says. */
function parameterOf(text: string): [string, unknown] {
  const at = text.indexOf("=");
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
