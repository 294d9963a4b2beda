// A place where the grammar does not go on, with what an explainer asks about it: the tokens around it, what would have been legal, which
// brackets are open. Indices are into the tokens of the whole text; the fault lies in the piece `from`..`to`, at token `at`, which is
// `to` if the piece ends too early.

import type {IToken, TokenType} from "chevrotain";
import {type Expected, isA, Walk} from "../../grammar/automaton.ts";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic, Fix, Label} from "./diagnostic.ts";
import type {Source, Span} from "./syntax.ts";

export interface Fault {
  readonly source: Source;
  readonly tokens: readonly IToken[];
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly expected: readonly Expected[];
  /** Indices of the brackets open before `at`, outermost first. */
  readonly open: readonly number[];
  /** Whether the piece's tokens before `at` are whole items. */
  readonly betweenItems: boolean;
}

/** The fault of a piece that the parser refused; the parser's own position `suspect` is used if the network sees nothing wrong. */
export function findFault(
  source: Source,
  tokens: readonly IToken[],
  from: number,
  to: number,
  suspect: number,
): Fault {
  // An item is walked from its start: what stands before it parsed. The bound keeps enormous items from costing more than they tell.
  const walk = new Walk();
  let at = from;
  const end = Math.min(to, from + walkLimit);
  while (at < end && walk.read((tokens[at] as IToken).tokenType)) at++;
  if (at === to && walk.complete) return findFaultAt(source, tokens, from, to, suspect);
  return describe(source, tokens, from, to, at, walk);
}

// Most tokens of one piece that are walked to explain it.
const walkLimit = 200_000;

/** The same for a given token, whether or not the network goes on there. */
export function findFaultAt(
  source: Source,
  tokens: readonly IToken[],
  from: number,
  to: number,
  at: number,
): Fault {
  const walk = new Walk();
  for (let i = from; i < at; i++) walk.read((tokens[i] as IToken).tokenType);
  return describe(source, tokens, from, to, at, walk);
}

function describe(
  source: Source,
  tokens: readonly IToken[],
  from: number,
  to: number,
  at: number,
  walk: Walk,
): Fault {
  const open: number[] = [];
  for (let i = from; i < at; i++) {
    const type = (tokens[i] as IToken).tokenType;
    if (type === t.LCurly || type === t.LParen || type === t.LSquare) open.push(i);
    else if (type === t.RCurly || type === t.RParen || type === t.RSquare) open.pop();
  }
  const expected = walk.expected();
  return {source, tokens, from, to, at, expected, open, betweenItems: walk.complete};
}

/** The token `offset` places after the fault, within its piece. */
export function near(fault: Fault, offset: number): IToken | undefined {
  const i = fault.at + offset;
  return i >= fault.from && i < fault.to ? fault.tokens[i] : undefined;
}

/** Whether `type` would have been legal, in one of `rules` if given. */
export function wants(fault: Fault, type: TokenType, ...rules: readonly string[]): boolean {
  return fault.expected.some(
    (one) =>
      one.token === type && (rules.length === 0 || rules.some((rule) => one.rules.includes(rule))),
  );
}

/** Whether a value would have been legal. */
export function wantsValue(fault: Fault): boolean {
  return wants(fault, t.NUMBERLIT);
}

/** Whether a word that is not the start of a value would have been legal: the name of something. */
export function wantsName(fault: Fault): boolean {
  return !wantsValue(fault) && wants(fault, t.IDENTIFIER);
}

/** Whether the token can begin a value. */
export function startsValue({tokenType: type}: IToken): boolean {
  return valueStarts.some((start) => isA(type, start));
}

const valueStarts = [
  t.NUMBERLIT,
  t.STRINGLIT,
  t.IDENTIFIER,
  t.ENTITYKIND,
  t.word.policy,
  t.word.true,
  t.word.false,
  t.word.if,
  t.word.not,
  t.LParen,
  t.LSquare,
  t.Minus,
];

/** The rule that the next token would be in and those around it, for the first reading; empty at the end of a program. */
export function chainOf(fault: Fault): readonly string[] {
  return fault.expected[0]?.rules ?? [];
}

export function isWord(token: IToken | undefined): token is IToken {
  return token !== undefined && isA(token.tokenType, t.NAME);
}

export function isNumber(token: IToken | undefined): token is IToken {
  return token !== undefined && isA(token.tokenType, t.NUMBERLIT);
}

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

export function spanFrom(first: IToken, last: IToken = first): Span {
  return {start: first.startOffset, end: endOf(last)};
}

/** Whether nothing, not even a space, stands between two tokens. */
export function touch(a: IToken | undefined, b: IToken | undefined): boolean {
  return a !== undefined && b !== undefined && endOf(a) === b.startOffset;
}

export function sameLine(source: Source, a: IToken, b: IToken): boolean {
  return !source.text.slice(endOf(a), b.startOffset).includes("\n");
}

/** Whether the token at this index is the first of its line. */
export function firstOnLine(fault: Fault, index: number): boolean {
  const before = fault.tokens[index - 1];
  const token = fault.tokens[index];
  return before === undefined || token === undefined || !sameLine(fault.source, before, token);
}

/** The place of the fault: its token, or the spot right behind the last token of the piece. */
export function faultSpan(fault: Fault): Span {
  const token = near(fault, 0);
  if (token !== undefined) return spanFrom(token);
  const last = near(fault, -1);
  const end = last === undefined ? fault.source.text.length : endOf(last);
  return {start: end, end};
}

/** Line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

interface Message {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly label: string;
  readonly help?: string;
  readonly fixes?: readonly Fix[];
  readonly secondary?: readonly Label[];
}

export function diagnose(source: Source, message: Message): Diagnostic {
  const {code, span, label, help} = message;
  return {
    code,
    severity: "error",
    message: clipped(message.message),
    primary: {source, span: {start: span.start, end: span.end}, text: clipped(label)},
    secondary: message.secondary ?? [],
    ...(help === undefined ? {} : {help: clipped(help)}),
    fixes: message.fixes ?? [],
  };
}

// A message quotes the user's words, and a word may be a million letters long.
function clipped(text: string): string {
  return text.replace(/`([^`]{80})[^`]{20,}`/g, "`$1...`");
}

export function machineFix(title: string, start: number, end: number, text: string): Fix {
  return {title, edits: [{span: {start, end}, text}], applicability: "machine"};
}

export function maybeFix(title: string, start: number, end: number, text: string): Fix {
  return {...machineFix(title, start, end, text), applicability: "maybe"};
}
