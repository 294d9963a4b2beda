// How good the messages are, measured: take every valid program, and for every token of it the programs in which it is missing, written
// twice, or replaced by another. Of those that no longer parse, count the messages and look whether the first is near the mistake.
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {applyFix} from "../../src/lang/apply-fix.ts";
import type {Diagnostic} from "../../src/lang/diagnostic.ts";
import {locate} from "../../src/lang/excerpt.ts";
import type {Source} from "../../src/lang/syntax.ts";
import {lex} from "../lexer.ts";

export interface Mutant {
  readonly name: string;
  readonly change: "delete" | "duplicate" | "replace";
  readonly text: string;
  /** Line of the mistake, from 1. */
  readonly line: number;
}

const replacements =
  'walker gup 5us { } : , ( ) [ ] = == 42 for wait "x" - .. and policy % once'.split(" ");

/** All single-token mutants of the programs in `valid/`, in a fixed order. */
export function* mutants(): Generator<Mutant> {
  const folder = resolve(fileURLToPath(import.meta.url), "../../../../grammar/conformance/valid");
  const names = readdirSync(folder).filter((name) => name.endsWith(".quiesce"));
  let count = 0;
  for (const name of names.toSorted()) {
    const text = readFileSync(join(folder, name), "utf8");
    for (const {image, startOffset} of lex(text).tokens) {
      const before = text.slice(0, startOffset);
      const after = text.slice(startOffset + image.length);
      const {line} = locate(text, startOffset);
      count += 7;
      let other = replacements[count % replacements.length] as string;
      if (other === image) other = replacements[(count + 1) % replacements.length] as string;
      yield {name, change: "delete", text: before + after, line};
      yield {name, change: "duplicate", text: `${before}${image} ${image}${after}`, line};
      yield {name, change: "replace", text: before + other + after, line};
    }
  }
}

export interface Figures {
  readonly mutants: number;
  /** Those that give a diagnostic. */
  readonly mistaken: number;
  readonly messagesPerMistake: number;
  readonly mostMessages: number;
  /** Share whose first message is within one line of the mistake. */
  readonly near: number;
  /** Machine-applicable fixes offered, and the share of them after which the text parses. */
  readonly fixes: number;
  readonly fixed: number;
  /** First messages by their code. */
  readonly codes: Readonly<Record<string, number>>;
}

/** The figures over every `stride`-th mutant. */
export function measureMutants(
  parse: (source: Source) => {readonly diagnostics: readonly Diagnostic[]},
  stride: number,
): Figures {
  let seen = 0;
  let mistaken = 0;
  let messages = 0;
  let most = 0;
  let near = 0;
  let fixes = 0;
  let fixed = 0;
  const codes: Record<string, number> = {};
  let index = 0;
  for (const {name, text, line} of mutants()) {
    if (index++ % stride !== 0) continue;
    seen++;
    const {diagnostics} = parse({name, text});
    const [first] = diagnostics;
    if (first === undefined) continue;
    mistaken++;
    messages += diagnostics.length;
    most = Math.max(most, diagnostics.length);
    codes[first.code] = (codes[first.code] ?? 0) + 1;
    if (Math.abs(locate(text, first.primary.span.start).line - line) <= 1) near++;
    const fix = first.fixes.find(({applicability}) => applicability === "machine");
    if (fix === undefined) continue;
    fixes++;
    if (parse({name, text: applyFix(text, fix)}).diagnostics.length === 0) fixed++;
  }
  return {
    mutants: seen,
    mistaken,
    messagesPerMistake: messages / mistaken,
    mostMessages: most,
    near: near / mistaken,
    fixes,
    fixed: fixed / fixes,
    codes,
  };
}
