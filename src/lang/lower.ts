// From the concrete syntax tree to the syntax tree of `syntax.ts`. Total: whatever the grammar accepts can be lowered. Doc comments are
// no part of the concrete tree; `docsBefore` finds, for each run of `///` lines, the token that follows it, and the declaration that
// starts with this token takes the text.

import type {IToken} from "chevrotain";
import type * as cst from "../../grammar/generated/cst.d.ts";
import {lowerExpr, lowerRange, nameOf, numberOf, spanOf, stringOf} from "./lower-expr.ts";
import {lowerSteps} from "./lower-steps.ts";
import type {
  CheckCommand,
  Compare,
  Entity,
  EntityKind,
  Expect,
  Experiment,
  ExperimentMember,
  Export,
  Field,
  Hook,
  Import,
  Item,
  Let,
  MeasureBlock,
  Param,
  Path,
  Plot,
  PolicyDeclaration,
  ReplayCommand,
  Run,
  Scenario,
  Show,
  State,
  Sweep,
  SweepMode,
  Table,
  TypeName,
  UntilStatement,
  With,
} from "./syntax.ts";

/** Text of the doc comments that stand right before a token, by the token's start offset. */
export type Docs = ReadonlyMap<number, string>;

/** `tokens` and `docs` in order of their offsets, as the lexer gives them. */
export function docsBefore(tokens: readonly IToken[], docs: readonly IToken[]): Docs {
  const found = new Map<number, string>();
  let at = 0;
  for (const doc of docs) {
    while (at < tokens.length && (tokens[at] as IToken).startOffset < doc.startOffset) at++;
    const next = tokens[at];
    if (next === undefined) break;
    const line = doc.image.replace(/^\/\/\/ ?/, "").trimEnd();
    const before = found.get(next.startOffset);
    found.set(next.startOffset, before === undefined ? line : `${before}\n${line}`);
  }
  return found;
}

/** The items of a program, in order. */
export function lower(node: cst.ProgramCstNode, docs: Docs): readonly Item[] {
  return (node.children.item ?? []).map((item) => new Lowerer(docs).item(item));
}

// A class only to hand `docs` down.
class Lowerer {
  private readonly docs: Docs;
  constructor(docs: Docs) {
    this.docs = docs;
  }

  item(node: cst.ItemCstNode): Item {
    const c = node.children;
    if (c.importDecl !== undefined) return this.importDecl(first(c.importDecl));
    if (c.letDecl !== undefined) return this.letDecl(first(c.letDecl));
    if (c.paramDecl !== undefined) return this.paramDecl(first(c.paramDecl));
    if (c.entityDecl !== undefined) return this.entityDecl(first(c.entityDecl));
    if (c.scenarioDecl !== undefined) return this.scenarioDecl(first(c.scenarioDecl));
    if (c.policyDecl !== undefined) return this.policyDecl(first(c.policyDecl));
    if (c.experimentDecl !== undefined) return this.experimentDecl(first(c.experimentDecl));
    if (c.checkCmd !== undefined) return this.checkCmd(first(c.checkCmd));
    if (c.runCmd !== undefined) return this.runCmd(first(c.runCmd));
    if (c.plotCmd !== undefined) return this.plotCmd(first(c.plotCmd));
    if (c.tableCmd !== undefined) return this.tableCmd(first(c.tableCmd));
    if (c.exportCmd !== undefined) return this.exportCmd(first(c.exportCmd));
    if (c.showCmd !== undefined) return this.showCmd(first(c.showCmd));
    return this.replayCmd(first(c.replayCmd));
  }

  private importDecl(node: cst.ImportDeclCstNode): Import {
    const {STRINGLIT, IDENTIFIER} = node.children;
    return {
      kind: "import",
      ...spanOf(node),
      file: stringOf(first(STRINGLIT)),
      ...optional("as", IDENTIFIER, nameOf),
    };
  }

  private letDecl(node: cst.LetDeclCstNode): Let {
    const {IDENTIFIER, type, expr} = node.children;
    return {
      kind: "let",
      ...spanOf(node),
      ...this.doc(node),
      name: nameOf(first(IDENTIFIER)),
      ...optional("type", type, lowerType),
      value: lowerExpr(first(expr)),
    };
  }

