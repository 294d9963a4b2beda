// What a name means, for a reader who points at it: Shift-Tab in a notebook, hovering in an editor. The word at the offset is looked up
// as what it can be in that place: a diagnostic's code, a quantity, a step, a field of the block it stands in, a metric, a distribution, a
// declared name.

import {type FieldRow, fieldOf, type OwnerKind, schema, typeText} from "../../grammar/schema.ts";
import {cycles, dimensionName, quantityText, unitOf} from "../../grammar/units.ts";
import {metricsOf} from "../plan/metrics.ts";
import {stepTable} from "../plan/steps.ts";
import {formsText} from "./call-law.ts";
import {aggregatorsFor} from "./call-measure.ts";
import {explanation} from "./catalogue.ts";
import {checkText, type Environment} from "./check.ts";
import {lookup} from "./environment.ts";
import {lawNamed} from "./law.ts";
import {parse} from "./parse.ts";
import {lineAt, textOf} from "./report.ts";
import {type Shown, showName} from "./show.ts";
import type {Entity, Field, Hook, Item, Let, Param, Program, Source, Span} from "./syntax.ts";

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
  readonly plain: string;
}

/** What stands at an offset of a text, given what is in force before it; undefined where there is nothing to say. Never throws. */
export function hover(source: Source, offset: number, environment: Environment): Hover | undefined {
  const word = wordAt(source.text, offset);
  if (word === undefined) return undefined;
  const {program} = parse(source);
  const lines =
    codeLines(word.text) ??
    quantityLines(word) ??
    memberLines(source, word, program, environment) ??
    blockLines(source, word, program) ??
    callLines(source.text, word) ??
    declaredLines(source, word, program, environment);
  return lines && hoverOf(word, lines);
}

interface Word extends Span {
  readonly text: string;
}

interface Lines {
  /** The heading: what it is. */
  readonly title: string;
  readonly body: readonly string[];
  /** Shown as code. */
  readonly code?: string;
}

function hoverOf(span: Span, lines: Lines): Hover {
  const code = lines.code === undefined ? [] : ["```", lines.code, "```"];
  return {
    span: {start: span.start, end: span.end},
    markdown: [`**${lines.title}**`, "", ...code, ...lines.body.map((line) => `${line}  `)]
      .join("\n")
      .trimEnd(),
    plain: [
      lines.title,
      ...(lines.code === undefined ? [] : [lines.code]),
      ...lines.body.map((line) => line.replaceAll("`", "")),
    ].join("\n"),
  };
}

function wordAt(text: string, offset: number): Word | undefined {
  const at = Math.max(0, Math.min(offset, text.length));
  const part = /[A-Za-z0-9_.%/µ]/;
  let start = at;
  let end = at;
  while (start > 0 && part.test(text[start - 1] as string)) start--;
  while (end < text.length && part.test(text[end] as string)) end++;
  const whole = text.slice(start, end);
  // A number keeps its point and unit; of a path only the part under the cursor counts.
  if (/^\d/.test(whole) && !whole.includes("..")) return {text: whole, start, end};
  const name = /[A-Za-z0-9_]/;
  start = at;
  end = at;
  while (start > 0 && name.test(text[start - 1] as string)) start--;
  while (end < text.length && name.test(text[end] as string)) end++;
  return end > start && /^[A-Za-z_]/.test(text.slice(start, end))
    ? {text: text.slice(start, end), start, end}
    : undefined;
}

function codeLines(word: string): Lines | undefined {
  const entry = /^[EW]\d{3}$/.test(word) ? explanation(word) : undefined;
  return entry && {title: `${entry.code}: ${entry.title}`, body: [entry.text]};
}

function quantityLines(word: Word): Lines | undefined {
  const [, digits, prefix = "", unit = ""] =
    /^(\d[\d_.]*(?:[eE][+-]?\d+)?)([kMG]?)(\/\w+|[^\d]*)$/u.exec(word.text) ?? [];
  const row = unitOf(prefix + unit) ?? (unit.startsWith("/") ? unitOf(unit) : undefined);
  if (digits === undefined || row === undefined) return undefined;
  const factor = unitOf(prefix + unit) === undefined ? ({k: 1e3, M: 1e6, G: 1e9}[prefix] ?? 1) : 1;
  const value = Number(digits.replaceAll("_", "")) * factor * row.scale;
  if (row.word === "%") return {title: `${word.text}: Ratio`, body: [`= ${value}`]};
  const body = [`= ${quantityText(value, row.dimension)}`];
  if (row.dimension === cycles)
    body.push("becomes time by `machine.clock`: 33cyc are 11ns at 3GHz");
  else if (dimensionName(row.dimension) === "Frequency")
    body.push(`one every ${quantityText(1e9 / value, {time: 1, bytes: 0, cycles: 0}, 4)}`);
  else if (dimensionName(row.dimension) === "Duration")
    body.push(`${quantityText(value, row.dimension)} = ${value}ns`);
  return {title: `${word.text}: ${dimensionName(row.dimension)}`, body};
}

