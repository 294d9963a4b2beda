// E106 a bracket that is never closed, E107 one that closes nothing. Which bracket is to blame is read from the indentation: programs
// are mostly indented rightly even when a brace is missing, and the first closing brace or declaration that stands further left than
// the line of the bracket around it shows which one was forgotten.

import type {IToken} from "chevrotain";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {memberWords} from "./explain-words.ts";
import {
  chainOf,
  diagnose,
  endOf,
  type Fault,
  firstOnLine,
  isWord,
  lineOf,
  machineFix,
  maybeFix,
  near,
  spanFrom,
} from "./fault.ts";
import {itemWords} from "./pieces.ts";

const closerOf = {"{": "}", "(": ")", "[": "]"} as const;
type Opener = keyof typeof closerOf;

export function explainBrackets(fault: Fault): Diagnostic | undefined {
  const token = near(fault, 0);
  const innermost = fault.open.at(-1);
  if (token === undefined) return innermost === undefined ? undefined : unclosed(fault);
  if (["}", ")", "]"].includes(token.image)) {
    const opener = fault.tokens[innermost ?? -1]?.image as Opener | undefined;
    if (opener !== undefined && closerOf[opener] === token.image) return undefined;
    const matches = (i: number) => closerOf[fault.tokens[i]?.image as Opener] === token.image;
    return fault.open.some(matches) ? unclosed(fault) : unopened(fault, token);
  }
  // A field outside of everything: the block that it belongs to was closed too early.
  if (fault.betweenItems && isWord(token) && near(fault, 1)?.image === ":") {
    return closedEarly(fault) === undefined ? undefined : unopened(fault, token);
  }
  // A declaration inside something that cannot hold one.
  if (innermost === undefined || !itemWords.has(token.image)) {
    return innermost !== undefined && declarationBefore(fault) ? unclosed(fault, -1) : undefined;
  }
  // Where it could stand, something before it is wrong.
  const rule = chainOf(fault).find((name) => name in memberWords);
  if (rule !== undefined && memberWords[rule]?.includes(token.image)) return undefined;
  const next = near(fault, 1);
  const declares = isWord(next) && ["{", "from", "of", "="].includes(near(fault, 2)?.image ?? "");
  return declares && firstOnLine(fault, fault.at) ? unclosed(fault) : undefined;
}

// `walker gup {` where a field was expected: `walker` was taken for the field's name, and the fault is at `gup`.
function declarationBefore(fault: Fault): boolean {
  const word = near(fault, -1);
  return (
    word !== undefined &&
    itemWords.has(word.image) &&
    firstOnLine(fault, fault.at - 1) &&
    isWord(near(fault, 0)) &&
    ["{", "from"].includes(near(fault, 1)?.image ?? "")
  );
}

function unclosed(fault: Fault, offset = 0): Diagnostic {
  const {tokens, source} = fault;
  const culprit = forgotten(fault);
  const opener = tokens[culprit.opener] as IToken;
  const bracket = opener.image as Opener;
  const closer = closerOf[bracket];
  const seen = tokens[culprit.seen ?? fault.at + offset];
  const line = seen === undefined ? undefined : lineOf(source.text, seen.startOffset);
  const message = `\`${bracket}\` never closed`;
  const label =
    seen === undefined
      ? "opened here, still open at the end of the text"
      : itemWords.has(seen.image)
        ? `opened here, still open at the declaration on line ${line}`
        : `opened here, still open at the \`${seen.image}\` on line ${line}`;
  const before = tokens[(culprit.seen ?? fault.at + offset) - 1] as IToken;
  const end = endOf(before);
  const oneLine = line === lineOf(source.text, opener.startOffset);
  const where =
    seen === undefined
      ? "at the end"
      : oneLine
        ? `before the \`${seen.image}\``
        : `before line ${line}`;
  const why =
    isWord(seen) && startsLine(source.text, seen.startOffset)
      ? " (a declaration in column 1 starts a new item)"
      : "";
  const text = oneLine || bracket !== "{" ? closer : `\n${indent(source.text, opener)}${closer}`;
  return diagnose(source, {
    code: "E106",
    message,
    span: spanFrom(opener),
    label,
    help: `add \`${closer}\` ${where}${why}`,
    fixes: [maybeFix(`add \`${closer}\` ${where}`, end, end, text)],
  });
}

