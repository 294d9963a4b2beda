// Faults in names: E109 (a hyphen) and E110 (a reserved word).

import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {
  diagnose,
  type Fault,
  isNumber,
  isWord,
  machineFix,
  near,
  spanFrom,
  touch,
  wantsName,
} from "./fault.ts";

/** `machine epyc-2x64`. */
export function explainHyphen(fault: Fault): Diagnostic | undefined {
  const minus = near(fault, 0);
  const first = near(fault, -1);
  if (minus?.tokenType !== t.Minus || !isWord(first)) return undefined;
  let last = first;
  for (let i = 0; touch(last, near(fault, i)) && near(fault, i)?.tokenType === t.Minus; i += 2) {
    const part = near(fault, i + 1);
    if (part === undefined || !touch(near(fault, i), part) || !(isWord(part) || isNumber(part)))
      break;
    last = part;
  }
  if (last === first) return undefined;
  const span = spanFrom(first, last);
  const better = fault.source.text.slice(span.start, span.end).replaceAll("-", "_");
  return diagnose(fault.source, {
    code: "E109",
    message: "`-` in a name",
    span,
    label: "names are letters, digits and `_`",
    help: `\`${better}\``,
    fixes: [machineFix(`\`${better}\``, span.start, span.end, better)],
  });
}

/** `walker policy { ... }`. */
export function explainReserved(fault: Fault): Diagnostic | undefined {
  const token = near(fault, 0);
  if (token === undefined || !isWord(token) || !wantsName(fault)) return undefined;
  if (!(t.hardWords as readonly string[]).includes(token.image)) return undefined;
  if (isWord(near(fault, 1)) && near(fault, 1)?.image !== "from" && near(fault, 1)?.image !== "in")
    return undefined;
  const kind = near(fault, -1)?.image ?? "x";
  return diagnose(fault.source, {
    code: "E110",
    message: `\`${token.image}\` is reserved`,
    span: spanFrom(token),
    label: "cannot be used as a name",
    help: `pick another name, e.g. \`${token.image}_${kind}\`; reserved words stay legal as field names`,
  });
}