/** `gup.latency`, `sync.ipis`, `machine.tlb`. */
function memberLines(
  source: Source,
  word: Word,
  program: Program,
  environment: Environment,
): Lines | undefined {
  const before = /([A-Za-z_][A-Za-z0-9_]*)\s*\.\s*$/.exec(source.text.slice(0, word.start));
  const head = before?.[1];
  if (head === undefined) return undefined;
  const owner = entityKind(head, program, environment);
  if (owner !== undefined) {
    const metric = metricsOf(owner).find((row) => row.metric === word.text);
    if (metric !== undefined)
      return {
        title: `${head}.${metric.metric}: ${metric.shape} of a ${owner}, ${metric.unit === "1" ? "a number" : metric.unit}`,
        body: [metric.doc, `Aggregators: ${aggregatorsFor(metric.shape).join(" ")}`],
      };
    const row = owner === "sync" || owner === "safety" ? undefined : fieldOf(owner, word.text);
    if (row !== undefined) return fieldLines(row);
  }
  const alias = environment.session.aliases.get(head);
  const declared = alias?.module.names.get(word.text);
  if (declared !== undefined)
    return shownLines(showName(environment, `${head}.${word.text}`)?.shown);
  return undefined;
}

function entityKind(
  name: string,
  program: Program,
  environment: Environment,
): "walker" | "writer" | "bystander" | "load" | "mm" | "sync" | "machine" | "safety" | undefined {
  for (const entity of entitiesIn(program.items))
    if (entity.name.text === name && entity.entity !== "costs") return entity.entity;
  if (name === "sync" || name === "machine" || name === "safety") return name;
  for (const declared of environment.session.names.values()) {
    const members =
      declared.kind === "scenario" || declared.kind === "experiment" ? declared.syntax.members : [];
    for (const member of members)
      if (member.kind === "entity" && member.name.text === name && member.entity !== "costs")
        return member.entity;
  }
  return undefined;
}

function entitiesIn(items: readonly Item[]): Entity[] {
  return items.flatMap((item) => {
    if (item.kind === "entity") return [item];
    if (item.kind === "scenario" || item.kind === "experiment")
      return (item.members as readonly (typeof item.members)[number][]).filter(
        (member): member is Entity => member.kind === "entity",
      );
    return [];
  });
}

/** A field key or an enumerator in the block that encloses it, or a step in a hook. */
function blockLines(source: Source, word: Word, program: Program): Lines | undefined {
  const item = program.items.find((one) => contains(one, word));
  if (item === undefined) return undefined;
  const hook = hookAt(item, word);
  if (hook !== undefined) {
    const line = source.text.slice(word.start, hook.end);
    const step = stepTable
      .filter((row) => new RegExp(`^${row.word.split(" ").join("\\s+")}\\b`).test(line))
      .sort((a, b) => b.word.length - a.word.length)[0];
    if (step !== undefined)
      return {
        title: `${step.word} ${step.operands}`.trim(),
        body: [
          step.doc,
          `Cost: ${step.cost}`,
          `May stand in: ${step.contexts.map((name) => `on ${name}`).join(", ")}`,
        ],
      };
  }
  const found = fieldAt(item, word);
  if (found === undefined) return undefined;
  const {owner, field} = found;
  const name = field.path.names.map((one) => one.text).join(".");
  const row = fieldOf(owner, name);
  if (row === undefined) return undefined;
  if (contains(field.path, word)) return fieldLines(row);
  if (row.type.kind === "enum" && row.type.values.includes(word.text))
    return {title: `${row.name}: ${word.text}`, body: [row.doc, `One of: ${typeText(row.type)}`]};
  return undefined;
}

function hookAt(item: Item, word: Span): Hook | undefined {
  if (item.kind !== "policy") return undefined;
  return item.members.find(
    (member): member is Hook => member.kind === "hook" && contains(member, word),
  );
}

