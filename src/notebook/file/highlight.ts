// Colours for the code of an exported page. One list of patterns serves both languages; it is for reading, not for compiling.

import {escapeHtml} from "../../table/html-table.ts";
import {cellText} from "../kernel/cell-language.ts";

const typescriptWords =
  "abstract|any|as|async|await|boolean|break|case|catch|class|const|continue|declare|default|delete|do|else|enum|export|extends|false|finally|for|from|function|if|implements|import|in|instanceof|interface|keyof|let|namespace|new|null|number|of|private|public|readonly|return|satisfies|static|string|super|switch|this|throw|true|try|type|typeof|undefined|unknown|var|void|while|yield";
const quiesceWords =
  "machine|costs|load|policy|scenario|experiment|check|run|table|plot|show|export|import|let|param|mm|walker|writer|bystander|state|percpu|permm|on|for|if|else|where|from|with|as|of|by|vs|at|under|expect|compare|against|measure|sweep|zip|grid|lhs|until|within|wait|acks|gp|expedited|ipi|mb|wmb|rmb|store|store_release|xchg|count|skip|when|defer|flush|release|unhook|sync|true|false|none|not|and|or|in|lin|log|step|facet|once";

const classes = ["com", "str", "num", "kw"] as const;

/** The code as HTML with classes `com`, `str`, `num` and `kw`. */
export function highlight(code: string): string {
  const {language} = cellText(code);
  const words = language === "quiesce" ? quiesceWords : typescriptWords;
  const comment =
    language === "quiesce" ? "(?:#|\\/\\/\\/)[^\\n]*" : "\\/\\/[^\\n]*|\\/\\*[^]*?\\*\\/";
  const pattern = new RegExp(
    `(${comment})|("(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'|\`(?:[^\`\\\\]|\\\\.)*\`)|(?<![\\w.])(\\d[\\d_]*(?:\\.\\d+)?(?:e[+-]?\\d+)?[a-zA-Zµ%]*(?:\\/s)?)|\\b(${words})\\b`,
    "g",
  );
  let out = "";
  let from = 0;
  for (const match of code.matchAll(pattern)) {
    const kind = classes.find((_, i) => match[i + 1] !== undefined);
    out += escapeHtml(code.slice(from, match.index));
    out += `<span class="${kind}">${escapeHtml(match[0])}</span>`;
    from = match.index + match[0].length;
  }
  return out + escapeHtml(code.slice(from));
}