  private paramDecl(node: cst.ParamDeclCstNode): Param {
    const {IDENTIFIER, type, rangeExpr, expr} = node.children;
    return {
      kind: "param",
      ...spanOf(node),
      ...this.doc(node),
      name: nameOf(first(IDENTIFIER)),
      ...optional("type", type, lowerType),
      ...optional("range", rangeExpr, lowerRange),
      ...optional("value", expr, lowerExpr),
    };
  }

  private entityDecl(node: cst.EntityDeclCstNode): Entity {
    const {ENTITYKIND, IDENTIFIER, fromClause, fieldBlock} = node.children;
    return {
      kind: "entity",
      ...spanOf(node),
      ...this.doc(node),
      entity: first(ENTITYKIND).image as EntityKind,
      name: nameOf(first(IDENTIFIER)),
      ...optional("from", fromClause, lowerFrom),
      fields: this.fields(first(fieldBlock)),
    };
  }

  private scenarioDecl(node: cst.ScenarioDeclCstNode): Scenario {
    const {IDENTIFIER, fromClause, scenarioMember} = node.children;
    return {
      kind: "scenario",
      ...spanOf(node),
      ...this.doc(node),
      name: nameOf(first(IDENTIFIER)),
      ...optional("from", fromClause, lowerFrom),
      members: (scenarioMember ?? []).map(({children: c}) => {
        if (c.field !== undefined) return this.field(first(c.field));
        if (c.letDecl !== undefined) return this.letDecl(first(c.letDecl));
        if (c.paramDecl !== undefined) return this.paramDecl(first(c.paramDecl));
        return this.entityDecl(first(c.entityDecl));
      }),
    };
  }

  private policyDecl(node: cst.PolicyDeclCstNode): PolicyDeclaration {
    const {IDENTIFIER, fromClause, policyMember} = node.children;
    return {
      kind: "policy",
      ...spanOf(node),
      ...this.doc(node),
      name: nameOf(first(IDENTIFIER)),
      ...optional("from", fromClause, lowerFrom),
      members: (policyMember ?? []).map(({children: c}) => {
        if (c.field !== undefined) return this.field(first(c.field));
        if (c.letDecl !== undefined) return this.letDecl(first(c.letDecl));
        if (c.paramDecl !== undefined) return this.paramDecl(first(c.paramDecl));
        if (c.stateDecl !== undefined) return this.stateDecl(first(c.stateDecl));
        return this.hook(first(c.hook));
      }),
    };
  }

  private stateDecl(node: cst.StateDeclCstNode): State {
    const {Percpu, Permm, IDENTIFIER, type, expr} = node.children;
    return {
      kind: "state",
      ...spanOf(node),
      ...this.doc(node),
      scope: Percpu !== undefined ? "percpu" : Permm !== undefined ? "permm" : "global",
      name: nameOf(first(IDENTIFIER)),
      ...optional("type", type, lowerType),
      value: lowerExpr(first(expr)),
    };
  }

  private hook(node: cst.HookCstNode): Hook {
    const {IDENTIFIER, steps} = node.children;
    const lowering = {path: lowerPath, letDecl: (child: cst.LetDeclCstNode) => this.letDecl(child)};
    return {
      kind: "hook",
      ...spanOf(node),
      name: nameOf(first(IDENTIFIER)),
      steps: lowerSteps(first(steps), lowering),
    };
  }

  private experimentDecl(node: cst.ExperimentDeclCstNode): Experiment {
    const {IDENTIFIER, fromClause, experimentMember} = node.children;
    return {
      kind: "experiment",
      ...spanOf(node),
      ...this.doc(node),
      name: nameOf(first(IDENTIFIER)),
      ...optional("from", fromClause, lowerFrom),
      members: (experimentMember ?? []).map((member) => this.experimentMember(member)),
    };
  }

