// What would have been legal, in words for people: "a value", "`:`", "a step"; never a list of token sequences.

import type {TokenType} from "chevrotain";
import * as t from "../../grammar/tokens.ts";
import {type Fault, near} from "./fault.ts";

const operators = new Set([
  t.COMPAREOP,
  t.ADDOP,
  t.MULOP,
  t.word.and,
  t.word.or,
  t.word.not,
  t.word.in,
  t.word.within,
  t.DotDot,
]);
const suffixes = new Set([t.Dot, t.LParen, t.LSquare]);

// What a rule is called where its first token is expected.
const begins: Readonly<Record<string, string>> = {
  item: "a declaration or a command",
  scenarioMember: "a field or a declaration",
  policyMember: "a field, a hook or a declaration",
  experimentMember: "a field or a statement",
  checkMember: "a field or an expectation",
  sweepMember: "an axis",
  field: "a field",
  step: "a step",
  sweepMode: "the way to sweep",
  scope: "a scope such as `2 cpus`",
  arg: "a value",
  path: "a name",
  type: "a type",
};

const statements: ReadonlySet<string> = new Set([
  "with",
  "sweep",
  "measure",
  "expect",
  "until",
  "compare",
  "plot",
  "table",
  "export",
  "state",
  "on",
  "where",
]);

/** At most `limit` alternatives, the most telling first. */
export function expectedText(fault: Fault, limit = 5): string {
  const words: string[] = [];
  const add = (text: string): void => {
    if (!words.includes(text)) words.push(text);
  };
  const value = fault.expected.some(({token}) => token === t.NUMBERLIT);
  if (value) add("a value");
  let operator = false;
  // Behind `measure`, which could still name a field, only `{` is worth telling.
  const statement =
    statements.has(near(fault, -1)?.image ?? "") &&
    fault.expected.some(({rules}) => rules[0] !== "path" && rules[0] !== "field");
  for (const {token, rules, begun} of fault.expected) {
    if (token === t.SEPARATOR) continue;
    const [inner = ""] = rules;
    if (statement && (inner === "path" || inner === "field") && begun === 0) continue;
    if (value && valueRules.has(inner)) continue;
    // A path could always go on; that is rarely what was meant.
    if (token === t.Dot && inner !== "suffix") continue;
    if (operators.has(token) || suffixes.has(token)) {
      operator = true;
      continue;
    }
    const named = rules.slice(0, begun).map((rule) => begins[rule]);
    add(named.findLast((text) => text !== undefined) ?? nameOf(fault, token, inner));
  }
  // Between the elements of a list the comma is what is missing.
  if (operator && !value && !words.includes("`,`")) words.unshift("an operator");
  // Among others, "a declaration or a command" is one alternative.
  const shown = words
    .slice(0, limit)
    .map((text) => (words.length > 1 ? text.replace(/ or .*/, "") : text));
  if (words.length > limit) shown.push("...");
  return join(shown);
}

const valueRules = new Set([
  "primary",
  "unary",
  "notExpr",
  "group",
  "list",
  "ifExpr",
  "onceExpr",
  "arg",
]);

// "a name for the walker" where a declaration's own name is missing.
function nameOf(fault: Fault, token: TokenType, rule: string): string {
  const word = near(fault, -1)?.image;
  if (token === t.IDENTIFIER && word !== undefined && declared.has(rule))
    return `a name for the ${word}`;
  return token.LABEL ?? token.name;
}

const declared = new Set([
  "letDecl",
  "paramDecl",
  "entityDecl",
  "scenarioDecl",
  "policyDecl",
  "experimentDecl",
]);

function join(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "the end of the text";
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
