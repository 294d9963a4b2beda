// Faults below the grammar: E103 (a string that never ends), E115 (characters of no token), E116 (a comment that never ends).

import type {IToken} from "chevrotain";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {diagnose, endOf, type Fault, machineFix, near, spanFrom} from "./fault.ts";
import type {Source} from "./syntax.ts";

export function explainString(source: Source, token: IToken): Diagnostic | undefined {
  if (token.tokenType !== t.UnterminatedString) return undefined;
  // Blanks at the end of the line are not meant to be in the string.
  const end = token.startOffset + token.image.trimEnd().length;
  return diagnose(source, {
    code: "E103",
    message: "string never ends",
    span: {start: token.startOffset, end},
    label: "this quote is not closed on its line",
    help: 'add the closing `"`',
    fixes: [machineFix('add `"`', end, end, '"')],
  });
}

export function explainComment(
  source: Source,
  comments: readonly IToken[],
): Diagnostic | undefined {
  const last = comments.at(-1);
  if (last?.tokenType !== t.UnterminatedComment) return undefined;
  return diagnose(source, {
    code: "E116",
    message: "comment never ends",
    span: {start: last.startOffset, end: last.startOffset + 2},
    label: "opened here, still open at the end of the text",
    help: "add `*/` where it ends; `#` starts a comment of one line",
  });
}

export function explainBadText(fault: Fault): Diagnostic | undefined {
  const token = near(fault, 0);
  if (token?.tokenType !== t.BadText) return undefined;
  const shown = printable(token.image);
  return diagnose(fault.source, {
    code: "E115",
    message: `unexpected character ${shown}`,
    span: spanFrom(token),
    label: "not part of the language",
    help: advice(token.image),
    fixes: quotes.has(token.image)
      ? []
      : [machineFix("remove", token.startOffset, endOf(token), "")],
  });
}

const quotes = new Set(["'", "`", "\u2018", "\u2019", "\u201c", "\u201d"]);

function advice(image: string): string {
  if (quotes.has(image)) return 'texts stand between double quotes: `"out/run.csv"`';
  if (image === "%") return "`%` belongs right behind its number: `5%`";
  if (image === "\u2212" || image === "\u2013") return "minus is written `-`";
  if (image === "\u2264") return "written `<=`";
  if (image === "\u2265") return "written `>=`";
  if (image === "\u00b1") return "`within 3% of` tells a tolerance";
  return "outside of strings and comments only ASCII letters, digits and the usual signs are used";
}

// In quotes if it can be seen, else by its code point; a long run is cut.
function printable(image: string): string {
  const first = [...image][0] ?? "";
  const code = first.codePointAt(0) ?? 0;
  if (/^[\p{C}\p{Z}]/u.test(first)) return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const whole = [...image];
  return `\`${whole.length > 12 ? `${whole.slice(0, 12).join("")}...` : image}\``;
}