  private experimentMember({children: c}: cst.ExperimentMemberCstNode): ExperimentMember {
    if (c.field !== undefined) return this.field(first(c.field));
    if (c.letDecl !== undefined) return this.letDecl(first(c.letDecl));
    if (c.paramDecl !== undefined) return this.paramDecl(first(c.paramDecl));
    if (c.entityDecl !== undefined) return this.entityDecl(first(c.entityDecl));
    if (c.withBlock !== undefined) return this.withBlock(first(c.withBlock));
    if (c.sweepBlock !== undefined) return this.sweepBlock(first(c.sweepBlock));
    if (c.measureBlock !== undefined) return this.measureBlock(first(c.measureBlock));
    if (c.expectStmt !== undefined) return lowerExpect(first(c.expectStmt));
    if (c.untilStmt !== undefined) return lowerUntil(first(c.untilStmt));
    if (c.compareStmt !== undefined) return lowerCompareStatement(first(c.compareStmt));
    if (c.plotCmd !== undefined) return this.plotCmd(first(c.plotCmd));
    if (c.tableCmd !== undefined) return this.tableCmd(first(c.tableCmd));
    return this.exportCmd(first(c.exportCmd));
  }

  private withBlock(node: cst.WithBlockCstNode): With {
    return {kind: "with", ...spanOf(node), fields: this.fields(first(node.children.fieldBlock))};
  }

  private measureBlock(node: cst.MeasureBlockCstNode): MeasureBlock {
    return {kind: "measure", ...spanOf(node), fields: this.fields(first(node.children.fieldBlock))};
  }

  private sweepBlock(node: cst.SweepBlockCstNode): Sweep {
    const members = (node.children.sweepMember ?? []).map((member) => member.children);
    const mode = node.children.sweepMode?.[0]?.children;
    const word = mode && Object.entries(mode).find(([key]) => key !== "IntLit")?.[1]?.[0]?.image;
    return {
      kind: "sweep",
      ...spanOf(node),
      ...(word === undefined ? {} : {mode: word as SweepMode}),
      ...optional("count", mode?.IntLit, numberOf),
      axes: members.flatMap((c) => (c.field ?? []).map((field) => this.field(field))),
      where: members.flatMap((c) => (c.whereClause ?? []).map(lowerWhere)),
      inner: members.flatMap((c) => (c.sweepBlock ?? []).map((block) => this.sweepBlock(block))),
    };
  }

  private runCmd(node: cst.RunCmdCstNode): Run {
    const {path, withBlock} = node.children;
    return {
      kind: "run",
      ...spanOf(node),
      experiments: path.map(lowerPath),
      ...optional("with", withBlock, (block) => this.withBlock(block)),
    };
  }

  private plotCmd(node: cst.PlotCmdCstNode): Plot {
    const {exprList, expr, byClause, path, IDENTIFIER, ofClause, fieldBlock} = node.children;
    return {
      kind: "plot",
      ...spanOf(node),
      y: first(exprList).children.expr.map(lowerExpr),
      ...optional("vs", expr, lowerExpr),
      by: lowerBy(byClause),
      ...optional("facet", path, lowerPath),
      ...optional("as", IDENTIFIER, nameOf),
      ...optional("of", ofClause, lowerOf),
      options: fieldBlock === undefined ? [] : this.fields(first(fieldBlock)),
    };
  }

  private tableCmd(node: cst.TableCmdCstNode): Table {
    const {exprList, byClause, whereClause, ofClause, fieldBlock} = node.children;
    return {
      kind: "table",
      ...spanOf(node),
      columns: first(exprList).children.expr.map(lowerExpr),
      by: lowerBy(byClause),
      ...optional("where", whereClause, lowerWhere),
      ...optional("of", ofClause, lowerOf),
      options: fieldBlock === undefined ? [] : this.fields(first(fieldBlock)),
    };
  }

  private exportCmd(node: cst.ExportCmdCstNode): Export {
    const {STRINGLIT, ofClause} = node.children;
    return {
      kind: "export",
      ...spanOf(node),
      file: stringOf(first(STRINGLIT)),
      ...optional("of", ofClause, lowerOf),
    };
  }

  private showCmd(node: cst.ShowCmdCstNode): Show {
    return {kind: "show", ...spanOf(node), value: lowerExpr(first(node.children.expr))};
  }

