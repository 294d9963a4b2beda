// Faults where a value should stand: E111 (missing), E112 (an operator of other languages), E114 (a step without its target).

import type {IToken} from "chevrotain";
import {type FieldType, schema} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {
  diagnose,
  type Fault,
  faultSpan,
  isWord,
  machineFix,
  near,
  spanFrom,
  touch,
  wants,
  wantsValue,
} from "./fault.ts";

/** `&&`, `||`, `!`. */
export function explainForeignOperator(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  const before = near(fault, -1);
  const doubled = here?.image === before?.image && touch(before, here) ? here?.image : undefined;
  let first: IToken | undefined;
  let right = "";
  if (doubled === "&" || doubled === "|") {
    first = before;
    right = doubled === "&" ? "and" : "or";
  } else if (here?.image === "!") {
    first = here;
    right = "not";
  }
  if (first === undefined || here === undefined) return undefined;
  const span = spanFrom(first, here);
  const written = fault.source.text.slice(span.start, span.end);
  const space = (offset: number) => /\s/.test(fault.source.text[offset] ?? " ");
  const text = `${space(span.start - 1) ? "" : " "}${right}${space(span.end) ? "" : " "}`;
  return diagnose(fault.source, {
    code: "E112",
    message: `\`${written}\` is written \`${right}\``,
    span,
    label: "not an operator",
    help: "`and`, `or`, `not`; `&` intersects CPU sets",
    fixes: [machineFix(`\`${right}\``, span.start, span.end, right === "not" ? "not " : text)],
  });
}

const targets: Readonly<Record<string, readonly [rule: string, label: string, help: string]>> = {
  ipi: ["ipiStep", "which CPU?", "`for cpu in online - self { ipi cpu }`, then `wait acks`"],
  flush: ["flushStep", "which mm?", "`flush mm`"],
  delay: ["delayStep", "how long?", "`delay 200ns`"],
  count: [
    "countStep",
    "count what?",
    "`count targets`: any name; it becomes a column of the results",
  ],
  lock: ["lockStep", "which lock?", "`lock mmap_lock`, `lock i_mmap` or `lock ptl`"],
  unlock: ["lockStep", "which lock?", "`unlock mmap_lock`, `unlock i_mmap` or `unlock ptl`"],
  wait: [
    "waitStep",
    "wait for what?",
    "`wait acks`, `wait gp`, `wait gp expedited` or `wait until ...`",
  ],
  store: ["storeStep", "store where?", "`store walking = mm`"],
  store_release: ["storeStep", "store where?", "`store_release walking = none`"],
  xchg: ["storeStep", "exchange what?", "`xchg walking = mm`"],
};

/** `{ ipi }`, and `ipi wait acks`, where `wait` was taken for the target. */
export function explainStepTarget(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  for (const offset of [-1, -2]) {
    const word = near(fault, offset);
    const [rule, label, help] = targets[word?.image ?? ""] ?? [];
    if (word === undefined || rule === undefined || label === undefined || help === undefined)
      continue;
    if (offset === -1) {
      if (!fault.expected.some(({rules}) => rules.includes(rule))) continue;
      if (
        !(
          wants(fault, t.NUMBERLIT, rule) ||
          wants(fault, t.IDENTIFIER, rule) ||
          wants(fault, t.NAME, rule) ||
          wants(fault, t.word.acks, rule)
        )
      )
        continue;
      if (isWord(here) && rule === "waitStep") continue;
      if (isWord(here) && !stepStarts.has(here.image) && !isHard(here)) continue;
    } else {
      // The step after it was read as the target, and its own operand is left over.
      const taken = near(fault, -1);
      if (
        !isWord(taken) ||
        !(taken.image === "wait" || taken.image === "for") ||
        !wants(fault, t.BARESTEP, "step")
      )
        continue;
    }
    return diagnose(fault.source, {
      code: "E114",
      message: "step needs a target",
      span: spanFrom(word),
      label,
      help,
    });
  }
  return undefined;
}

const stepStarts: ReadonlySet<string> = new Set([
  ...Object.keys(targets),
  ...t.bareWords,
  "defer",
  "skip",
]);

