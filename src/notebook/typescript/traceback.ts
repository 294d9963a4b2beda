// An error as the user should see it: its message, their own line with a caret, and the frames of their own code. Frames of the kernel, of
// tslab, of Node and of libraries are left out; positions are those of the cell as it was typed.

import {inspect} from "node:util";
import {Interrupted} from "../kernel/cell.ts";
import type {Failure} from "../kernel/outlet.ts";
import type {TypeScriptDiagnostic} from "./language-requests.ts";
import {type PositionMap, sourceOffset} from "./position-map.ts";

/** A cell's code as it ran. `prefix` is what the executor put before the first line. */
export interface RanCode {
  /** `[3]` */
  readonly label: string;
  readonly source: string;
  readonly emitted: string;
  readonly prefix: number;
  readonly positions: PositionMap;
}

interface Frame {
  readonly name: string;
  readonly code: RanCode | undefined;
  /** Offset in the source of the cell. */
  readonly offset: number | undefined;
  readonly file: string;
}

const red = (text: string): string => `\u001b[31m${text}\u001b[0m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[0m`;

/** The failure for a thrown value. `find` gives the code of a script name. */
export function failureOf(
  thrown: unknown,
  find: (script: string) => RanCode | undefined,
  folder: string,
): Failure {
  if (isInterrupt(thrown)) {
    const {name, message} = new Interrupted();
    return {ename: name, evalue: message, traceback: [`${red(name)}: ${message}`]};
  }
  if (!isError(thrown)) {
    const text = inspect(thrown, {depth: 3});
    return {ename: "Thrown", evalue: text, traceback: [`${red("Thrown")}: ${text}`]};
  }
  const ename = String(thrown.name || "Error");
  const evalue = String(thrown.message);
  return {ename, evalue, traceback: lines(thrown, find, folder)};
}

function lines(
  error: Error,
  find: (script: string) => RanCode | undefined,
  folder: string,
  depth = 0,
): string[] {
  const out = [`${red(String(error.name || "Error"))}: ${error.message}`];
  const frames = userFrames(error.stack ?? "", find, folder);
  const first = frames.find((frame) => frame.code !== undefined && frame.offset !== undefined);
  if (first?.code !== undefined && first.offset !== undefined) {
    out.push(...excerpt(first.code, first.offset));
  }
  for (const frame of frames) out.push(dim(`    at ${describe(frame)}`));
  if (error instanceof AggregateError && depth < 3) {
    for (const each of error.errors.slice(0, 5)) {
      if (isError(each)) out.push("", "one of:", ...lines(each, find, folder, depth + 1));
    }
  }
  if (isError(error.cause) && depth < 3) {
    out.push("", "caused by:", ...lines(error.cause, find, folder, depth + 1));
  }
  return out;
}

/** The failure for the compiler's complaints about a cell. */
export function failureOfDiagnostics(
  label: string,
  source: string,
  diagnostics: readonly TypeScriptDiagnostic[],
): Failure {
  const rows = source.split("\n");
  const traceback = diagnostics.flatMap((diagnostic) => {
    const {line, column, message, code, file} = diagnostic;
    const where = file === undefined ? `cell ${label}` : file;
    const head = `${red(`error TS${code}`)}: ${message}`;
    if (file !== undefined) return [head, dim(`    at ${where}:${line + 1}:${column + 1}`)];
    const row = rows[line] ?? "";
    const width =
      diagnostic.endLine === line
        ? Math.max(1, diagnostic.endColumn - column)
        : row.length - column;
    return [
      head,
      ...frameLines(row, line + 1, column, Math.max(1, width)),
      dim(`    at ${where}:${line + 1}:${column + 1}`),
    ];
  });
  const first = diagnostics[0];
  return {ename: `TS${first?.code ?? ""}`, evalue: first?.message ?? "", traceback};
}

function userFrames(
  stack: string,
  find: (script: string) => RanCode | undefined,
  folder: string,
): readonly Frame[] {
  const out: Frame[] = [];
  for (const text of stack.split("\n")) {
    const match = /^\s+at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(text);
    if (match === null) continue;
    const [, called, rawFile, row, column] = match;
    const name = (called ?? "").replace(/^async /, "").replace(/^exports\./, "");
    const file = (rawFile ?? "").replace(/^async /, "").replace(/^file:\/\//, "");
    const code = find(file);
    if (code !== undefined) {
      const offset = emittedOffset(code, Number(row), Number(column));
      const source = offset === undefined ? undefined : sourceOffset(code.positions, offset);
      // The wrapper around a cell has no place in the cell.
      if (source === undefined) continue;
      const outer = name === "" || name === "Object.<anonymous>" || name === "<anonymous>";
      out.push({
        name: outer ? "" : name,
        code,
        offset: source,
        file,
      });
    } else if (file.startsWith(`${folder}/`) && !file.includes("/node_modules/")) {
      if (isOurs(file)) continue;
      out.push({name, code: undefined, offset: undefined, file: `${file}:${row}:${column}`});
    }
  }
  return out;
}

const ourFolder = new URL("../../../", import.meta.url).pathname;

function isOurs(file: string): boolean {
  return file.startsWith(ourFolder);
}

function emittedOffset(code: RanCode, row: number, column: number): number | undefined {
  let at = 0;
  for (let line = 1; line < row; line++) {
    at = code.emitted.indexOf("\n", at) + 1;
    if (at === 0) return undefined;
  }
  return at + column - 1 - (row === 1 ? code.prefix : 0);
}

function place(source: string, offset: number): {line: number; column: number; row: string} {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  return {
    line: source.slice(0, offset).split("\n").length,
    column: offset - start,
    row: source.slice(start, end < 0 ? undefined : end),
  };
}

function excerpt(code: RanCode, offset: number): string[] {
  const {line, column, row} = place(code.source, offset);
  return frameLines(row, line, column, 1);
}

function frameLines(row: string, line: number, column: number, width: number): string[] {
  const gutter = String(line).padStart(4);
  const tabs = row.slice(0, column).replace(/[^\t]/g, " ");
  return [`${gutter} | ${row}`, `     | ${tabs}${red("^".repeat(Math.min(width, 120)))}`];
}

function describe(frame: Frame): string {
  const called = frame.name === "" ? "" : `${frame.name}, `;
  if (frame.code === undefined) return called + frame.file;
  if (frame.offset === undefined) return `${called}cell ${frame.code.label}`;
  const {line, column} = place(frame.code.source, frame.offset);
  return `${called}cell ${frame.code.label}:${line}:${column + 1}`;
}

/** Also true of errors of another realm and of subclasses without a prototype. */
function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" &&
      value !== null &&
      Object.prototype.toString.call(value) === "[object Error]")
  );
}

/** Whether a thrown value is how an interrupt shows itself. */
export function isInterrupt(thrown: unknown): boolean {
  if (thrown instanceof Interrupted) return true;
  if (!isError(thrown)) return false;
  return (
    (thrown as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    thrown.message === "Interrupted asynchronously"
  );
}
