// The scope of completion that an environment gives: what earlier cells, imports and the prelude have declared.

import type {CompletionName, CompletionScope} from "./completion-scope.ts";
import {aliasIn, type Declared, lookup, type Module, placeName, visible} from "./environment.ts";
import type {Path} from "./syntax.ts";

export function scopeOf({session}: {readonly session: Module}): CompletionScope {
  return {
    names: () => [
      ...visible(session).map(nameOf),
      ...[...session.aliases].map(
        ([name, {source}]): CompletionName => ({
          name,
          kind: "module",
          detail: source.name,
        }),
      ),
    ],
    members: (name) => {
      const imported = aliasIn(session, name);
      if (imported !== undefined) return visible(imported.module).map(nameOf);
      const declared = lookup(session, name);
      return declared === undefined ? [] : membersOf(declared, session, new Set());
    },
  };
}

function nameOf(declared: Declared): CompletionName {
  const {doc} = declared.syntax;
  return {
    name: declared.name,
    kind: declared.kind,
    detail: placeName(declared),
    ...(doc === undefined ? {} : {doc}),
  };
}

// Its own, then those of what it is built from: `from X`, `scenario: X`.
function membersOf(
  declared: Declared,
  session: Module,
  seen: Set<Declared>,
): readonly CompletionName[] {
  if (seen.has(declared) || !("members" in declared.syntax)) return [];
  seen.add(declared);
  const found: CompletionName[] = [];
  const bases: string[] = [];
  const detail = declared.name;
  if (declared.syntax.from !== undefined) bases.push(lastName(declared.syntax.from));
  for (const member of declared.syntax.members) {
    if (member.kind === "entity") found.push({name: member.name.text, kind: member.entity, detail});
    else if (member.kind === "param" || member.kind === "let" || member.kind === "state")
      found.push({name: member.name.text, kind: member.kind, detail});
    else if (member.kind === "measure")
      for (const {path} of member.fields)
        found.push({name: lastName(path), kind: "measure", detail});
    else if (
      member.kind === "field" &&
      lastName(member.path) === "scenario" &&
      member.value.kind === "name"
    )
      bases.push(member.value.name);
  }
  for (const base of bases) {
    const next = lookup(declared.home ?? session, base);
    if (next !== undefined) found.push(...membersOf(next, session, seen));
  }
  return found;
}

function lastName({names}: Path): string {
  return names.at(-1)?.text ?? "";
}
