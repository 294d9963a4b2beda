// Tables for notebooks and reports: numbers aligned, units in the heads, everything escaped, no style sheet needed and none disturbed.
// Long tables come in pages that need no script: each page is a <details>, the first of them open.

import type {ColumnTable} from "arquero";
import {cutText, type Presented, type PresentOptions, presentTable} from "./present-table.ts";

export interface HtmlOptions extends PresentOptions {
  readonly title?: string;
  /** Rows a page; 25 when absent. */
  readonly page?: number;
}

/** Most rows an HTML table holds; beyond that it is cut and says so, because an output of a notebook is stored with it. */
const htmlRows = 1000;

/** The table as one HTML element. */
export function htmlTable(table: ColumnTable, options: HtmlOptions = {}): string {
  const presented = presentTable(table, {units: "heads", limit: htmlRows, ...options});
  const page = Math.max(1, options.page ?? 25);
  const cut = cutText(presented);
  const caption = options.title
    ? `<div style="font-weight:600;padding:4px 0">${escapeHtml(options.title)}</div>`
    : "";
  const note = cut ? `<div style="opacity:.7;padding:4px 0">${escapeHtml(cut)}</div>` : "";
  if (presented.rows.length <= page) {
    return `<div>${caption}${tableElement(presented, 0, presented.rows.length)}${note}</div>`;
  }
  const pages: string[] = [];
  for (let start = 0; start < presented.rows.length; start += page) {
    const end = Math.min(presented.rows.length, start + page);
    const open = start === 0 ? " open" : "";
    const summary = `<summary style="cursor:pointer">rows ${start + 1}–${end}</summary>`;
    pages.push(`<details${open}>${summary}${tableElement(presented, start, end)}</details>`);
  }
  return `<div>${caption}${pages.join("")}${note}</div>`;
}

/** Text for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

const cellStyle = "padding:2px 10px;white-space:nowrap";
// Sentences may break; names and numbers may not.
const longCell = 40;
const wrap = ";white-space:normal;min-width:18em";

function tableElement(presented: Presented, start: number, end: number): string {
  const style = presented.heads.map(
    (head) => `${cellStyle};text-align:${head.align};font-variant-numeric:tabular-nums`,
  );
  const heads = presented.heads.map((head, i) => {
    const unit = head.unit
      ? ` <span style="opacity:.65;font-weight:400">${escapeHtml(head.unit)}</span>`
      : "";
    return `<th scope="col" style="${style[i]};border-bottom:1px solid currentColor">${escapeHtml(head.name)}${unit}</th>`;
  });
  const rows = presented.rows
    .slice(start, end)
    .map(
      (row) =>
        `<tr>${row.map((cell, i) => `<td style="${style[i]}${cell.length > longCell ? wrap : ""}">${escapeHtml(cell)}</td>`).join("")}</tr>`,
    );
  return `<div style="overflow-x:auto"><table style="border-collapse:collapse"><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
