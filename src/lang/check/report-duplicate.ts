// E205: two declarations of one name in one cell, two members or fields of one name in one block. Another cell may redefine a name.

import {lineAt, type Reporter, tell} from "../report.ts";
import type {Item, Name, Program, Source} from "../syntax.ts";

export function reportDuplicate(program: Program, report: Reporter): void {
  const {source} = program;
  distinct(
    program.items.flatMap((item) => nameOf(item)),
    source,
    report,
    "declared twice in this cell",
    "rename one; re-running another cell may redefine a name, one cell may not",
  );
  for (const item of program.items) inside(item, source, report);
}

function nameOf(item: Item): Name[] {
  if (item.kind === "import") return item.as === undefined ? [] : [item.as];
  return "name" in item && "text" in item.name ? [item.name] : [];
}

function inside(item: Item, source: Source, report: Reporter): void {
  const twice = (names: readonly Name[]): void =>
    distinct(names, source, report, "given twice in this block", "keep one of them");
  const paths = (fields: readonly {path: {names: readonly Name[]}}[]): Name[] =>
    fields.map(({path}) => joined(path.names));
  switch (item.kind) {
    case "entity":
      twice(paths(item.fields));
      break;
    case "scenario":
    case "policy":
    case "experiment": {
      const members = item.members as readonly {kind: string}[];
      const named: Name[] = [];
      const fields: {path: {names: readonly Name[]}}[] = [];
      const hooks: Name[] = [];
      for (const member of members as readonly (typeof item.members)[number][]) {
        if (member.kind === "field") fields.push(member);
        else if (member.kind === "hook") hooks.push(member.name);
        else if (member.kind === "measure" || member.kind === "with") twice(paths(member.fields));
        else if (member.kind === "entity") {
          named.push(member.name);
          twice(paths(member.fields));
        } else if (member.kind === "let" || member.kind === "param" || member.kind === "state")
          named.push(member.name);
      }
      twice(paths(fields));
      twice(hooks);
      distinct(
        named,
        source,
        report,
        `declared twice in \`${item.name.text}\``,
        "rename one of them",
      );
      break;
    }
    default:
      break;
  }
}

function joined(names: readonly Name[]): Name {
  const [head] = names as [Name, ...Name[]];
  return {
    text: names.map((name) => name.text).join("."),
    start: head.start,
    end: (names.at(-1) ?? head).end,
  };
}

function distinct(
  names: readonly Name[],
  source: Source,
  report: Reporter,
  what: string,
  help: string,
): void {
  const first = new Map<string, Name>();
  for (const name of names) {
    const earlier = first.get(name.text);
    if (earlier === undefined) {
      first.set(name.text, name);
      continue;
    }
    tell(
      report,
      "E205",
      `\`${name.text}\` ${what}`,
      {source, span: name},
      `first ${what.startsWith("given") ? "given" : "declared"} on line ${lineAt(source, earlier.start)}`,
      {help},
    );
  }
}
