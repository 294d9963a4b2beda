// What the cells so far have declared, from the declarations that tslab carries from cell to cell.

import type {Compiler, TextNode} from "./compiler.ts";
import type {DeclaredName} from "./language-requests.ts";

interface Named extends TextNode {
  readonly text?: string;
  readonly name?: Named;
  readonly type?: Named;
  readonly declarationList?: {readonly declarations: readonly Named[]};
  readonly importClause?: {readonly name?: Named; readonly namedBindings?: Bindings};
  readonly moduleSpecifier?: Named;
  readonly statements?: readonly Named[];
}

interface Bindings {
  readonly name?: Named;
  readonly elements?: readonly Named[];
}

/** The names in alphabetical order; of names declared more than once (overloads) the first. */
export function declaredNames(compiler: Compiler, declarations: string): readonly DeclaredName[] {
  const kinds = compiler.SyntaxKind;
  const file = compiler.createSourceFile("p.ts", declarations, compiler.ScriptTarget.Latest);
  const found = new Map<string, DeclaredName>();
  const textOf = (node: TextNode): string =>
    declarations.slice(node.getStart(file), node.end).replace(/\s+/g, " ");
  const add = (name: Named | undefined, kind: string, type: string): void => {
    const text = name?.text;
    if (text !== undefined && !found.has(text)) found.set(text, {name: text, kind, type});
  };
  const words = new Map([
    [kinds.FunctionDeclaration, "function"],
    [kinds.ClassDeclaration, "class"],
    [kinds.InterfaceDeclaration, "type"],
    [kinds.TypeAliasDeclaration, "type"],
    [kinds.EnumDeclaration, "enum"],
    [kinds.ModuleDeclaration, "namespace"],
  ]);
  for (const statement of (file as Named).statements ?? []) {
    for (const each of statement.declarationList?.declarations ?? []) {
      add(each.name, "variable", each.type === undefined ? "" : textOf(each.type));
    }
    const clause = statement.importClause;
    if (clause !== undefined) {
      const from = `from ${textOf(statement.moduleSpecifier!)}`;
      for (const name of [clause.name, clause.namedBindings?.name]) add(name, "import", from);
      for (const each of clause.namedBindings?.elements ?? []) add(each.name, "import", from);
    }
    const word = words.get(statement.kind);
    if (word === undefined) continue;
    const signature =
      word === "function"
        ? textOf(statement)
            .replace(/^.*?(?=[(<])/, "")
            .replace(/;$/, "")
        : "";
    add(statement.name, word, signature);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
