// A cursor over tokens, and the complaints that a reader makes.

import {LitmusError} from "./litmus-error.ts";
import type {LitmusToken} from "./litmus-tokens.ts";

/** Brackets, branches and signs within each other; no test that means something comes near it. */
const mostNested = 200;

export class TokenReader {
  private readonly tokens: readonly LitmusToken[];
  private readonly source: string;
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly LitmusToken[], source: string) {
    this.tokens = tokens;
    this.source = source;
  }

  peek(ahead = 0): LitmusToken {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)];
  }

  next(): LitmusToken {
    const token = this.peek();
    if (this.at < this.tokens.length - 1) this.at++;
    return token;
  }

  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && token.kind !== "string" && token.kind !== "end";
  }

  /** Takes the next token if it is `text`. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.next();
    return true;
  }

  expect(text: string, where: string): LitmusToken {
    if (!this.sees(text)) this.fail(`expected \`${text}\` ${where}, found \`${this.peek().text}\``);
    return this.next();
  }

  expectName(what: string): LitmusToken {
    const token = this.peek();
    if (token.kind !== "name") this.fail(`expected ${what}, found \`${token.text}\``);
    return this.next();
  }

  /** Reads something that may contain itself; complains where that goes on for too long. */
  nested<T>(read: () => T): T {
    if (this.depth >= mostNested) this.fail(`nested more than ${mostNested} deep`);
    this.depth++;
    const result = read();
    this.depth--;
    return result;
  }

  /** The source from a token to the last one read, with white space folded. */
  textFrom(start: LitmusToken): string {
    const last = this.tokens[Math.max(this.at - 1, 0)];
    return this.source
      .slice(start.offset, last.offset + last.text.length)
      .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*\s[\s\S]*?\*\)/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  }

  fail(problem: string, token: LitmusToken = this.peek()): never {
    throw new LitmusError(problem, token.line, token.column);
  }

  /** Complains about a word that this reader does not support. */
  refuse(word: string, why: string, token: LitmusToken = this.peek()): never {
    throw new LitmusError(`\`${word}\` is not supported: ${why}`, token.line, token.column, word);
  }
}
