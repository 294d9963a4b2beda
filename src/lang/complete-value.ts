// Candidates for values: by the type of the field they are for, by the hook or statement they stand in.

import {type FieldType, fieldOf, type OwnerKind} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import {type Candidate, named, plain, valueWord} from "./candidate.ts";
import {ownerOf} from "./complete-field.ts";
import {type Cursor, leftOfDot} from "./cursor.ts";
import type {NamesInScope} from "./local-names.ts";
import {aggregatorWords, cpuWords, hookWords, lawWords} from "./value-words.ts";

// What measurements come as first.
const usual = ["exp", "lognormal", "hist"];

function laws(): readonly Candidate[] {
  const rank = ({name}: {readonly name: string}) =>
    usual.includes(name) ? usual.indexOf(name) : usual.length;
  return lawWords.toSorted((a, b) => rank(a) - rank(b)).map(valueWord);
}

/** Empty where no value can start. */
export function valueCandidates(cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  const value = cursor.expected.find(({token}) => token === t.NUMBERLIT);
  if (value === undefined || leftOfDot(cursor.tokens).length > 0) return [];
  const {rules} = value;
  const values = names.all.filter(({kind}) => kind === "let" || kind === "param").map(named);
  if (rules.includes("hook")) return hookValues(names, values);
  if (rules.some((rule) => measuring.has(rule))) return measured(cursor, names, values);
  const row = fieldBeing(cursor, names);
  return row === undefined
    ? [
        ...values,
        ...names.all.filter(({kind}) => kind !== "let" && kind !== "param").map(named),
        ...laws(),
        ...cpuWords.map(valueWord),
      ]
    : [
        ...ofType(row.type, names, values),
        ...(row.words ?? []).map((word) => plain(word, "enumerator")),
      ];
}

const measuring = new Set(["measureBlock", "expectStmt", "untilStmt", "plotCmd", "tableCmd"]);

// Inside an index: the axes of the point that is selected.
function measured(
  cursor: Cursor,
  names: NamesInScope,
  values: readonly Candidate[],
): readonly Candidate[] {
  const measures = names.all.filter(({kind}) => kind === "measure").map(named);
  const entities = names.all
    .filter(({kind}) => ["walker", "writer", "bystander", "mm"].includes(kind))
    .map(named);
  const totals = ["sync", "machine", "safety"].map((name) => plain(name, "metrics"));
  const inIndex = cursor.tokens.at(-1)?.tokenType === t.LSquare;
  const axes = inIndex
    ? [
        plain("policy: ", "axis"),
        ...names.all
          .filter(({kind}) => kind === "param")
          .map(({name}) => plain(`${name}: `, "axis")),
      ]
    : [];
  return [
    ...axes,
    ...measures,
    ...aggregatorWords.map(valueWord),
    ...entities,
    ...totals,
    ...values,
  ];
}

function hookValues(names: NamesInScope, values: readonly Candidate[]): readonly Candidate[] {
  const states = names.all.filter(({kind}) => kind === "state").map(named);
  return [...hookWords.map(valueWord), ...states, ...values, plain("machine", "machine")];
}

/** The schema row of the field whose value is being written: of the block's owner, or of the entity that a path starts with. */
export function fieldBeing(
  cursor: Cursor,
  names: NamesInScope,
): {readonly type: FieldType; readonly words?: readonly string[]} | undefined {
  const block = cursor.blocks.at(-1);
  const name = block?.fields.at(-1);
  if (block === undefined || name === undefined) return undefined;
  const owner = ownerOf(block.rule, block.word);
  const direct = owner === undefined ? undefined : fieldOf(owner, name);
  if (direct !== undefined) return direct;
  const [first = "", ...rest] = name.split(".");
  const kind = names.find(first)?.kind ?? first;
  return (
    fieldOf(kind as OwnerKind, rest.join(".")) ??
    fieldOf("experiment", name) ??
    fieldOf("scenario", name)
  );
}

function ofType(
  type: FieldType,
  names: NamesInScope,
  values: readonly Candidate[],
): readonly Candidate[] {
  switch (type.kind) {
    case "enum":
      return type.values.map((text) => ({...plain(text, "enumerator"), type: type.title}));
    case "ref":
      return [
        ...names.all.filter(({kind}) => kind === type.to).map(named),
        ...names.all.filter(({kind}) => kind === "module").map(named),
      ];
    case "list":
      return ofType(type.of, names, values);
    case "bool":
      return [plain("true", "value"), plain("false", "value"), ...values];
    case "law":
      return [...values, ...laws()];
    case "cpus":
    case "cpu":
      return [...cpuWords.map(valueWord), ...values];
    case "condition":
      return [plain("machine.", "machine"), plain("walker.", "walker"), plain("writer.", "writer")];
    case "string":
    case "word":
      return [];
    case "quantity":
    case "bounds":
      return values;
  }
}
