// Which names a cell defines and which of earlier cells it uses, from the JavaScript that tslab emits: there a name of an earlier cell is
// always `exports.name`, a name of its own is assigned to `exports.name`, and an import is defined on `exports`.

import type {Compiler, TextNode} from "./compiler.ts";

export interface EmittedNames {
  readonly defines: readonly string[];
  readonly uses: readonly string[];
}

interface Named extends TextNode {
  readonly text?: string;
  readonly expression?: Named;
  readonly name?: Named;
  readonly left?: Named;
  readonly operatorToken?: TextNode;
  readonly operand?: Named;
  readonly operator?: number;
  readonly arguments?: readonly Named[];
}

export function emittedNames(compiler: Compiler, code: string): EmittedNames {
  const kinds = compiler.SyntaxKind;
  const defines = new Set<string>();
  const uses = new Set<string>();
  const nameOf = (node: Named | undefined): string | undefined => {
    const found =
      node?.kind === kinds.PropertyAccessExpression && node.expression?.text === "exports"
        ? node.name?.text
        : undefined;
    // Where tslab keeps the value of the last expression.
    return found === undefined || /^tsLastExpr\d*$/.test(found) ? undefined : found;
  };
  const visit = (node: Named): void => {
    const assigned =
      node.kind === kinds.BinaryExpression &&
      node.operatorToken!.kind >= kinds.FirstAssignment! &&
      node.operatorToken!.kind <= kinds.LastAssignment!
        ? nameOf(node.left)
        : undefined;
    const stepped =
      (node.kind === kinds.PrefixUnaryExpression || node.kind === kinds.PostfixUnaryExpression) &&
      (node.operator === kinds.PlusPlusToken || node.operator === kinds.MinusMinusToken)
        ? nameOf(node.operand)
        : undefined;
    const [target, property] = node.kind === kinds.CallExpression ? (node.arguments ?? []) : [];
    if (assigned !== undefined) defines.add(assigned);
    if (stepped !== undefined) defines.add(stepped);
    if (target?.text === "exports" && property?.kind === kinds.StringLiteral) {
      if (property.text !== "__esModule") defines.add(property.text!);
    }
    const read = nameOf(node);
    if (read !== undefined) uses.add(read);
    // The left side of a plain assignment is not read.
    const skipped = assigned !== undefined && node.operatorToken!.kind === kinds.EqualsToken;
    compiler.forEachChild(node, (child) => {
      if (!(skipped && child === node.left)) visit(child as Named);
    });
  };
  visit(compiler.createSourceFile("cell.js", code, compiler.ScriptTarget.Latest, false, 1));
  return {defines: [...defines], uses: [...uses]};
}
