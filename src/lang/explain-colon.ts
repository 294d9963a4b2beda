// Faults at the colon of a field: E104 (it is missing), E105 (`=` stands there). A word that is no field is not to blame its colon on: in
// `expect slow 5us` the grammar takes `slow` for the name of a field, but what is missing is the operator before it.

import type {IToken} from "chevrotain";
import {schema} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {memberWords} from "./explain-words.ts";
import {
  chainOf,
  diagnose,
  endOf,
  type Fault,
  findFaultAt,
  firstOnLine,
  isNumber,
  isWord,
  machineFix,
  maybeFix,
  near,
  sameLine,
  spanFrom,
  startsValue,
  touch,
  wants,
} from "./fault.ts";

/** `{ policy = none }`, and `=` for `==`. */
export function explainEqual(fault: Fault): Diagnostic | undefined {
  const equal = near(fault, 0);
  const name = near(fault, -1);
  if (equal?.tokenType !== t.Equal || name === undefined) return undefined;
  const {source} = fault;
  if (!wants(fault, t.Colon, "field", "arg")) {
    if (!wants(fault, t.COMPAREOP)) return undefined;
    return diagnose(source, {
      code: "E105",
      message: "`=` does not compare",
      span: spanFrom(equal),
      label: "expected `==`",
      help: "`==` compares; `=` only follows `let`, `param`, `state` and `store`",
      fixes: [machineFix("`==`", equal.startOffset, endOf(equal), "==")],
    });
  }
  const inArguments = fault.expected.some(
    ({token, rules}) => token === t.Colon && rules[0] === "arg",
  );
  const value = valueText(fault, 1);
  return diagnose(source, {
    code: "E105",
    message: inArguments ? "named arguments use `:`, not `=`" : "fields use `:`, not `=`",
    span: spanFrom(equal),
    label: "expected `:`",
    help: `\`${name.image}: ${value}\`; \`=\` only follows \`let\`, \`param\`, \`state\` and \`store\``,
    fixes: [machineFix(`\`${name.image}: ${value}\``, endOf(name), endOf(equal), ":")],
  });
}

// Words that go on with a statement; as the value of a field they are unlikely.
const clauses: ReadonlySet<string> = new Set([
  "against",
  "vs",
  "by",
  "facet",
  "as",
  "of",
  "at",
  "within",
  "where",
]);

/** `{ mm app }`. */
export function explainMissingColon(fault: Fault): Diagnostic | undefined {
  const value = near(fault, 0);
  const name = near(fault, -1);
  if (value === undefined || !isWord(name) || !wants(fault, t.Colon, "field")) return undefined;
  if (!startsValue(value) || clauses.has(value.image) || wants(fault, t.IDENTIFIER))
    return undefined;
  const {source} = fault;
  const known = schema.some(
    (row) => row.name === name.image || row.name.endsWith(`.${name.image}`),
  );
  // Between the statements of an experiment or a policy a word that is no field is something else gone wrong.
  const rule = chainOf(fault).find((one) => one in memberWords || one === "fieldBlock");
  const free = rule === "fieldBlock" || rule === "sweepMember";
  if (!free && (!known || inStatement(fault))) return undefined;
  const text = `${name.image}: ${valueText(fault, 0)}`;
  const end = endOf(name);
  const fix = known ? machineFix : maybeFix;
  return diagnose(source, {
    code: "E104",
    message: "missing `:` after field name",
    span: spanFrom(value),
    label: "expected `:` before this value",
    help: `\`${text}\``,
    fixes: [fix(`\`${text}\``, end, end, touch(name, value) ? ": " : ":")],
  });
}

/**
 * Where the word that was taken for the name of a field belongs to the statement before it (`expect slow 5us`: the fault is at `5us`, the
 * mistake before `slow`): the same fault, one path earlier.
 */
export function earlierFault(fault: Fault): Fault | undefined {
  if (!wants(fault, t.Colon, "field") || !isWord(near(fault, -1)) || !inStatement(fault))
    return undefined;
  const at = pathStart(fault);
  return findFaultAt(fault.source, fault.tokens, fault.from, fault.to, at);
}

// Index of the first name of the path that ends before the fault.
function pathStart(fault: Fault): number {
  let at = fault.at - 1;
  while (fault.tokens[at - 1]?.tokenType === t.Dot && isWord(fault.tokens[at - 2])) at -= 2;
  return at;
}

const unfinished: ReadonlySet<string> = new Set([
  "expect",
  "until",
  "compare",
  "plot",
  "table",
  "export",
  "let",
  "param",
  "state",
]);

// Whether the path before the fault stands on the line of a statement that is not a field or a block, behind its first word.
function inStatement(fault: Fault): boolean {
  let depth = 0;
  const start = pathStart(fault);
  if (firstOnLine(fault, start)) return false;
  for (let i = start - 1; i > fault.from; i--) {
    const {image} = fault.tokens[i] as IToken;
    if (image === ")" || image === "]") depth++;
    else if (image === "(" || image === "[") depth--;
    else if (depth > 0) continue;
    else if (image === "{" || image === "}" || image === ";") return false;
    else if (unfinished.has(image) && fault.tokens[i + 1]?.image !== ":") return true;
    if (firstOnLine(fault, i)) return false;
  }
  return false;
}

/** The text of the value that starts `offset` tokens after the fault, for a message: up to its end, 30 characters or the end of the line. */
function valueText(fault: Fault, offset: number): string {
  const first = near(fault, offset);
  if (first === undefined) return "...";
  let depth = 0;
  let last = first;
  for (let i = offset; ; i++) {
    const token = near(fault, i);
    if (token === undefined || !sameLine(fault.source, last, token)) break;
    if (endOf(token) - first.startOffset > longestShown) return "...";
    if (["}", ")", "]"].includes(token.image) && --depth < 0) break;
    if (["{", "(", "["].includes(token.image)) depth++;
    if (depth === 0 && [",", ";"].includes(token.image)) break;
    // Two operands side by side: the second belongs to something else.
    const operand = (one: IToken) => (isWord(one) || isNumber(one)) && !joining.has(one.image);
    const ended = operand(last) || last.image === ")" || last.image === "]";
    if (depth === 0 && i > offset && operand(token) && ended) break;
    last = token;
  }
  const text = fault.source.text.slice(first.startOffset, endOf(last));
  return text;
}

// Characters of a value that a message repeats.
const longestShown = 30;

const joining: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "in",
  "if",
  "then",
  "else",
  "within",
  "of",
  "step",
  "log",
  "lin",
  "once",
]);
