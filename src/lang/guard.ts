// What is refused before parsing, so that the parser's recursion and memory are bounded whatever the text: texts that are too long, that
// are no text at all, or that nest too deeply. One pass over the characters and one over the tokens, no recursion.
//
// Depth is what the parser's or a reader's recursion will be: every open bracket counts, and so does every operator, `.`, `not`, `if`,
// `else` and bracket that continues the same expression (`a + b + c` is a tree of depth two). A comma, a colon or two operands side by
// side start a new expression and set the count of their bracket back to zero.

import type {IToken} from "chevrotain";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import type {Source} from "./syntax.ts";

/** Longest text that is read [UTF-16 units]. */
export const maxLength: number = 4 * 1024 * 1024;
/** Deepest nesting of brackets. A parenthesis costs the parser some forty stack frames. */
export const maxBrackets = 64;
/** Longest chain of operators, dots and brackets in one expression, those around it included. */
export const maxChain = 500;

export function refuseText(source: Source): Diagnostic | undefined {
  const {text} = source;
  if (text.length > maxLength)
    return refusal(
      "E118",
      "the text is too long",
      source,
      0,
      `${(text.length / 2 ** 20).toFixed(1)} Mi characters, at most ${maxLength / 2 ** 20} Mi are read`,
      "split it, and `import` the parts",
    );
  const nul = text.indexOf("\0");
  if (nul >= 0)
    return refusal(
      "E118",
      "this is not a text",
      source,
      nul,
      "a NUL character: this looks like a binary file",
      "give a `.quiesce` file in UTF-8",
    );
  return undefined;
}

export function refuseNesting(source: Source, tokens: readonly IToken[]): Diagnostic | undefined {
  // Links of the chain in each open bracket, innermost last.
  const links = [0];
  let total = 0;
  let afterOperand = false;
  for (const {tokenType: type, startOffset} of tokens) {
    const last = links.length - 1;
    const restart = (): void => {
      total -= links[last] as number;
      links[last] = 0;
    };
    if (openers.has(type)) {
      total++;
      (links[last] as number)++;
      links.push(0);
      afterOperand = false;
    } else if (closers.has(type)) {
      if (last > 0) {
        restart();
        links.pop();
      }
      afterOperand = true;
    } else if (breaks.has(type)) {
      restart();
      afterOperand = false;
    } else if (connects(type) && !(type === t.word.if && afterOperand)) {
      total++;
      (links[last] as number)++;
      afterOperand = false;
    } else {
      if (afterOperand) restart();
      afterOperand = type !== t.word.if;
    }
    if (links.length > maxBrackets || total > maxChain)
      return refusal(
        "E117",
        "nested too deeply",
        source,
        startOffset,
        links.length > maxBrackets
          ? `more than ${maxBrackets} brackets are open here`
          : `more than ${maxChain} operators in one expression`,
        "name parts of it with `let`",
      );
  }
  return undefined;
}

const openers = new Set([t.LParen, t.LSquare, t.LCurly]);
const closers = new Set([t.RParen, t.RSquare, t.RCurly]);
const breaks = new Set([t.Comma, t.Semicolon, t.Colon, t.Equal]);
const connectors = new Set([
  t.Dot,
  t.DotDot,
  t.word.and,
  t.word.or,
  t.word.not,
  t.word.in,
  t.word.if,
  t.word.then,
  t.word.else,
  t.word.once,
]);

function connects(type: IToken["tokenType"]): boolean {
  return (
    connectors.has(type) ||
    (type.CATEGORIES ?? []).some((c) => c === t.ADDOP || c === t.MULOP || c === t.COMPAREOP)
  );
}

function refusal(
  code: string,
  message: string,
  source: Source,
  start: number,
  label: string,
  help: string,
): Diagnostic {
  const primary = {source, span: {start, end: start + 1}, text: label};
  return {code, severity: "error", message, primary, secondary: [], help, fixes: []};
}
