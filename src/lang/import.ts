// `import "hosts/lab.quiesce" as hosts`: reads the file through the injected reader, checks it as a text of its own, and yields its
// declarations. Commands in it are not run. A file that imports itself, by whatever way, is reported.

import type {Diagnostic} from "./diagnostic.ts";
import type {Imported, Input, Module} from "./environment.ts";
import type {FileReader} from "./file-reader.ts";
import {type Reporter, tell} from "./report.ts";
import type {Import, Source} from "./syntax.ts";

export interface ImportOptions {
  readonly files: FileReader | undefined;
  /** The file that the import stands in; absent: the session. */
  readonly from: string | undefined;
  /** Files on the way here, outermost first. */
  readonly open: readonly string[];
  readonly report: Reporter;
  /** Checks a text as a module; supplied by the checker, which in turn imports. */
  readonly check: (
    source: Source,
    own: Input,
    open: readonly string[],
  ) => {readonly module: Module; readonly diagnostics: readonly Diagnostic[]};
}

/** The module that an import brings in; undefined after a report. */
export function importModule(
  syntax: Import,
  source: Source,
  options: ImportOptions,
): Imported | undefined {
  const {files, report, open} = options;
  const place = {source, span: syntax.file};
  const path = syntax.file.value;
  const wrong = (label: string, help: string): undefined => {
    tell(report, "E212", `cannot import \`${path}\``, place, label, {help});
    return undefined;
  };
  if (files === undefined)
    return wrong("no files can be read here", "run the text from a file or a notebook");
  const read = files.read(path, options.from);
  if ("failure" in read)
    return wrong(read.failure, "paths are relative to the file that names them");
  if (open.includes(read.path))
    return wrong("it imports itself", `${[...open, read.path].join(" -> ")}`);
  const own: Input = {path: read.path, sha256: read.sha256};
  const {module, diagnostics} = options.check({name: read.path, text: read.text}, own, [
    ...open,
    read.path,
  ]);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  for (const error of errors) if (!report.found.includes(error)) report.found.push(error);
  if (errors.length > 0) return undefined;
  return {module, syntax, source};
}
