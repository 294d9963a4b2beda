// Highlighters, from the token table: a TextMate grammar (VS Code, Shiki, GitHub) and a mode for CodeMirror (Jupyter). Both know words
// and signs, not rules; a word before `:` is a field, whatever word it is.

import {
  bareWords,
  entityWords,
  hardWords,
  rateWords,
  softWords,
  storeWords,
  unitWords,
} from "./tokens.ts";

const declaring = [
  ...entityWords,
  "scenario",
  "policy",
  "experiment",
  "check",
  "let",
  "param",
  "import",
  "from",
  "state",
  "on",
];
const constants = [
  "true",
  "false",
  "none",
  "all",
  "any",
  "self",
  "online",
  "isolated",
  "housekeeping",
];
const steps = [
  ...storeWords,
  ...bareWords,
  "ipi",
  "wait",
  "acks",
  "gp",
  "defer",
  "flush",
  "delay",
  "skip",
  "count",
  "lock",
  "unlock",
];
const flow = [
  "if",
  "then",
  "else",
  "for",
  "in",
  "and",
  "or",
  "not",
  "where",
  "when",
  "within",
  "once",
];
const others = [...hardWords, ...softWords].filter(
  (word) => ![...declaring, ...steps, ...flow, ...constants].includes(word),
);

const number = String.raw`\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?`;
const unit = `(?:[kMG]?/(?:${byLength(rateWords)})|${byLength(unitWords)})(?![A-Za-z0-9_])|%`;

function byLength(words: readonly string[]): string {
  return words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).join("|");
}

function words(list: readonly string[]): string {
  return String.raw`\b(?:${byLength([...new Set(list)])})\b(?!\s*[:.])`;
}

/** The TextMate grammar as JSON text. */
export function textMateGrammar(): string {
  const grammar = {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    name: "Quiesce",
    scopeName: "source.quiesce",
    fileTypes: ["quiesce"],
    patterns: [
      {name: "comment.line.documentation.quiesce", match: "///(?!/).*$"},
      {name: "comment.line.quiesce", match: "(?://|#).*$"},
      {name: "comment.block.quiesce", begin: String.raw`/\*`, end: String.raw`\*/`},
      {
        name: "string.quoted.double.quiesce",
        begin: '"',
        end: '"|$',
        patterns: [{name: "constant.character.escape.quiesce", match: String.raw`\\.`}],
      },
      {
        match: `(${number})(${unit})?`,
        captures: {
          1: {name: "constant.numeric.quiesce"},
          2: {name: "keyword.other.unit.quiesce"},
        },
      },
      {
        match: String.raw`\b(${byLength(entityWords)}|scenario|policy|experiment|let|param)\s+([A-Za-z_]\w*)`,
        captures: {
          1: {name: "storage.type.quiesce"},
          2: {name: "entity.name.type.quiesce"},
        },
      },
      {
        match: String.raw`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(:)`,
        captures: {
          1: {name: "variable.other.property.quiesce"},
          2: {name: "punctuation.separator.key-value.quiesce"},
        },
      },
      {name: "storage.type.quiesce", match: words(declaring)},
      {name: "constant.language.quiesce", match: words(constants)},
      {name: "keyword.control.quiesce", match: words(flow)},
      {name: "support.function.step.quiesce", match: words(steps)},
      {name: "keyword.other.quiesce", match: words(others)},
      {
        match: String.raw`\b([A-Za-z_]\w*)\s*(?=\()`,
        captures: {1: {name: "support.function.quiesce"}},
      },
      {name: "keyword.operator.quiesce", match: String.raw`==|!=|<=|>=|\.\.|[-+*/|&<>=]`},
    ],
  };
  return `${JSON.stringify(grammar, undefined, 2)}\n`;
}

/** A CodeMirror stream mode as the text of an ES module: `StreamLanguage.define(quiesce)` in CodeMirror 6, `defineMode` in 5. */
export function codeMirrorMode(): string {
  const list = (items: readonly string[]) => JSON.stringify([...new Set(items)].toSorted());
  return `// The Quiesce language for CodeMirror, made from the token table by \`npm run grammar\`; do not edit.
//
// CodeMirror 6: import {StreamLanguage} from "@codemirror/language"; StreamLanguage.define(quiesce)
// CodeMirror 5: CodeMirror.defineMode("quiesce", () => quiesce)

const declaring = new Set(${list(declaring)});
const constants = new Set(${list(constants)});
const steps = new Set(${list(steps)});
const keywords = new Set(${list([...flow, ...others])});
const number = ${new RegExp(`^${number}(?:${unit})?`).toString()};

export const quiesce = {
  name: "quiesce",
  languageData: {commentTokens: {line: "#", block: {open: "/*", close: "*/"}}},
  startState: () => ({comment: false, depth: 0}),
  copyState: (state) => ({...state}),
  token(stream, state) {
    if (state.comment) {
      if (stream.match(/^.*?\\*\\//)) state.comment = false;
      else stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^\\/\\*/)) {
      state.comment = true;
      return "comment";
    }
    if (stream.match(/^(?:\\/\\/|#)/)) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\\\]|\\\\.)*"?/)) return "string";
    if (stream.match(number)) return "number";
    const word = stream.match(/^[A-Za-z_]\\w*/);
    if (word) {
      // A word before \`:\` or a dotted path to one is a field, whatever word it is.
      if (stream.match(/^(?:\\.[A-Za-z_]\\w*)*\\s*:/, false)) return "propertyName";
      if (declaring.has(word[0])) return "definitionKeyword";
      if (constants.has(word[0])) return "atom";
      if (steps.has(word[0])) return "builtin";
      if (keywords.has(word[0])) return "keyword";
      return "variableName";
    }
    const sign = stream.next();
    if ("{([".includes(sign)) state.depth++;
    if ("})]".includes(sign)) state.depth = Math.max(0, state.depth - 1);
    return /[-+*\\/|&<>=!.]/.test(sign) ? "operator" : null;
  },
  indent(state, textAfter, context) {
    const unit = context?.unit ?? 2;
    return unit * Math.max(0, state.depth - (/^\\s*[})\\]]/.test(textAfter) ? 1 : 0));
  },
};
`;
}
