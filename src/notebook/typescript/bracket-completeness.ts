// Whether a TypeScript cell looks finished, by its brackets and quotes alone: the answer while the compiler is still warming up, since a
// console gives up on a kernel that does not answer within a second.

import type {Completeness} from "./language-requests.ts";

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*(?:`|$)|[([{}\])]/g;
const closing: Readonly<Record<string, string>> = {"(": ")", "[": "]", "{": "}"};

export function bracketCompleteness(source: string): Completeness {
  const open: string[] = [];
  for (const [text] of source.matchAll(token)) {
    const close = closing[text];
    if (close !== undefined) open.push(close);
    else if (")]}".includes(text)) {
      if (open.pop() !== text) return {status: "invalid"};
    } else if (text.startsWith("/*") && !text.endsWith("*/"))
      return {status: "incomplete", indent: ""};
    else if (text.startsWith("`") && (text.length === 1 || !text.endsWith("`"))) {
      return {status: "incomplete", indent: ""};
    }
  }
  return open.length === 0
    ? {status: "complete"}
    : {status: "incomplete", indent: "  ".repeat(open.length)};
}
