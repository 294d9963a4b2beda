// `quiesce export`: what a stored result holds, as a file for somebody else.

import {writeFileSync} from "node:fs";
import type {RunResult} from "../farm/result.ts";
import {counterexampleFigure} from "../figure/counterexample-figure.ts";
import type {Figure} from "../figure/figure.ts";
import {figuresFor} from "../figure/figure-for.ts";
import {checkProvenance} from "../figure/provenance.ts";
import {exportFigure} from "../figure/render-figure.ts";
import {traceEvents} from "../record/trace-events.ts";
import {fileReason} from "../session/file-reason.ts";
import {accountsTable} from "../table/accounts-table.ts";
import {comparisonsTable, expectationsTable} from "../table/comparisons-table.ts";
import {exportTable} from "../table/export-table.ts";
import {runsTable} from "../table/runs-table.ts";
import {summaryTable} from "../table/summary-table.ts";
import {verdictsTable} from "../table/verdicts-table.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readStored} from "./stored-file.ts";

export interface ExportOptions {
  readonly output: string;
  readonly which?: string;
  readonly theme?: string;
  readonly width?: number;
  readonly height?: number;
}

const tables = {
  runs: runsTable,
  summary: summaryTable,
  accounts: accountsTable,
  comparisons: comparisonsTable,
  expectations: expectationsTable,
} as const;

/** `quiesce export table RESULT -o FILE`: csv, tsv, parquet, arrow, json, md, tex or html by the file's ending. */
export function exportTableOf(file: string, options: ExportOptions): number {
  const stored = readStored(file);
  if (stored.kind === "check")
    return written(options.output, () => exportTable(verdictsTable(stored.result), options.output));
  const which = options.which ?? "summary";
  if (!(which in tables))
    throw new UsageError(`there is no table ${which}; there are ${Object.keys(tables).join(", ")}`);
  const table = tables[which as keyof typeof tables](stored.result);
  return written(options.output, () => exportTable(table, options.output));
}

/** `quiesce export figure RESULT -o FILE`: svg, png, pdf, html or json by the file's ending. */
export async function exportFigureOf(file: string, options: ExportOptions): Promise<number> {
  const stored = readStored(file);
  const figures =
    stored.kind === "run"
      ? figuresOf(stored.result)
      : stored.result.verdicts
          .filter((verdict) => verdict.counterexamples.length > 0)
          .map((verdict) =>
            counterexampleFigure(verdict, {provenance: checkProvenance(stored.result, verdict)}),
          );
  const which = Number(options.which ?? 1);
  const figure = figures[which - 1];
  if (figure === undefined) {
    const has =
      figures.length === 0
        ? "it has none; write a `plot` in the text"
        : `there are ${figures.length}: ${titles(figures)}`;
    throw new UsageError(`${file} has no figure ${options.which ?? 1}; ${has}`);
  }
  if (options.theme !== undefined && options.theme !== "light" && options.theme !== "dark") {
    throw new UsageError("--theme is light or dark");
  }
  const {theme, width, height} = options;
  return written(options.output, () =>
    exportFigure(figure, options.output, {
      ...(theme === undefined ? {} : {theme}),
      ...(width === undefined ? {} : {width}),
      ...(height === undefined ? {} : {height}),
    }),
  );
}

function figuresOf(result: RunResult): Figure[] {
  return result.plan.outputs.flatMap((output) =>
    output.kind === "plot" ? figuresFor(output, result) : [],
  );
}

function titles(figures: readonly Figure[]): string {
  return figures.map((figure, i) => `${i + 1} (${figure.title})`).join(", ");
}

/** `quiesce export trace RESULT -o FILE.json`: the recorded window of the first replication, for https://ui.perfetto.dev. */
export function exportTrace(file: string, options: ExportOptions): number {
  const stored = readStored(file);
  if (stored.kind === "check")
    throw new UsageError(`${file} is the result of a check; a trace comes from a run`);
  const timelines = stored.result.points.flatMap((point) =>
    point.replications.flatMap((one) => one.timeline ?? []),
  );
  const timeline = timelines[Number(options.which ?? 1) - 1];
  if (timeline === undefined) {
    throw new UsageError(
      `${file} holds ${timelines.length} timelines; \`plot ... as timeline\` in the experiment records one`,
    );
  }
  return written(options.output, () =>
    writeFileSync(options.output, `${JSON.stringify(traceEvents(timeline))}\n`),
  );
}

function written(output: string, write: () => void): number;
function written(output: string, write: () => Promise<void>): Promise<number>;
function written(output: string, write: () => void | Promise<void>): number | Promise<number> {
  const refused = (error: unknown): never => {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (typeof (error as NodeJS.ErrnoException).code === "string") {
      throw new UsageError(`cannot write ${output}: ${fileReason(error)}`);
    }
    throw error;
  };
  const done = (): number => {
    process.stdout.write(`wrote ${output}\n`);
    return exitStatus.ok;
  };
  try {
    const result = write();
    return result instanceof Promise ? result.then(done, refused) : done();
  } catch (error) {
    return refused(error);
  }
}
