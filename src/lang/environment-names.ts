// What completion may offer beyond the text: the declarations that are in force, and what is inside them.

import {chainOf} from "./chain.ts";
import type {Environment} from "./check.ts";
import type {CompletionName, CompletionScope} from "./completion-scope.ts";
import {type Declared, lookup, visible} from "./environment.ts";
import {reporter, textOf} from "./report.ts";
import type {Context} from "./scope.ts";

/** The names of an environment for completion; looking them up reports nothing. */
export function namesIn(environment: Environment): CompletionScope {
  const {session} = environment;
  const context: Context = {
    session,
    report: reporter(),
    files: undefined,
    threads: 1,
    globals: new Map(),
    inputs: new Map(),
    used: new Set(),
  };
  return {
    names: () => [
      ...visible(session).map(nameOf),
      ...[...session.aliases].map(([name, imported]) => ({
        name,
        kind: "module",
        detail: imported.module.name,
      })),
    ],
    members: (name) => {
      const alias = session.aliases.get(name);
      if (alias !== undefined) return [...alias.module.names.values()].map(nameOf);
      const declared = lookup(session, name);
      return declared === undefined ? [] : membersOf(declared, context);
    },
  };
}

function nameOf(declared: Declared): CompletionName {
  const {syntax} = declared;
  const type = "type" in syntax && syntax.type !== undefined ? syntax.type.name.text : undefined;
  return {
    name: declared.name,
    kind: declared.kind,
    detail: declared.source.name,
    ...(type === undefined ? {} : {type}),
    ...(syntax.doc === undefined ? {} : {doc: syntax.doc}),
  };
}

function membersOf(declared: Declared, context: Context): CompletionName[] {
  if (declared.kind !== "scenario" && declared.kind !== "experiment" && declared.kind !== "policy")
    return [];
  const found = new Map<string, CompletionName>();
  for (const one of chainOf<"scenario" | "experiment" | "policy">(declared, context)) {
    for (const member of one.syntax.members) {
      switch (member.kind) {
        case "entity":
          found.set(member.name.text, {
            name: member.name.text,
            kind: member.entity,
            detail: one.name,
            ...documented(member),
          });
          break;
        case "param":
        case "let":
        case "state":
          found.set(member.name.text, {
            name: member.name.text,
            kind: member.kind,
            detail:
              member.kind === "param" && member.range !== undefined
                ? `in ${textOf(one.source, member.range)}`
                : one.name,
            ...(member.type === undefined ? {} : {type: textOf(one.source, member.type)}),
            ...documented(member),
          });
          break;
        case "measure":
          for (const field of member.fields) {
            const name = field.path.names.map((part) => part.text).join(".");
            found.set(name, {name, kind: "measure", detail: textOf(one.source, field.value)});
          }
          break;
        case "field":
          // What an experiment runs on belongs to it: its scenario's entities and params.
          if (member.path.names[0]?.text === "scenario" && member.value.kind === "name") {
            const scenario = lookup(one.home ?? context.session, member.value.name);
            if (scenario?.kind === "scenario")
              for (const each of membersOf(scenario, context)) found.set(each.name, each);
          }
          break;
        default:
          break;
      }
    }
  }
  return [...found.values()];
}

function documented(member: {readonly doc?: string}): {readonly doc?: string} {
  return member.doc === undefined ? {} : {doc: member.doc};
}
