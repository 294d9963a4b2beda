// Tables for papers: a LaTeX `tabular` with the rules of the booktabs package.

import type {ColumnTable} from "arquero";
import {type PresentOptions, presentTable} from "./present-table.ts";

/** The table as a `tabular` environment, units in the heads; needs `\usepackage{booktabs}`. Ends with a newline. */
export function latexTable(table: ColumnTable, options: PresentOptions = {}): string {
  const presented = presentTable(table, {units: "heads", ...options});
  const row = (cells: readonly string[]): string => `${cells.map(escapeLatex).join(" & ")} \\\\`;
  const heads = presented.heads.map((head) =>
    head.unit ? `${head.name} (${head.unit})` : head.name,
  );
  return [
    `\\begin{tabular}{${presented.heads.map((head) => (head.align === "right" ? "r" : "l")).join("")}}`,
    "\\toprule",
    row(heads),
    "\\midrule",
    ...presented.rows.map(row),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}

const latex: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "±": "$\\pm$",
  "→": "$\\rightarrow$",
  µ: "\\textmu{}",
};

function escapeLatex(text: string): string {
  return text
    .replace(/[\\~^<>±→µ]|[&%$#_{}]/g, (found) => latex[found] ?? `\\${found}`)
    .replace(/\s*\r?\n\s*/g, " ");
}
