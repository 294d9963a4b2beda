// The codes of the parser, E100 to E119.

import type {CatalogueEntry} from "./catalogue.ts";

export const syntaxCodes: readonly CatalogueEntry[] = [
  {
    code: "E100",
    title: "something cannot stand here",
    text: "The text up to the caret is the start of a program, but no program goes on with what stands there. The message says what would have been legal. Newlines mean nothing in the language, so the cause is sometimes the end of the line before.",
  },
  {
    code: "E101",
    title: "space between number and unit",
    text: "A quantity is one word: `2us`, `40k/s`, `5%`. With a space between, the number stands alone and the unit is taken for a name.",
  },
  {
    code: "E102",
    title: "unknown unit",
    text: "A number may carry one of the units ns us ms s min h (time), cyc kcyc (cycles of the machine's clock), Hz kHz MHz GHz and `n/s` with k, M, G (rates), B KiB MiB GiB (bytes) and %. There is no default unit, and no others are known.",
  },
  {
    code: "E103",
    title: "string never ends",
    text: 'A text between double quotes ends on its own line. Inside, `\\"` is a quote, `\\\\` a backslash, `\\n` a new line and `\\t` a tab.',
  },
  {
    code: "E104",
    title: "missing `:` after field name",
    text: "Inside braces, settings are written `name: value`. The comma between them is optional, the colon is not.",
  },
  {
    code: "E105",
    title: "fields use `:`, not `=`",
    text: "`:` gives a field or a named argument its value; `=` belongs to `let`, `param`, `state` and the steps `store`, `store_release` and `xchg`; `==` compares.",
  },
  {
    code: "E106",
    title: "`{` never closed",
    text: "A bracket is still open where something stands that cannot be inside it, or at the end of the text. Which bracket was forgotten is read from the indentation; `quiesce fmt` makes it right once the text parses.",
  },
  {
    code: "E107",
    title: "`}` without `{`",
    text: "A closing bracket has nothing to close: it is one too many, or a block before it was closed too early.",
  },
  {
    code: "E108",
    title: "unknown declaration",
    text: "Every item of a program starts with a word that says what it is: a declaration (machine costs mm walker writer bystander load scenario policy experiment let param import) or a command (run check plot table export show replay). Inside a policy's hooks, every step does.",
  },
  {
    code: "E109",
    title: "`-` in a name",
    text: "Names are letters, digits and `_`, and do not start with a digit. `a-b` is a difference, also of sets of CPUs.",
  },
  {
    code: "E110",
    title: "a reserved word as a name",
    text: "The words machine costs mm walker writer bystander load scenario policy experiment check let param import from if then else for in and or not true false cannot name a thing. All other words of the language can, and every word can name a field.",
  },
  {
    code: "E111",
    title: "value missing",
    text: "After `:`, `=`, an operator or an opening bracket a value is expected: a number with its unit, a name, a text, a list `[a, b]`, a range `a..b`, a call `exp(10us)`, `if c then a else b`, or an expression of these.",
  },
  {
    code: "E112",
    title: "an operator of another language",
    text: "Conditions are joined by the words `and`, `or` and `not`. `&`, `|` and `-` are intersection, union and difference of sets of CPUs.",
  },
  {
    code: "E113",
    title: "a statement in the wrong place",
    text: "`sweep`, `measure`, `with`, `expect`, `until` and `compare` stand inside an experiment (`with` also after `run` and inside `check`); hooks (`on sync { ... }`) and `state` stand inside a policy.",
  },
  {
    code: "E114",
    title: "step needs a target",
    text: "`ipi` needs a CPU, `flush` an mm, `delay` a time, `wait` what to wait for, `store` a place and a value, `lock` and `unlock` a lock, and `count` the name of a counter.",
  },
  {
    code: "E115",
    title: "unexpected character",
    text: "Outside of comments and texts a program is made of ASCII letters, digits and the signs { } ( ) [ ] , ; : . .. = == != < <= > >= + - * / | &; `µ` is accepted in `µs`. Characters that cannot be seen are named by their code point.",
  },
  {
    code: "E116",
    title: "comment never ends",
    text: "`/*` opens a comment that ends at the next `*/`; comments do not nest. `#` and `//` start a comment that ends with its line; `///` documents the declaration that follows.",
  },
  {
    code: "E117",
    title: "nested too deeply",
    text: "Brackets nest at most 64 deep, and one expression has at most 500 operators. Parts of an expression can be named with `let`.",
  },
  {
    code: "E118",
    title: "not a text that can be read",
    text: "A program is a UTF-8 text of at most 4 Mi characters without NUL characters. Large data belongs in files that `empirical` and `hist` read.",
  },
  {
    code: "E119",
    title: "number out of range",
    text: "Numbers are IEEE 754 doubles: at most about 1.8e308, with some 16 digits. Times are kept in whole nanoseconds, exactly up to 104 days.",
  },
];
