// Candidates for names of fields: the keys of a block, paths into entities, and what stands behind a `.`.

import {type FieldRow, fieldsOf, type OwnerKind, typeText} from "../../grammar/schema.ts";
import * as t from "../../grammar/tokens.ts";
import {metricTable} from "../plan/metrics.ts";
import {type Candidate, named, plain} from "./candidate.ts";
import {type Cursor, leftOfDot} from "./cursor.ts";
import type {NamesInScope} from "./local-names.ts";

/** Keys: fields of the owner that are not set yet, required ones first; where paths are set or swept, entities and parameters. */
export function fieldCandidates(cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  if (leftOfDot(cursor.tokens).length > 0) return [];
  const key = cursor.expected.some(
    ({rules, begun, token}) => token === t.NAME && rules.slice(0, begun).includes("field"),
  );
  const block = cursor.blocks.at(-1);
  if (!key || block === undefined) return [];
  const owner = ownerOf(block.rule, block.word);
  if (owner !== undefined) return fresh(owner, block.fields).map(fieldCandidate);
  if (block.rule === "withBlock" || block.rule === "sweepBlock") return paths(cursor, names);
  return [];
}

/** Behind a `.`: fields and metrics of what stands before it. */
export function memberCandidates(cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  const left = leftOfDot(cursor.tokens);
  const [first] = left;
  if (first === undefined) return [];
  const isKey = cursor.expected.some(({rules}) => rules[0] === "path" && rules[1] === "field");
  const block = cursor.blocks.at(-1);
  const owner = block === undefined ? undefined : ownerOf(block.rule, block.word);
  // A dotted key of the block's own owner: `ipi.deliver.`
  const own = isKey && owner !== undefined ? below(owner, left) : [];
  const kind = names.find(first)?.kind ?? first;
  const rest = left.slice(1);
  const dotted = isOwner(kind) ? below(kind, rest) : [];
  const metrics =
    rest.length === 0 && !isKey
      ? metricTable
          .filter((row) => row.owner === kind)
          .map((row) => ({
            ...plain(row.metric, "metric", undefined, row.doc),
            type: row.unit === "ns" ? "Metric<Duration>" : "Metric",
          }))
      : [];
  const held = rest.length === 0 ? names.members(first).map(named) : [];
  return [...own, ...metrics, ...dotted, ...held];
}

/** The owner of a block's fields in the schema; undefined for blocks whose keys are paths or free names. */
export function ownerOf(rule: string, word: string | undefined): OwnerKind | undefined {
  switch (rule) {
    case "entityDecl":
      return word as OwnerKind;
    case "scenarioDecl":
      return "scenario";
    case "policyDecl":
      return "policy";
    case "experimentDecl":
      return "experiment";
    case "checkCmd":
      return "check";
    case "replayCmd":
      return "replay";
    case "plotCmd":
      return "plot";
    case "tableCmd":
      return "table";
    default:
      return undefined;
  }
}

function isOwner(kind: string): kind is OwnerKind {
  return fieldsOf(kind as OwnerKind).length > 0;
}

// Not set yet, and of a group none set; required first.
function fresh(owner: OwnerKind, set: readonly string[]): readonly FieldRow[] {
  const rows = fieldsOf(owner);
  const groups = rows.filter((row) => set.includes(row.name)).map((row) => row.group);
  const left = rows.filter(
    (row) => !set.includes(row.name) && (row.group === undefined || !groups.includes(row.group)),
  );
  const rank = (row: FieldRow) => (row.required ? 0 : row.group === undefined ? 2 : 1);
  return left.toSorted((a, b) => rank(a) - rank(b));
}

function fieldCandidate(row: FieldRow): Candidate {
  const detail = row.required
    ? "required"
    : row.default === undefined
      ? undefined
      : `default ${row.default}`;
  return {...plain(row.name, "field", detail, row.doc), type: typeText(row.type)};
}

// The fields of an owner below a dotted beginning, one step: `ipi.` gives `send`, `deliver`, ...
function below(owner: OwnerKind, left: readonly string[]): readonly Candidate[] {
  const prefix = left.length === 0 ? "" : `${left.join(".")}.`;
  const steps = new Map<string, Candidate>();
  for (const row of fieldsOf(owner)) {
    if (!row.name.startsWith(prefix)) continue;
    const rest = row.name.slice(prefix.length);
    const [step = ""] = rest.split(".");
    const whole = step === rest;
    if (step !== "" && (whole || !steps.has(step)))
      steps.set(step, whole ? {...fieldCandidate(row), text: step} : plain(step, "field"));
  }
  return [...steps.values()];
}

// What `with` and `sweep` may set: parameters, the fields of the experiment, and entities, whose fields follow after a dot.
function paths(cursor: Cursor, names: NamesInScope): readonly Candidate[] {
  const params = names.all.filter(({kind}) => kind === "param");
  const entities = names.all.filter(({kind}) =>
    (t.entityWords as readonly string[]).includes(kind),
  );
  const own = cursor.blocks.at(-1)?.fields ?? [];
  const fixed = ["policy", "machine", "scenario", "duration"].map((name) => plain(name, "field"));
  return [...params.map(named), ...fixed, ...entities.map(named)].filter(
    ({text}) => !own.includes(text),
  );
}
