// Faults at words: E108 (a word that starts nothing), E113 (a statement in the wrong place), and words written twice.

import type {IToken} from "chevrotain";
import {memoryModels} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {
  chainOf,
  diagnose,
  endOf,
  type Fault,
  faultSpan,
  firstOnLine,
  isWord,
  machineFix,
  maybeFix,
  near,
  spanFrom,
  wants,
} from "./fault.ts";
import {itemWords} from "./pieces.ts";
import {nearest} from "./suggest.ts";

const statements: Readonly<Record<string, "experiment" | "policy">> = {
  sweep: "experiment",
  measure: "experiment",
  expect: "experiment",
  until: "experiment",
  compare: "experiment",
  with: "experiment",
  on: "policy",
  state: "policy",
};

const stepWords = [
  ...t.storeWords,
  ...t.bareWords,
  "ipi",
  "wait",
  "defer",
  "flush",
  "delay",
  "skip",
  "count",
  "lock",
  "unlock",
  "if",
  "for",
  "let",
];
const experimentWords = [
  ...t.entityWords,
  "let",
  "param",
  "with",
  "sweep",
  "measure",
  "expect",
  "until",
  "compare",
  "plot",
  "table",
  "export",
];
/** The words that begin a member, by the rule of the member. */
export const memberWords: Readonly<Record<string, readonly string[]>> = {
  experimentMember: experimentWords,
  scenarioMember: [...t.entityWords, "let", "param"],
  policyMember: ["let", "param", "state", "on"],
  checkMember: ["with", "expect"],
  sweepMember: ["where", "sweep"],
};

/** A statement of an experiment or a policy somewhere else, at the fault itself or as what was taken for a field's name. */
export function explainMisplaced(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  const before = near(fault, -1);
  const colon = wants(fault, t.Colon, "field");
  const word = fault.betweenItems ? here : colon ? before : undefined;
  const home = statements[word?.image ?? ""];
  if (word === undefined || home === undefined) return undefined;
  // At home, something else is wrong.
  if (fault.expected.some(({rules}) => rules.includes(`${home}Member`))) return undefined;
  const next = word === here ? near(fault, 1) : here;
  if (next === undefined || ["=", ":", "}", ","].includes(next.image)) return undefined;
  // `on 20` in a walker is a field without its colon.
  if (word.image === "on" && near(fault, word === here ? 2 : 1)?.image !== "{") return undefined;
  if (word.image === "state" && !["percpu", "permm", "global"].includes(next.image))
    return undefined;
  const article = home === "experiment" ? "an" : "a";
  const statement = statementText(fault, word);
  const base = previousName(fault, home);
  const letter = home === "experiment" ? "e" : "p";
  const from = base === undefined ? "" : ` from ${base}`;
  const wrapped = `${home} ${letter}${from} { ${statement} }`;
  return diagnose(fault.source, {
    code: "E113",
    message: `\`${word.image}\` outside ${article} ${home}`,
    span: spanFrom(word),
    label: `only allowed inside \`${home} NAME { ... }\``,
    help: fault.betweenItems ? `wrap it: \`${wrapped}\`` : `move it into ${article} ${home}`,
    fixes: fault.betweenItems
      ? [maybeFix("wrap it", word.startOffset, word.startOffset + statement.length, wrapped)]
      : [],
  });
}

/** `under tso, lkmm`: a check has one model. */
export function explainSecondModel(fault: Fault): Diagnostic | undefined {
  const [under, first, comma, here] = [-3, -2, -1, 0].map((offset) => near(fault, offset));
  const models: readonly string[] = memoryModels;
  if (under?.image !== "under" || comma?.image !== "," || here === undefined) return undefined;
  if (first === undefined || !models.includes(here.image)) return undefined;
  const {start, end} = spanFrom(comma, here);
  return diagnose(fault.source, {
    code: "E100",
    message: "a check has one memory model",
    span: spanFrom(here),
    label: `the verdict is that under ${first.image}`,
    help: "what it prints compares all models; a second `check` gives a verdict of its own",
    fixes: [maybeFix(`under ${first.image} alone`, start, end, "")],
  });
}

/** A word that starts no item, no member and no step. */
export function explainUnknownWord(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  if (here === undefined) return undefined;
  const between = fault.betweenItems || wants(fault, t.word.import, "item");
  if (between) return isWord(here) && freshItem(fault) ? unknownItem(fault, here) : undefined;
  if (isWord(here) && wants(fault, t.BARESTEP, "step")) {
    const meant = nearest(here.image, stepWords);
    if (near(fault, 1)?.image === "=" || (near(fault, 1)?.image === "[" && meant === undefined))
      return diagnose(fault.source, {
        code: "E108",
        message: `unknown step \`${here.image}\``,
        span: spanFrom(here),
        label: "expected a step",
        help: `\`store ${here.image} = ...\` changes a state word`,
        fixes: [maybeFix("`store`", here.startOffset, here.startOffset, "store ")],
      });
    if (meant === undefined && !firstOnLine(fault, fault.at) && near(fault, -1)?.image !== "{")
      return undefined;
    return unknown(fault, here, "step", "expected a step", meant, `steps: ${stepWords.join(" ")}`);
  }
  return unknownMember(fault);
}

