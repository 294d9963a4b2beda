// Candidates for the places where the grammar asks for a name of a certain sort: hooks, steps, properties, kinds of plot, axes, and the
// things that commands and `from` refer to.

import type {Expected} from "../../grammar/automaton.ts";
import {
  checkProperties,
  hookNames,
  lockNames,
  memoryModels,
  plotKinds,
  scopeNames,
} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import {stepTable} from "../plan/steps.ts";
import {type Candidate, named, plain} from "./candidate.ts";
import {type Cursor, leftOfDot} from "./cursor.ts";
import type {NamesInScope} from "./local-names.ts";

export function wordCandidates(cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  if (leftOfDot(cursor.tokens).length > 0) return [];
  const found: Candidate[] = [];
  let steps = false;
  for (const one of cursor.expected) {
    if (one.rules.slice(0, one.begun).includes("step")) steps = true;
    else if (one.token === t.IDENTIFIER || one.token === t.NAME)
      found.push(...namesFor(one, cursor, names));
  }
  return [...(steps ? stepCandidates(cursor) : []), ...found];
}

function namesFor({rules}: Expected, cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  const previous = cursor.tokens.at(-1)?.image ?? "";
  const kinds = (...wanted: string[]) =>
    names.all.filter(({kind}) => wanted.includes(kind)).map(named);
  const words = (list: readonly string[], kind: string) => list.map((word) => plain(word, kind));
  const [inner, outer, third] = rules;
  if (inner === "hook") return words(hookNames, "hook");
  if (inner === "type") return words(typeNames, "type");
  if (inner === "lockStep") return words(lockNames, "lock");
  if (inner === "scope") return words(scopeNames, "scope");
  if (inner === "plotCmd") return words(plotKinds, "plot");
  if (inner === "checkCmd")
    return words(
      previous === "under" ? memoryModels : checkProperties,
      previous === "under" ? "memory model" : "property",
    );
  if (inner !== "path") return [];
  if (outer === "ofClause" && third === "replayCmd")
    return kinds("scenario", "experiment", "module");
  if (outer === "runCmd" || outer === "ofClause") return kinds("experiment", "module");
  if (outer === "checkCmd") return kinds("scenario", "module");
  if (outer === "fromClause") return kinds(declaredKind(cursor, third ?? ""), "module");
  if (outer === "byClause" || outer === "compareStmt" || outer === "plotCmd")
    return [plain("policy", "axis"), ...kinds("param")];
  if (outer === "place") return kinds("state");
  return [];
}

const typeNames = [
  "Int",
  "Real",
  "Bool",
  "String",
  "Duration",
  "Cycles",
  "Frequency",
  "Bytes",
  "Ratio",
  "CpuSet",
  "Mm",
  "List",
  "Range",
  "Dist",
];

// The kind that `from` must name: that of the declaration.
function declaredKind(cursor: Cursor, rule: string): string {
  if (rule === "entityDecl") return cursor.tokens.at(-3)?.image ?? "";
  return rule.replace("Decl", "");
}

// The steps that are legal in the hook around the cursor, in the order of the table.
function stepCandidates(cursor: Cursor): readonly Candidate[] {
  const hook = cursor.blocks.findLast(({rule}) => rule === "hook")?.name;
  return stepTable
    .filter(({contexts}) => hook === undefined || (contexts as readonly string[]).includes(hook))
    .map(({word, operands, doc}) => plain(word, "step", `${word} ${operands}`.trim(), doc));
}
