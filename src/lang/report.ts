// Where the checker puts what it finds. A mistake is found as often as an expression is evaluated (once per design point, say), and is
// told once.

import type {Diagnostic, Fix, Label, Place} from "./diagnostic.ts";
import type {Source, Span} from "./syntax.ts";

export interface Reporter {
  readonly found: Diagnostic[];
  readonly seen: Set<string>;
}

export function reporter(): Reporter {
  return {found: [], seen: new Set()};
}

export function hasErrors(report: Reporter): boolean {
  return report.found.some((diagnostic) => diagnostic.severity === "error");
}

export interface Advice {
  readonly help?: string;
  readonly fix?: Fix;
  readonly secondary?: readonly Label[];
}

/** Adds a diagnostic unless the same code stands at the same place already; codes that begin with W are warnings. */
export function tell(
  report: Reporter,
  code: string,
  message: string,
  place: Place,
  label: string,
  advice: Advice = {},
): void {
  const key = `${code}@${place.source.name}:${place.span.start}:${place.span.end}`;
  if (report.seen.has(key)) return;
  report.seen.add(key);
  report.found.push({
    code,
    severity: code.startsWith("W") ? "warning" : "error",
    message,
    primary: {source: place.source, span: spanOf(place.span), text: label},
    secondary: advice.secondary ?? [],
    ...(advice.help === undefined ? {} : {help: advice.help}),
    fixes: advice.fix === undefined ? [] : [advice.fix],
  });
}

/** A fix that replaces one span. */
export function replacement(
  title: string,
  span: Span,
  text: string,
  applicability: Fix["applicability"] = "machine",
): Fix {
  return {title, edits: [{span: spanOf(span), text}], applicability};
}

/** A node's span without the node. */
export function spanOf(span: Span): Span {
  return {start: span.start, end: span.end};
}

/** The line of an offset, counted from 1. */
export function lineAt(source: Source, offset: number): number {
  let line = 1;
  for (
    let i = source.text.indexOf("\n");
    i >= 0 && i < offset;
    i = source.text.indexOf("\n", i + 1)
  )
    line++;
  return line;
}

/** The text of a node as the user wrote it, on one line. */
export function textOf(source: Source, span: Span): string {
  return source.text.slice(span.start, span.end).replace(/\s+/g, " ").trim();
}
