// The vocabulary. White space and newlines mean nothing; a number carries its unit; words are split three ways:
//
// (1) hard keywords can never be the name of a thing;
// (2) soft keywords are keywords only where the grammar asks for them and names everywhere else;
// (3) after `.` and before `:` every word is a plain name, hard or soft.
//
// (2) and (3) are token categories: IDENTIFIER holds identifiers and soft keywords, NAME holds those and the hard keywords. Text that
// cannot be right still becomes a token (BadQuantity, UnterminatedString, BadText ...), so that the lexer never stops and the parser
// can point at it. The order in `vocabulary` is the order in which the lexer tries the patterns; longer words come before their prefixes.

import {createToken, Lexer, type TokenType} from "chevrotain";

export const NAME: TokenType = createToken({name: "NAME", pattern: Lexer.NA, label: "a name"});
export const IDENTIFIER: TokenType = createToken({
  name: "IDENTIFIER",
  pattern: Lexer.NA,
  label: "a name",
});
export const NUMBERLIT: TokenType = createToken({
  name: "NUMBERLIT",
  pattern: Lexer.NA,
  label: "a number",
});
export const STRINGLIT: TokenType = createToken({
  name: "STRINGLIT",
  pattern: Lexer.NA,
  label: "a text in quotes",
});
export const ENTITYKIND: TokenType = createToken({
  name: "ENTITYKIND",
  pattern: Lexer.NA,
  label: "the kind of an entity",
});
export const STORESTEP: TokenType = createToken({
  name: "STORESTEP",
  pattern: Lexer.NA,
  label: "`store`",
});
export const BARESTEP: TokenType = createToken({
  name: "BARESTEP",
  pattern: Lexer.NA,
  label: "a step",
});
export const COMPAREOP: TokenType = createToken({
  name: "COMPAREOP",
  pattern: Lexer.NA,
  label: "a comparison",
});
export const ADDOP: TokenType = createToken({
  name: "ADDOP",
  pattern: Lexer.NA,
  label: "`+`, `-` or `|`",
});
export const MULOP: TokenType = createToken({
  name: "MULOP",
  pattern: Lexer.NA,
  label: "`*`, `/` or `&`",
});
export const SEPARATOR: TokenType = createToken({
  name: "SEPARATOR",
  pattern: Lexer.NA,
  label: "`,` or `;`",
});

/** Words that start an entity: `walker gup { ... }`. */
export const entityWords = [
  "machine",
  "costs",
  "mm",
  "walker",
  "writer",
  "bystander",
  "load",
] as const;
const otherHardWords = [
  "scenario",
  "policy",
  "experiment",
  "check",
  "let",
  "param",
  "import",
  "from",
  "if",
  "then",
  "else",
  "for",
  "in",
  "and",
  "or",
  "not",
  "true",
  "false",
] as const;
/** Steps of the form `store place = value`. */
export const storeWords = ["store", "store_release", "xchg"] as const;
/** Steps that stand alone. */
export const bareWords = [
  "mb",
  "wmb",
  "rmb",
  "unhook",
  "sync",
  "release",
  "alloc",
  "copy",
  "publish",
  "abort",
] as const;
const otherSoftWords = [
  "sweep",
  "measure",
  "expect",
  "until",
  "compare",
  "against",
  "plot",
  "table",
  "export",
  "run",
  "show",
  "replay",
  "with",
  "where",
  "when",
  "vs",
  "by",
  "facet",
  "as",
  "of",
  "under",
  "at",
  "within",
  "step",
  "log",
  "lin",
  "once",
  "exactly",
  "otherwise",
  "state",
  "percpu",
  "permm",
  "global",
  "on",
  "ipi",
  "nowait",
  "wait",
  "acks",
  "gp",
  "expedited",
  "defer",
  "flush",
  "delay",
  "skip",
  "count",
  "lock",
  "unlock",
  "spin",
  "sleep",
  "grid",
  "zip",
  "random",
  "lhs",
  "pairwise",
  "each",
] as const;

