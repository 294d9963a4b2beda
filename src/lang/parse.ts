// Text to syntax tree. A text without mistakes is parsed as a whole.

import type {ProgramCstNode} from "../../grammar/generated/cst.d.ts";
import {lex} from "../../grammar/lexer.ts";
import {quiesceParser} from "../../grammar/parser.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {docsBefore, lower} from "./lower.ts";
import type {Program, Source} from "./syntax.ts";

/** `program` holds the items that parsed; it is complete exactly if no diagnostic is an error. */
export interface Parsed {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws, whatever the text. */
export function parse(source: Source): Parsed {
  const {tokens, docs} = lex(source.text);
  const parser = quiesceParser();
  parser.input = tokens;
  const cst = parser.program() as ProgramCstNode | undefined;
  const error = parser.errors[0];
  if (cst !== undefined && error === undefined)
    return {program: {source, items: lower(cst, docsBefore(tokens, docs))}, diagnostics: []};
  const at = error?.token.startOffset ?? source.text.length;
  const start = Number.isNaN(at) ? source.text.length : at;
  return {
    program: {source, items: []},
    diagnostics: [
      {
        code: "E100",
        severity: "error",
        message: "this cannot stand here",
        primary: {source, span: {start, end: start + (error?.token.image.length ?? 0)}, text: ""},
        secondary: [],
        fixes: [],
      },
    ],
  };
}
