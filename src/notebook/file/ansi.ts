// Terminal colours in tracebacks and printed text, as HTML.

import {escapeHtml} from "../../table/html-table.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const sequence = /\u001b\[([0-9;]*)([A-Za-z])/g;

const colors = [
  "#3b3b3b",
  "#b3261e",
  "#256d1b",
  "#8a5a00",
  "#1f4fa3",
  "#8b2a8b",
  "#00707a",
  "#777",
];

/** Escaped HTML with spans for colours and weights; other control sequences are dropped. */
export function ansiHtml(text: string): string {
  let out = "";
  let from = 0;
  let open = false;
  const close = (): string => (open ? "</span>" : "");
  for (const match of text.matchAll(sequence)) {
    out += escapeHtml(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] !== "m") continue;
    const style = styleOf(match[1] ?? "");
    out += close() + (style === "" ? "" : `<span style="${style}">`);
    open = style !== "";
  }
  return out + escapeHtml(text.slice(from)) + close();
}

function styleOf(codes: string): string {
  const styles: string[] = [];
  for (const code of codes.split(";").map(Number)) {
    if (code === 1) styles.push("font-weight:bold");
    else if (code === 2) styles.push("opacity:.7");
    else if (code === 3) styles.push("font-style:italic");
    else if (code === 4) styles.push("text-decoration:underline");
    else if (code >= 30 && code <= 37) styles.push(`color:${colors[code - 30]}`);
    else if (code >= 90 && code <= 97) styles.push(`color:${colors[code - 90]}`);
  }
  return styles.join(";");
}
