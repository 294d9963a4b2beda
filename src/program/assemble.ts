// Policy tree -> Code. One pass, no optimisation beyond what params make constant: a test that is a number by now chooses its branch
// here, so `if fence { mb }` with `fence: false` leaves no instruction behind and no state in the checker.
//
// Registers are given out as a stack: a `let` or loop variable keeps its register to the end of its block, a temporary to the end of
// its step. Locals of `enter`'s outermost block stay allocated while `exit` is assembled, which is how `exit` sees them. `sync` has
// registers of its own: it is called while `op` still uses its locals. A deferred block starts with a copy of the registers of the context
// that deferred it.

import type {HookName, Policy, PolicyExpr, PolicyStep} from "../plan/policy.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import {type Code, op} from "./code.ts";

const selfRegister = 0;
const mmRegister = 1;
const onlineSet = 0;

const defaultOp: readonly PolicyStep[] = [
  {step: "unhook"},
  {step: "flush", mm: {kind: "builtin", name: "mm"}},
  {step: "sync"},
  {step: "release"},
];

interface Local {
  readonly set: boolean;
  readonly register: number;
}

type Locals = ReadonlyMap<string, Local>;

/**
 * Assembles a leaf policy. Throws a `RangeError` that names the policy and the place when the tree refers to a local or a state it does
 * not declare; the language never produces such a tree.
 */
export function assemble(policy: Policy): Code {
  const assembler = new Assembler(policy);
  const entry: Record<HookName, number> = {enter: -1, exit: -1, op: -1, sync: -1, ipi: -1};
  entry.op = assembler.hook(policy.hooks.op ?? defaultOp, new Map()).pc;
  entry.sync = assembler.beside(() => assembler.hook(policy.hooks.sync ?? [], new Map())).pc;
  let carried: Locals = new Map();
  if (policy.hooks.enter !== undefined) {
    const enter = assembler.hook(policy.hooks.enter, new Map(), true);
    entry.enter = enter.pc;
    carried = enter.locals;
  }
  if (policy.hooks.exit !== undefined) entry.exit = assembler.hook(policy.hooks.exit, carried).pc;
  if (policy.hooks.ipi !== undefined) entry.ipi = assembler.hook(policy.hooks.ipi, new Map()).pc;
  const kept = [...carried.values()].filter((local) => !local.set).map((local) => local.register);
  return assembler.code(entry, policy.hooks.exit === undefined ? [] : kept);
}

class Assembler {
  private readonly policy: Policy;
  private readonly words: number[] = [];
  private readonly numbers: number[] = [];
  private readonly cpuSets: CpuSet[] = [];
  private readonly distributions: Distribution[] = [];
  private readonly counters: string[] = [];
  private readonly locks: string[] = [];
  private readonly stateIndex: Map<string, number>;
  private free = 2;
  private freeSet = 1;
  private highest = 2;
  private highestSet = 1;

  constructor(policy: Policy) {
    this.policy = policy;
    this.stateIndex = new Map(policy.states.map((state, index) => [state.name, index]));
  }

  code(entry: Readonly<Record<HookName, number>>, carried: readonly number[]): Code {
    return {
      policy: this.policy.name,
      ops: Int32Array.from(this.words),
      entry,
      numbers: Float64Array.from(this.numbers),
      cpuSets: this.cpuSets,
      distributions: this.distributions,
      states: this.policy.states,
      counters: this.counters,
      locks: this.locks,
      registers: this.highest,
      setRegisters: this.highestSet,
      carried,
    };
  }

  /** Assembles one hook; with `keep`, its outermost locals stay allocated for the next one. */
  hook(steps: readonly PolicyStep[], outer: Locals, keep = false): {pc: number; locals: Locals} {
    const pc = this.here();
    const mark = this.mark();
    const locals = this.block(steps, outer, true);
    this.emit(op.ret);
    if (!keep) this.releaseTo(mark);
    return {pc, locals};
  }

  /** Assembles something whose registers are all beyond those used so far. */
  beside<T>(make: () => T): T {
    const mark = this.mark();
    this.releaseTo([this.highest, this.highestSet]);
    const made = make();
    this.releaseTo(mark);
    return made;
  }

  /** Assembles steps in a scope of their own; with `keep`, leaves the scope's registers allocated and returns its locals. */
  private block(steps: readonly PolicyStep[], outer: Locals, keep = false): Locals {
    const mark = this.mark();
    let locals = outer;
    for (const step of steps) locals = this.step(step, locals);
    if (!keep) this.releaseTo(mark);
    return locals;
  }

  private step(step: PolicyStep, locals: Locals): Locals {
    if (step.step === "let") return this.letStep(step, locals);
    const mark = this.mark();
    this.plainStep(step, locals);
    this.releaseTo(mark);
    return locals;
  }

