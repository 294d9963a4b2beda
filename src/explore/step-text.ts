// A policy step as the language writes it, in one short line; for tables and suggestions that name a step.

import type {PolicyExpr, PolicyStep} from "../plan/policy.ts";

/** `store walking = mm`, `for cpu in online - self where walking[cpu] == mm { ipi cpu }`. */
export function stepText(step: PolicyStep): string {
  switch (step.step) {
    case "store":
    case "store_release":
    case "xchg":
      return `${step.step} ${step.state}${indexText(step.index)} = ${exprText(step.value)}`;
    case "ipi":
      return `ipi ${exprText(step.cpu)}${step.wait ? "" : " nowait"}`;
    case "wait_acks":
      return "wait acks";
    case "wait_gp":
      return step.expedited ? "wait gp expedited" : "wait gp";
    case "wait_until":
      return `wait until ${exprText(step.test)} ${step.how}`;
    case "defer":
      return `defer { ${stepsText(step.steps)} }`;
    case "flush":
      return `flush ${exprText(step.mm)}`;
    case "delay":
      return "delay";
    case "skip":
      return step.when === undefined ? "skip" : `skip when ${exprText(step.when)}`;
    case "count":
      return `count ${step.counter}`;
    case "lock":
    case "unlock":
      return `${step.step} ${step.lock}`;
    case "if": {
      const otherwise = step.else.length === 0 ? "" : ` else { ${stepsText(step.else)} }`;
      return `if ${exprText(step.test)} { ${stepsText(step.then)} }${otherwise}`;
    }
    case "for": {
      const where = step.where === undefined ? "" : ` where ${exprText(step.where)}`;
      return `for ${step.cpu} in ${exprText(step.of)}${where} { ${stepsText(step.steps)} }`;
    }
    case "let":
      return `let ${step.name} = ${exprText(step.value)}`;
    default:
      return step.step;
  }
}

function stepsText(steps: readonly PolicyStep[]): string {
  return steps.map(stepText).join("  ");
}

function indexText(index: PolicyExpr | undefined): string {
  return index === undefined ? "" : `[${exprText(index)}]`;
}

function exprText(expr: PolicyExpr): string {
  switch (expr.kind) {
    case "number":
      return String(expr.value);
    case "cpus":
      return expr.ranges.length === 0
        ? "{}"
        : expr.ranges.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}..${hi}`)).join(", ");
    case "local":
    case "builtin":
      return expr.name;
    case "state": {
      const word = `${expr.name}${indexText(expr.index)}`;
      return expr.acquire === true ? `acquire(${word})` : word;
    }
    case "mask":
      return `mask(${exprText(expr.mm)})`;
    case "mode":
      return `mode[${exprText(expr.cpu)}]`;
    case "unary":
      return expr.op === "not" ? `not ${exprText(expr.of)}` : `-${exprText(expr.of)}`;
    case "binary":
    case "set":
      return `${operand(expr.left)} ${expr.op} ${operand(expr.right)}`;
    case "size":
      return `size(${exprText(expr.of)})`;
    case "filter":
      return `filter(${exprText(expr.of)}, ${exprText(expr.where)})`;
    case "if":
      return `if ${exprText(expr.test)} then ${exprText(expr.then)} else ${exprText(expr.else)}`;
  }
}

function operand(expr: PolicyExpr): string {
  const compound = expr.kind === "binary" || expr.kind === "set" || expr.kind === "if";
  return compound ? `(${exprText(expr)})` : exprText(expr);
}
