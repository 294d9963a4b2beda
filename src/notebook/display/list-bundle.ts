// A short list with named columns, which is text and no measurement: what is declared, what can be written.

import {escapeHtml} from "../../table/html-table.ts";
import type {Bundle} from "./bundle.ts";

/** As a table of HTML and as columns of text; columns that are empty throughout are left out. */
export function listBundle(heads: readonly string[], rows: readonly (readonly string[])[]): Bundle {
  const kept = heads.flatMap((_, at) => (rows.some((row) => row[at] !== "") ? [at] : []));
  const lines = [heads, ...rows].map((row) => kept.map((at) => row[at] ?? ""));
  const widths = kept.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join("  ")
      .trimEnd(),
  );
  const cells = (line: readonly string[], tag: string): string =>
    line.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join("");
  const [head, ...body] = lines;
  const html = `<table><thead><tr>${cells(head!, "th")}</tr></thead><tbody>${body
    .map((line) => `<tr>${cells(line, "td")}</tr>`)
    .join("")}</tbody></table>`;
  return {data: {"text/html": html, "text/plain": text.join("\n")}, metadata: {}};
}