type HardWord = (typeof entityWords)[number] | (typeof otherHardWords)[number];
type SoftWord =
  | (typeof storeWords)[number]
  | (typeof bareWords)[number]
  | (typeof otherSoftWords)[number];

/** Words that can name nothing. */
export const hardWords: readonly HardWord[] = [...entityWords, ...otherHardWords];
/** Words that are keywords only where the grammar asks for them. */
export const softWords: readonly SoftWord[] = [...storeWords, ...bareWords, ...otherSoftWords];

export const Identifier: TokenType = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [IDENTIFIER, NAME],
  label: "a name",
});

function keyword(word: HardWord | SoftWord): TokenType {
  const categories: TokenType[] = [NAME];
  const among = (words: readonly string[]): boolean => words.includes(word);
  if (among(softWords)) categories.push(IDENTIFIER);
  if (among(entityWords)) categories.push(ENTITYKIND);
  if (among(storeWords)) categories.push(STORESTEP);
  if (among(bareWords)) categories.push(BARESTEP);
  const name = word.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return createToken({
    name,
    pattern: word,
    longer_alt: Identifier,
    categories,
    label: `\`${word}\``,
  });
}

/** The token of each keyword: `word.scenario`. */
export const word: Readonly<Record<HardWord | SoftWord, TokenType>> = Object.fromEntries(
  [...hardWords, ...softWords].map((text) => [text, keyword(text)]),
) as Record<HardWord | SoftWord, TokenType>;

/** The units a number may carry, longest first where one is the start of another; `µs` is read and printed as `us`. */
export const unitWords = [
  "ns",
  "us",
  "µs",
  "μs",
  "ms",
  "s",
  "min",
  "h",
  "Hz",
  "kHz",
  "MHz",
  "GHz",
  "B",
  "KiB",
  "MiB",
  "GiB",
  "cyc",
  "kcyc",
] as const;
/** The times a rate may be per. */
export const rateWords = ["ns", "us", "µs", "μs", "ms", "s", "min"] as const;

const number = String.raw`\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?`;
const wordCharacter = "A-Za-z0-9_\u00b5\u03bc";
const startsWithDigit = [..."0123456789"];

function numeric(name: string, source: string, label: string): TokenType {
  return createToken({
    name,
    pattern: new RegExp(source),
    start_chars_hint: startsWithDigit,
    categories: [NUMBERLIT],
    label,
  });
}

export const RateLit: TokenType = numeric(
  "RateLit",
  `${number}[kMG]?/(?:${rateWords.join("|")})(?![${wordCharacter}])`,
  "a rate",
);
export const QuantityLit: TokenType = numeric(
  "QuantityLit",
  `${number}(?:%|(?:${unitWords.join("|")})(?![${wordCharacter}]))`,
  "a quantity",
);
/** A number run together with a word that is no unit; the parser takes it for a number, E102 explains. */
export const BadQuantity: TokenType = numeric(
  "BadQuantity",
  // Not the exponent of `2e3`.
  `${number}(?![eE][+-]?\\d+(?![${wordCharacter}]))[A-Za-z\u00b5\u03bc][${wordCharacter}]*`,
  "a quantity",
);
export const FloatLit: TokenType = numeric(
  "FloatLit",
  String.raw`\d[\d_]*(?:\.\d[\d_]*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)`,
  "a number",
);
export const IntLit: TokenType = numeric("IntLit", String.raw`\d[\d_]*`, "a whole number");

export const StringLit: TokenType = createToken({
  name: "StringLit",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
  categories: [STRINGLIT],
  label: "a text in quotes",
});
/** A quote that is not closed on its line; taken for a string, E103 explains. */
export const UnterminatedString: TokenType = createToken({
  name: "UnterminatedString",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/,
  categories: [STRINGLIT],
  label: "a text in quotes",
});

function mark(name: string, text: string, ...categories: TokenType[]): TokenType {
  return createToken({name, pattern: text, categories, label: `\`${text}\``});
}

