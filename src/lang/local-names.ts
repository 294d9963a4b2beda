// The names of a text that need not parse: a declaration is a word of declaring and a name after it, wherever it stands. Together with the
// scope around the text they are what completion can name.

import type {IToken} from "chevrotain";
import {isA} from "../../grammar/automaton.ts";
import * as t from "../../grammar/tokens.ts";
import type {CompletionName, CompletionScope} from "./completion-scope.ts";
import type {Cursor} from "./cursor.ts";

export interface NamesInScope {
  /** What can be named at the cursor, nearest first: the item's own, what it is built from, the text's, then those of other cells. */
  readonly all: readonly CompletionName[];
  /** What a named thing holds. */
  members(name: string): readonly CompletionName[];
  /** The declared thing of a name. */
  find(name: string): CompletionName | undefined;
}

interface Local extends CompletionName {
  /** The item it stands in; its own name for an item. */
  readonly item: string;
  readonly top: boolean;
}

export function localScope(cursor: Cursor, scope: CompletionScope): NamesInScope {
  const {locals: found, links} = collect(cursor.all);
  // What is just being declared cannot be named in its own declaration, hooks and members apart.
  const [, own] = cursor.tokens;
  const declares = declaring.has(cursor.tokens[0]?.image ?? "");
  const locals = found.filter(({name, top}) => !(top && declares && name === own?.image));
  const outer = scope.names();
  const members = (name: string, seen = new Set<string>()): readonly CompletionName[] => {
    if (seen.has(name)) return [];
    seen.add(name);
    const own = locals.filter((local) => !local.top && local.item === name);
    const bases = (links.get(name) ?? []).flatMap((base) => members(base, seen));
    return [...own, ...bases, ...scope.members(name)];
  };
  const item = cursor.blocks[0]?.name;
  const near = item === undefined ? [] : members(item);
  const tops = locals.filter((local) => local.top).toReversed();
  const all = unique([...near, ...tops, ...outer]);
  return {
    all,
    members: (name) => unique(members(name)),
    find: (name) => all.find((one) => one.name === name),
  };
}

const declaring: ReadonlySet<string> = new Set([
  ...t.entityWords,
  "scenario",
  "policy",
  "experiment",
  "let",
  "param",
]);

// Names with the item they stand in, and which items are built from which: `from X`, `scenario: X`, `machine: X`.
function collect(tokens: readonly IToken[]): {
  readonly locals: readonly Local[];
  readonly links: ReadonlyMap<string, readonly string[]>;
} {
  const locals: Local[] = [];
  const links = new Map<string, string[]>();
  let depth = 0;
  let item = "";
  let measure = 0;
  for (const [i, {image, tokenType}] of tokens.entries()) {
    const next = tokens[i + 1];
    const name = next !== undefined && isA(next.tokenType, t.IDENTIFIER) ? next.image : undefined;
    if (tokenType === t.LCurly) {
      depth++;
      if (tokens[i - 1]?.image === "measure") measure = depth;
    }
    if (tokenType === t.RCurly) {
      if (depth === measure) measure = 0;
      depth = Math.max(0, depth - 1);
    }
    const after = tokens[i + 2]?.image;
    const value = image === "let" || image === "param";
    if (
      declaring.has(image) &&
      name !== undefined &&
      (value || after === "{" || after === "from")
    ) {
      if (depth === 0) item = name;
      locals.push({name, kind: image, item, top: depth === 0});
    }
    const scopes = image === "percpu" || image === "permm" || image === "global";
    if (scopes && name !== undefined)
      locals.push({name, kind: "state", detail: image, item, top: false});
    if (measure > 0 && depth === measure && isA(tokenType, t.NAME) && next?.tokenType === t.Colon)
      locals.push({name: image, kind: "measure", item, top: false});
    const link =
      image === "from"
        ? name
        : image === "scenario" && next?.tokenType === t.Colon
          ? after
          : undefined;
    if (link !== undefined && link !== item) links.set(item, [...(links.get(item) ?? []), link]);
  }
  return {locals, links};
}

function unique(names: readonly CompletionName[]): readonly CompletionName[] {
  const seen = new Set<string>();
  return names.filter(({name}) => !seen.has(name) && seen.add(name));
}
