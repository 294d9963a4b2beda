// Where to cut a program that does not parse, so that one mistake costs one item and gives one message. A declaration or command keyword
// in the first column starts a new piece. If the braces of the whole text balance, only keywords outside of all braces do: then an
// unindented `walker` inside a scenario stays inside.

import type {IToken} from "chevrotain";
import {isA} from "../../grammar/automaton.ts";
import * as t from "../../grammar/tokens.ts";

export interface Piece {
  /** Token indices, half open. */
  readonly from: number;
  readonly to: number;
}

/** Words that start an item. */
export const itemWords: ReadonlySet<string> = new Set([
  ...t.entityWords,
  "scenario",
  "policy",
  "experiment",
  "check",
  "let",
  "param",
  "import",
  "run",
  "plot",
  "table",
  "export",
  "show",
  "replay",
]);

export function pieces(text: string, tokens: readonly IToken[]): readonly Piece[] {
  const balanced = braces(tokens) !== undefined;
  const cuts: number[] = [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.tokenType === t.LCurly) depth++;
    if (token.tokenType === t.RCurly) depth--;
    if (i > 0 && startsItem(text, tokens, i) && (!balanced || depth === 0)) cuts.push(i);
  }
  return [0, ...cuts].map((from, k) => ({from, to: cuts[k] ?? tokens.length}));
}

function startsItem(text: string, tokens: readonly IToken[], i: number): boolean {
  const {startOffset, image, tokenType} = tokens[i] as IToken;
  const third = tokens[i + 2]?.image;
  // `wlaker gup {`: a mistyped declaration starts a piece too.
  const mistyped =
    isA(tokenType, t.IDENTIFIER) &&
    isA(tokens[i + 1]?.tokenType ?? t.Comma, t.IDENTIFIER) &&
    (third === "{" || third === "from");
  if (!itemWords.has(image) && !mistyped) return false;
  if (startOffset > 0 && !"\n\r".includes(text[startOffset - 1] as string)) return false;
  const next = tokens[i + 1]?.tokenType;
  return next !== t.Colon && next !== t.Dot;
}

// The final depth 0 if the braces balance and never close more than is open; else undefined.
function braces(tokens: readonly IToken[]): 0 | undefined {
  let depth = 0;
  for (const {tokenType} of tokens) {
    if (tokenType === t.LCurly) depth++;
    else if (tokenType === t.RCurly && --depth < 0) return undefined;
  }
  return depth === 0 ? 0 : undefined;
}
