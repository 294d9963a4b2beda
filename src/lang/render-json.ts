// A diagnostic for programs: plain data with lines and columns worked out, so that a reader needs neither the text nor our offsets.

import type {Diagnostic, Fix, Label, Severity} from "./diagnostic.ts";
import {locate} from "./excerpt.ts";
import type {Source, Span} from "./syntax.ts";

/** `line` and `column` count from 1, columns in code points; `start` and `end` are UTF-16 offsets; ends are exclusive. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface JsonLabel extends JsonRange {
  readonly source: string;
  readonly text: string;
}

export interface JsonFix {
  readonly title: string;
  readonly applicability: Fix["applicability"];
  readonly edits: readonly (JsonRange & {readonly text: string})[];
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly primary: JsonLabel;
  readonly secondary: readonly JsonLabel[];
  readonly help?: string;
  readonly fixes: readonly JsonFix[];
}

export function renderJson(diagnostic: Diagnostic): JsonDiagnostic {
  const {code, severity, message, primary, secondary, help, fixes} = diagnostic;
  return {
    code,
    severity,
    message,
    primary: labelJson(primary),
    secondary: secondary.map(labelJson),
    ...(help === undefined ? {} : {help}),
    fixes: fixes.map(({title, applicability, edits}) => ({
      title,
      applicability,
      edits: edits.map(({span, text}) => ({...rangeJson(primary.source, span), text})),
    })),
  };
}

function labelJson({source, span, text}: Label): JsonLabel {
  return {source: source.name, ...rangeJson(source, span), text};
}

function rangeJson({text}: Source, {start, end}: Span): JsonRange {
  const from = locate(text, start);
  const to = locate(text, end);
  return {
    start,
    end,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}