export const LCurly: TokenType = mark("LCurly", "{");
export const RCurly: TokenType = mark("RCurly", "}");
export const LParen: TokenType = mark("LParen", "(");
export const RParen: TokenType = mark("RParen", ")");
export const LSquare: TokenType = mark("LSquare", "[");
export const RSquare: TokenType = mark("RSquare", "]");
export const Comma: TokenType = mark("Comma", ",", SEPARATOR);
export const Semicolon: TokenType = mark("Semicolon", ";", SEPARATOR);
export const Colon: TokenType = mark("Colon", ":");
export const DotDot: TokenType = mark("DotDot", "..");
export const Dot: TokenType = mark("Dot", ".");
export const EqualEqual: TokenType = mark("EqualEqual", "==", COMPAREOP);
export const NotEqual: TokenType = mark("NotEqual", "!=", COMPAREOP);
export const LessEqual: TokenType = mark("LessEqual", "<=", COMPAREOP);
export const GreaterEqual: TokenType = mark("GreaterEqual", ">=", COMPAREOP);
export const Less: TokenType = mark("Less", "<", COMPAREOP);
export const Greater: TokenType = mark("Greater", ">", COMPAREOP);
export const Equal: TokenType = mark("Equal", "=");
export const Plus: TokenType = mark("Plus", "+", ADDOP);
export const Minus: TokenType = mark("Minus", "-", ADDOP);
export const Bar: TokenType = mark("Bar", "|", ADDOP);
export const Star: TokenType = mark("Star", "*", MULOP);
export const Slash: TokenType = mark("Slash", "/", MULOP);
export const Ampersand: TokenType = mark("Ampersand", "&", MULOP);

export const WhiteSpace: TokenType = createToken({
  name: "WhiteSpace",
  pattern: /[ \t\r\n\f\v\u00a0\u2028\u2029\ufeff]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const DocComment: TokenType = createToken({
  name: "DocComment",
  pattern: /\/\/\/(?!\/)[^\r\n]*/,
  group: "docs",
});
export const LineComment: TokenType = createToken({
  name: "LineComment",
  pattern: /(?:\/\/|#)[^\r\n]*/,
  group: "comments",
});
export const BlockComment: TokenType = createToken({
  name: "BlockComment",
  pattern: /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//,
  group: "comments",
  line_breaks: true,
});
/** A block comment that runs to the end of the text. */
export const UnterminatedComment: TokenType = createToken({
  name: "UnterminatedComment",
  pattern: /\/\*[\s\S]*/,
  group: "comments",
  line_breaks: true,
});
/** Characters that belong to nothing in the language, a run at a time. */
export const BadText: TokenType = createToken({
  name: "BadText",
  pattern: /[\u0080-\uffff]+|[\s\S]/,
  line_breaks: true,
  // Any character may start it; the lexer files the ones above 255 under one entry for every 255 of them.
  start_chars_hint: [
    ...Array.from({length: 256}, (_, code) => code),
    ...Array.from({length: 257}, (_, bucket) => Math.min(256 + 255 * bucket, 0xffff)),
  ],
  label: "text that is not part of the language",
});

const byLength = Object.values(word).toSorted(
  (a, b) => (b.PATTERN as string).length - (a.PATTERN as string).length,
);

/** All token types, in the order in which they are tried. */
export const vocabulary: readonly TokenType[] = [
  WhiteSpace,
  DocComment,
  LineComment,
  BlockComment,
  UnterminatedComment,
  RateLit,
  QuantityLit,
  BadQuantity,
  FloatLit,
  IntLit,
  StringLit,
  UnterminatedString,
  ...byLength,
  Identifier,
  LCurly,
  RCurly,
  LParen,
  RParen,
  LSquare,
  RSquare,
  Comma,
  Semicolon,
  Colon,
  DotDot,
  Dot,
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equal,
  Plus,
  Minus,
  Bar,
  Star,
  Slash,
  Ampersand,
  BadText,
  NAME,
  IDENTIFIER,
  NUMBERLIT,
  STRINGLIT,
  ENTITYKIND,
  STORESTEP,
  BARESTEP,
  COMPAREOP,
  ADDOP,
  MULOP,
  SEPARATOR,
];
