// The formatter: the same tokens and comments with the white space of the house. It never adds or drops a token, so the result means what
// the text meant.
//
// (1) Two spaces of indentation a block; one space after `:` and `,` and around operators; two between members on one line that no
//     comma separates.
// (2) A block written on one line stays on one line while that line is at most 100 columns long, else each member gets its own; a block
//     of several lines keeps the line breaks between its members.
// (3) Line breaks inside an expression are kept; such lines are indented by one step more for each open bracket, or by one step.
// (4) Comments keep their place. Those behind code are aligned within their block. At most one blank line in a row is kept.
// (5) What it makes of its own result is its result.

import type {CstNode, IToken} from "chevrotain";
import {lex} from "../../grammar/lexer.ts";
import {quiesceParser} from "../../grammar/parser.ts";
import * as t from "../../grammar/tokens.ts";
import {displayWidth} from "./display-width.ts";
import {refuseNesting, refuseText} from "./guard.ts";
import {type Layout, layoutOf} from "./layout.ts";

/** Columns of a line. */
export const lineWidth = 100;

/** The formatted text, ending in one newline; a text with syntax errors is given back as it is. */
export function format(text: string): string {
  const source = {name: "", text};
  if (refuseText(source) !== undefined) return text;
  const {tokens, comments, docs} = lex(text);
  if (refuseNesting(source, tokens) !== undefined) return text;
  const parser = quiesceParser();
  parser.input = tokens;
  const cst = parser.program() as CstNode | undefined;
  const failed = cst === undefined || parser.errors.length > 0;
  parser.input = [];
  const unfinished = [...tokens, ...comments].some(
    ({tokenType}) => tokenType === t.UnterminatedString || tokenType === t.UnterminatedComment,
  );
  if (failed || unfinished) return text;
  const pieces = piecesOf(text, tokens, [...comments, ...docs]);
  const blocks = blocksOf(pieces);
  const layout = layoutOf(cst);
  for (;;) {
    const lines = print(pieces, blocks, layout);
    if (!breakLongLines(lines)) return joined(lines);
  }
}

interface Piece {
  readonly token: IToken;
  readonly text: string;
  readonly kind: "token" | "comment" | "doc";
  /** Line breaks before it in the source. */
  readonly breaks: number;
}

interface Block {
  /** Indices of its braces among the pieces. */
  readonly open: number;
  readonly close: number;
  /** Whether it takes several lines, and whether each of its members gets its own. */
  broken: boolean;
  exploded: boolean;
}

interface Line {
  indent: number;
  code: string;
  /** Behind the code. */
  comment: string;
  blankBefore: boolean;
  /** The innermost broken block it starts in, by the index of its brace; -1 outside of all. */
  readonly block: number;
  /** The blocks that begin and end on it, outermost first. */
  readonly whole: Block[];
}

function piecesOf(
  text: string,
  tokens: readonly IToken[],
  comments: readonly IToken[],
): readonly Piece[] {
  const all = [...tokens, ...comments].sort((a, b) => a.startOffset - b.startOffset);
  let end = 0;
  return all.map((token) => {
    const breaks = text.slice(end, token.startOffset).split("\n").length - 1;
    end = token.startOffset + token.image.length;
    const isDoc = token.tokenType === t.DocComment;
    const isComment = token.tokenType === t.LineComment || token.tokenType === t.BlockComment;
    return {
      token,
      text: isDoc || isComment ? token.image.trimEnd().replaceAll("\r\n", "\n") : token.image,
      kind: isDoc ? "doc" : isComment ? "comment" : "token",
      breaks,
    };
  });
}

