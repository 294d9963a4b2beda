// Hooks to trees of steps. Which steps may stand where is the step table's business (E406); a test that is constant at this design point
// drops the branch not taken, so that a policy's params leave no trace in what runs.

import type {HookName, PolicyStep} from "../plan/policy.ts";
import {type StepRow, stepsAllowedIn, stepTable} from "../plan/steps.ts";
import {evaluate} from "./evaluate.ts";
import {fit} from "./fit.ts";
import {
  expect,
  type HookScope,
  type HookType,
  type Lowered,
  lowerExpr,
  stateType,
} from "./lower-policy-expr.ts";
import type {PolicyInstance} from "./policy.ts";
import {replacement, tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {nearest} from "./suggest.ts";
import type {Expr, Name, Step} from "./syntax.ts";

export interface LoweredHook {
  readonly steps: readonly PolicyStep[];
  /** Outermost locals, which `exit` inherits from `enter`. */
  readonly locals: ReadonlyMap<string, HookType>;
}

interface HookContext extends HookScope {
  readonly hook: HookName;
  /** Inside `defer`: what runs there runs later, and may not wait. */
  readonly deferred: boolean;
}

/** A hook of the policy as the plan stores it; undefined after a report. Absent hooks are not asked for. */
export function lowerHook(
  policy: PolicyInstance,
  name: HookName,
  inherited: ReadonlyMap<string, HookType> = new Map(),
): LoweredHook | undefined {
  const placed = policy.hooks.get(name);
  if (placed === undefined) return {steps: [], locals: inherited};
  const scope = policy.scope(placed.source, placed.home);
  const context: HookContext = {policy, scope, locals: inherited, hook: name, deferred: false};
  const lowered = block(placed.syntax.steps, context);
  return lowered;
}

function block(steps: readonly Step[], outer: HookContext): LoweredHook | undefined {
  let context = outer;
  let whole = true;
  const lowered: PolicyStep[] = [];
  for (const step of steps) {
    if (!legal(step, context)) {
      whole = false;
      continue;
    }
    if (step.step === "let") {
      const value = lowerExpr(step.declaration.value, context);
      if (value === undefined) {
        whole = false;
        // The name stays known, so that its uses are not reported as well.
        context = {
          ...context,
          locals: new Map(context.locals).set(step.declaration.name.text, "int"),
        };
        continue;
      }
      lowered.push({step: "let", name: step.declaration.name.text, value: value.expr});
      context = {
        ...context,
        locals: new Map(context.locals).set(step.declaration.name.text, value.type),
      };
      continue;
    }
    const one = lowerStep(step, context);
    if (one === undefined) whole = false;
    else lowered.push(...one);
  }
  return whole ? {steps: lowered, locals: context.locals} : undefined;
}

function lowerStep(
  step: Exclude<Step, {step: "let"}>,
  context: HookContext,
): PolicyStep[] | undefined {
  switch (step.step) {
    case "store":
    case "store_release":
    case "xchg":
      return store(step, context);
    case "ipi": {
      const cpu = cpuNumber(step.cpu, context);
      return cpu === undefined ? undefined : [{step: "ipi", cpu: cpu.expr, wait: !step.nowait}];
    }
    case "wait_acks":
      return [{step: "wait_acks"}];
    case "wait_gp":
      return [{step: "wait_gp", expedited: step.expedited}];
    case "wait_until": {
      const test = condition(step.test, context);
      return test === undefined
        ? undefined
        : [{step: "wait_until", test: test.expr, how: step.how ?? "spin"}];
    }
    case "defer": {
      const inner = block(step.steps, {...context, deferred: true});
      return inner === undefined
        ? undefined
        : [{step: "defer", expedited: step.expedited, steps: inner.steps}];
    }
    case "flush": {
      const mm = lowerExpr(step.mm, context, "mm");
      if (mm === undefined || !expect(mm, "mm", step.mm, context)) return undefined;
      return [{step: "flush", mm: mm.expr}];
    }
    case "delay": {
      const {scope} = context;
      const value = evaluate(step.time, scope);
      const fitted = fit(value, {kind: "law", of: "Duration"}, placeIn(scope, step.time), scope, {
        field: "delay",
        clock: () => clockOf(context.policy),
        noClock: (text) =>
          tell(
            scope.context.report,
            "E304",
            "cycles need a clock",
            placeIn(scope, step.time),
            "the machine has no `clock`",
            {
              help: `add \`clock: 2.7GHz\` to the machine, or give \`${text}\` in ns`,
            },
          ),
      });
      return fitted?.t === "law" ? [{step: "delay", time: fitted.distribution}] : undefined;
    }
    case "skip": {
      if (step.when === undefined) return [{step: "skip"}];
      const when = condition(step.when, context);
      if (when === undefined) return undefined;
      if (when.expr.kind === "number") return when.expr.value === 0 ? [] : [{step: "skip"}];
      return [{step: "skip", when: when.expr}];
    }
    case "count":
      return [{step: "count", counter: step.counter.text}];
    case "lock":
    case "unlock":
      return [{step: step.step, lock: step.lock.text}];
    case "if": {
      const test = condition(step.test, context);
      const then = block(step.then, context);
      const otherwise = block(step.else, context);
      if (test === undefined || then === undefined || otherwise === undefined) return undefined;
      if (test.expr.kind === "number") return [...(test.expr.value === 0 ? otherwise : then).steps];
      return [{step: "if", test: test.expr, then: then.steps, else: otherwise.steps}];
    }
    case "for": {
      const of = lowerExpr(step.of, context, "cpus");
      const set = of?.type === "int" ? {...of, type: "cpus" as const} : of;
      if (set === undefined || !expect(set, "cpus", step.of, context)) return undefined;
      const locals = new Map(context.locals).set(step.variable.text, "int" as const);
      const inner: HookContext = {...context, locals};
      const where = step.where === undefined ? undefined : condition(step.where, inner);
      const body = block(step.steps, inner);
      if (body === undefined || (step.where !== undefined && where === undefined)) return undefined;
      return [
        {
          step: "for",
          cpu: step.variable.text,
          of: set.expr,
          ...(where === undefined ? {} : {where: where.expr}),
          steps: body.steps,
        },
      ];
    }
    default:
      return [{step: step.step}];
  }
}

function store(
  step: Extract<Step, {step: "store" | "store_release" | "xchg"}>,
  context: HookContext,
): PolicyStep[] | undefined {
  const {scope, policy} = context;
  const {report} = scope.context;
  const name = step.place.path.names[0] as Name;
  const state = policy.states.get(name.text);
  if (state === undefined || step.place.path.names.length > 1) {
    const names = [...policy.states.keys()];
    const meant = nearest(name.text, names);
    tell(
      report,
      "E201",
      `unknown state \`${name.text}\``,
      placeIn(scope, step.place.path),
      "no state of this name in the policy",
      {
        help:
          meant === undefined
            ? `declare it: \`state percpu ${name.text}: Bool = false\``
            : `did you mean \`${meant}\`?`,
        ...(meant === undefined
          ? {}
          : {fix: replacement(`write \`${meant}\``, step.place.path, meant, "maybe")}),
      },
    );
    return undefined;
  }
  const type = stateType(name.text, context);
  if (type === undefined) return undefined;
  const value = lowerExpr(step.value, context, type);
  if (value === undefined || !expect(value, type, step.value, context)) return undefined;
  let index: Lowered | undefined;
  if (step.place.index !== undefined) {
    const wanted: HookType = state.syntax.scope === "permm" ? "mm" : "int";
    index = lowerExpr(step.place.index, context, wanted);
    if (index === undefined || !expect(index, wanted, step.place.index, context)) return undefined;
  }
  return [
    {
      step: step.step,
      state: name.text,
      ...(index === undefined ? {} : {index: index.expr}),
      value: value.expr,
    },
  ];
}

function cpuNumber(expr: Expr, context: HookContext): Lowered | undefined {
  const cpu = lowerExpr(expr, context, "int");
  if (cpu === undefined) return undefined;
  if (cpu.type === "cpus") {
    tell(
      context.scope.context.report,
      "E301",
      "expected one CPU, found a CpuSet",
      placeIn(context.scope, expr),
      "a set",
      {
        help: "`for cpu in ... { ipi cpu }`",
      },
    );
    return undefined;
  }
  return expect(cpu, "int", expr, context) ? cpu : undefined;
}

function condition(expr: Expr, context: HookContext): Lowered | undefined {
  const test = lowerExpr(expr, context, "bool");
  return test === undefined || !expect(test, "bool", expr, context) ? undefined : test;
}

function clockOf(policy: PolicyInstance): number | undefined {
  const value = policy
    .machine()
    ?.facts.field("clock", {source: {name: "", text: ""}, span: {start: 0, end: 0}});
  return value?.t === "number" ? value.value : undefined;
}

/** Whether a step may stand in this hook; reports E406 otherwise. */
function legal(step: Step, context: HookContext): boolean {
  const row = rowOf(step);
  const {hook, deferred} = context;
  const waits = row.word.startsWith("wait");
  if (row.contexts.includes(hook) && !(deferred && (waits || row.sleeps))) return true;
  const {report} = context.scope.context;
  const at = placeIn(context.scope, {start: step.start, end: endOfWords(step, row, context.scope)});
  const where: Readonly<Record<HookName, string>> = {
    enter: "`on enter` runs inside the walker's IRQ-off region",
    exit: "`on exit` runs inside the walker's IRQ-off region",
    ipi: "`on ipi` runs in a hard interrupt",
    op: "`on op` is the writer's procedure",
    sync: "`on sync` only waits; the writer's `on op` does the rest",
  };
  const atomic = hook === "enter" || hook === "exit" || hook === "ipi";
  const sleeps = waits || row.sleeps;
  const allowed = `steps allowed here: ${stepsAllowedIn(hook).join(" ")}`;
  if (deferred) {
    tell(
      report,
      "E406",
      "this step can sleep in a deferred callback",
      at,
      "`defer` runs its steps in softirq context",
      {
        help: "wait before `defer`, or wait instead of deferring",
      },
    );
  } else if (atomic && sleeps) {
    tell(report, "E406", "this step can sleep with IRQs off", at, where[hook], {
      help: `move it to \`on sync\`; ${allowed}`,
    });
  } else {
    tell(report, "E406", `\`${row.word}\` cannot stand in \`on ${hook}\``, at, where[hook], {
      help: `it belongs in ${row.contexts.map((one) => `\`on ${one}\``).join(" or ")}; ${allowed}`,
    });
  }
  return false;
}

function endOfWords(step: Step, row: StepRow, scope: Scope): number {
  const text = scope.source.text.slice(step.start, step.end);
  const pattern = new RegExp(`^${row.word.split(" ").join("\\s+")}`);
  return step.start + (pattern.exec(text)?.[0].length ?? step.word.end - step.word.start);
}

/** The row of the step table for a step. */
export function rowOf(step: Step): StepRow {
  const word =
    step.step === "wait_gp"
      ? step.expedited
        ? "wait gp expedited"
        : "wait gp"
      : step.step.replace("wait_", "wait ");
  return stepTable.find((row) => row.word === word) as StepRow;
}