// `onn sync {`: `onn` was taken for a field's name, and the fault is at `sync`.
function unknownMember(fault: Fault): Diagnostic | undefined {
  const word = near(fault, -1);
  const here = near(fault, 0);
  if (!isWord(word) || here === undefined || near(fault, -2)?.image === ".") return undefined;
  if (!wants(fault, t.Colon, "field")) return undefined;
  const rule = chainOf(fault).find((name) => name in memberWords || name === "fieldBlock");
  const known = memberWords[rule ?? ""] ?? [];
  const meant = nearest(word.image, known);
  const declares = isWord(here) && ["{", "from"].includes(near(fault, 1)?.image ?? "");
  const missing = ["percpu", "permm", "global"].includes(word.image)
    ? "state"
    : ["grid", "zip", "each", "pairwise", "random", "lhs"].includes(word.image)
      ? "sweep"
      : undefined;
  if (missing !== undefined && known.includes(missing))
    return diagnose(fault.source, {
      code: "E108",
      message: `unknown declaration \`${word.image}\``,
      span: spanFrom(word),
      label: `\`${missing}\` is missing before it`,
      help: `\`${missing} ${word.image} ...\``,
      fixes: [machineFix(`\`${missing}\``, word.startOffset, word.startOffset, `${missing} `)],
    });
  if (meant === word.image || (meant === undefined && !declares)) return undefined;
  const list =
    known.length === 0 ? "only fields stand here" : `here: ${known.join(" ")}, or a field`;
  return unknown(fault, word, "declaration", "expected a field or a declaration", meant, list);
}

function unknownItem(fault: Fault, here: IToken): Diagnostic {
  const next = near(fault, 1);
  if (next?.image === "=" || next?.image === ":") {
    const start = here.startOffset;
    return diagnose(fault.source, {
      code: "E108",
      message: `unknown declaration \`${here.image}\``,
      span: spanFrom(here),
      label: "expected a declaration or a command",
      help:
        next.image === "="
          ? `\`let ${here.image} = ...\` names a value`
          : "a field stands inside the braces of a declaration",
      fixes: next.image === "=" ? [machineFix("`let`", start, start, "let ")] : [],
    });
  }
  const meant = nearest(here.image, itemWords);
  const list =
    "declarations: machine costs mm walker writer bystander load scenario policy experiment let param";
  return unknown(fault, here, "declaration", "expected a declaration or a command", meant, list);
}

function unknown(
  fault: Fault,
  word: IToken,
  what: string,
  label: string,
  meant: string | undefined,
  list: string,
): Diagnostic {
  return diagnose(fault.source, {
    code: "E108",
    message: `unknown ${what} \`${word.image}\``,
    span: spanFrom(word),
    label,
    help: meant === undefined ? list : `did you mean \`${meant}\`?  ${list}`,
    fixes:
      meant === undefined ? [] : [maybeFix(`\`${meant}\``, word.startOffset, endOf(word), meant)],
  });
}

// Whether the word stands where an item would start, not in the middle of the line of a command.
function freshItem(fault: Fault): boolean {
  const before = near(fault, -1);
  return before === undefined || before.image === "}" || firstOnLine(fault, fault.at);
}

// The statement that starts at `word`: to the end of its block, or of its line.
function statementText(fault: Fault, word: IToken): string {
  const {text} = fault.source;
  const from = fault.tokens.indexOf(word);
  let depth = 0;
  let end = endOf(word);
  for (let i = from; i < fault.to; i++) {
    const token = fault.tokens[i] as IToken;
    if (i > from && depth === 0 && firstOnLine(fault, i)) break;
    if (token.image === "{") depth++;
    end = endOf(token);
    if (token.image === "}" && --depth === 0) break;
  }
  return text.slice(word.startOffset, end);
}

// The name of the last experiment or policy declared before the fault.
function previousName(fault: Fault, kind: string): string | undefined {
  for (let i = fault.at - 2; i >= 0; i--) {
    const name = fault.tokens[i + 1];
    const opens = ["{", "from"].includes(fault.tokens[i + 2]?.image ?? "");
    if (fault.tokens[i]?.image === kind && isWord(name) && opens) return name.image;
  }
  return undefined;
}

/** A token written twice in a row. */
export function explainTwice(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  const before = near(fault, -1);
  if (here === undefined || here.image !== before?.image) return undefined;
  if (["}", ")", "]"].includes(here.image)) return undefined;
  return diagnose(fault.source, {
    code: "E100",
    message: `\`${here.image}\` is written twice`,
    span: faultSpan(fault),
    label: "the second one cannot stand here",
    help: "remove one",
    fixes: [maybeFix("remove", endOf(before), endOf(here), "")],
  });
}

/** `compare` with anything but an axis before `against`: a measure, or nothing at all. */
export function explainCompare(fault: Fault): Diagnostic | undefined {
  const awaited = fault.expected.some(({token}) => token === t.word.against);
  if (!awaited || ![-2, -1].some((offset) => near(fault, offset)?.image === "compare")) {
    return undefined;
  }
  return diagnose(fault.source, {
    code: "E100",
    message: "`compare` takes an axis and one of its values",
    span: faultSpan(fault),
    label: "expected `against`",
    help: "`compare policy against broadcast_ipi` compares every measure, at each other policy with that one",
  });
}
