// Where a setting of an experiment stands in its text.

import type {Place} from "./diagnostic.ts";
import type {DeclaredAs} from "./environment.ts";
import type {Scope} from "./scope.ts";

/** The field in the latest experiment of the chain that has it; else the experiment's name. */
export function settingPlace(
  name: string,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): Place {
  for (const one of chain.toReversed()) {
    const field = one.syntax.members.find(
      (member) =>
        member.kind === "field" &&
        member.path.names.length === 1 &&
        member.path.names[0]?.text === name,
    );
    if (field !== undefined)
      return {source: one.source, span: {start: field.start, end: field.end}};
  }
  return {source: scope.source, span: chain.at(-1)?.at ?? {start: 0, end: 0}};
}