function isHard(token: IToken): boolean {
  return (t.hardWords as readonly string[]).includes(token.image);
}

/** An operator, a `:` or a bracket with nothing behind it. */
export function explainMissingValue(fault: Fault): Diagnostic | undefined {
  const here = near(fault, 0);
  const before = near(fault, -1);
  if (before === undefined) return undefined;
  // `hold: pages: 2`: the name of the next field was taken for the value.
  const early = here?.tokenType === t.Colon && isWord(before) ? near(fault, -2) : undefined;
  if (early !== undefined && takesValue(early) && !wants(fault, t.Colon))
    return missing(fault, early, spanFrom(before), -3, " before this field");
  if (!wantsValue(fault)) return undefined;
  if (here !== undefined && !ends(here)) return undefined;
  return missing(fault, before, faultSpan(fault), -2, "");
}

function missing(
  fault: Fault,
  after: IToken,
  span: {start: number; end: number},
  offset: number,
  where: string,
): Diagnostic {
  const example = exampleAfter(fault, after, offset + 1);
  const compares = (after.tokenType.CATEGORIES ?? []).includes(t.COMPAREOP);
  const left = compares ? timed(fault, after) : undefined;
  const help =
    left === undefined ? undefined : `${left} is a Duration, so compare with ns, us, ms ...`;
  return diagnose(fault.source, {
    code: "E111",
    message: `value missing after \`${after.image}\``,
    span,
    label: `expected a value such as \`${example}\`${where}`,
    ...(help === undefined ? {} : {help}),
  });
}

function takesValue({tokenType: type}: IToken): boolean {
  if (type === t.Colon || type === t.Equal || type === t.DotDot) return true;
  return (type.CATEGORIES ?? []).some((c) => c === t.COMPAREOP || c === t.ADDOP || c === t.MULOP);
}

function ends(token: IToken): boolean {
  if (
    [
      t.RCurly,
      t.RParen,
      t.RSquare,
      t.Comma,
      t.Semicolon,
      t.Colon,
      t.Equal,
      t.DotDot,
      t.LCurly,
    ].includes(token.tokenType)
  )
    return true;
  return takesValue(token) || isHard(token);
}

// What one would write there: by the field's type in the schema, else a duration.
function exampleAfter(fault: Fault, after: IToken, offset: number): string {
  if (after.tokenType === t.Colon) {
    const name = near(fault, offset - 1)?.image;
    const row = schema.find((field) => field.name === name);
    return row === undefined ? "10us" : example(row.type);
  }
  if ([t.Less, t.LessEqual, t.Greater, t.GreaterEqual].includes(after.tokenType)) return "50us";
  if (after.tokenType === t.LSquare || after.tokenType === t.Comma) return "10us";
  if (after.tokenType === t.DotDot) return "128";
  return "10us";
}

function example(type: FieldType): string {
  switch (type.kind) {
    case "quantity":
      return {
        Int: "4",
        Real: "1.5",
        Ratio: "5%",
        Duration: "10us",
        Frequency: "40k/s",
        Bytes: "4KiB",
      }[type.of];
    case "law":
      return type.of === "Duration" ? "exp(10us)" : "0.5";
    case "bool":
      return "true";
    case "string":
      return '"text"';
    case "cpus":
      return "0..15";
    case "cpu":
      return "0";
    case "enum":
      return type.values[0] ?? "none";
    case "ref":
      return `the name of a ${type.to}`;
    case "list":
      return `[${example(type.of)}]`;
    case "bounds":
      return "10..200";
    case "condition":
      return "machine.tlb == ipi";
    case "word":
      return "log";
  }
}

const timeMetrics = ["sync", "latency", "flush", "overhead", "blocked", "disturbance", "lateness"];

// The left side of a comparison if it is an aggregate of a metric that is a time: `p99(thp.sync)`.
function timed(fault: Fault, operator: IToken): string | undefined {
  const line = fault.source.text.slice(0, operator.startOffset).split("\n").at(-1) ?? "";
  const match = /\b(?:mean|sd|min|max|p\d+)\([\w.]*?\.?(\w+)\)\s*$/.exec(line);
  return match !== null && timeMetrics.includes(match[1] as string) ? match[0].trim() : undefined;
}
