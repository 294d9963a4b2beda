// `--out DIR`: everything a run produced, as files that others can read: per experiment its plan, its tables, its figures; a report
// that shows them all; and a manifest that says what made them.

import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
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

/** Writes the files and returns their names in order. Throws a `UsageError` when the disk refuses. */
export async function saveEvents(
  events: readonly SessionEvent[],
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
    mkdirSync(folder, {recursive: true});
    for (const event of events) {
      if (event.kind === "result") {
        const stem = numbered(event.name);
        writeFileSync(place(`${stem}.plan.json`), `${canonicalJson(event.result.plan)}\n`);
        exportTable(summaryTable(event.result), place(`${stem}.summary.csv`));
        exportTable(runsTable(event.result), place(`${stem}.runs.csv`));
      } else if (event.kind === "table")
        exportTable(event.table.table, place(`${numbered(`${event.of}.table`)}.csv`));
      else if (event.kind === "figure") {
        const stem = numbered(`${event.of}.figure`);
        await exportFigure(event.figure, place(`${stem}.svg`));
      }
    }
    writeFileSync(place("report.html"), await reportHtml(events.flatMap(reportPart)));
    writeFileSync(place("events.json"), `${eventsJson(events)}\n`);
    writeFileSync(
      place("manifest.json"),
      `${JSON.stringify(manifest(events, written), undefined, 2)}\n`,
    );
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") {
      throw new UsageError(`cannot write ${written.at(-1) ?? folder}: ${fileReason(error)}`);
    }
    throw error;
  }
  return written;
}

// Everything in one page that can be zoomed and hovered. A run that asked for no table or figure gets those of the report's own choice.
function reportPart(event: SessionEvent): ReportPart[] {
  switch (event.kind) {
    case "result": {
      const bare = event.result.plan.outputs.every((output) => output.kind === "export");
      return [bare ? {kind: "run", run: event.result} : event];
    }
    case "table":
    case "figure":
    case "check":
      return [event];
    default:
      return [];
  }
}

function manifest(events: readonly SessionEvent[], files: readonly string[]): unknown {
  return {
    quiesce: version,
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    runs: events.flatMap((event) =>
      event.kind === "result"
        ? [
            {
              name: event.name,
              planHash: event.result.planHash,
              seed: event.result.plan.seed,
              inputs: event.result.plan.inputs,
              ended: event.result.ended,
            },
          ]
        : [],
    ),
    files,
  };
}
