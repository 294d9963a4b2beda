// Which language a cell is in, without asking the user to say so. A Quiesce item begins with a keyword and a name (`run hello`), and two
// names in a row on one line are never TypeScript; a `#` comment is not TypeScript either. Only `let` begins an item of both: such a cell
// is Quiesce when something in it cannot be TypeScript — a number with a unit, a named argument, `ts("…")`, or another Quiesce item.

export type CellLanguage = "quiesce" | "typescript";

export interface CellText {
  readonly language: CellLanguage;
  /** The source with a magic line blanked out, so that lines and offsets stay. */
  readonly source: string;
}

/** Keywords that open a top-level item and are followed by a name, a string or a dotted path. */
const itemKeywords: readonly string[] = [
  "machine",
  "mm",
  "walker",
  "writer",
  "bystander",
  "param",
  "costs",
  "load",
  "policy",
  "scenario",
  "experiment",
  "check",
  "run",
  "table",
  "plot",
  "show",
  "export",
  "replay",
];

const item = new RegExp(
  `^(?:(?:${itemKeywords.filter((word) => word !== "export").join("|")})[ \\t]+[A-Za-z_"]|export[ \\t]+"|import[ \\t]+"[^"\\n]*\\.quiesce"|let[ \\t]+\\w+[ \\t]*=[ \\t]*ts[ \\t]*\\()`,
);
const unitLiteral =
  /(?<![\w.])\d+(?:\.\d+)?(?:ns|us|µs|ms|s|min|h|cyc|Hz|kHz|MHz|GHz|KiB|MiB|GiB|B|k\/s|M\/s|\/s|%)(?![\w])/;
const namedArgument = /\b\w+\(\s*(?:[^()]*,\s*)?[a-z]\w*\s*:\s*["\d]/;

/** Reads `%%quiesce` and `%%ts`, else judges by the first item. An empty cell is TypeScript's. */
export function cellText(text: string): CellText {
  const magic = /^(\s*)%%(quiesce|ts|typescript)[ \t]*(?=\n|$)/.exec(text);
  if (magic !== null) {
    const language = magic[2] === "quiesce" ? "quiesce" : "typescript";
    return {language, source: " ".repeat(magic[0].length) + text.slice(magic[0].length)};
  }
  return {language: judge(text), source: text};
}

/** A text without what it has in quotes, where a duration is text and no number. */
function unquoted(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}

function judge(text: string): CellLanguage {
  const rows = text.split("\n");
  let comments = 0;
  for (const row of rows) {
    if (row.trim() === "") continue;
    if (/^\s*#(?![!\w])/.test(row)) {
      comments++;
      continue;
    }
    if (/^\s*\/\/\//.test(row)) continue;
    if (comments > 0) return "quiesce";
    const first = row.trimStart();
    if (item.test(first)) return "quiesce";
    if (!/^let\s/.test(first)) return "typescript";
    const other = rows.some((each) => item.test(each));
    return other || unitLiteral.test(unquoted(text)) || namedArgument.test(text)
      ? "quiesce"
      : "typescript";
  }
  return comments > 0 ? "quiesce" : "typescript";
}
