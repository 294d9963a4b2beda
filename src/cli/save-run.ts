// `--out DIR`: everything a run produced, as files that others can read: per experiment its plan, its result, its tables and figures;
// one page with all of it; and a manifest that says what made them.

import {existsSync, mkdirSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fingerprintOf} from "../farm/fingerprint-of.ts";
import {encodeStored, type Stored} from "../farm/stored-result.ts";
import {exportFigure} from "../figure/render-figure.ts";
import {type ReportPart, reportHtml} from "../figure/report-html.ts";
import {canonicalJson} from "../plan/hash.ts";
import {version} from "../plan/version.ts";
import type {SessionEvent} from "../session/events.ts";
import {fileReason} from "../session/file-reason.ts";
import {exportTable} from "../table/export-table.ts";
import {runsTable} from "../table/runs-table.ts";
import {summaryTable} from "../table/summary-table.ts";
import {eventsJson} from "./events-json.ts";
import {UsageError} from "./exit-status.ts";
import {storedEnding} from "./stored-file.ts";

/**
 * Makes the folder before a run that will want it, and tries that it can be written to: nobody should wait an hour to hear that it cannot.
 * Throws a `UsageError`.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path); path = dirname(path)) missing.unshift(path);
  try {
    // One by one: asked for all of them at once below /proc, Node never comes back.
    for (const path of missing) mkdirSync(path);
    const probe = join(folder, `.quiesce-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`cannot write to ${folder}: ${fileReason(error)}`);
  }
}

/** Writes the files and returns their names in order. Throws a `UsageError` when the disk refuses. */
export async function saveRun(
  events: readonly SessionEvent[],
  stored: readonly Stored[],
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  const place = (name: string): string => {
    const file = join(folder, name);
    written.push(file);
    return file;
  };
  const counts = new Map<string, number>();
  const numbered = (stem: string): string => {
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    return count === 1 ? stem : `${stem}-${count}`;
  };
  try {
    for (const one of stored) {
      const stem = numbered(one.kind === "run" ? one.name : `check-${one.result.scenario}`);
      writeFileSync(place(`${stem}${storedEnding}`), encodeStored(one));
      if (one.kind === "check") continue;
      writeFileSync(place(`${stem}.plan.json`), `${canonicalJson(one.result.plan)}\n`);
      exportTable(summaryTable(one.result), place(`${stem}.summary.csv`));
      exportTable(runsTable(one.result), place(`${stem}.runs.csv`));
    }
    for (const event of events) {
      if (event.kind === "table")
        exportTable(event.table.table, place(`${numbered(`${event.of}.table`)}.csv`));
      if (event.kind === "figure")
        await exportFigure(event.figure, place(`${numbered(`${event.of}.figure`)}.svg`));
    }
    if (stored.length > 0)
      writeFileSync(place("report.html"), await reportHtml(events.flatMap(partOf)));
    writeFileSync(place("events.json"), `${eventsJson(events)}\n`);
    const manifest = place("manifest.json");
    writeFileSync(manifest, `${JSON.stringify(manifestOf(stored, written), undefined, 2)}\n`);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") {
      throw new UsageError(`cannot write ${written.at(-1) ?? folder}: ${fileReason(error)}`);
    }
    throw error;
  }
  return written;
}

function partOf(event: SessionEvent): ReportPart[] {
  switch (event.kind) {
    case "result":
      return [{kind: "result", result: event.result}];
    case "table":
      return [{kind: "table", table: event.table}];
    case "figure":
      return [{kind: "figure", figure: event.figure}];
    case "check":
      return [{kind: "check", result: event.result}];
    default:
      return [];
  }
}

function manifestOf(stored: readonly Stored[], files: readonly string[]): unknown {
  return {
    quiesce: version,
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    runs: stored.flatMap((one) =>
      one.kind === "run"
        ? [
            {
              name: one.name,
              planHash: one.result.planHash,
              seed: one.result.plan.seed,
              inputs: one.result.plan.inputs,
              ended: one.result.ended,
              fingerprint: fingerprintOf(one.result),
              ...(one.result.warmUp === undefined ? {} : {warmUp: one.result.warmUp}),
            },
          ]
        : [],
    ),
    files,
  };
}
