// The declarations of a program as entries of a module. Of two with one name the first counts; the second is reported elsewhere.

import type {Declared, DeclaredKind, Module} from "./environment.ts";
import type {Item, Program} from "./syntax.ts";

/** What a program declares, in order; `home` is where its expressions look names up, absent for the session. */
export function declare(program: Program, home?: Module): Declared[] {
  const seen = new Set<string>();
  const found: Declared[] = [];
  for (const item of program.items) {
    const kind = kindOf(item);
    if (kind === undefined || !("name" in item) || seen.has(item.name.text)) continue;
    seen.add(item.name.text);
    found.push({
      kind,
      name: item.name.text,
      at: item.name,
      source: program.source,
      syntax: item,
      ...(home === undefined ? {} : {home}),
    } as Declared);
  }
  return found;
}

/** The kind of declaration that an item is; undefined for imports and commands. */
export function kindOf(item: Item): DeclaredKind | undefined {
  switch (item.kind) {
    case "entity":
      return item.entity;
    case "let":
    case "param":
    case "scenario":
    case "policy":
    case "experiment":
      return item.kind;
    default:
      return undefined;
  }
}