  private replayCmd(node: cst.ReplayCmdCstNode): ReplayCommand {
    const {STRINGLIT, ofClause, fieldBlock} = node.children;
    return {
      kind: "replay",
      ...spanOf(node),
      schedule: stringOf(first(STRINGLIT)),
      of: lowerOf(first(ofClause)),
      options: fieldBlock === undefined ? [] : this.fields(first(fieldBlock)),
    };
  }

  private checkCmd(node: cst.CheckCmdCstNode): CheckCommand {
    const {IDENTIFIER, path, scope, under, checkBlock} = node.children;
    return {
      kind: "check",
      ...spanOf(node),
      property: nameOf(first(IDENTIFIER)),
      of: lowerPath(first(path)),
      scopes: (scope ?? []).map((child) => ({
        ...spanOf(child),
        exactly: child.children.Exactly !== undefined,
        count: numberOf(first(child.children.IntLit)),
        what: nameOf(first(child.children.NAME)),
      })),
      ...optional("under", under, nameOf),
      members: (checkBlock?.[0]?.children.checkMember ?? []).map(({children: c}) => {
        if (c.field !== undefined) return this.field(first(c.field));
        if (c.withBlock !== undefined) return this.withBlock(first(c.withBlock));
        return lowerExpect(first(c.expectStmt));
      }),
    };
  }

  private fields(node: cst.FieldBlockCstNode): readonly Field[] {
    return (node.children.field ?? []).map((field) => this.field(field));
  }

  private field(node: cst.FieldCstNode): Field {
    const {path, expr} = node.children;
    return {
      kind: "field",
      ...spanOf(node),
      ...this.doc(node),
      path: lowerPath(first(path)),
      value: lowerExpr(first(expr)),
    };
  }

  private doc(node: {readonly location?: {readonly startOffset: number}}): {doc?: string} {
    const doc = this.docs.get(node.location?.startOffset ?? -1);
    return doc === undefined ? {} : {doc};
  }
}

function first<T>(list: readonly T[] | undefined): T {
  return (list as readonly T[])[0] as T;
}

function optional<K extends string, N, T>(
  key: K,
  list: readonly N[] | undefined,
  make: (node: N) => T,
): {[P in K]?: T} {
  const node = list?.[0];
  return (node === undefined ? {} : {[key]: make(node)}) as {[P in K]?: T};
}

function lowerPath(node: cst.PathCstNode): Path {
  return {...spanOf(node), names: node.children.NAME.map(nameOf)};
}

function lowerFrom(node: cst.FromClauseCstNode): Path {
  return lowerPath(first(node.children.path));
}

function lowerOf(node: cst.OfClauseCstNode): Path {
  return lowerPath(first(node.children.path));
}

function lowerBy(nodes: readonly cst.ByClauseCstNode[] | undefined): readonly Path[] {
  return (nodes?.[0]?.children.path ?? []).map(lowerPath);
}

function lowerWhere(node: cst.WhereClauseCstNode) {
  return lowerExpr(first(node.children.expr));
}

function lowerAt(node: cst.AtClauseCstNode) {
  return lowerExpr(first(node.children.expr));
}

function lowerType(node: cst.TypeCstNode): TypeName {
  return {
    ...spanOf(node),
    name: nameOf(first(node.children.NAME)),
    ...optional("of", node.children.type, lowerType),
  };
}

function lowerExpect(node: cst.ExpectStmtCstNode): Expect {
  const c = node.children;
  return {
    kind: "expect",
    ...spanOf(node),
    test: lowerExpr(first(c.test)),
    ...optional("for", c.for, lowerExpr),
    otherwise: c.Otherwise !== undefined,
    ...optional("at", c.atClause, lowerAt),
  };
}

function lowerUntil(node: cst.UntilStmtCstNode): UntilStatement {
  const {expr, atClause} = node.children;
  return {
    kind: "until",
    ...spanOf(node),
    test: lowerExpr(first(expr)),
    ...optional("at", atClause, lowerAt),
  };
}

function lowerCompareStatement(node: cst.CompareStmtCstNode): Compare {
  const {path, expr} = node.children;
  return {
    kind: "compare",
    ...spanOf(node),
    axis: lowerPath(first(path)),
    against: lowerExpr(first(expr)),
  };
}