  private letStep(step: Extract<PolicyStep, {step: "let"}>, locals: Locals): Locals {
    const set = this.isSet(step.value, locals);
    const register = set ? this.newSet() : this.newValue();
    const mark = this.mark();
    if (set) this.emit(op.setMove, register, this.set(step.value, locals));
    else this.valueInto(register, step.value, locals);
    this.releaseTo(mark);
    return new Map([...locals, [step.name, {set, register}]]);
  }

  private plainStep(step: Exclude<PolicyStep, {step: "let"}>, locals: Locals): void {
    switch (step.step) {
      case "store":
      case "store_release":
      case "xchg": {
        const value = this.value(step.value, locals);
        const code =
          step.step === "store" ? op.store : step.step === "xchg" ? op.exchange : op.storeRelease;
        this.emit(
          code,
          this.state(step.state),
          this.stateAt(step.state, step.index, locals),
          value,
        );
        return;
      }
      case "ipi":
        this.emit(op.ipi, this.value(step.cpu, locals), step.wait ? 1 : 0);
        return;
      case "wait_acks":
        this.emit(op.waitAcks);
        return;
      case "wait_gp":
        this.emit(op.waitGp, step.expedited ? 1 : 0);
        return;
      case "wait_until": {
        const test = this.here();
        const holds = this.value(step.test, locals);
        const wait = this.emit(op.waitUntil, holds, 0, step.how === "sleep" ? 1 : 0);
        this.emit(op.jump, test);
        this.patch(wait, 2, this.here());
        return;
      }
      case "defer": {
        const defer = this.emit(op.defer, 0, step.expedited ? 1 : 0, 0);
        this.patch(defer, 1, this.here());
        this.block(step.steps, locals);
        this.emit(op.ret);
        this.patch(defer, 3, this.here());
        return;
      }
      case "flush":
        this.emit(op.flush, this.value(step.mm, locals));
        return;
      case "delay":
        this.emit(op.delay, this.distributions.push(step.time) - 1);
        return;
      case "skip":
        this.when(step.when, locals, () => this.emit(op.ret));
        return;
      case "count":
        this.emit(op.count, indexIn(this.counters, step.counter));
        return;
      case "lock":
        this.emit(op.lock, indexIn(this.locks, step.lock));
        return;
      case "unlock":
        this.emit(op.unlock, indexIn(this.locks, step.lock));
        return;
      case "if":
        this.ifStep(step, locals);
        return;
      case "for":
        this.forStep(step, locals);
        return;
      default:
        this.emit(op[step.step]);
    }
  }

  private ifStep(step: Extract<PolicyStep, {step: "if"}>, locals: Locals): void {
    const known = constantOf(step.test);
    if (known !== undefined) {
      this.block(known !== 0 ? step.then : step.else, locals);
      return;
    }
    const past = this.emit(op.jumpUnless, this.value(step.test, locals), 0);
    this.block(step.then, locals);
    if (step.else.length === 0) {
      this.patch(past, 2, this.here());
      return;
    }
    const end = this.emit(op.jump, 0);
    this.patch(past, 2, this.here());
    this.block(step.else, locals);
    this.patch(end, 1, this.here());
  }

  private forStep(step: Extract<PolicyStep, {step: "for"}>, locals: Locals): void {
    this.loop(step.of, step.cpu, locals, (inner) => {
      this.when(step.where, inner, () => this.block(step.steps, inner));
    });
  }

  /** Runs `body` for each CPU of a set, with the CPU as a local. */
  private loop(of: PolicyExpr, name: string, locals: Locals, body: (inner: Locals) => void): void {
    const set = this.set(of, locals);
    const cpu = this.newValue();
    this.emit(op.iterate, cpu);
    const next = this.emit(op.next, cpu, set, 0);
    const mark = this.mark();
    body(new Map([...locals, [name, {set: false, register: cpu}]]));
    this.releaseTo(mark);
    this.emit(op.jump, next);
    this.patch(next, 3, this.here());
  }

  /** Runs `body` when the test holds; no test, or one that is true by now, costs nothing. */
  private when(test: PolicyExpr | undefined, locals: Locals, body: () => void): void {
    const known = test === undefined ? 1 : constantOf(test);
    if (known === 0) return;
    if (known !== undefined) {
      body();
      return;
    }
    const past = this.emit(op.jumpUnless, this.value(test as PolicyExpr, locals), 0);
    body();
    this.patch(past, 2, this.here());
  }

