// Parameters by papermill's convention: a cell tagged `parameters` holds defaults, and a cell tagged `injected-parameters` after it
// overrides them. The injected cell is in the language of the cell that holds the defaults.

import {cellText} from "../kernel/cell-language.ts";
import {type CodeCell, type Notebook, NotebookError} from "./nbformat.ts";

/** Texts come from a command line; other values from a program. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * The notebook with its parameters set; itself when there are none to set.
 * @throws {NotebookError} when no cell is tagged, or a name is not among its defaults.
 */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const at = notebook.cells.findIndex((cell) => cell.metadata.tags?.includes("parameters"));
  const defaults = notebook.cells[at];
  if (defaults === undefined || defaults.cell_type !== "code") {
    throw new NotebookError(
      `there is no code cell tagged \`parameters\` to set ${names.join(", ")} in`,
    );
  }
  const known = [...defaults.source.matchAll(/^\s*(?:let|const|var)\s+([A-Za-z_$][\w$]*)/gm)].map(
    (match) => match[1] as string,
  );
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new NotebookError(
      `\`${unknown}\` is not a parameter; cell ${at + 1} has: ${known.join(", ") || "none"}`,
    );
  }
  const {language} = cellText(defaults.source);
  const rows = names.map((name) =>
    language === "quiesce"
      ? `let ${name} = ${quiesceText(parameters[name], name)}`
      : `let ${name} = ${typescriptText(parameters[name])};`,
  );
  const comment = language === "quiesce" ? "#" : "//";
  const injected: CodeCell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: {tags: ["injected-parameters"]},
    source: `${language === "quiesce" ? "" : "%%ts\n"}${comment} Parameters\n${rows.join("\n")}`,
    execution_count: null,
    outputs: [],
  };
  const rest = notebook.cells.filter(
    (cell) => !cell.metadata.tags?.includes("injected-parameters"),
  );
  const after = rest.indexOf(defaults) + 1;
  return {...notebook, cells: [...rest.slice(0, after), injected, ...rest.slice(after)]};
}

/** A number, a boolean or JSON where the text is one, otherwise a string. */
function typescriptText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "undefined";
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return JSON.stringify(value);
  }
}

// In Quiesce the text is an expression, units and all: `5us`, `[1, 2, 4]`, `broadcast_ipi`.
function quiesceText(value: unknown, name: string): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (text.trim() === "" || /[\n\r{};]/.test(text)) {
    throw new NotebookError(`\`${name}\` has to be one expression, like 5us; got \`${text}\``);
  }
  return text;
}
