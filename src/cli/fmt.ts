import {writeFileSync} from "node:fs";
import {format} from "../lang/format.ts";
import {parse} from "../lang/parse.ts";
import {renderTexts} from "../lang/render-text.ts";
import {fileReason} from "../session/file-reason.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface FmtOptions {
  readonly check?: boolean;
  readonly color?: boolean;
}

/**
 * `quiesce fmt`: formats files in place, standard input to standard output. A text that does not parse is left alone and its
 * diagnostics are printed. With `--check` nothing is written, and the status is 1 if something would be.
 */
export function fmt(files: readonly string[], options: FmtOptions): number {
  let status: number = exitStatus.ok;
  for (const file of files) {
    const source = readSource(file);
    const {diagnostics} = parse(source);
    if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) {
      process.stderr.write(`${renderTexts(diagnostics, {color: useColor(options.color)})}\n`);
      status = exitStatus.badInput;
      continue;
    }
    const formatted = format(source.text);
    if (file === "-" && options.check !== true) process.stdout.write(formatted);
    else if (formatted === source.text) continue;
    else if (options.check === true) {
      process.stdout.write(`${file} is not formatted\n`);
      status = Math.max(status, exitStatus.expectationFailed);
    } else write(file, formatted);
  }
  return status;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fileReason(error)}`);
  }
}
