// Expressions: from the concrete tree, where every expression is a chain of ten nested rules, to the ten or so kinds of `Expr`.
// A span is that of the text an expression was lowered from; parentheses belong to the expression around them.

import type {CstNode, IToken} from "chevrotain";
import type * as cst from "../../grammar/generated/cst.d.ts";
import {RateLit} from "../../grammar/tokens.ts";
import type {
  Argument,
  BinaryOperator,
  Expr,
  Name,
  NumberLiteral,
  Spacing,
  Span,
  StringLiteral,
} from "./syntax.ts";

/** The half-open range of a concrete node that holds at least one token. */
export function spanOf(node: CstNode): Span {
  const location = node.location as {startOffset: number; endOffset: number};
  return {start: location.startOffset, end: location.endOffset + 1};
}

export function tokenSpan(token: IToken): Span {
  return {start: token.startOffset, end: token.startOffset + token.image.length};
}

export function nameOf(token: IToken): Name {
  return {...tokenSpan(token), text: token.image};
}

export function numberOf(token: IToken): NumberLiteral {
  const [, digits = "0", rest = ""] = numberParts.exec(token.image) ?? [];
  let value = Number(digits.replaceAll("_", ""));
  let unit = rest.replace(/[\u00b5\u03bc]/, "u");
  if (token.tokenType === RateLit && !unit.startsWith("/")) {
    value *= multiples[unit[0] as keyof typeof multiples];
    unit = unit.slice(1);
  }
  return {
    kind: "number",
    ...tokenSpan(token),
    value,
    ...(unit === "" ? {} : {unit}),
    integer: /^[\d_]+$/.test(digits),
  };
}

const numberParts = /^(\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)(.*)$/u;
const multiples = {k: 1e3, M: 1e6, G: 1e9} as const;

