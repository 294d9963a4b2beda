import {writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {applyMachineFixes} from "../lang/apply-fix.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import {renderJson} from "../lang/render-json.ts";
import {renderTexts} from "../lang/render-text.ts";
import {fileReason} from "../session/file-reason.ts";
import {Session} from "../session/session.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface LintOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly color?: boolean;
}

// A fix may uncover what another diagnostic hid; a text that needs more rounds than this is better looked at.
const mostRounds = 10;

/** `quiesce lint`: checks texts without running them. Status 2 if one has an error. */
export async function lint(files: readonly string[], options: LintOptions): Promise<number> {
  const all: Diagnostic[] = [];
  for (const file of files) {
    const session = new Session({folder: file === "-" ? "." : dirname(file)});
    let source = readSource(file);
    let found = session.check(source);
    for (let round = 0; options.fix === true && round < mostRounds; round++) {
      const {text, applied} = applyMachineFixes(source.text, found);
      if (applied === 0) break;
      source = {...source, text};
      found = session.check(source);
      write(file, text);
    }
    all.push(...found);
  }
  if (options.json === true)
    process.stdout.write(`${JSON.stringify(all.map(renderJson), undefined, 2)}\n`);
  else if (all.length > 0)
    process.stdout.write(`${renderTexts(all, {color: useColor(options.color)})}\n`);
  return all.some((diagnostic) => diagnostic.severity === "error")
    ? exitStatus.badInput
    : exitStatus.ok;
}

function write(file: string, text: string): void {
  if (file === "-") return;
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fileReason(error)}`);
  }
}
