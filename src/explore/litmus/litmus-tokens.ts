// The words of a litmus text. C comments are skipped everywhere, OCaml comments everywhere but in the threads' bodies: there `(*x` begins
// an argument.

import {LitmusError} from "./litmus-error.ts";

export interface LitmusToken {
  readonly kind: "name" | "number" | "string" | "symbol" | "end";
  readonly text: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface LitmusText {
  /** The name behind the leading `C`. */
  readonly name: string;
  readonly source: string;
  readonly tokens: readonly LitmusToken[];
}

const blankInBody = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const blank = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*[\s\S]*?\*\))+/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /0[xX][0-9a-fA-F]+|[0-9]+/y;
const text = /"[^"\n]*"/y;
// The longest first; `/\` and `\/` belong to conditions.
const symbol =
  /\/\\|\\\/|=>|<<|>>|->|\+\+|--|==|!=|<=|>=|&&|\|\||\+=|-=|[-+*/%&|^~!<>=(){}[\];:,.?]/y;

/** Splits a text. Throws `LitmusError`. */
export function litmusTokens(source: string): LitmusText {
  let offset = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = offset;
    const match = pattern.exec(source)?.[0] ?? "";
    offset += match.length;
    return match;
  };
  // Line and column of `offset`, kept up as the text is read.
  let line = 1;
  let lineStart = 0;
  let seen = 0;
  const place = (): {line: number; column: number} => {
    for (; seen < offset; seen++) {
      if (source[seen] !== "\n") continue;
      line++;
      lineStart = seen + 1;
    }
    return {line, column: offset - lineStart + 1};
  };

  take(blank);
  const header = /([A-Za-z0-9_]+)[ \t]+([^\s(]+)/y;
  const start = place();
  header.lastIndex = offset;
  const match = header.exec(source);
  if (match === null) {
    throw new LitmusError(
      "expected `C name` at the head of a litmus test",
      start.line,
      start.column,
    );
  }
  if (match[1] !== "C") {
    throw new LitmusError(
      `a litmus test of the Linux kernel begins with \`C name\`; \`${match[1]}\` tests are not supported`,
      start.line,
      start.column,
      match[1],
    );
  }
  offset += match[0].length;
  const tokens: LitmusToken[] = [];
  // The first block holds the initial values; every later one is a thread.
  let depth = 0;
  let blocks = 0;
  for (;;) {
    take(depth > 0 && blocks > 1 ? blankInBody : blank);
    const at = offset;
    const where = place();
    if (at >= source.length) {
      tokens.push({kind: "end", text: "the end of the file", offset: at, ...where});
      return {name: match[2], source, tokens};
    }
    let kind: LitmusToken["kind"] = "name";
    let found = take(name);
    if (found === "") {
      kind = "number";
      found = take(number);
    }
    if (found === "") {
      kind = "string";
      found = take(text);
    }
    if (found === "") {
      kind = "symbol";
      found = take(symbol);
    }
    if (found === "") {
      throw new LitmusError(
        `unexpected character \`${source[at]}\``,
        where.line,
        where.column,
        source[at],
      );
    }
    if (found === "{" && depth++ === 0) blocks++;
    if (found === "}") depth--;
    tokens.push({kind, text: found, offset: at, ...where});
  }
}
