// A notebook file, format 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html): reading, checking, writing.

import {createHash} from "node:crypto";

export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly NotebookCell[];
}

export type NotebookCell = CodeCell | TextCell;

export interface TextCell {
  readonly cell_type: "markdown" | "raw";
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly attachments?: Readonly<Record<string, unknown>>;
}

export interface CodeCell {
  readonly cell_type: "code";
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface CellMetadata {
  readonly tags?: readonly string[];
  readonly [key: string]: unknown;
}

type MimeData = Readonly<Record<string, unknown>>;

export type Output =
  | {readonly output_type: "stream"; readonly name: string; readonly text: string}
  | {readonly output_type: "display_data"; readonly data: MimeData; readonly metadata: MimeData}
  | {
      readonly output_type: "execute_result";
      readonly data: MimeData;
      readonly metadata: MimeData;
      readonly execution_count: number | null;
    }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** A file that is no notebook, or one of another format. The message says where it is wrong. */
export class NotebookError extends Error {
  override readonly name = "NotebookError" as const;
}

/**
 * Reads the text of a notebook. Cells without an id (before 4.5) get one that depends on their place and text only; texts that the file
 * holds as lists of lines are joined.
 * @throws {NotebookError}
 */
export function readNotebook(text: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NotebookError(`it is not JSON: ${(cause as Error).message}`, {cause});
  }
  const notebook = object(value, "the file");
  if (notebook.nbformat !== 4) {
    const found = notebook.nbformat === undefined ? "no nbformat" : `nbformat ${notebook.nbformat}`;
    throw new NotebookError(
      `it has ${found}, and 4 is needed; \`jupyter nbconvert --to notebook\` converts older files`,
    );
  }
  if (!Array.isArray(notebook.cells)) throw new NotebookError("it has no list of cells");
  const ids = new Set<string>();
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: object(notebook.metadata ?? {}, "metadata"),
    cells: notebook.cells.map((cell, index) => readCell(cell, index, ids)),
  };
}

/** The text of a notebook file: one space of indentation and lists of lines, as Jupyter writes it, so that differences stay small. */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    ...(cell.cell_type === "code" ? {outputs: cell.outputs.map(fileOutput)} : {}),
  }));
  return `${JSON.stringify(sorted({...notebook, cells}), undefined, 1)}\n`;
}

function readCell(value: unknown, index: number, ids: Set<string>): NotebookCell {
  const where = `cell ${index + 1}`;
  const cell = object(value, where);
  const source = joined(cell.source, `${where}: source`);
  const metadata = object(cell.metadata ?? {}, `${where}: metadata`) as CellMetadata;
  const id = cellId(cell.id, index, source, ids);
  if (cell.cell_type === "markdown" || cell.cell_type === "raw") {
    const attachments = cell.attachments as Record<string, unknown> | undefined;
    const type: TextCell["cell_type"] = cell.cell_type;
    const text: TextCell = {cell_type: type, id, metadata, source};
    return attachments === undefined ? text : {...text, attachments};
  }
  if (cell.cell_type !== "code") {
    throw new NotebookError(
      `${where} has cell_type \`${cell.cell_type}\`, not code, markdown or raw`,
    );
  }
  const outputs = Array.isArray(cell.outputs) ? cell.outputs : [];
  return {
    cell_type: "code",
    id,
    metadata,
    source,
    execution_count: typeof cell.execution_count === "number" ? cell.execution_count : null,
    outputs: outputs.map((output, at) => readOutput(output, `${where}, output ${at + 1}`)),
  };
}

function readOutput(value: unknown, where: string): Output {
  const output = object(value, where);
  const type = output.output_type;
  if (type === "stream") {
    return {
      output_type: type,
      name: String(output.name ?? "stdout"),
      text: joined(output.text, where),
    };
  }
  if (type === "error") {
    return {
      output_type: type,
      ename: String(output.ename ?? ""),
      evalue: String(output.evalue ?? ""),
      traceback: Array.isArray(output.traceback) ? output.traceback.map(String) : [],
    };
  }
  if (type !== "display_data" && type !== "execute_result") {
    throw new NotebookError(`${where} has the unknown output_type \`${type}\``);
  }
  const data = Object.fromEntries(
    Object.entries(object(output.data ?? {}, `${where}: data`)).map(([mime, content]) => [
      mime,
      isJson(mime) ? content : joined(content, `${where}: ${mime}`),
    ]),
  );
  const metadata = object(output.metadata ?? {}, `${where}: metadata`);
  if (type === "display_data") return {output_type: type, data, metadata};
  const count = output.execution_count;
  return {
    output_type: type,
    data,
    metadata,
    execution_count: typeof count === "number" ? count : null,
  };
}

function cellId(given: unknown, index: number, source: string, ids: Set<string>): string {
  const usable =
    typeof given === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(given) && !ids.has(given);
  const id = usable
    ? given
    : createHash("sha256").update(`${index}:${source}`).digest("hex").slice(0, 8);
  ids.add(id);
  return id;
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new NotebookError(`${where} is not an object`);
}

function joined(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string"))
    return value.join("");
  throw new NotebookError(`${where} is neither a text nor a list of lines`);
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function isJson(mime: string): boolean {
  return /^application\/(.*\+)?json$/.test(mime);
}

function fileOutput(output: Output): object {
  if (output.output_type === "stream") return {...output, text: lines(output.text)};
  if (output.output_type === "error") return output;
  const data = Object.fromEntries(
    Object.entries(output.data).map(([mime, content]) => [
      mime,
      typeof content !== "string" || isJson(mime) || mime.startsWith("image/p")
        ? content
        : lines(content),
    ]),
  );
  return {...output, data};
}

// Keys in alphabetical order at every level that is ours, as Jupyter writes them; the content of JSON outputs is left alone.
function sorted(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((each) => sorted(each, depth + 1));
  if (typeof value !== "object" || value === null || depth > 5) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each, depth + 1)]));
}
