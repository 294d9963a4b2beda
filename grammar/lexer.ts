// Text to tokens. The lexer is built on first use (it costs tens of milliseconds) and shared. It never fails: what belongs to nothing
// becomes a BadText token.

import {type ILexingResult, type IToken, Lexer} from "chevrotain";
import {vocabulary} from "./tokens.ts";

export interface Lexed {
  /** What the parser reads, in order. */
  readonly tokens: IToken[];
  /** `#`, `//` and block comments, in order. */
  readonly comments: readonly IToken[];
  /** `///` comments, in order. */
  readonly docs: readonly IToken[];
}

let shared: Lexer | undefined;

function build(): Lexer {
  return new Lexer(vocabulary as typeof vocabulary & [], {
    ensureOptimizations: true,
    positionTracking: "onlyOffset",
    skipValidations: true,
  });
}

/** The tokens of `text`. Offsets are UTF-16; `endOffset` is the last character's, as Chevrotain has it. Linear in the text. */
export function lex(text: string): Lexed {
  shared ??= build();
  const result: ILexingResult = shared.tokenize(text);
  const comments = result.groups["comments"] ?? [];
  const docs = result.groups["docs"] ?? [];
  // The lexer keeps start offsets only, which is faster; the CST wants ends too.
  for (const list of [result.tokens, comments, docs]) {
    for (const token of list) token.endOffset = token.startOffset + token.image.length - 1;
  }
  return {tokens: result.tokens, comments, docs};
}
