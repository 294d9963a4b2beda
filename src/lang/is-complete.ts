// Whether a cell can be run as it stands, for front ends that ask after each line.

import {Walk} from "../../grammar/automaton.ts";
import {lex} from "../../grammar/lexer.ts";
import * as t from "../../grammar/tokens.ts";
import {refuseNesting, refuseText} from "./guard.ts";

export type Completeness =
  | {readonly status: "complete" | "invalid"}
  /** `indent` is what the next line should start with. */
  | {readonly status: "incomplete"; readonly indent: string};

/** `incomplete` if more text can make it a program, `invalid` if none can. */
export function isComplete(text: string): Completeness {
  const source = {name: "", text};
  if (refuseText(source) !== undefined) return {status: "invalid"};
  const {tokens, comments} = lex(text);
  if (refuseNesting(source, tokens) !== undefined) return {status: "invalid"};
  const walk = new Walk();
  let depth = 0;
  for (const {tokenType: type, image, startOffset} of tokens) {
    if (!walk.read(type)) return {status: "invalid"};
    // A quote can still be closed only if nothing but it stands at the end.
    if (type === t.UnterminatedString)
      return startOffset + image.length === text.length
        ? {status: "incomplete", indent: ""}
        : {status: "invalid"};
    if (type === t.LCurly || type === t.LParen || type === t.LSquare) depth++;
    if (type === t.RCurly || type === t.RParen || type === t.RSquare) depth--;
  }
  if (comments.at(-1)?.tokenType === t.UnterminatedComment)
    return {status: "incomplete", indent: ""};
  return walk.complete ? {status: "complete"} : {status: "incomplete", indent: "  ".repeat(depth)};
}
