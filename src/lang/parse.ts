// Text to syntax tree. A text without mistakes is parsed as a whole. Otherwise it is cut into pieces at the declarations in the first
// column, each piece is parsed by itself, and the first mistake of each piece is told: one message for one mistake. (Recovery inside
// the parser was tried instead: it tells three messages a mistake on average, because what follows a wrong guess looks wrong too.)

import type {IToken} from "chevrotain";
import type {ProgramCstNode} from "../../grammar/generated/cst.d.ts";
import {lex} from "../../grammar/lexer.ts";
import {quiesceParser} from "../../grammar/parser.ts";
import {withTriedFixes} from "./certainty.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {explain} from "./explain.ts";
import {explainUnit} from "./explain-number.ts";
import {explainComment, explainString} from "./explain-text.ts";
import {findFault, lineOf} from "./fault.ts";
import {refuseNesting, refuseText} from "./guard.ts";
import {docsBefore, lower} from "./lower.ts";
import {type Piece, pieces} from "./pieces.ts";
import type {Item, Program, Source} from "./syntax.ts";

/** `program` holds the items that parsed; it is all of the text exactly if no diagnostic is an error. */
export interface Parsed {
  readonly program: Program;
  /** In the order of the text, at most `maxDiagnostics`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a text has more mistakes, it is not a program; the rest is not told. */
export const maxDiagnostics = 50;

/** Never throws, whatever the text; time and memory are linear in its length. Codes E100 to E119. */
export function parse(source: Source): Parsed {
  const unreadable = refuseText(source);
  if (unreadable !== undefined) return refused(source, unreadable);
  const {tokens, comments, docs} = lex(source.text);
  const nested = refuseNesting(source, tokens);
  if (nested !== undefined) return refused(source, nested);

  const attached = docsBefore(tokens, docs);
  const whole = read(tokens);
  const items: Item[] = [];
  const diagnostics: Diagnostic[] = [];
  if (whole.cst !== undefined) {
    items.push(...lower(whole.cst, attached));
    diagnostics.push(...lexicalFaults(source, tokens));
  } else {
    for (const piece of pieces(source.text, tokens)) {
      const {cst, fault} = read(tokens.slice(piece.from, piece.to));
      const lexical = lexicalFaults(source, tokens.slice(piece.from, piece.to));
      if (cst !== undefined) {
        items.push(...lower(cst, attached));
        diagnostics.push(...lexical);
      } else diagnostics.push(...told(source, tokens, piece, piece.from + fault, lexical));
      if (diagnostics.length >= maxDiagnostics) break;
    }
  }
  const comment = explainComment(source, comments);
  if (comment !== undefined) diagnostics.push(comment);
  return {
    program: {source, items},
    diagnostics: diagnostics
      .toSorted((a, b) => a.primary.span.start - b.primary.span.start)
      .slice(0, maxDiagnostics),
  };
}

function refused(source: Source, diagnostic: Diagnostic): Parsed {
  return {program: {source, items: []}, diagnostics: [diagnostic]};
}

interface Read {
  /** Absent if the tokens are no program. */
  readonly cst?: ProgramCstNode;
  /** Index of the token the parser stopped at; the number of tokens at their end. */
  readonly fault: number;
}

function read(tokens: IToken[]): Read {
  const parser = quiesceParser();
  parser.input = tokens;
  const cst = parser.program() as ProgramCstNode | undefined;
  const error = parser.errors[0];
  parser.input = [];
  if (cst !== undefined && error === undefined) return {cst, fault: tokens.length};
  const at = error === undefined ? -1 : tokens.indexOf(error.token);
  return {fault: at < 0 ? tokens.length : at};
}

// Offset of the first token of a text that the parser refuses; its length if it refuses the end.
function firstFault(text: string): number | undefined {
  const {tokens} = lex(text);
  const {cst, fault} = read(tokens);
  return cst === undefined ? (tokens[fault]?.startOffset ?? text.length) : undefined;
}

function lexicalFaults(source: Source, tokens: readonly IToken[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const token of tokens) {
    const diagnostic = token.image.startsWith('"')
      ? explainString(source, token)
      : /^\d/.test(token.image)
        ? explainUnit(source, token)
        : undefined;
    if (diagnostic !== undefined && found.push(diagnostic) >= maxDiagnostics) break;
  }
  return found;
}

// A string without its end has eaten the rest of its line, so what the parser says after it is no mistake of its own; a number run
// together with the next word (`5usfor`) has eaten that word; and a unit inside the fault (`epyc-2x64`) is no mistake of its own either.
function told(
  source: Source,
  tokens: readonly IToken[],
  piece: Piece,
  suspect: number,
  lexical: readonly Diagnostic[],
): readonly Diagnostic[] {
  const end = tokens[piece.to - 1];
  const range = {
    start: tokens[piece.from]?.startOffset ?? 0,
    end: end === undefined ? 0 : end.startOffset + end.image.length,
  };
  const explained = explain(findFault(source, tokens, piece.from, piece.to, suspect));
  const diagnostic = withTriedFixes(explained, range, firstFault);
  const {span} = diagnostic.primary;
  const line = (offset: number) => lineOf(source.text, offset);
  const inside = ({primary}: Diagnostic) =>
    primary.span.start < span.end && primary.span.end > span.start;
  const eats = lexical.find(
    (one) =>
      !inside(one) &&
      ((one.code === "E103" && one.primary.span.start <= span.start) ||
        line(one.primary.span.start) === line(span.start)),
  );
  if (eats !== undefined) return lexical;
  return [...lexical.filter((one) => !inside(one)), diagnostic];
}