/** The text between the quotes with `\n`, `\t` and escaped characters resolved. */
export function stringOf(token: IToken): StringLiteral {
  const body = token.image.slice(1).replace(/"$/, "");
  const value = body.replace(/\\(.)/gs, (_, after: string) =>
    after === "n" ? "\n" : after === "t" ? "\t" : after,
  );
  return {kind: "string", ...tokenSpan(token), value};
}

export function lowerExpr(node: cst.ExprCstNode): Expr {
  return chain(node.children.andExpr, node.children.Or, lowerAnd);
}

function lowerAnd(node: cst.AndExprCstNode): Expr {
  return chain(node.children.notExpr, node.children.And, lowerNot);
}

// Left-associative: a - b - c is (a - b) - c.
function chain<N extends CstNode>(
  operands: readonly N[],
  operators: readonly IToken[] | undefined,
  lower: (node: N) => Expr,
): Expr {
  const first = operands[0] as N;
  let left = lower(first);
  const {start} = spanOf(first);
  for (const [i, operator] of (operators ?? []).entries()) {
    const operand = operands[i + 1] as N;
    left = {
      kind: "binary",
      start,
      end: spanOf(operand).end,
      op: operator.image as BinaryOperator,
      opSpan: tokenSpan(operator),
      left,
      right: lower(operand),
    };
  }
  return left;
}

function lowerNot(node: cst.NotExprCstNode): Expr {
  const {end} = spanOf(node);
  const nots = node.children.Not ?? [];
  return nots.reduceRight<Expr>(
    (of, token) => ({kind: "unary", start: token.startOffset, end, op: "not", of}),
    lowerCompare(node.children.cmpExpr[0] as cst.CmpExprCstNode),
  );
}

function lowerCompare(node: cst.CmpExprCstNode): Expr {
  const c = node.children;
  const left = lowerRange(c.left[0] as cst.RangeExprCstNode);
  const tolerance = c.tolerance?.[0];
  if (tolerance !== undefined) {
    const of = c.of?.[0];
    return {
      kind: "within",
      ...spanOf(node),
      left,
      tolerance: lowerRange(tolerance),
      ...(of === undefined ? {} : {of: lowerRange(of)}),
    };
  }
  const right = c.right?.[0];
  if (right === undefined) return left;
  const not = c.Not?.[0];
  const operator = (c.COMPAREOP ?? c.In)?.[0] as IToken;
  return {
    kind: "binary",
    ...spanOf(node),
    op: (not === undefined ? operator.image : "not in") as BinaryOperator,
    opSpan: {start: (not ?? operator).startOffset, end: tokenSpan(operator).end},
    left,
    right: lowerRange(right),
  };
}

export function lowerRange(node: cst.RangeExprCstNode): Expr {
  const c = node.children;
  const lo = lowerAdd(c.lo[0] as cst.AddExprCstNode);
  const hi = c.hi?.[0];
  if (hi === undefined) return lo;
  const spacing = c.spacing?.[0];
  return {
    kind: "range",
    ...spanOf(node),
    lo,
    hi: lowerAdd(hi),
    ...(spacing === undefined ? {} : {spacing: lowerSpacing(spacing)}),
  };
}

function lowerSpacing(node: cst.SpacingCstNode): Spacing {
  const {addExpr, Log, IntLit} = node.children;
  if (addExpr !== undefined) return {kind: "step", by: lowerAdd(addExpr[0] as cst.AddExprCstNode)};
  const count = IntLit?.[0];
  return {
    kind: Log === undefined ? "lin" : "log",
    ...(count === undefined ? {} : {count: numberOf(count)}),
  };
}

function lowerAdd(node: cst.AddExprCstNode): Expr {
  return chain(node.children.mulExpr, node.children.ADDOP, lowerMul);
}

function lowerMul(node: cst.MulExprCstNode): Expr {
  return chain(node.children.unary, node.children.MULOP, lowerUnary);
}

function lowerUnary(node: cst.UnaryCstNode): Expr {
  const of = lowerPostfix(node.children.postfix[0] as cst.PostfixCstNode);
  return node.children.Minus === undefined ? of : {kind: "unary", ...spanOf(node), op: "-", of};
}

function lowerPostfix(node: cst.PostfixCstNode): Expr {
  const {start} = spanOf(node);
  let of = lowerPrimary(node.children.primary[0] as cst.PrimaryCstNode);
  for (const suffix of node.children.suffix ?? []) {
    const {NAME, LParen, args} = suffix.children;
    const {end} = spanOf(suffix);
    const given = (args?.[0]?.children.arg ?? []).map(lowerArgument);
    if (NAME !== undefined) of = {kind: "member", start, end, of, name: nameOf(NAME[0] as IToken)};
    else if (LParen !== undefined) of = {kind: "call", start, end, callee: of, args: given};
    else of = {kind: "index", start, end, of, args: given};
  }
  return of;
}

function lowerArgument(node: cst.ArgCstNode): Argument {
  const name = node.children.NAME?.[0];
  return {
    ...spanOf(node),
    ...(name === undefined ? {} : {name: nameOf(name)}),
    value: lowerExpr(node.children.expr?.[0] as cst.ExprCstNode),
  };
}

function lowerPrimary(node: cst.PrimaryCstNode): Expr {
  const c = node.children;
  const span = spanOf(node);
  if (c.NUMBERLIT !== undefined) return numberOf(c.NUMBERLIT[0] as IToken);
  if (c.STRINGLIT !== undefined) return stringOf(c.STRINGLIT[0] as IToken);
  if (c.True !== undefined) return {kind: "bool", ...span, value: true};
  if (c.False !== undefined) return {kind: "bool", ...span, value: false};
  if (c.group !== undefined) return lowerExpr(c.group[0]?.children.expr[0] as cst.ExprCstNode);
  if (c.list !== undefined)
    return {kind: "list", ...span, items: (c.list[0]?.children.expr ?? []).map(lowerExpr)};
  if (c.ifExpr !== undefined) {
    const {test, then, otherwise} = (c.ifExpr[0] as cst.IfExprCstNode).children;
    return {
      kind: "if",
      ...span,
      test: lowerExpr(test[0] as cst.ExprCstNode),
      then: lowerExpr(then[0] as cst.ExprCstNode),
      else: lowerExpr(otherwise[0] as cst.ExprCstNode),
    };
  }
  if (c.onceExpr !== undefined) {
    const {postfix} = (c.onceExpr[0] as cst.OnceExprCstNode).children;
    return {kind: "once", ...span, of: lowerPostfix(postfix[0] as cst.PostfixCstNode)};
  }
  const token = (c.IDENTIFIER ?? c.ENTITYKIND ?? c.Policy)?.[0] as IToken;
  return {kind: "name", ...span, name: token.image};
}
