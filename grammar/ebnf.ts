// The grammar as EBNF text, from the rules that the parser runs.

import {
  Alternation,
  type Alternative,
  type IProduction,
  NonTerminal,
  type Option,
  Repetition,
  type Rule,
  Terminal,
  type TokenType,
} from "chevrotain";
import {quiesceParser} from "./parser.ts";
import {vocabulary} from "./tokens.ts";

/** One rule a paragraph; `[ x ]` is optional, `{ x }` any number of times; capitals are classes of tokens, listed at the end. */
export function ebnf(): string {
  const rules: Record<string, Rule> = quiesceParser().getGAstProductions();
  const width = Math.max(...Object.keys(rules).map((name) => name.length));
  const lines = Object.entries(rules).map(([name, rule]) =>
    wrapped(`${name.padEnd(width)} = `, sequence(rule.definition)),
  );
  const classes = vocabulary.filter(
    (token) =>
      typeof token.PATTERN !== "string" && !faulty.has(token.name) && token.GROUP === undefined,
  );
  const texts = new Map(
    classes.map((token) => [
      token.name,
      wrapped(`${token.name.padEnd(width)} = `, tokenText(token)),
    ]),
  );
  // Those that the rules name, and those that these are made of.
  const used = new Set<string>();
  const note = (text: string): void => {
    for (const name of texts.keys())
      if (!used.has(name) && new RegExp(`\\b${name}\\b`).test(text)) {
        used.add(name);
        note(texts.get(name) as string);
      }
  };
  note(lines.join("\n"));
  return `${[...lines, "", ...[...texts].filter(([name]) => used.has(name)).map(([, text]) => text)].join("\n")}\n`;
}

// Tokens of texts that cannot be right.
const faulty: ReadonlySet<string> = new Set(["BadQuantity", "UnterminatedString", "BadText"]);

function tokenText(token: TokenType): string {
  const members = vocabulary.filter(
    (one) => (one.CATEGORIES ?? []).includes(token) && !faulty.has(one.name),
  );
  if (members.length === 0) return `? ${String(token.PATTERN)} ?`;
  // The keywords of a large class are told by what they are.
  const words = members.filter(
    (one) => typeof one.PATTERN === "string" && /^[a-z]/.test(one.PATTERN),
  );
  if (token.name === "NAME") return "Identifier | ? any keyword ?";
  if (words.length > 20)
    return ["Identifier", ...words.map((one) => `"${String(one.PATTERN)}"`).toSorted()].join(" | ");
  return members.map(terminal).join(" | ");
}

function sequence(parts: readonly IProduction[]): string {
  return parts.map(production).join(" ");
}

function production(part: IProduction): string {
  if (part instanceof Terminal) return terminal(part.terminalType);
  if (part instanceof NonTerminal) return part.nonTerminalName;
  if (part instanceof Alternation) {
    const alternatives = (part.definition as Alternative[]).map((one) => sequence(one.definition));
    return `( ${alternatives.join(" | ")} )`;
  }
  const inner = sequence((part as Option | Repetition).definition).replace(
    /^\( (.*) \)$/,
    (whole, body: string) => (balanced(body) ? body : whole),
  );
  return part instanceof Repetition ? `{ ${inner} }` : `[ ${inner} ]`;
}

// Whether the parentheses of a text close in order, so that those around it may be dropped.
function balanced(text: string): boolean {
  let depth = 0;
  for (const word of text.split(" ")) {
    if (word === "(") depth++;
    if (word === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

function terminal(token: TokenType): string {
  return typeof token.PATTERN === "string" ? `"${token.PATTERN}"` : token.name;
}

function wrapped(head: string, body: string): string {
  const lines: string[] = [];
  let line = head;
  if (body.startsWith("?")) return `${head}${body} ;`;
  for (const word of `${body} ;`.split(" ")) {
    if (line.length + word.length > 120 && line.trim() !== "" && line !== head) {
      lines.push(line.trimEnd());
      line = " ".repeat(head.length);
    }
    line += `${word} `;
  }
  // No line for the semicolon alone.
  if (line.trim() === ";") lines.push(`${lines.pop()} ;`);
  else lines.push(line.trimEnd());
  return lines.join("\n");
}
