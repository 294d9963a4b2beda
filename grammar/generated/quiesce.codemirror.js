// The Quiesce language for CodeMirror, made from the token table by `npm run grammar`; do not edit.
//
// CodeMirror 6: import {StreamLanguage} from "@codemirror/language"; StreamLanguage.define(quiesce)
// CodeMirror 5: CodeMirror.defineMode("quiesce", () => quiesce)

const declaring = new Set(["bystander","check","costs","experiment","from","import","let","load","machine","mm","on","param","policy","scenario","state","walker","writer"]);
const constants = new Set(["all","any","false","housekeeping","isolated","none","online","self","true"]);
const steps = new Set(["abort","acks","alloc","copy","count","defer","delay","flush","gp","ipi","lock","mb","publish","release","rmb","skip","store","store_release","sync","unhook","unlock","wait","wmb","xchg"]);
const keywords = new Set(["against","and","as","at","by","compare","each","else","exactly","expect","expedited","export","facet","for","global","grid","if","in","lhs","lin","log","measure","not","nowait","of","once","or","otherwise","pairwise","percpu","permm","plot","random","replay","run","show","sleep","spin","step","sweep","table","then","under","until","vs","when","where","with","within","zip"]);
const number = /^\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:(?:[kMG]?\/(?:min|ms|ns|us|µs|μs|s)|kcyc|GHz|GiB|KiB|MHz|MiB|cyc|kHz|min|Hz|ms|ns|us|µs|μs|B|h|s)(?![A-Za-z0-9_])|%)?/;

export const quiesce = {
  name: "quiesce",
  languageData: {commentTokens: {line: "#", block: {open: "/*", close: "*/"}}},
  startState: () => ({comment: false, depth: 0}),
  copyState: (state) => ({...state}),
  token(stream, state) {
    if (state.comment) {
      if (stream.match(/^.*?\*\//)) state.comment = false;
      else stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\*/)) {
      state.comment = true;
      return "comment";
    }
    if (stream.match(/^(?:\/\/|#)/)) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(number)) return "number";
    const word = stream.match(/^[A-Za-z_]\w*/);
    if (word) {
      // A word before `:` or a dotted path to one is a field, whatever word it is.
      if (stream.match(/^(?:\.[A-Za-z_]\w*)*\s*:/, false)) return "propertyName";
      if (declaring.has(word[0])) return "definitionKeyword";
      if (constants.has(word[0])) return "atom";
      if (steps.has(word[0])) return "builtin";
      if (keywords.has(word[0])) return "keyword";
      return "variableName";
    }
    const sign = stream.next();
    if ("{([".includes(sign)) state.depth++;
    if ("})]".includes(sign)) state.depth = Math.max(0, state.depth - 1);
    return /[-+*\/|&<>=!.]/.test(sign) ? "operator" : null;
  },
  indent(state, textAfter, context) {
    const unit = context?.unit ?? 2;
    return unit * Math.max(0, state.depth - (/^\s*[})\]]/.test(textAfter) ? 1 : 0));
  },
};