  /** The register that holds the value of `expr`: a local's own, or a new temporary. */
  private value(expr: PolicyExpr, locals: Locals): number {
    if (expr.kind === "builtin" && expr.name === "self") return selfRegister;
    if (expr.kind === "builtin" && expr.name === "mm") return mmRegister;
    if (expr.kind === "local") return this.local(expr.name, locals, false);
    const register = this.newValue();
    const mark = this.mark();
    this.valueInto(register, expr, locals);
    this.releaseTo(mark);
    return register;
  }

  private valueInto(register: number, expr: PolicyExpr, locals: Locals): void {
    const known = constantOf(expr);
    if (known !== undefined) {
      this.emit(op.number, register, this.number(known));
      return;
    }
    switch (expr.kind) {
      case "local":
      case "builtin":
        this.emit(op.move, register, this.value(expr, locals));
        return;
      case "state": {
        const at = this.stateAt(expr.name, expr.index, locals);
        this.emit(
          expr.acquire === true ? op.loadAcquire : op.load,
          register,
          this.state(expr.name),
          at,
        );
        return;
      }
      case "mode":
        this.emit(
          op.loadMode,
          register,
          this.value(expr.cpu, locals),
          expr.acquire === true ? 1 : 0,
        );
        return;
      case "size":
        this.emit(op.setSize, register, this.set(expr.of, locals));
        return;
      case "unary":
        this.emit(expr.op === "not" ? op.not : op.neg, register, this.value(expr.of, locals));
        return;
      case "binary":
        this.binaryInto(register, expr, locals);
        return;
      case "if": {
        const past = this.emit(op.jumpUnless, this.value(expr.test, locals), 0);
        this.valueInto(register, expr.then, locals);
        const end = this.emit(op.jump, 0);
        this.patch(past, 2, this.here());
        this.valueInto(register, expr.else, locals);
        this.patch(end, 1, this.here());
        return;
      }
      default:
        throw new RangeError(
          `policy ${this.policy.name}: a set of CPUs stands where a value is needed`,
        );
    }
  }

  private binaryInto(
    register: number,
    expr: Extract<PolicyExpr, {kind: "binary"}>,
    locals: Locals,
  ): void {
    // `and` and `or` look at their right side only when they must: a load that the text guards is not executed.
    if (expr.op === "and" || expr.op === "or") {
      this.valueInto(register, expr.left, locals);
      if (expr.op === "and") {
        const past = this.emit(op.jumpUnless, register, 0);
        this.valueInto(register, expr.right, locals);
        this.patch(past, 2, this.here());
      } else {
        const other = this.emit(op.jumpUnless, register, 0);
        const end = this.emit(op.jump, 0);
        this.patch(other, 2, this.here());
        this.valueInto(register, expr.right, locals);
        this.patch(end, 1, this.here());
      }
      return;
    }
    if (expr.op === "in") {
      const cpu = this.value(expr.left, locals);
      this.emit(op.setHas, register, cpu, this.set(expr.right, locals));
      return;
    }
    const left = this.value(expr.left, locals);
    const right = this.value(expr.right, locals);
    switch (expr.op) {
      case ">":
        this.emit(op.lt, register, right, left);
        return;
      case ">=":
        this.emit(op.le, register, right, left);
        return;
      default:
        this.emit(valueOps[expr.op], register, left, right);
    }
  }

  /** The set register that holds `expr`: a local's own, or a new temporary. */
  private set(expr: PolicyExpr, locals: Locals): number {
    if (expr.kind === "builtin" && expr.name === "online") return onlineSet;
    if (expr.kind === "local") return this.local(expr.name, locals, true);
    const register = this.newSet();
    this.setInto(register, expr, locals);
    return register;
  }

  private setInto(register: number, expr: PolicyExpr, locals: Locals): void {
    switch (expr.kind) {
      case "builtin":
      case "local":
        // `self` as a set is the set of this CPU, so that `online - self` reads as in the kernel.
        if (this.isSet(expr, locals)) this.emit(op.setMove, register, this.set(expr, locals));
        else this.emit(op.setOf, register, this.value(expr, locals));
        return;
      case "cpus":
        this.emit(op.set, register, this.cpuSets.push(expr.ranges) - 1);
        return;
      case "mask":
        this.emit(op.loadMask, register, this.value(expr.mm, locals));
        return;
      case "set": {
        const left = this.asSet(expr.left, locals);
        const right = this.asSet(expr.right, locals);
        this.emit(setOps[expr.op], register, left, right);
        return;
      }
      case "filter":
        this.emit(op.setClear, register);
        this.loop(expr.of, expr.cpu, locals, (inner) => {
          this.when(expr.where, inner, () =>
            this.emit(op.setAdd, register, this.local(expr.cpu, inner, false)),
          );
        });
        return;
      case "if": {
        const past = this.emit(op.jumpUnless, this.value(expr.test, locals), 0);
        this.setInto(register, expr.then, locals);
        const end = this.emit(op.jump, 0);
        this.patch(past, 2, this.here());
        this.setInto(register, expr.else, locals);
        this.patch(end, 1, this.here());
        return;
      }
      default:
        this.emit(op.setOf, register, this.value(expr, locals));
    }
  }

