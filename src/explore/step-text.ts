// A policy step as the language writes it, in one short line; for tables and suggestions that name a step.

import type {PolicyExpr, PolicyState, PolicyStep, StateType} from "../plan/policy.ts";

/**
 * `store walking = mm`, `for cpu in online - self where walking[cpu] == mm { ipi cpu }`. `words`: the policy's state words, so that no mm reads
 * as `none` and a flag as `true` or `false`.
 */
export function stepText(step: PolicyStep, words: readonly PolicyState[] = []): string {
  const exprText = (expr: PolicyExpr): string => expressionText(expr, words);
  const stepsText = (steps: readonly PolicyStep[]): string =>
    steps.map((inner) => stepText(inner, words)).join("  ");
  const indexText = (index: PolicyExpr | undefined): string => subscript(index, words);
  switch (step.step) {
    case "store":
    case "store_release":
    case "xchg":
      return `${step.step} ${step.state}${indexText(step.index)} = ${valueText(step.value, typeOf(step.state, words), words)}`;
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

function typeOf(name: string, words: readonly PolicyState[]): StateType | undefined {
  return words.find((word) => word.name === name)?.type;
}

/** A number that stands where a value of a state word of that type does. */
function valueText(
  expr: PolicyExpr,
  type: StateType | undefined,
  words: readonly PolicyState[],
): string {
  if (expr.kind !== "number") return expressionText(expr, words);
  if (type === "mm" && expr.value === 0) return "none";
  return type === "bool" ? String(expr.value !== 0) : String(expr.value);
}

function subscript(index: PolicyExpr | undefined, words: readonly PolicyState[]): string {
  return index === undefined ? "" : `[${expressionText(index, words)}]`;
}

const modeNames: readonly string[] = ["idle", "user", "kernel", "preempted"];

function expressionText(expr: PolicyExpr, words: readonly PolicyState[]): string {
  const exprText = (part: PolicyExpr): string => expressionText(part, words);
  const indexText = (index: PolicyExpr | undefined): string => subscript(index, words);
  const operand = (part: PolicyExpr, beside: PolicyExpr): string => {
    const compound = part.kind === "binary" || part.kind === "set" || part.kind === "if";
    if (compound) return `(${exprText(part)})`;
    if (beside.kind === "mode" && part.kind === "number")
      return modeNames[part.value] ?? String(part.value);
    return valueText(part, beside.kind === "state" ? typeOf(beside.name, words) : undefined, words);
  };
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
    case "mode": {
      const word = `mode[${exprText(expr.cpu)}]`;
      return expr.acquire === true ? `acquire(${word})` : word;
    }
    case "unary":
      return expr.op === "not" ? `not ${exprText(expr.of)}` : `-${exprText(expr.of)}`;
    case "binary":
    case "set":
      return `${operand(expr.left, expr.right)} ${expr.op} ${operand(expr.right, expr.left)}`;
    case "size":
      return `size(${exprText(expr.of)})`;
    case "filter":
      return `filter(${exprText(expr.of)}, ${exprText(expr.where)})`;
    case "if":
      return `if ${exprText(expr.test)} then ${exprText(expr.then)} else ${exprText(expr.else)}`;
  }
}