// By the index of their opening brace; a block is broken if there is a line break anywhere in it.
function blocksOf(pieces: readonly Piece[]): ReadonlyMap<number, Block> {
  const blocks = new Map<number, Block>();
  const open: number[] = [];
  let breaks = 0;
  const breaksAt: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    breaks += piece.breaks + (piece.text.includes("\n") || endsLine(piece) ? 1 : 0);
    breaksAt.push(breaks);
    if (piece.token.tokenType === t.LCurly) open.push(i);
    if (piece.token.tokenType !== t.RCurly) continue;
    const from = open.pop() as number;
    const broken = (breaksAt[from] as number) < breaks && i > from + 1;
    blocks.set(from, {open: from, close: i, broken, exploded: false});
  }
  return blocks;
}

function endsLine({kind, token}: Piece): boolean {
  return kind === "doc" || token.tokenType === t.LineComment;
}

function print(
  pieces: readonly Piece[],
  blocks: ReadonlyMap<number, Block>,
  layout: Layout,
): readonly Line[] {
  const lines: Line[] = [];
  const open: Block[] = [];
  const closing = new Map([...blocks.values()].map((block) => [block.close, block]));
  // Open round and square brackets since the last brace, as a stack with one entry a brace.
  const depth = [0];
  const between = betweenMembers(pieces, layout);
  let line: Line | undefined;
  const broken = () => open.filter((block) => block.broken);
  const newLine = (indent: number, blankBefore: boolean): Line => {
    const block = broken().at(-1)?.open ?? -1;
    line = {indent, code: "", comment: "", blankBefore, block, whole: []};
    lines.push(line);
    return line;
  };

  for (const [i, piece] of pieces.entries()) {
    const {token, text, kind, breaks} = piece;
    const before = pieces[i - 1];
    const at = token.startOffset;
    const closes = closing.get(i);
    if (closes !== undefined) {
      open.pop();
      depth.pop();
    }
    const inner = open.at(-1);
    const base = 2 * broken().length;
    const brackets = depth.at(-1) as number;
    const starts = layout.items.has(at) || layout.members.has(at);
    const afterOpen = inner !== undefined && before === pieces[inner.open];
    const blank = breaks > 1 && before !== undefined && !afterOpen && closes === undefined;
    const mustBreak =
      line === undefined ||
      (before !== undefined && endsLine(before)) ||
      kind === "doc" ||
      closes?.broken === true ||
      (afterOpen && inner.broken && !(kind === "comment" && breaks === 0)) ||
      (kind === "comment" && breaks > 0) ||
      (before?.kind === "comment" && breaks > 0) ||
      layout.items.has(at) ||
      (starts && breaks > 0) ||
      (layout.members.has(at) && inner?.exploded === true);
    const joins = token.tokenType === t.LCurly || isA(token, t.SEPARATOR);
    const mayBreak = breaks > 0 && !joins && closes === undefined;
    if (mustBreak || mayBreak) {
      const closer = token.tokenType === t.RParen || token.tokenType === t.RSquare;
      const level = brackets - (closer ? 1 : 0);
      const own =
        starts ||
        closes !== undefined ||
        token.tokenType === t.word.else ||
        kind === "doc" ||
        (kind === "comment" && between[i] === true);
      const extra = own ? 0 : 2 * (brackets > 0 ? level : 1);
      line = newLine(base + extra, blank);
    } else if (line !== undefined && kind === "token") {
      line.code += spaceBetween(before as Piece, piece, starts, layout);
    }
    const current = line as Line;
    if (kind === "comment" && !mustBreak) {
      // Behind code: at the end of the line it can be aligned, inside it cannot.
      const next = pieces[i + 1];
      if (endsLine(piece) || next === undefined || next.breaks > 0) current.comment = text;
      else current.code += `${current.code === "" ? "" : " "}${text}`;
    } else if (kind !== "token" && text.includes("\n")) {
      current.code += text;
    } else current.code += text;

    if (token.tokenType === t.LCurly) {
      const block = blocks.get(i) as Block;
      open.push(block);
      depth.push(0);
      if (!block.broken) current.whole.push(block);
    }
    if (token.tokenType === t.LParen || token.tokenType === t.LSquare)
      depth[depth.length - 1] = brackets + 1;
    if (token.tokenType === t.RParen || token.tokenType === t.RSquare)
      depth[depth.length - 1] = brackets - 1;
  }
  return lines;
}