  /** A set operand; a single CPU stands for the set of it. */
  private asSet(expr: PolicyExpr, locals: Locals): number {
    if (this.isSet(expr, locals)) return this.set(expr, locals);
    const register = this.newSet();
    this.emit(op.setOf, register, this.value(expr, locals));
    return register;
  }

  private isSet(expr: PolicyExpr, locals: Locals): boolean {
    switch (expr.kind) {
      case "cpus":
      case "mask":
      case "set":
      case "filter":
        return true;
      case "builtin":
        return expr.name === "online";
      case "local":
        return locals.get(expr.name)?.set ?? false;
      case "if":
        return this.isSet(expr.then, locals);
      default:
        return false;
    }
  }

  private local(name: string, locals: Locals, set: boolean): number {
    const local = locals.get(name);
    if (local === undefined || local.set !== set) {
      throw new RangeError(
        `policy ${this.policy.name}: \`${name}\` is not a local ${set ? "set" : "value"} here`,
      );
    }
    return local.register;
  }

  private state(name: string): number {
    const index = this.stateIndex.get(name);
    if (index === undefined)
      throw new RangeError(`policy ${this.policy.name}: no state \`${name}\``);
    return index;
  }

  /** The register with the index of a state word; by default this CPU or this mm; -1 for a global word. */
  private stateAt(name: string, index: PolicyExpr | undefined, locals: Locals): number {
    const scope = this.policy.states[this.state(name)]?.scope;
    if (scope === "global") return -1;
    if (index !== undefined) return this.value(index, locals);
    return scope === "percpu" ? selfRegister : mmRegister;
  }

  private number(value: number): number {
    return indexIn(this.numbers, value);
  }

  private here(): number {
    return this.words.length / 4;
  }

  private emit(code: number, a = 0, b = 0, c = 0): number {
    this.words.push(code, a, b, c);
    return this.here() - 1;
  }

  private patch(pc: number, operand: 1 | 2 | 3, value: number): void {
    this.words[4 * pc + operand] = value;
  }

  private newValue(): number {
    this.free++;
    this.highest = Math.max(this.highest, this.free);
    return this.free - 1;
  }

  private newSet(): number {
    this.freeSet++;
    this.highestSet = Math.max(this.highestSet, this.freeSet);
    return this.freeSet - 1;
  }

  private mark(): readonly [number, number] {
    return [this.free, this.freeSet];
  }

  private releaseTo(mark: readonly [number, number]): void {
    [this.free, this.freeSet] = mark;
  }
}

const valueOps = {
  "+": op.add,
  "-": op.sub,
  "*": op.mul,
  "/": op.div,
  "==": op.eq,
  "!=": op.ne,
  "<": op.lt,
  "<=": op.le,
} as const;

const setOps = {"|": op.setUnion, "&": op.setIntersection, "-": op.setDifference} as const;

/** The value of an expression that does not depend on the running system; undefined if it does. */
function constantOf(expr: PolicyExpr): number | undefined {
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "unary": {
      const of = constantOf(expr.of);
      if (of === undefined) return undefined;
      return expr.op === "-" ? -of : of === 0 ? 1 : 0;
    }
    case "if": {
      const test = constantOf(expr.test);
      return test === undefined ? undefined : constantOf(test !== 0 ? expr.then : expr.else);
    }
    case "binary": {
      const left = constantOf(expr.left);
      if (left === undefined) return undefined;
      if (expr.op === "and" && left === 0) return 0;
      if (expr.op === "or" && left !== 0) return 1;
      const right = constantOf(expr.right);
      return right === undefined ? undefined : fold(expr.op, left, right);
    }
    default:
      return undefined;
  }
}

function fold(
  operator: Extract<PolicyExpr, {kind: "binary"}>["op"],
  left: number,
  right: number,
): number | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "==":
      return left === right ? 1 : 0;
    case "!=":
      return left === right ? 0 : 1;
    case "<":
      return left < right ? 1 : 0;
    case "<=":
      return left <= right ? 1 : 0;
    case ">":
      return left > right ? 1 : 0;
    case ">=":
      return left >= right ? 1 : 0;
    case "and":
    case "or":
      return right !== 0 ? 1 : 0;
    default:
      return undefined;
  }
}

function indexIn<T>(pool: T[], value: T): number {
  const at = pool.indexOf(value);
  return at >= 0 ? at : pool.push(value) - 1;
}
