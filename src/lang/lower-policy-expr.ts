// Expressions of hooks. What is fixed for a design point (params, machine fields, literal sets) is evaluated here and becomes a
// constant; what only a running system knows (state words, `self`, masks, modes, locals) stays a tree.

import {cpuModes} from "../../grammar/schema.ts";
import {dimensionName, none, sameDimension} from "../../grammar/units.ts";
import type {PolicyExpr, StateType} from "../plan/policy.ts";
import {asCpus} from "./call-cpus.ts";
import {evaluate, offersIn} from "./evaluate.ts";
import type {PolicyInstance} from "./policy.ts";
import {replacement, tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {nearest} from "./suggest.ts";
import type {Expr} from "./syntax.ts";
import {kindName, type Value} from "./value.ts";

/** What an expression of a hook yields. */
export type HookType = StateType | "cpus" | "mode";

export interface Lowered {
  readonly expr: PolicyExpr;
  readonly type: HookType;
}

export interface HookScope {
  readonly policy: PolicyInstance;
  readonly scope: Scope;
  readonly locals: ReadonlyMap<string, HookType>;
  /** Inside `filter`: the local that is the candidate, which state words without an index refer to. */
  readonly candidate?: string;
}

/** Lowers an expression; undefined after a report. */
export function lowerExpr(expr: Expr, hook: HookScope, want?: HookType): Lowered | undefined {
  if (!mentionsRuntime(expr, hook)) return constant(expr, hook, want);
  switch (expr.kind) {
    case "name":
      return runtimeName(expr.name, expr, hook);
    case "index":
      return indexed(expr, hook);
    case "call":
      return call(expr, hook);
    case "unary": {
      const of = lowerExpr(expr.of, hook, expr.op === "not" ? "bool" : "int");
      if (of === undefined) return undefined;
      return expect(of, expr.op === "not" ? "bool" : "int", expr.of, hook)
        ? {expr: {kind: "unary", op: expr.op, of: of.expr}, type: of.type}
        : undefined;
    }
    case "binary":
      return binary(expr, hook);
    case "if": {
      const test = lowerExpr(expr.test, hook, "bool");
      const then = lowerExpr(expr.then, hook, want);
      const otherwise = lowerExpr(expr.else, hook, want);
      if (test === undefined || then === undefined || otherwise === undefined) return undefined;
      if (!expect(test, "bool", expr.test, hook) || !expect(otherwise, then.type, expr.else, hook))
        return undefined;
      return {
        expr: {kind: "if", test: test.expr, then: then.expr, else: otherwise.expr},
        type: then.type,
      };
    }
    default:
      tell(
        hook.scope.context.report,
        "E301",
        "this cannot be computed while a policy runs",
        placeIn(hook.scope, expr),
        "not a value of a hook",
        {
          help: "hooks compute with numbers, conditions, CPU sets and state words",
        },
      );
      return undefined;
  }
}

const builtins: Readonly<Record<string, HookType>> = {self: "int", mm: "mm", online: "cpus"};

function isRuntime(name: string, hook: HookScope): boolean {
  return hook.locals.has(name) || hook.policy.states.has(name) || name in builtins;
}

/** Whether an expression needs a running system. */
function mentionsRuntime(expr: Expr, hook: HookScope): boolean {
  switch (expr.kind) {
    case "name":
      return isRuntime(expr.name, hook);
    case "member":
      return expr.of.kind !== "name" && mentionsRuntime(expr.of, hook);
    case "call":
      return (
        (expr.callee.kind === "name" && ["mask", "filter"].includes(expr.callee.name)) ||
        expr.args.some((arg) => mentionsRuntime(arg.value, hook))
      );
    case "index":
      return true;
    case "list":
      return expr.items.some((item) => mentionsRuntime(item, hook));
    case "range":
      return mentionsRuntime(expr.lo, hook) || mentionsRuntime(expr.hi, hook);
    case "unary":
    case "once":
      return mentionsRuntime(expr.of, hook);
    case "binary":
      return mentionsRuntime(expr.left, hook) || mentionsRuntime(expr.right, hook);
    case "if":
      return [expr.test, expr.then, expr.else].some((part) => mentionsRuntime(part, hook));
    default:
      return false;
  }
}

function constant(expr: Expr, hook: HookScope, want: HookType | undefined): Lowered | undefined {
  const {scope} = hook;
  if (expr.kind === "name") {
    // `none` is the mm that is not one, and also the name of a policy; the type decides.
    if (expr.name === "none" && want === "mm")
      return {expr: {kind: "number", value: 0}, type: "mm"};
    if (want === "mode") {
      const mode = (cpuModes as readonly string[]).indexOf(expr.name);
      if (mode >= 0) return {expr: {kind: "number", value: mode}, type: "mode"};
      const meant = nearest(expr.name, cpuModes);
      tell(
        scope.context.report,
        "E206",
        `\`${expr.name}\` is not a CPU mode`,
        placeIn(scope, expr),
        `expected ${cpuModes.join(" | ")}`,
        {
          ...(meant === undefined
            ? {}
            : {
                help: `did you mean \`${meant}\`?`,
                fix: replacement(`write \`${meant}\``, expr, meant),
              }),
        },
      );
      return undefined;
    }
    if (unknownInHook(expr.name, hook)) {
      const runtime = [
        ...hook.locals.keys(),
        ...hook.policy.states.keys(),
        ...Object.keys(builtins),
      ];
      const meant = nearest(expr.name, [...runtime, ...offersIn(scope).map((offer) => offer.name)]);
      tell(
        scope.context.report,
        "E201",
        `unknown name \`${expr.name}\``,
        placeIn(scope, expr),
        "nothing of this name in the policy",
        {
          ...(meant === undefined
            ? {help: `here are: ${runtime.join(" ")}`}
            : {
                help: `did you mean \`${meant}\`?`,
                fix: replacement(`write \`${meant}\``, expr, meant, "maybe"),
              }),
        },
      );
      return undefined;
    }
  }
  const value = evaluate(expr, scope, want === "cpus" ? {kind: "cpus"} : undefined);
  return fromValue(value, expr, hook, want);
}

function unknownInHook(name: string, hook: HookScope): boolean {
  const {scope} = hook;
  if (scope.find?.(name, placeIn(scope, {start: 0, end: 0})) !== undefined) return false;
  if (["machine", "all", "isolated", "nohz_full", "housekeeping"].includes(name)) return false;
  return !offersIn(scope).some((offer) => offer.name === name);
}

function fromValue(
  value: Value,
  expr: Expr,
  hook: HookScope,
  want: HookType | undefined,
): Lowered | undefined {
  const {scope} = hook;
  switch (value.t) {
    case "error":
      return undefined;
    case "bool":
      return {expr: {kind: "number", value: value.value ? 1 : 0}, type: "bool"};
    case "number":
      if (want === "cpus") break;
      if (sameDimension(value.dim, none))
        return {expr: {kind: "number", value: value.value}, type: "int"};
      break;
    default:
      break;
  }
  const set = asCpus(value, scope);
  if (set !== undefined) return {expr: {kind: "cpus", ranges: set}, type: "cpus"};
  const kind = kindName(value, dimensionName);
  tell(
    scope.context.report,
    "E301",
    `expected ${typeName(want ?? "int")}, found ${kind}`,
    placeIn(scope, expr),
    kind,
  );
  return undefined;
}

function runtimeName(name: string, expr: Expr, hook: HookScope): Lowered | undefined {
  const local = hook.locals.get(name);
  if (local !== undefined) return {expr: {kind: "local", name}, type: local};
  const state = hook.policy.states.get(name);
  if (state !== undefined) {
    const type = stateType(name, hook);
    if (type === undefined) return undefined;
    const candidate = hook.candidate;
    return state.syntax.scope === "percpu" && candidate !== undefined
      ? {expr: {kind: "state", name, index: {kind: "local", name: candidate}}, type}
      : {expr: {kind: "state", name}, type};
  }
  const type = builtins[name];
  if (type === undefined) return constant(expr, hook, undefined);
  return {expr: {kind: "builtin", name: name as "self"}, type};
}

/** The type of a state word: as declared, else that of its initial value. */
export function stateType(
  name: string,
  hook: Pick<HookScope, "policy" | "scope">,
): StateType | undefined {
  const state = hook.policy.states.get(name)?.syntax;
  if (state === undefined) return undefined;
  switch (state.type?.name.text) {
    case "Mm":
      return "mm";
    case "Bool":
      return "bool";
    case "Int":
      return "int";
    case undefined:
      if (state.value.kind === "bool") return "bool";
      return state.value.kind === "name" && state.value.name === "none" ? "mm" : "int";
    default:
      return undefined;
  }
}

function indexed(expr: Extract<Expr, {kind: "index"}>, hook: HookScope): Lowered | undefined {
  const {report} = hook.scope.context;
  const name = expr.of.kind === "name" ? expr.of.name : undefined;
  const [arg] = expr.args;
  if (name === undefined || arg === undefined || expr.args.length !== 1) {
    tell(
      report,
      "E301",
      "only state words and `mode` take an index",
      placeIn(hook.scope, expr.of),
      "cannot be indexed",
    );
    return undefined;
  }
  if (name === "mode") {
    const cpu = lowerExpr(arg.value, hook, "int");
    if (cpu === undefined || !expect(cpu, "int", arg.value, hook)) return undefined;
    return {expr: {kind: "mode", cpu: cpu.expr}, type: "mode"};
  }
  const state = hook.policy.states.get(name);
  if (state === undefined) {
    const names = [...hook.policy.states.keys(), "mode"];
    const meant = nearest(name, names);
    tell(
      report,
      "E201",
      `unknown state \`${name}\``,
      placeIn(hook.scope, expr.of),
      "no state of this name in the policy",
      {
        ...(meant === undefined
          ? {help: `declare it: \`state percpu ${name}: Bool = false\``}
          : {
              help: `did you mean \`${meant}\`?`,
              fix: replacement(`write \`${meant}\``, expr.of, meant, "maybe"),
            }),
      },
    );
    return undefined;
  }
  const type = stateType(name, hook);
  if (type === undefined) return undefined;
  if (state.syntax.scope === "global") {
    tell(
      report,
      "E301",
      `\`${name}\` is one word for the whole system`,
      placeIn(hook.scope, arg),
      "a global state has no index",
      {
        help: `write \`${name}\``,
      },
    );
    return undefined;
  }
  const index = lowerExpr(arg.value, hook, state.syntax.scope === "permm" ? "mm" : "int");
  if (index === undefined) return undefined;
  if (!expect(index, state.syntax.scope === "permm" ? "mm" : "int", arg.value, hook))
    return undefined;
  return {expr: {kind: "state", name, index: index.expr}, type};
}

function call(expr: Extract<Expr, {kind: "call"}>, hook: HookScope): Lowered | undefined {
  const {report} = hook.scope.context;
  const name = expr.callee.kind === "name" ? expr.callee.name : "";
  const [first, second] = expr.args;
  if (name === "mask" && first !== undefined && expr.args.length === 1) {
    const mm = lowerExpr(first.value, hook, "mm");
    if (mm === undefined || !expect(mm, "mm", first.value, hook)) return undefined;
    return {expr: {kind: "mask", mm: mm.expr}, type: "cpus"};
  }
  if (name === "acquire" && first !== undefined && expr.args.length === 1) {
    const of = lowerExpr(first.value, hook);
    if (of === undefined) return undefined;
    if (of.expr.kind === "state" || of.expr.kind === "mode")
      return {expr: {...of.expr, acquire: true}, type: of.type};
    tell(
      report,
      "E306",
      "`acquire` takes a state word or a mode",
      placeIn(hook.scope, first.value),
      "this is not a load of one",
      {help: "`acquire(walking[cpu])` is a load that no later access of this CPU may pass"},
    );
    return undefined;
  }
  if (name === "size" && first !== undefined && expr.args.length === 1) {
    const of = lowerExpr(first.value, hook, "cpus");
    if (of === undefined || !expect(of, "cpus", first.value, hook)) return undefined;
    return {expr: {kind: "size", of: of.expr}, type: "int"};
  }
  if (name === "filter" && first !== undefined && second !== undefined && expr.args.length === 2) {
    const of = lowerExpr(first.value, hook, "cpus");
    if (of === undefined || !expect(of, "cpus", first.value, hook)) return undefined;
    const locals = new Map(hook.locals).set("cpu", "int");
    const where = lowerExpr(second.value, {...hook, locals, candidate: "cpu"}, "bool");
    if (where === undefined || !expect(where, "bool", second.value, hook)) return undefined;
    return {expr: {kind: "filter", of: of.expr, cpu: "cpu", where: where.expr}, type: "cpus"};
  }
  const known = ["acquire", "mask", "filter", "size"];
  const meant = nearest(name, known);
  tell(
    report,
    known.includes(name) ? "E306" : "E201",
    known.includes(name) ? `\`${name}\` is called differently` : `unknown function \`${name}\``,
    placeIn(hook.scope, expr.callee),
    known.includes(name) ? "wrong arguments" : "no function of this name in a hook",
    {
      help:
        meant === undefined || meant === name
          ? "`acquire(word)`, `mask(mm)`, `filter(set, condition)`, `size(set)`"
          : `did you mean \`${meant}\`?`,
    },
  );
  return undefined;
}

function binary(expr: Extract<Expr, {kind: "binary"}>, hook: HookScope): Lowered | undefined {
  const {op} = expr;
  const leftRuntime = mentionsRuntime(expr.left, hook);
  // The side that runs decides the type of the other: `mode[cpu] == kernel`, `walking[cpu] == none`.
  const first = lowerExpr(leftRuntime ? expr.left : expr.right, hook, hint(op));
  if (first === undefined) return undefined;
  const second = lowerExpr(
    leftRuntime ? expr.right : expr.left,
    hook,
    op === "in" || op === "not in" ? (leftRuntime ? "cpus" : "int") : first.type,
  );
  if (second === undefined) return undefined;
  const [left, right] = leftRuntime ? [first, second] : [second, first];
  const check = (side: Lowered, type: HookType, at: Expr): boolean => expect(side, type, at, hook);
  switch (op) {
    case "and":
    case "or":
      if (!check(left, "bool", expr.left) || !check(right, "bool", expr.right)) return undefined;
      return {expr: {kind: "binary", op, left: left.expr, right: right.expr}, type: "bool"};
    case "==":
    case "!=":
      if (!check(right, left.type, expr.right)) return undefined;
      if (left.type === "cpus") {
        tell(
          hook.scope.context.report,
          "E301",
          "CPU sets are not compared",
          placeIn(hook.scope, expr),
          "compare their sizes",
          {
            help: "`size(a & b) > 0`",
          },
        );
        return undefined;
      }
      return {expr: {kind: "binary", op, left: left.expr, right: right.expr}, type: "bool"};
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (!check(left, "int", expr.left) || !check(right, "int", expr.right)) return undefined;
      return {expr: {kind: "binary", op, left: left.expr, right: right.expr}, type: "bool"};
    case "in":
    case "not in": {
      if (!check(left, "int", expr.left) || !check(right, "cpus", expr.right)) return undefined;
      const test: PolicyExpr = {kind: "binary", op: "in", left: left.expr, right: right.expr};
      return {expr: op === "in" ? test : {kind: "unary", op: "not", of: test}, type: "bool"};
    }
    case "|":
    case "&": {
      const [a, b] = [asSet(left), asSet(right)];
      if (!check(a, "cpus", expr.left) || !check(b, "cpus", expr.right)) return undefined;
      return {expr: {kind: "set", op, left: a.expr, right: b.expr}, type: "cpus"};
    }
    case "-":
      if (left.type === "cpus") {
        const b = asSet(right);
        if (!check(b, "cpus", expr.right)) return undefined;
        return {expr: {kind: "set", op, left: left.expr, right: b.expr}, type: "cpus"};
      }
      break;
    default:
      break;
  }
  if (!check(left, "int", expr.left) || !check(right, "int", expr.right)) return undefined;
  return {expr: {kind: "binary", op: op as "+", left: left.expr, right: right.expr}, type: "int"};
}

function hint(op: string): HookType | undefined {
  return op === "and" || op === "or" ? "bool" : undefined;
}

/** One CPU stands for the set of it: `online - self`. */
function asSet(side: Lowered): Lowered {
  if (side.type !== "int") return side;
  if (side.expr.kind === "number")
    return {expr: {kind: "cpus", ranges: [[side.expr.value, side.expr.value]]}, type: "cpus"};
  return {expr: side.expr, type: "cpus"};
}

/** Whether a lowered expression has the type; reports E301 otherwise. */
export function expect(found: Lowered, type: HookType, at: Expr, hook: HookScope): boolean {
  if (found.type === type) return true;
  const isZeroMm = type === "mm" && found.expr.kind === "number" && found.expr.value === 0;
  if (isZeroMm) return true;
  tell(
    hook.scope.context.report,
    "E301",
    `expected ${typeName(type)}, found ${typeName(found.type)}`,
    placeIn(hook.scope, at),
    typeName(found.type),
  );
  return false;
}

function typeName(type: HookType): string {
  return {mm: "Mm", bool: "Bool", int: "Int", cpus: "CpuSet", mode: "CPU mode"}[type];
}