function fieldAt(item: Item, word: Span): {owner: OwnerKind; field: Field} | undefined {
  const inside = (
    owner: OwnerKind,
    fields: readonly Field[],
  ): {owner: OwnerKind; field: Field} | undefined => {
    const field = fields.find((one) => contains(one, word));
    return field && {owner, field};
  };
  switch (item.kind) {
    case "entity":
      return inside(item.entity, item.fields);
    case "scenario":
    case "experiment":
    case "policy": {
      for (const member of item.members as readonly (typeof item.members)[number][]) {
        if (!contains(member, word)) continue;
        if (member.kind === "entity") return inside(member.entity, member.fields);
        if (member.kind === "field") return {owner: item.kind, field: member};
        if (member.kind === "table" || member.kind === "plot")
          return inside(member.kind, member.options);
      }
      return undefined;
    }
    case "table":
    case "plot":
    case "replay":
      return inside(item.kind, item.options);
    case "check":
      return inside(
        "check",
        item.members.filter((member): member is Field => member.kind === "field"),
      );
    default:
      return undefined;
  }
}

function fieldLines(row: FieldRow): Lines {
  const body = [row.doc];
  if (row.default !== undefined) body.push(`Default: ${row.default}`);
  if (row.required) body.push("Required");
  return {title: `${row.owner}.${row.name}: ${typeText(row.type)}`, body};
}

function callLines(text: string, word: Word): Lines | undefined {
  if (!/^\s*\(/.test(text.slice(word.end))) return undefined;
  const law = lawNamed(word.text);
  return law && {title: `${law.name}: distribution`, body: [law.doc, formsText(law)]};
}

function declaredLines(
  source: Source,
  word: Word,
  program: Program,
  environment: Environment,
): Lines | undefined {
  const local = localLines(source, word, program);
  if (local !== undefined) return local;
  const checked = checkText(source, environment);
  const failed = checked.diagnostics.some((one) => one.severity === "error");
  const inForce = failed ? environment : checked.environment;
  if (lookup(inForce.session, word.text) !== undefined)
    return shownLines(showName(inForce, word.text)?.shown) ?? undeclared(word.text, inForce);
  const rows = schema.filter(
    (row) => row.type.kind === "enum" && row.type.values.includes(word.text),
  );
  const [row] = rows;
  return row === undefined
    ? undefined
    : {title: word.text, body: rows.map((one) => `${one.owner}.${one.name}: ${one.doc}`)};
}

/** A param, let or entity of the declaration that the word stands in. */
function localLines(source: Source, word: Word, program: Program): Lines | undefined {
  const item = program.items.find((one) => contains(one, word));
  if (item?.kind !== "scenario" && item?.kind !== "experiment" && item?.kind !== "policy")
    return undefined;
  for (const member of item.members as readonly (typeof item.members)[number][]) {
    if (
      member.kind !== "param" &&
      member.kind !== "let" &&
      member.kind !== "entity" &&
      member.kind !== "state"
    )
      continue;
    if (member.name.text !== word.text) continue;
    const kind = member.kind === "entity" ? member.entity : member.kind;
    return {
      title: `${kind} ${word.text} (line ${lineAt(source, member.start)})`,
      code: textOf(source, member),
      body: [...(member.doc === undefined ? [] : [member.doc]), ...rangeLines(source, member)],
    };
  }
  return undefined;
}

function rangeLines(
  source: Source,
  member: Param | Let | Entity | {readonly kind: "state"},
): string[] {
  return member.kind === "param" && member.range !== undefined
    ? [`Range: ${textOf(source, member.range)}`]
    : [];
}

function shownLines(shown: Shown | undefined): Lines | undefined {
  if (shown === undefined) return undefined;
  const rows =
    shown.source === undefined
      ? shown.rows.slice(0, 16)
      : shown.rows.filter((row) => !row.path.startsWith("on "));
  return {
    title: shown.where === undefined ? shown.title : `${shown.title} (${shown.where})`,
    ...(shown.source === undefined ? {} : {code: shown.source}),
    body: [
      ...(shown.doc === undefined ? [] : [shown.doc]),
      ...rows.map((row) => `\`${row.path}\` = ${row.value} (${row.origin})`),
      ...(shown.rows.length > rows.length && shown.source === undefined
        ? [`and ${shown.rows.length - rows.length} more: \`show\``]
        : []),
      ...shown.notes,
    ],
  };
}

function undeclared(name: string, environment: Environment): Lines | undefined {
  const declared = lookup(environment.session, name);
  if (declared === undefined) return undefined;
  const {doc} = declared.syntax;
  return {
    title: `${declared.kind} ${name} (${declared.source.name})`,
    body: doc === undefined ? [] : [doc],
  };
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
