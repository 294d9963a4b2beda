// What is wrong with a litmus text, and where.

/** Thrown for a text that is no litmus test of the supported subset. `line` and `column` count from 1. */
export class LitmusError extends Error {
  override readonly name = "LitmusError";
  readonly line: number;
  readonly column: number;
  /** Set when the text may well be a litmus test, but uses this word, which is not supported. */
  readonly unsupported: string | undefined;

  constructor(problem: string, line: number, column: number, unsupported?: string) {
    super(`line ${line}, column ${column}: ${problem}`);
    this.line = line;
    this.column = column;
    this.unsupported = unsupported;
  }
}
