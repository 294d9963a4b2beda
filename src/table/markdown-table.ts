// Tables for bug reports and mails: GitHub's Markdown.

import type {ColumnTable} from "arquero";
import {cutText, type PresentOptions, presentTable} from "./present-table.ts";

/** The table in Markdown, units in the heads; ends with a newline. */
export function markdownTable(table: ColumnTable, options: PresentOptions = {}): string {
  const presented = presentTable(table, {units: "heads", ...options});
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const cut = cutText(presented);
  const lines = [
    row(presented.heads.map((head) => (head.unit ? `${head.name} (${head.unit})` : head.name))),
    `|${presented.heads.map((head) => (head.align === "right" ? "---:" : ":---")).join("|")}|`,
    ...presented.rows.map(row),
    ...(cut ? ["", `${cut}.`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function escapeMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_|[\]]/g, "\\$&")
    .replace(/\r?\n/g, "<br>");
}