interface Forgotten {
  /** The bracket that was not closed. */
  readonly opener: number;
  /** The token that gave it away. */
  readonly seen?: number;
}

function forgotten(fault: Fault): Forgotten {
  const {tokens, from, at, source} = fault;
  const column = (i: number) => indent(source.text, tokens[i] as IToken).length;
  const open: number[] = [];
  for (let i = from; i < at; i++) {
    const token = tokens[i] as IToken;
    const inner = open.at(-1);
    if (token.image in closerOf && token.tokenType !== t.StringLit) open.push(i);
    else if (["}", ")", "]"].includes(token.image)) {
      if (inner !== undefined && firstOnLine(fault, i) && column(i) < column(inner))
        return {opener: inner, seen: i};
      open.pop();
    } else if (
      inner !== undefined &&
      itemWords.has(token.image) &&
      firstOnLine(fault, i) &&
      isWord(tokens[i + 1]) &&
      column(i) <= column(inner) &&
      i > inner + 1
    )
      return {opener: inner, seen: i};
  }
  const inner = open.at(-1) as number;
  return fault.at < fault.to || fault.to === tokens.length
    ? {opener: inner}
    : {opener: inner, seen: fault.to};
}

function unopened(fault: Fault, token: IToken): Diagnostic {
  const {tokens, source, from, at} = fault;
  const early = token.image === ")" || token.image === "]" ? undefined : closedEarly(fault);
  if (early !== undefined) {
    const closer = tokens[early] as IToken;
    return diagnose(source, {
      code: "E107",
      message: `\`${closer.image}\` without \`${openerOf(closer)}\``,
      span: spanFrom(closer),
      label: "one too many, or its block ends too early here",
      help:
        token.image === "}"
          ? `then nothing is left for the \`}\` on line ${lineOf(source.text, token.startOffset)} to close`
          : `then \`${token.image}:\` on line ${lineOf(source.text, token.startOffset)} stands in no block`,
      fixes: [maybeFix("remove", closer.startOffset, endOf(closer), "")],
    });
  }
  // The header of the item before: its words up to the brace.
  let head = at - 1;
  while (
    head > from &&
    !(
      itemWords.has(tokens[head]?.image ?? "") &&
      isWord(tokens[head + 1]) &&
      tokens[head + 2]?.image === "{"
    )
  )
    head--;
  const start = tokens[head];
  const name = tokens[head + 1];
  const last = tokens[at - 1];
  const help =
    start !== undefined &&
    last?.image === "}" &&
    isWord(start) &&
    isWord(name) &&
    fault.open.length === 0
      ? `the block of \`${start.image} ${name.image}\` already ended on line ${lineOf(source.text, last.startOffset)}`
      : "remove it, or open its block";
  return diagnose(source, {
    code: "E107",
    message: `\`${token.image}\` without \`${openerOf(token)}\``,
    span: spanFrom(token),
    label: "nothing is open here",
    help,
    // In an expression the opening one may be what is missing.
    fixes: [
      (token.image === "}" ? machineFix : maybeFix)("remove", token.startOffset, endOf(token), ""),
    ],
  });
}

function openerOf(closer: IToken): Opener {
  return closer.image === "}" ? "{" : closer.image === ")" ? "(" : "[";
}

// The first `}` that ends a block of several lines but does not stand at the start of a line, at the indentation of the block's first.
function closedEarly(fault: Fault): number | undefined {
  const {tokens, from, at, source} = fault;
  const open: number[] = [];
  for (let i = from; i < at; i++) {
    const token = tokens[i] as IToken;
    if (token.tokenType === t.LCurly) open.push(i);
    if (token.tokenType !== t.RCurly) continue;
    const opener = open.pop();
    if (opener === undefined) return undefined;
    const first = tokens[opener] as IToken;
    if (!source.text.slice(first.startOffset, token.startOffset).includes("\n")) continue;
    const aligned = indent(source.text, first) === indent(source.text, token);
    if (!firstOnLine(fault, i) ? open.length === 0 : !aligned) return i;
  }
  return undefined;
}

function startsLine(text: string, offset: number): boolean {
  return offset === 0 || text[offset - 1] === "\n";
}

// The white space at the start of the token's line.
function indent(text: string, token: IToken): string {
  const start = text.lastIndexOf("\n", token.startOffset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, token.startOffset))?.[0] ?? "";
}
