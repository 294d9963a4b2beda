// Runs a litmus thread on a recorder. Registers carry the loads that their values came from, which is all there is to data and address
// dependencies; a statement inside `if` depends on the loads of its test, one after it does not (so says the Linux-kernel model).

import {noTaint, taintOf} from "../lkmm/event.ts";
import {addressOf, type Recorder, type Tainted, type Thread} from "../lkmm/recorder.ts";
import type {BinaryOperator, Expression, LitmusThread, Statement} from "./litmus-test.ts";

/** Final values of the registers. */
export type Registers = ReadonlyMap<string, number>;

export function litmusThread(thread: LitmusThread): Thread<Registers> {
  return (recorder) => {
    const registers = new Map<string, Tainted>();
    for (const name of thread.registers) {
      registers.set(name, {value: thread.initial.get(name) ?? 0, taint: noTaint});
    }
    runAll(thread.body, recorder, registers);
    return new Map([...registers].map(([name, {value}]) => [name, value]));
  };
}

type State = Map<string, Tainted>;

function runAll(statements: readonly Statement[], recorder: Recorder, state: State): void {
  for (const statement of statements) run(statement, recorder, state);
}

function run(statement: Statement, recorder: Recorder, state: State): void {
  recorder.text = statement.text;
  recorder.mark = statement.line;
  switch (statement.kind) {
    case "assign":
      state.set(statement.register, evaluate(statement.value, recorder, state));
      return;
    case "store": {
      const address = evaluate(statement.address, recorder, state);
      recorder.store(address, evaluate(statement.value, recorder, state), statement.order);
      return;
    }
    case "fence":
      recorder.fence(statement.fence);
      return;
    case "lock":
      recorder.lock(evaluate(statement.address, recorder, state));
      return;
    case "unlock":
      recorder.unlock(evaluate(statement.address, recorder, state));
      return;
    case "srcu-unlock": {
      const address = evaluate(statement.address, recorder, state);
      recorder.srcuUnlock(address, evaluate(statement.index, recorder, state));
      return;
    }
    case "sync-srcu":
      recorder.syncSrcu(evaluate(statement.address, recorder, state));
      return;
    case "evaluate":
      evaluate(statement.value, recorder, state);
      return;
    case "if": {
      const test = evaluate(statement.test, recorder, state);
      const body = test.value !== 0 ? statement.then : statement.else;
      recorder.controlled(test.taint, () => runAll(body, recorder, state));
    }
  }
}

function evaluate(expression: Expression, recorder: Recorder, state: State): Tainted {
  switch (expression.kind) {
    case "number":
      return {value: expression.value, taint: noTaint};
    case "register":
      return state.get(expression.name) ?? {value: 0, taint: noTaint};
    case "address":
      return addressOf(expression.variable);
    case "unary": {
      const {value, taint} = evaluate(expression.of, recorder, state);
      if (expression.op === "-") return {value: -value | 0, taint};
      return {value: expression.op === "!" ? Number(value === 0) : ~value, taint};
    }
    case "binary": {
      const left = evaluate(expression.left, recorder, state);
      const right = evaluate(expression.right, recorder, state);
      const value = compute(expression.op, left.value, right.value);
      // C leaves the behaviour undefined; the run cannot be part of a meaningful execution.
      if (value === undefined) return recorder.abandon();
      return {value, taint: taintOf(left.taint, right.taint)};
    }
    case "load":
      return recorder.load(evaluate(expression.address, recorder, state), expression.order);
    case "trylock":
      return recorder.trylock(evaluate(expression.address, recorder, state));
    case "is-locked":
      return recorder.isLocked(evaluate(expression.address, recorder, state));
    case "srcu-lock":
      return recorder.srcuLock(evaluate(expression.address, recorder, state));
    case "atomic":
      return runAtomic(expression, recorder, state);
  }
}

function runAtomic(
  expression: Extract<Expression, {kind: "atomic"}>,
  recorder: Recorder,
  state: State,
): Tainted {
  const address = evaluate(expression.address, recorder, state);
  const operands = expression.operands.map((operand) => evaluate(operand, recorder, state));
  const [first, second] = operands;
  const number = recorder.events.length;
  let fresh: Tainted | undefined;
  const conditional =
    expression.operation === "compare-exchange" || expression.operation === "add-unless";
  const condition = conditional ? [number, ...operands.flatMap(({taint}) => taint)] : noTaint;
  const old = recorder.atomic(
    address,
    expression.order,
    (before) => {
      fresh = update(expression.operation, before, first, second);
      return fresh;
    },
    condition,
  );
  if (expression.result === "succeeded") {
    return {
      value: Number(fresh !== undefined),
      taint: taintOf(old.taint, second?.taint ?? noTaint),
    };
  }
  return expression.result === "old" || fresh === undefined ? old : fresh;
}

/** The new value, or nothing where the operation fails. */
function update(
  operation: Extract<Expression, {kind: "atomic"}>["operation"],
  old: Tainted,
  first: Tainted,
  second: Tainted | undefined,
): Tainted | undefined {
  switch (operation) {
    case "exchange":
      return first;
    case "compare-exchange":
      return old.value === first.value ? second : undefined;
    case "add-unless":
      if (old.value === second?.value) return undefined;
      return {value: (old.value + first.value) | 0, taint: taintOf(old.taint, first.taint)};
    case "&~":
      return {value: old.value & ~first.value, taint: taintOf(old.taint, first.taint)};
    default:
      return {
        value: compute(operation, old.value, first.value) ?? 0,
        taint: taintOf(old.taint, first.taint),
      };
  }
}

/** 32-bit arithmetic as the kernel's `int`; nothing for a division by zero. */
function compute(op: BinaryOperator, left: number, right: number): number | undefined {
  switch (op) {
    case "+":
      return (left + right) | 0;
    case "-":
      return (left - right) | 0;
    case "*":
      return Math.imul(left, right);
    case "/":
      return right === 0 ? undefined : Math.trunc(left / right) | 0;
    case "%":
      return right === 0 ? undefined : (left % right) | 0;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case "<":
      return Number(left < right);
    case "<=":
      return Number(left <= right);
    case ">":
      return Number(left > right);
    case ">=":
      return Number(left >= right);
    case "&&":
      return Number(left !== 0 && right !== 0);
    case "||":
      return Number(left !== 0 || right !== 0);
  }
}
