// Completion: what may be written at a place, best first. The network over the grammar tells which tokens may come and in which rule; the
// rule decides what kind of thing is asked for (a field, a value of this field, an entity, an axis, a step); schema, step and metric
// tables and the names in scope supply the words. Whatever is offered is read by the network before it is shown, so a candidate never
// leads to a text that cannot go on.

import {type Expected, isA} from "../../grammar/automaton.ts";
import {lex} from "../../grammar/lexer.ts";
import * as t from "../../grammar/tokens.ts";
import {type Candidate, commandWords, plain} from "./candidate.ts";
import {fieldCandidates, memberCandidates} from "./complete-field.ts";
import {fieldBeing, valueCandidates} from "./complete-value.ts";
import {wordCandidates} from "./complete-word.ts";
import {type CompletionScope, emptyScope} from "./completion-scope.ts";
import {type Cursor, cursorAt} from "./cursor.ts";
import {localScope} from "./local-names.ts";

export interface Completions {
  /** UTF-16 offsets of what a candidate replaces. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

/** Candidates at a UTF-16 offset. Names declared in the text itself come before those of `scope`. */
export function complete(
  text: string,
  offset: number,
  scope: CompletionScope = emptyScope,
): Completions {
  const unit = unitCandidates(text, offset, scope);
  if (unit !== undefined) return unit;
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return {start: offset, end: offset, candidates: []};
  const names = localScope(cursor, scope);
  const offered = [
    ...memberCandidates(cursor, names),
    ...fieldCandidates(cursor, names),
    ...wordCandidates(cursor, names),
    ...valueCandidates(cursor, names),
    ...keywordCandidates(cursor.expected, cursor.prefix),
  ];
  return {start: cursor.start, end: offset, candidates: legal(cursor, offered)};
}

// Those that begin with what was typed and that the grammar reads, each once.
function legal(cursor: Cursor, offered: readonly Candidate[]): readonly Candidate[] {
  const prefix = cursor.prefix.toLowerCase();
  const seen = new Set<string>();
  return offered.filter(({text}) => {
    if (seen.has(text) || !text.toLowerCase().startsWith(prefix)) return false;
    seen.add(text);
    const walk = cursor.walk.fork();
    return lex(text).tokens.every(({tokenType}) => walk.read(tokenType));
  });
}

// Keywords come last: `vs`, `by`, `where` behind a whole value. Those that start a value (`if`, `true`) are offered once a letter of them
// is typed; steps are offered by the table of steps.
function keywordCandidates(expected: readonly Expected[], prefix: string): readonly Candidate[] {
  const begins = ({rules, begun}: Expected, rule: string) => rules.slice(0, begun).includes(rule);
  const words = expected
    .filter((one) => !begins(one, "item") && !begins(one, "step"))
    .filter((one) => prefix !== "" || !begins(one, "expr"))
    .map(({token}) => token.PATTERN)
    .filter((pattern) => typeof pattern === "string" && /^[a-z]/.test(pattern)) as string[];
  const items = expected.some((one) => begins(one, "item"));
  return [...words.map((word) => plain(word, "keyword")), ...(items ? commandWords : [])];
}

// Behind the digits of a number: its units.
function unitCandidates(
  text: string,
  offset: number,
  scope: CompletionScope,
): Completions | undefined {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const match = /(?:^|[^\w.])\d[\d_]*(?:\.\d+)?([a-zA-Zµ%]*)$/.exec(line);
  if (match === null) return undefined;
  const last = lex(text.slice(0, offset)).tokens.at(-1);
  if (last === undefined || !isA(last.tokenType, t.NUMBERLIT)) return undefined;
  if (last.startOffset + last.image.length !== offset) return undefined;
  const [, typed = ""] = match;
  const types = unitTypes(text, last.startOffset, scope);
  const candidates = units
    .filter(
      ([unit, type]) => unit.startsWith(typed) && (types === undefined || types.includes(type)),
    )
    .map(([unit, type]): Candidate => ({text: unit, kind: "unit", type}));
  return {start: offset - typed.length, end: offset, candidates};
}

// Types of the units that fit the field whose number starts at `offset`; undefined if they are not known.
function unitTypes(
  text: string,
  offset: number,
  scope: CompletionScope,
): readonly string[] | undefined {
  const cursor = cursorAt(text, offset);
  const type =
    cursor === undefined ? undefined : fieldBeing(cursor, localScope(cursor, scope))?.type;
  if (type?.kind === "law") return type.of === "Duration" ? ["Duration", "Cycles"] : undefined;
  return type?.kind === "quantity" ? [type.of] : undefined;
}

const units: readonly (readonly [string, string])[] = [
  ["ns", "Duration"],
  ["us", "Duration"],
  ["ms", "Duration"],
  ["s", "Duration"],
  ["min", "Duration"],
  ["h", "Duration"],
  ["cyc", "Cycles"],
  ["kcyc", "Cycles"],
  ["%", "Ratio"],
  ["/s", "Frequency"],
  ["k/s", "Frequency"],
  ["M/s", "Frequency"],
  ["Hz", "Frequency"],
  ["kHz", "Frequency"],
  ["MHz", "Frequency"],
  ["GHz", "Frequency"],
  ["B", "Bytes"],
  ["KiB", "Bytes"],
  ["MiB", "Bytes"],
  ["GiB", "Bytes"],
];
