// `from`: a declaration and what it is built from, the root first.

import type {Place} from "./diagnostic.ts";
import {type Declared, type DeclaredAs, type DeclaredKind, lookup} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {reference} from "./reference.ts";
import {lineAt, tell} from "./report.ts";
import type {Context, Scope} from "./scope.ts";
import type {Expr, Path} from "./syntax.ts";

/** The scope of a top-level declaration: globals only. */
export function topScope(declared: Declared, context: Context): Scope {
  return {context, source: declared.source, home: declared.home ?? context.session};
}

/** The declarations that make up `declared`, root first. An unknown or circular `from` is reported and ends the chain there. */
export function chainOf<K extends Exclude<DeclaredKind, "let" | "param">>(
  declared: DeclaredAs<K>,
  context: Context,
): DeclaredAs<K>[] {
  const chain: DeclaredAs<K>[] = [];
  let at: DeclaredAs<K> | undefined = declared;
  while (at !== undefined) {
    if (chain.includes(at)) {
      tellCircle(chain as Declared[], at as Declared, context);
      break;
    }
    chain.unshift(at);
    // The first may be an entity of a scenario, which is nobody's to refer to.
    if (at !== declared) context.used.add(at as Declared);
    at = baseOf<K>(at, context);
  }
  return chain;
}

function baseOf<K extends Exclude<DeclaredKind, "let" | "param">>(
  declared: DeclaredAs<K>,
  context: Context,
): DeclaredAs<K> | undefined {
  const from = (declared.syntax as {readonly from?: Path}).from;
  if (from === undefined) return undefined;
  const scope = topScope(declared as Declared, context);
  const value = evaluate(pathExpr(from), scope, {kind: "ref", to: declared.kind as "policy"});
  const place: Place = {source: declared.source, span: from};
  if (value.t === "error") return undefined;
  if (value.t === "declared" && value.declared.kind === declared.kind)
    return value.declared as DeclaredAs<K>;
  reference(value, declared.kind, place, scope);
  return undefined;
}

/** A path as the expression it reads like. */
export function pathExpr(path: Path): Expr {
  const [head, ...rest] = path.names;
  let expr: Expr = {
    kind: "name",
    name: head?.text ?? "",
    start: head?.start ?? path.start,
    end: head?.end ?? path.end,
  };
  for (const name of rest)
    expr = {kind: "member", of: expr, name, start: path.start, end: name.end};
  return expr;
}

/** Whether a path leads to a declaration of this kind; reports nothing. */
export function declaredAt(
  path: readonly {readonly text: string}[],
  scope: Scope,
): Declared | undefined {
  const [head, next] = path;
  if (head === undefined) return undefined;
  const found = lookup(scope.home, head.text);
  if (found !== undefined) return found;
  const alias = scope.home.aliases.get(head.text);
  return alias === undefined || next === undefined ? undefined : alias.module.names.get(next.text);
}

// The circle is reported once, at the `from` of the member that stands first in the text.
function tellCircle(chain: readonly Declared[], again: Declared, context: Context): void {
  const circle = chain.slice(0, chain.indexOf(again) + 1).toReversed();
  const first = circle.toSorted((a, b) => a.at.start - b.at.start)[0] as Declared;
  const rotated = [
    ...circle.slice(circle.indexOf(first)),
    ...circle.slice(0, circle.indexOf(first)),
  ];
  const steps = rotated.slice(1).map((one) => {
    const line = lineAt(one.source, one.at.start);
    return `${one.name} (line ${line})`;
  });
  const from = (first.syntax as {readonly from?: Path}).from ?? first.at;
  tell(
    context.report,
    "E207",
    `\`${first.name}\` is built from itself`,
    {source: first.source, span: from},
    [first.name, ...steps, first.name].join(" -> "),
    {help: "remove one `from`"},
  );
}
