// A place in a text, as completion sees it: the tokens before it, what the grammar allows there, and which blocks are open around it.
// The tokens are those of the item the place is in; items are cut at declarations in the first column, as for messages.

import type {IToken} from "chevrotain";
import {type Expected, isA, Walk} from "../../grammar/automaton.ts";
import {lex} from "../../grammar/lexer.ts";
import * as t from "../../grammar/tokens.ts";
import {pieces} from "./pieces.ts";

export interface OpenBlock {
  /** The rule of the grammar that the braces belong to: `entityDecl`, `experimentDecl`, `withBlock`, `hook`, `plotCmd` ... */
  readonly rule: string;
  /** The first word of the block's head and the name after it: `walker gup`, `on sync`. */
  readonly word?: string;
  readonly name?: string;
  /** Dotted names of the fields set so far, in order. */
  readonly fields: string[];
}

export interface Cursor {
  /** Where the word being typed starts and where the cursor is [UTF-16]. */
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  /** Of the item, before the word being typed. */
  readonly tokens: readonly IToken[];
  /** All tokens of the text, behind the cursor too. */
  readonly all: readonly IToken[];
  readonly walk: Walk;
  readonly expected: readonly Expected[];
  /** Outermost first. */
  readonly blocks: readonly OpenBlock[];
}

/** Undefined inside a comment or a text in quotes, and behind a mistake on the same line. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const before = text.slice(0, offset);
  const lexed = lex(before);
  const last = lexed.tokens.at(-1);
  if (last?.tokenType === t.UnterminatedString && endOf(last) === offset) return undefined;
  for (const comment of [...lexed.comments, ...lexed.docs])
    if (endOf(comment) === offset && !comment.image.endsWith("*/")) return undefined;
  const typed = last !== undefined && endOf(last) === offset && isA(last.tokenType, t.NAME);
  const start = typed ? last.startOffset : offset;
  const tokens = lexed.tokens.slice(0, typed ? -1 : undefined);
  // The word being typed does not count: it may be the beginning of a declaration in the first column.
  const item = freshLine(text, start)
    ? []
    : tokens.slice(pieces(before.slice(0, start), tokens).at(-1)?.from ?? 0);
  let walk = new Walk();
  const blocks: OpenBlock[] = [];
  const brackets: ("block" | "other")[] = [];
  // For each open block, the last walk after which a member of it may start: where to go on after a mistake further up in the item.
  const resume: Walk[] = [walk.fork()];
  let lost = false;
  for (const [i, {tokenType: type, startOffset}] of item.entries()) {
    if (lost && breaksBetween(text, item[i - 1], startOffset)) {
      const again = resume.at(-1)?.fork();
      if (again?.allows(type)) {
        walk = again;
        lost = false;
      }
    }
    if (type === t.LCurly) {
      blocks.push(blockAt(item, i, walk));
      brackets.push("block");
    } else if (type === t.LParen || type === t.LSquare) brackets.push("other");
    else if (type === t.RCurly || type === t.RParen || type === t.RSquare) {
      if (brackets.pop() === "block") {
        blocks.pop();
        resume.pop();
      }
    } else if (type === t.Colon && brackets.at(-1) === "block") {
      const path = fieldBefore(item, i);
      if (path !== undefined) blocks.at(-1)?.fields.push(path);
    }
    if (!lost && !walk.read(type)) lost = true;
    if (type === t.LCurly) resume.push(walk.fork());
    else if (!lost && brackets.at(-1) !== "other" && (walk.complete || walk.allows(t.RCurly)))
      resume[resume.length - 1] = walk.fork();
  }
  if (lost) {
    // The cursor stands on a fresh line behind the mistake, or nothing can be said.
    const again = resume.at(-1);
    if (again === undefined || !breaksBetween(text, item.at(-1), start)) return undefined;
    walk = again;
  }
  return {
    start,
    end: offset,
    prefix: text.slice(start, offset),
    tokens: item,
    all: lex(text).tokens,
    walk,
    expected: walk.expected(),
    blocks,
  };
}

/** The dotted names before a `.` at the end of the tokens: `gup.hold.` gives `["gup", "hold"]`. */
export function leftOfDot(tokens: readonly IToken[]): readonly string[] {
  const names: string[] = [];
  for (let i = tokens.length - 1; i > 0; i -= 2) {
    const name = tokens[i - 1] as IToken;
    if (tokens[i]?.tokenType !== t.Dot || !isA(name.tokenType, t.NAME)) break;
    names.unshift(name.image);
  }
  return names;
}

function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

function freshLine(text: string, start: number): boolean {
  return start === 0 || (text[start - 1] === "\n" && /^[a-z]/.test(text.slice(start, start + 1)));
}

// Whether a place is on a later line than the token before it.
function breaksBetween(text: string, before: IToken | undefined, offset: number): boolean {
  return before === undefined || text.slice(endOf(before), offset).includes("\n");
}

function blockAt(tokens: readonly IToken[], brace: number, walk: Walk): OpenBlock {
  const rules = walk.expected().find(({token}) => token === t.LCurly)?.rules ?? [];
  const rule =
    rules.find((name) => name !== "fieldBlock" && name !== "steps" && name !== "checkBlock") ?? "";
  const words: Readonly<Record<string, readonly string[]>> = {
    entityDecl: t.entityWords,
    hook: ["on"],
    scenarioDecl: ["scenario"],
    policyDecl: ["policy"],
    experimentDecl: ["experiment"],
  };
  const heads = words[rule];
  if (heads === undefined) return {rule, fields: []};
  let at = brace - 1;
  while (at > 0 && !heads.includes(tokens[at - 1]?.image ?? "")) at--;
  const word = tokens[at - 1]?.image;
  const name = tokens[at]?.image;
  return {
    rule,
    ...(word === undefined ? {} : {word}),
    ...(name === undefined ? {} : {name}),
    fields: [],
  };
}

// The field whose colon is at `colon`; undefined for the type of a `let`.
function fieldBefore(tokens: readonly IToken[], colon: number): string | undefined {
  const names: string[] = [];
  let i = colon - 1;
  for (; i >= 0 && isA((tokens[i] as IToken).tokenType, t.NAME); i -= 2) {
    names.unshift((tokens[i] as IToken).image);
    if (tokens[i - 1]?.tokenType !== t.Dot) break;
  }
  const before = tokens[i - 1]?.image ?? "";
  if (["let", "param", "percpu", "permm", "global"].includes(before)) return undefined;
  return names.join(".");
}
