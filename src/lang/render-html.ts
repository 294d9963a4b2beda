// A diagnostic for a notebook or a web page. Everything that came from the user is escaped; styles are inline, since notebook front ends
// drop style sheets, and use the page's own text colour so that they work on dark and light. A fix is there as data: the element with the
// class `quiesce-fix` carries the edits as JSON [{start, end, text}] in UTF-16 offsets of the named source.

import type {Diagnostic, Fix, Label} from "./diagnostic.ts";
import {cellsOf} from "./display-width.ts";
import {excerpt} from "./excerpt.ts";
import {placeText} from "./render-text.ts";

export interface HtmlOptions {
  /** Columns of the user's line that are shown; 100 by default. */
  readonly width?: number;
}

/** One `div`. */
export function renderHtml(diagnostic: Diagnostic, options: HtmlOptions = {}): string {
  const {severity, code, message, primary, secondary, help, fixes} = diagnostic;
  const color = severity === "error" ? "#d03838" : "#b07a00";
  const title =
    `<div class="quiesce-title" style="font-weight:600">` +
    `<span class="quiesce-code" style="color:${color}">${severity}[${escapeHtml(code)}]</span>: ${prose(message)}</div>`;
  const lines = [primary, ...secondary].map((label, i) =>
    labelHtml(label, i === 0 ? color : "#3a6fd8", i === 0, options.width),
  );
  const advice = help ?? fixes[0]?.title;
  const foot =
    advice === undefined
      ? ""
      : `<div class="quiesce-help"><b>help:</b> ${prose(advice)}${fixes.map((fix) => fixHtml(fix, primary.source.name)).join("")}</div>`;
  return (
    `<div class="quiesce-diagnostic quiesce-${severity}" style="border-left:3px solid ${color};padding:2px 10px;margin:6px 0">` +
    `${title}${lines.join("")}${foot}</div>`
  );
}

/** All of them in one `div`; empty for none. */
export function renderHtmls(diagnostics: readonly Diagnostic[], options: HtmlOptions = {}): string {
  if (diagnostics.length === 0) return "";
  return `<div class="quiesce-diagnostics">${diagnostics.map((one) => renderHtml(one, options)).join("")}</div>`;
}

/** Text for an HTML element or a quoted attribute; characters that no page should hold are replaced by stand-ins. */
export function escapeHtml(text: string): string {
  const shown = cellsOf(text)
    .map((cell) => cell.text)
    .join("");
  return shown.replace(/[&<>"']/g, (sign) => entities[sign as keyof typeof entities]);
}

const entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"} as const;

function labelHtml(label: Label, color: string, first: boolean, width?: number): string {
  const at = excerpt(label, width);
  // A caret where nothing can be underlined, at the end of a line.
  const marked = at.marked === "" ? " " : escapeHtml(at.marked);
  const place = `<span class="quiesce-place" style="opacity:0.6">${escapeHtml(placeText(label, at))} | </span>`;
  const mark = `<span class="quiesce-${first ? "mark" : "note"}" style="text-decoration:underline ${first ? "wavy" : "dotted"} ${color};text-underline-offset:3px">${marked}</span>`;
  const text =
    label.text === ""
      ? ""
      : `<span class="quiesce-label" style="color:${color};padding-left:2em">${prose(label.text)}</span>`;
  return `<pre class="quiesce-line" style="margin:2px 0;white-space:pre;background:none;color:inherit;overflow-x:auto">${place}${escapeHtml(at.before)}${mark}${escapeHtml(at.after)}${text}</pre>`;
}

function fixHtml(fix: Fix, source: string): string {
  const edits = JSON.stringify(
    fix.edits.map(({span, text}) => ({start: span.start, end: span.end, text})),
  ).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return (
    ` <span class="quiesce-fix" role="button" title="${escapeHtml(fix.title)}" data-quiesce-source="${escapeHtml(source)}"` +
    ` data-quiesce-applicability="${fix.applicability}" data-quiesce-edits="${escapeHtml(edits)}"` +
    ` style="border:1px solid currentColor;border-radius:3px;padding:0 5px;opacity:0.75;font-size:90%">fix</span>`
  );
}

// Words between backticks are code.
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}
