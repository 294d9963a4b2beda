// The language reference: the prose of `grammar/reference.template.md` with each line `@table` replaced by a table made from the tables
// of the language, so that no field, step, unit or code can be missing from it or wrong in it.

import {readFileSync} from "node:fs";
import {
  type FieldRow,
  fieldsOf,
  memoryModels,
  type OwnerKind,
  plotKinds,
  typeText,
} from "../../grammar/schema.ts";
import {entityWords, hardWords, softWords} from "../../grammar/tokens.ts";
import {dimensionName, type UnitRow, unitTable} from "../../grammar/units.ts";
import {metricTable} from "../plan/metrics.ts";
import {stepTable} from "../plan/steps.ts";
import {commandWords} from "./candidate.ts";
import {catalogue} from "./catalogue.ts";
import {aggregatorWords, cpuWords, hookWords, lawWords, type ValueWord} from "./value-words.ts";

/** Markdown. Reads the template beside the grammar. */
export function manual(): string {
  const template = readFileSync(
    new URL("../../../grammar/reference.template.md", import.meta.url),
    "utf8",
  );
  const note =
    "<!-- Made from grammar/reference.template.md and the tables of the language by `npm run grammar`; do not edit. -->\n";
  return (
    note +
    template
      .replace(/^@([a-z-]+)$/gm, (_, name: string) => tableNamed(name))
      .replace("@memory-models", listed(memoryModels))
  );
}

const tables: Readonly<Record<string, () => string>> = {
  "hard-words": () => listed(hardWords.toSorted()),
  "soft-words": () => listed(softWords.toSorted()),
  units,
  heads: () =>
    table(
      ["declaration", "shape"],
      commandWords
        .filter(({text}) => isDeclaring(text))
        .map(({text, detail = ""}) => [code(text), code(detail)]),
    ),
  fields: () => entityWords.map((owner) => section(owner)).join("\n\n"),
  laws: () => words("distribution", lawWords),
  "cpu-words": () => words("set", cpuWords),
  steps: () =>
    table(
      ["step", "where", "sleeps", "cost", "what it does"],
      stepTable.map(({word, operands, contexts, sleeps, cost, doc}) => [
        code(`${word} ${operands}`.trim()),
        contexts.length === 5 ? "everywhere" : contexts.map(code).join(" "),
        sleeps ? "yes" : "",
        cost,
        doc,
      ]),
    ),
  "hook-words": () => words("word", hookWords),
  "policy-fields": () => section("policy"),
  aggregators: () => words("aggregator", aggregatorWords),
  metrics: () =>
    table(
      ["metric", "unit", "kind", "meaning"],
      metricTable.map(({owner, metric, unit, shape, doc}) => [
        code(`${owner}.${metric}`),
        unit,
        shape,
        doc,
      ]),
    ),
  "plot-kinds": () => listed(plotKinds),
  "command-fields": () =>
    (["experiment", "scenario", "check", "replay", "table", "plot"] as const)
      .map((owner) => section(owner))
      .join("\n\n"),
  codes: () =>
    table(
      ["code", "", "meaning"],
      catalogue.map(({code: name, title, text}) => [name, title, text]),
    ),
};

function tableNamed(name: string): string {
  const make = tables[name];
  if (make === undefined)
    throw new Error(`The template of the reference names an unknown table: @${name}`);
  return make();
}

function units(): string {
  const groups = new Map<string, UnitRow[]>();
  for (const row of unitTable) {
    const name = row.word === "%" ? "Ratio" : dimensionName(row.dimension);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return table(
    ["type", "units"],
    [...groups].map(([name, rows]) => [
      name,
      rows.map(({word, doc}) => `${code(word)} ${doc}`).join(", "),
    ]),
  );
}

function isDeclaring(word: string): boolean {
  return !["run", "plot", "table", "check", "show", "export", "replay"].includes(word);
}

function section(owner: OwnerKind): string {
  const rows = fieldsOf(owner);
  if (rows.length === 0) return "";
  return `**${owner}**\n\n${table(
    ["field", "type", "default", "meaning"],
    rows.map((row) => [code(row.name), typeCell(row), defaultCell(row), row.doc]),
  )}`;
}

function typeCell(row: FieldRow): string {
  return [typeText(row.type), ...(row.words ?? []).map((word) => code(word))].join(" or ");
}

function defaultCell(row: FieldRow): string {
  const group = row.group === undefined ? "" : ` (one of ${row.group})`;
  return (row.required ? "**required**" : (row.default ?? "")) + group;
}

function words(head: string, list: readonly ValueWord[]): string {
  return table(
    [head, "meaning"],
    list.map(({name, signature, doc}) => [code(signature ?? name), doc]),
  );
}

function listed(list: readonly string[]): string {
  return list.map(code).join(" ");
}

function code(text: string): string {
  return `\`${text}\``;
}

// In a table a bar ends the cell, in code too.
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
