import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {Policy, PolicyExpr, PolicyStep} from "../plan/policy.ts";
import {assemble} from "./assemble.ts";
import {type Code, op} from "./code.ts";
import {listing} from "./listing.ts";

const online: PolicyExpr = {kind: "builtin", name: "online"};
const self: PolicyExpr = {kind: "builtin", name: "self"};
const mm: PolicyExpr = {kind: "builtin", name: "mm"};
const number = (value: number): PolicyExpr => ({kind: "number", value});
const local = (name: string): PolicyExpr => ({kind: "local", name});
const walking = (cpu: string): PolicyExpr => ({kind: "state", name: "walking", index: local(cpu)});
const others: PolicyExpr = {kind: "set", op: "-", left: online, right: self};

function policy(hooks: Policy["hooks"]): Policy {
  return {
    name: "p",
    states: [{name: "walking", scope: "percpu", type: "mm", initial: 0}],
    hooks,
    covers: ["free", "unshare", "collapse"],
  };
}

/** Runs a hook over 4 CPUs and returns the trace of what it does to the world: the shortest independent reading of `code.ts`. */
function trace(
  code: Code,
  hook: "enter" | "exit" | "op" | "sync",
  words: readonly number[],
  context = {self: 1, mm: 1},
): string[] {
  const values = new Array<number>(code.registers).fill(Number.NaN);
  const sets: Set<number>[] = Array.from({length: code.setRegisters}, () => new Set<number>());
  values[0] = context.self;
  values[1] = context.mm;
  sets[0] = new Set([0, 1, 2, 3]);
  const did: string[] = [];
  let pc = code.entry[hook];
  for (let fuel = 10_000; ; fuel--) {
    assert.ok(fuel > 0, "the hook does not end");
    const [what, a, b, c] = code.ops.subarray(4 * pc, 4 * pc + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    pc++;
    const set = (value: number): number => (values[a] = value);
    const [x, y] = [values[b] as number, values[c] as number];
    if (what === op.ret) return did;
    else if (what === op.number) set(code.numbers[b] as number);
    else if (what === op.move) set(x);
    else if (what === op.jump) pc = a;
    else if (what === op.jumpUnless) pc = values[a] === 0 ? b : pc;
    else if (what === op.add) set(x + y);
    else if (what === op.sub) set(x - y);
    else if (what === op.mul) set(x * y);
    else if (what === op.eq) set(x === y ? 1 : 0);
    else if (what === op.ne) set(x !== y ? 1 : 0);
    else if (what === op.lt) set(x < y ? 1 : 0);
    else if (what === op.le) set(x <= y ? 1 : 0);
    else if (what === op.not) set(x === 0 ? 1 : 0);
    else if (what === op.neg) set(-x);
    else if (what === op.setMove) sets[a] = new Set(sets[b]);
    else if (what === op.setDifference)
      sets[a] = new Set([...(sets[b] ?? [])].filter((cpu) => !sets[c]?.has(cpu)));
    else if (what === op.setClear) sets[a] = new Set();
    else if (what === op.setAdd) sets[a]?.add(x);
    else if (what === op.setOf) sets[a] = new Set([x]);
    else if (what === op.setSize) set(sets[b]?.size ?? 0);
    else if (what === op.setHas) set(sets[c]?.has(x) ? 1 : 0);
    else if (what === op.iterate) set(-1);
    else if (what === op.next) {
      const after = [...(sets[b] ?? [])]
        .filter((cpu) => cpu > (values[a] as number))
        .sort((p, q) => p - q);
      if (after.length === 0) pc = c;
      else set(after[0] as number);
    } else if (what === op.load) {
      did.push(`load ${y}`);
      set(words[y] as number);
    } else if (what === op.store) did.push(`store ${x} = ${y}`);
    else if (what === op.ipi) did.push(`ipi ${values[a]}${b === 1 ? "" : " nowait"}`);
    else if (what === op.mb) did.push("mb");
    else if (what === op.waitAcks) did.push("acks");
    else if (what === op.waitUntil) {
      did.push(`until ${values[a]}`);
      if (values[a] !== 0) pc = b;
      else words = words.map(() => 0);
    } else if (what === op.defer) {
      did.push("defer");
      pc = c;
    } else did.push(Object.entries(op).find(([, code_]) => code_ === what)?.[0] ?? "?");
  }
}

describe("assemble", () => {
  it("gives the default procedure of a write to a policy that has none", () => {
    assert.deepEqual(trace(assemble(policy({})), "op", []), ["unhook", "flush", "sync", "release"]);
  });

  it("sends only to CPUs whose word is the writer's mm", () => {
    const sync: PolicyStep[] = [
      {step: "mb"},
      {
        step: "for",
        cpu: "cpu",
        of: others,
        where: {kind: "binary", op: "==", left: walking("cpu"), right: mm},
        steps: [{step: "ipi", cpu: local("cpu"), wait: true}],
      },
      {step: "wait_acks"},
    ];
    const code = assemble(policy({sync}));
    assert.deepEqual(trace(code, "sync", [1, 1, 0, 1]), [
      "mb",
      "load 0",
      "ipi 0",
      "load 2",
      "load 3",
      "ipi 3",
      "acks",
    ]);
  });

  it("leaves nothing of a branch that params have decided", () => {
    const enter: PolicyStep[] = [{step: "if", test: number(0), then: [{step: "mb"}], else: []}];
    assert.equal(listing(assemble(policy({enter}))).includes("mb"), false);
  });

  it("reads the right side of `and` only when the left holds", () => {
    const test: PolicyExpr = {
      kind: "binary",
      op: "and",
      left: {kind: "binary", op: "==", left: {kind: "state", name: "walking"}, right: number(7)},
      right: walking2(3),
    };
    const sync: PolicyStep[] = [{step: "if", test, then: [{step: "mb"}], else: [{step: "wmb"}]}];
    const code = assemble(policy({sync}));
    assert.deepEqual(trace(code, "sync", [0, 0, 0, 1]), ["load 1", "wmb"]);
    assert.deepEqual(trace(code, "sync", [0, 7, 0, 1]), ["load 1", "load 3", "mb"]);
  });

  it("lets exit read what enter saved", () => {
    const enter: PolicyStep[] = [
      {step: "let", name: "old", value: {kind: "state", name: "walking"}},
    ];
    const exit: PolicyStep[] = [{step: "store_release", state: "walking", value: local("old")}];
    const code = assemble(policy({enter, exit}));
    assert.equal(code.carried.length, 1);
    assert.match(listing(code), new RegExp(`storeRelease walking\\[self\\] = r${code.carried[0]}`));
  });

  it("re-reads the condition of a wait until it holds", () => {
    const sync: PolicyStep[] = [
      {
        step: "wait_until",
        test: {kind: "binary", op: "!=", left: {kind: "state", name: "walking"}, right: mm},
        how: "spin",
      },
      {step: "mb"},
    ];
    assert.deepEqual(trace(assemble(policy({sync})), "sync", [1, 1, 1, 1]), [
      "load 1",
      "until 0",
      "load 1",
      "until 1",
      "mb",
    ]);
  });

  it("runs past a deferred block", () => {
    const steps: PolicyStep[] = [
      {step: "unhook"},
      {step: "defer", expedited: false, steps: [{step: "release"}]},
      {step: "mb"},
    ];
    assert.deepEqual(trace(assemble(policy({op: steps})), "op", []), ["unhook", "defer", "mb"]);
  });

  it("names the policy and the place of a tree that refers to nothing", () => {
    assert.throws(() => assemble(policy({sync: [{step: "ipi", cpu: local("cpu"), wait: true}]})), {
      name: "RangeError",
      message: "policy p: `cpu` is not a local value here",
    });
  });

  it("computes what the tree says, for random arithmetic", () => {
    const leaf = fc.oneof(fc.integer({min: -3, max: 3}).map(number), fc.constantFrom(self, mm));
    const expr: fc.Arbitrary<PolicyExpr> = fc.letrec<{expr: PolicyExpr}>((tie) => ({
      expr: fc.oneof(
        {maxDepth: 4},
        leaf,
        fc.record({
          kind: fc.constant("binary" as const),
          op: fc.constantFrom("+", "-", "*", "==", "!=", "<", "<=", ">", ">="),
          left: tie("expr"),
          right: tie("expr"),
        }) as fc.Arbitrary<PolicyExpr>,
        fc.record({
          kind: fc.constant("unary" as const),
          op: fc.constantFrom("not", "-"),
          of: tie("expr"),
        }) as fc.Arbitrary<PolicyExpr>,
        fc.record({
          kind: fc.constant("if" as const),
          test: tie("expr"),
          then: tie("expr"),
          else: tie("expr"),
        }) as fc.Arbitrary<PolicyExpr>,
      ),
    })).expr;
    fc.assert(
      fc.property(
        expr,
        fc.integer({min: 0, max: 3}),
        fc.integer({min: 0, max: 3}),
        (tree, cpu, mmNumber) => {
          const sync: PolicyStep[] = [{step: "store", state: "walking", value: tree}];
          const did = trace(assemble(policy({sync})), "sync", [], {self: cpu, mm: mmNumber});
          assert.deepEqual(did, [`store ${cpu} = ${evaluate(tree, cpu, mmNumber)}`]);
        },
      ),
    );
  });
});

it("gives `sync` registers that `op` does not use", () => {
  const count: PolicyStep = {step: "let", name: "n", value: number(1)};
  const {ops, entry} = assemble(
    policy({
      op: [count, {step: "sync"}, {step: "if", test: local("n"), then: [{step: "mb"}], else: []}],
      sync: [
        {step: "for", cpu: "c", of: online, steps: [{step: "ipi", cpu: local("c"), wait: true}]},
      ],
    }),
  );
  const written = (from: number): number[] => {
    const registers: number[] = [];
    for (let pc = from; ops[4 * pc] !== op.ret; pc++) {
      const opcode = ops[4 * pc] as number;
      if ([op.number, op.move, op.iterate, op.next].some((known) => known === opcode))
        registers.push(ops[4 * pc + 1] as number);
    }
    return registers;
  };
  const mine = written(entry.op);
  assert.ok(mine.length > 0);
  assert.deepEqual(
    written(entry.sync).filter((register) => mine.includes(register)),
    [],
  );
});

function walking2(cpu: number): PolicyExpr {
  return {kind: "state", name: "walking", index: number(cpu)};
}

function evaluate(expr: PolicyExpr, cpu: number, mmNumber: number): number {
  const of = (inner: PolicyExpr): number => evaluate(inner, cpu, mmNumber);
  if (expr.kind === "number") return expr.value;
  if (expr.kind === "builtin") return expr.name === "self" ? cpu : mmNumber;
  if (expr.kind === "unary") return expr.op === "-" ? -of(expr.of) : of(expr.of) === 0 ? 1 : 0;
  if (expr.kind === "if") return of(expr.test) !== 0 ? of(expr.then) : of(expr.else);
  assert.ok(expr.kind === "binary");
  const [x, y] = [of(expr.left), of(expr.right)];
  const table: Record<string, number | boolean> = {
    "+": x + y,
    "-": x - y,
    "*": x * y,
    "==": x === y,
    "!=": x !== y,
    "<": x < y,
    "<=": x <= y,
    ">": x > y,
    ">=": x >= y,
  };
  return Number(table[expr.op]);
}
