import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {type ReportPart, reportHtml} from "../figure/report-html.ts";
import {fileReason} from "../session/file-reason.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readStored, storedFiles} from "./stored-file.ts";

export interface ReportOptions {
  readonly output?: string;
  readonly static?: boolean;
  readonly title?: string;
}

/** `quiesce report DIR`: one self-contained page from the results that `run --out DIR` stored. */
export async function report(folder: string, options: ReportOptions): Promise<number> {
  const parts = storedFiles(folder).map((file): ReportPart => {
    const stored = readStored(file);
    return stored.kind === "run"
      ? {kind: "run", run: stored.result}
      : {kind: "check", result: stored.result};
  });
  const output = options.output ?? join(folder, "report.html");
  const html = await reportHtml(parts, {
    interactive: options.static !== true,
    ...(options.title === undefined ? {} : {title: options.title}),
  });
  try {
    writeFileSync(output, html);
  } catch (error) {
    throw new UsageError(`cannot write ${output}: ${fileReason(error)}`);
  }
  process.stdout.write(`page: ${output}\n`);
  return exitStatus.ok;
}
