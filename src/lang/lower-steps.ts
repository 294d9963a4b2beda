// The steps of a policy's hooks, from the concrete tree to `Step`.

import type {IToken} from "chevrotain";
import type * as cst from "../../grammar/generated/cst.d.ts";
import {lowerExpr, nameOf, spanOf, tokenSpan} from "./lower-expr.ts";
import type {Let, Path, Place, Step} from "./syntax.ts";

/** What a step needs of the room around it. */
interface Lowering {
  readonly path: (node: cst.PathCstNode) => Path;
  readonly letDecl: (node: cst.LetDeclCstNode) => Let;
}

type Word<S> = Extract<Step, {step: S}>["step"];

export function lowerSteps(node: cst.StepsCstNode, lowering: Lowering): readonly Step[] {
  return (node.children.step ?? []).map((step) => lowerStep(step, lowering));
}

function lowerStep(node: cst.StepCstNode, lowering: Lowering): Step {
  const c = node.children;
  const base = (word: IToken) => ({kind: "step", ...spanOf(node), word: tokenSpan(word)}) as const;
  if (c.BARESTEP !== undefined) {
    const word = c.BARESTEP[0] as IToken;
    return {...base(word), step: word.image as Word<"mb">};
  }
  if (c.storeStep !== undefined) {
    const {STORESTEP, place, expr} = (c.storeStep[0] as cst.StoreStepCstNode).children;
    const word = STORESTEP[0] as IToken;
    return {
      ...base(word),
      step: word.image as Word<"store">,
      place: lowerPlace(place[0] as cst.PlaceCstNode, lowering),
      value: lowerExpr(expr[0] as cst.ExprCstNode),
    };
  }
  if (c.ipiStep !== undefined) {
    const {Ipi, expr, Nowait} = (c.ipiStep[0] as cst.IpiStepCstNode).children;
    const cpu = lowerExpr(expr[0] as cst.ExprCstNode);
    return {...base(Ipi[0] as IToken), step: "ipi", cpu, nowait: Nowait !== undefined};
  }
  if (c.waitStep !== undefined) {
    const {Wait, Acks, Gp, Expedited, expr, Spin, Sleep} = (c.waitStep[0] as cst.WaitStepCstNode)
      .children;
    const wait = base(Wait[0] as IToken);
    if (Acks !== undefined) return {...wait, step: "wait_acks"};
    if (Gp !== undefined) return {...wait, step: "wait_gp", expedited: Expedited !== undefined};
    const test = lowerExpr(expr?.[0] as cst.ExprCstNode);
    if (Spin !== undefined) return {...wait, step: "wait_until", test, how: "spin"};
    if (Sleep !== undefined) return {...wait, step: "wait_until", test, how: "sleep"};
    return {...wait, step: "wait_until", test};
  }
  if (c.deferStep !== undefined) {
    const {Defer, Expedited, steps} = (c.deferStep[0] as cst.DeferStepCstNode).children;
    return {
      ...base(Defer[0] as IToken),
      step: "defer",
      expedited: Expedited !== undefined,
      steps: lowerSteps(steps[0] as cst.StepsCstNode, lowering),
    };
  }
  if (c.flushStep !== undefined) {
    const {Flush, expr} = (c.flushStep[0] as cst.FlushStepCstNode).children;
    const mm = lowerExpr(expr[0] as cst.ExprCstNode);
    return {...base(Flush[0] as IToken), step: "flush", mm};
  }
  if (c.delayStep !== undefined) {
    const {Delay, expr} = (c.delayStep[0] as cst.DelayStepCstNode).children;
    const time = lowerExpr(expr[0] as cst.ExprCstNode);
    return {...base(Delay[0] as IToken), step: "delay", time};
  }
  if (c.skipStep !== undefined) {
    const {Skip, expr} = (c.skipStep[0] as cst.SkipStepCstNode).children;
    const when = expr === undefined ? {} : {when: lowerExpr(expr[0] as cst.ExprCstNode)};
    return {...base(Skip[0] as IToken), step: "skip", ...when};
  }
  if (c.countStep !== undefined) {
    const {Count, IDENTIFIER} = (c.countStep[0] as cst.CountStepCstNode).children;
    const counter = nameOf(IDENTIFIER[0] as IToken);
    return {...base(Count[0] as IToken), step: "count", counter};
  }
  if (c.lockStep !== undefined) {
    const {Lock, Unlock, IDENTIFIER} = (c.lockStep[0] as cst.LockStepCstNode).children;
    const word = (Lock ?? Unlock)?.[0] as IToken;
    const lock = nameOf(IDENTIFIER[0] as IToken);
    return {...base(word), step: Lock === undefined ? "unlock" : "lock", lock};
  }
  if (c.ifStep !== undefined) return lowerIf(c.ifStep[0] as cst.IfStepCstNode, lowering);
  if (c.forStep !== undefined) {
    const {For, IDENTIFIER, of, where, steps} = (c.forStep[0] as cst.ForStepCstNode).children;
    return {
      ...base(For[0] as IToken),
      step: "for",
      variable: nameOf(IDENTIFIER[0] as IToken),
      of: lowerExpr(of[0] as cst.ExprCstNode),
      ...(where === undefined ? {} : {where: lowerExpr(where[0] as cst.ExprCstNode)}),
      steps: lowerSteps(steps[0] as cst.StepsCstNode, lowering),
    };
  }
  const declaration = c.letDecl?.[0] as cst.LetDeclCstNode;
  return {
    ...base(declaration.children.Let[0] as IToken),
    step: "let",
    declaration: lowering.letDecl(declaration),
  };
}

function lowerIf(node: cst.IfStepCstNode, lowering: Lowering): Step {
  const {If, expr, then, otherwise, ifStep} = node.children;
  const chained = ifStep?.[0];
  return {
    kind: "step",
    ...spanOf(node),
    word: tokenSpan(If[0] as IToken),
    step: "if",
    test: lowerExpr(expr[0] as cst.ExprCstNode),
    then: lowerSteps(then[0] as cst.StepsCstNode, lowering),
    else:
      chained !== undefined
        ? [lowerIf(chained, lowering)]
        : otherwise === undefined
          ? []
          : lowerSteps(otherwise[0] as cst.StepsCstNode, lowering),
  };
}

function lowerPlace(node: cst.PlaceCstNode, lowering: Lowering): Place {
  const {path, expr} = node.children;
  return {
    ...spanOf(node),
    path: lowering.path(path[0] as cst.PathCstNode),
    ...(expr === undefined ? {} : {index: lowerExpr(expr[0] as cst.ExprCstNode)}),
  };
}