// For each piece, whether the next token ends a member or starts one: then a comment there stands between members, not inside one.
function betweenMembers(pieces: readonly Piece[], layout: Layout): readonly boolean[] {
  const between: boolean[] = [];
  let ahead = true;
  for (let i = pieces.length - 1; i >= 0; i--) {
    between[i] = ahead;
    const {kind, token} = pieces[i] as Piece;
    if (kind !== "token") continue;
    const at = token.startOffset;
    ahead = layout.items.has(at) || layout.members.has(at) || token.tokenType === t.RCurly;
  }
  return between;
}

function spaceBetween(before: Piece, piece: Piece, starts: boolean, layout: Layout): string {
  const {token} = piece;
  const type = token.tokenType;
  const previous = before.token.tokenType;
  if (isA(token, t.SEPARATOR) || type === t.Colon) return "";
  if (before.kind === "token") {
    if (type === t.RParen || type === t.RSquare) return "";
    if (previous === t.LParen || previous === t.LSquare) return "";
    if (type === t.Dot || previous === t.Dot || type === t.DotDot || previous === t.DotDot)
      return "";
    if (layout.tightBefore.has(token.startOffset)) return "";
    if (layout.tightAfter.has(before.token.startOffset)) return "";
  }
  if (starts && !isA(before.token, t.SEPARATOR) && previous !== t.LCurly) return "  ";
  return " ";
}

function isA(token: IToken, category: IToken["tokenType"]): boolean {
  return (token.tokenType.CATEGORIES ?? []).includes(category);
}

// Breaks the outermost block of each line that is too long; whether there was one.
function breakLongLines(lines: readonly Line[]): boolean {
  let changed = false;
  for (const {indent, code, whole} of lines) {
    const [outermost] = whole.filter((block) => block.close > block.open + 1);
    if (outermost === undefined || code.includes("\n")) continue;
    if (indent + displayWidth(code) <= lineWidth) continue;
    outermost.broken = true;
    outermost.exploded = true;
    changed = true;
  }
  return changed;
}

function joined(lines: readonly Line[]): string {
  const columns = commentColumns(lines);
  return lines
    .map((line) => {
      const column = columns.get(line) ?? codeWidth(line) + 2;
      const pad = line.comment === "" || line.code === "" ? 0 : column - codeWidth(line);
      const text = `${line.code}${" ".repeat(pad)}${line.comment}`;
      return `${line.blankBefore ? "\n" : ""}${" ".repeat(line.indent)}${text}\n`;
    })
    .join("");
}

// The comments behind code of one block start in one column, except behind lines so long that others would be pushed over the edge.
function commentColumns(lines: readonly Line[]): ReadonlyMap<Line, number> {
  const groups = new Map<number, Line[]>();
  for (const line of lines) {
    if (line.comment === "" || line.code === "") continue;
    const group = groups.get(line.block);
    if (group === undefined) groups.set(line.block, [line]);
    else group.push(line);
  }
  const columns = new Map<Line, number>();
  for (const group of groups.values()) {
    const byWidth = group.toSorted((a, b) => codeWidth(a) - codeWidth(b));
    // The widest comment among the first n.
    const longest: number[] = [];
    for (const line of byWidth)
      longest.push(Math.max(longest.at(-1) ?? 0, displayWidth(line.comment)));
    let n = byWidth.length;
    while (n > 1 && codeWidth(byWidth[n - 1] as Line) + 2 + (longest[n - 2] as number) > lineWidth)
      n--;
    const column = codeWidth(byWidth[n - 1] as Line) + 2;
    for (const line of byWidth.slice(0, n)) columns.set(line, column);
  }
  return columns;
}

function codeWidth({indent, code}: Line): number {
  const last = code.lastIndexOf("\n");
  return last < 0 ? indent + displayWidth(code) : displayWidth(code.slice(last + 1));
}
