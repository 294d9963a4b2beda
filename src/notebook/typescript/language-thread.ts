// Entry of the language thread: tslab's converter, which takes two seconds of processor time to create. In a thread of its own it delays
// neither a kernel's first answer nor a cell that is not TypeScript.

import {existsSync} from "node:fs";
import {join, resolve} from "node:path";
import {parentPort} from "node:worker_threads";
import type {Converter, createConverter, Diagnostic, isCompleteCode} from "tslab/dist/converter.js";
import {printQuickInfo} from "tslab/dist/inspect.js";
import {getCodeMetadata} from "tslab/dist/metadata.js";
import {loadCompiler, tslabRequire} from "./compiler.ts";
import {declaredNames} from "./declared-names.ts";
import {emittedNames} from "./emitted-names.ts";
import type {
  Completeness,
  Completions,
  LanguageRequest,
  Prepared,
  TypeScriptDiagnostic,
} from "./language-requests.ts";
import {insertAll, loopGuards} from "./loop-guards.ts";
import {redirectCompiler} from "./package-paths.ts";
import {alignTokens, type PositionMap} from "./position-map.ts";
import {shareChecker} from "./shared-checker.ts";

const port = parentPort;
if (port === null) throw new Error("language-thread.js runs as a worker of the kernel");

const compiler = loadCompiler();
redirectCompiler(compiler);
const checker = shareChecker(compiler);
const tslab = tslabRequire("./converter.js") as {
  readonly createConverter: typeof createConverter;
  readonly isCompleteCode: typeof isCompleteCode;
};
const newConverter = (): Converter => tslab.createConverter({isJS: false, isBrowser: false});
let converter = newConverter();
port.postMessage({id: -1, version: compiler.version});

port.on("message", ({id, request}: {readonly id: number; readonly request: LanguageRequest}) => {
  try {
    port.postMessage({id, reply: answer(request)});
  } catch (error) {
    port.postMessage({id, failure: (error as Error).stack ?? String(error)});
  }
});

function answer(request: LanguageRequest): unknown {
  if (request.kind === "prepare")
    return prepare(request.declarations, request.source, request.cell);
  if (request.kind === "complete") {
    return complete(request.declarations, request.source, request.offset);
  }
  if (request.kind === "inspect") {
    const info = converter.inspect(request.declarations, request.source, request.offset);
    return info ? printQuickInfo(info) : undefined;
  }
  if (request.kind === "declared") return declaredNames(compiler, request.declarations);
  return completeness(request.source);
}

// A conversion costs 10–20 ms, nearly all of it for setting up the checker, whatever the cell holds. Running a cell again is what notebooks
// are for, so the last conversions are kept; not those of cells that import files beside the notebook, since such a file may have changed.
const kept = new Map<string, Prepared>();
const keptLimit = 100;
const importsFile = /(?:from|import|require)\s*\(?\s*["'`][./]/;

function prepare(declarations: string, source: string, cell: string): Prepared {
  const metadata = getCodeMetadata(source);
  if (metadata.module !== undefined) {
    kept.clear();
    const found = converter.addModule(metadata.module, source, metadata) ?? [];
    return {diagnostics: found.map(plain), positions: new Int32Array(0)};
  }
  const key = `${declarations}\0${source}`;
  const converted = kept.get(key) ?? convert(declarations, source);
  kept.delete(key);
  if (converted.diagnostics.length === 0 && !importsFile.test(source)) {
    kept.set(key, converted);
    for (const oldest of kept.keys()) {
      if (kept.size <= keptLimit) break;
      kept.delete(oldest);
    }
  }
  const output = converted.converted?.output;
  if (output === undefined || output === "") return converted;
  const named = {...converted.converted, output: `${output}\n//# sourceURL=${cell}`};
  return {...converted, converted: named};
}

function convert(declarations: string, source: string): Prepared {
  const none = new Int32Array(0);
  let result = converter.convert(declarations, source);
  if (result.diagnostics.length > 0 && checker.lent) {
    result = checker.afresh(() => converter.convert(declarations, source));
  }
  if (result.diagnostics.some(hasAppeared)) {
    converter.close();
    converter = newConverter();
    result = converter.convert(declarations, source);
  }
  if (result.diagnostics.length > 0) {
    return {diagnostics: result.diagnostics.map(plain), positions: none};
  }
  const {diagnostics: _, ...converted} = result;
  if (result.output === undefined || result.output === "") {
    return {diagnostics: [], converted, positions: none};
  }
  const insertions = loopGuards(compiler, result.output);
  const output = insertAll(result.output, insertions);
  const map = alignTokens(compiler, result.output, source);
  return {
    diagnostics: [],
    converted: {...converted, output},
    positions: shift(map, insertions),
    names: emittedNames(compiler, result.output),
  };
}

// Packages that declare their types only in `exports` are there and are not found, however often one starts afresh.
const lookedFor = new Set<string>();

/** Whether the complaint is about a module that was looked for in vain before and is there now; once for each. */
function hasAppeared({code, messageText}: Diagnostic): boolean {
  const name = code === 2307 ? /'([^']+)'/.exec(messageText)?.[1] : undefined;
  if (name === undefined || lookedFor.has(name)) return false;
  const path = resolve(/^[./]/.test(name) ? name : join("node_modules", name));
  const there = ["", ".ts", ".tsx", ".js", ".d.ts", ".json"].some((end) => existsSync(path + end));
  if (there) lookedFor.add(name);
  return there;
}

/** The map after insertions into the emitted code. */
function shift(map: PositionMap, insertions: readonly {at: number; text: string}[]): PositionMap {
  const out = map.slice();
  let moved = 0;
  let next = 0;
  for (let i = 0; i < out.length; i += 3) {
    while (next < insertions.length && insertions[next]!.at <= map[i]!) {
      moved += insertions[next++]!.text.length;
    }
    out[i] = map[i]! + moved;
  }
  return out;
}

function plain(diagnostic: Diagnostic): TypeScriptDiagnostic {
  return {
    line: diagnostic.start.line,
    column: diagnostic.start.character,
    endLine: diagnostic.end.line,
    endColumn: diagnostic.end.character,
    message: diagnostic.messageText,
    code: diagnostic.code,
    ...(diagnostic.fileName === undefined ? {} : {file: diagnostic.fileName}),
  };
}

function complete(declarations: string, source: string, offset: number): Completions {
  const found = converter.complete(declarations, source, offset);
  const kinds = new Map<string, string>();
  const original = found.original as {entries?: {name: string; kind: string}[]} | undefined;
  for (const entry of original?.entries ?? []) kinds.set(entry.name, entry.kind);
  return {
    start: found.start,
    end: found.end,
    candidates: found.candidates.map((text) => ({text, type: kinds.get(text) ?? "<unknown>"})),
  };
}

/** Codes of TypeScript for something that the next line may close: a template, a block comment. */
const unterminated: ReadonlySet<number> = new Set([1160, 1010]);

// Complete unless the parser complains; incomplete if its first complaint is that the text ended; invalid otherwise.
function completeness(source: string): Completeness {
  const parsed = compiler.createSourceFile("cell.ts", source, compiler.ScriptTarget.Latest);
  const first = parsed.parseDiagnostics[0];
  if (first === undefined) return {status: "complete"};
  const atEnd = first.start >= source.trimEnd().length || unterminated.has(first.code);
  if (!atEnd) return {status: "invalid"};
  const {indent} = tslab.isCompleteCode(source);
  return {status: "incomplete", indent: indent ?? ""};
}
