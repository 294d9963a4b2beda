// An independent meaning for litmus tests under SC, TSO and PSO: a machine that interleaves statements, with store buffers that drain
// whenever they like. Slow and plain; it shares nothing with the axiomatic path but the reader. A grace period waits for every section
// that had begun when it started: until the section has ended and all stores up to its end have reached memory.

import {addressBase} from "../lkmm/recorder.ts";
import type {Expression, LitmusTest, Statement} from "./litmus-test.ts";

interface Cpu {
  /** What is left to do, innermost block last; each block from an index on. */
  readonly todo: readonly {readonly block: readonly Statement[]; readonly at: number}[];
  readonly registers: Readonly<Record<string, number>>;
  /** Buffered stores in order; location -1 is a store barrier, -2 the end of the section whose number is the value. */
  readonly buffer: readonly (readonly [location: number, value: number])[];
  readonly nesting: number;
  /** Sections begun, and how many of them are over for everybody. */
  readonly begun: number;
  readonly over: number;
  /** How many sections of each CPU the grace period under way waits for. */
  readonly waits?: readonly number[];
}

interface World {
  readonly memory: readonly number[];
  readonly cpus: readonly Cpu[];
}

/** The final states, as `evaluateLitmus` prints them. */
export function interleave(test: LitmusTest, model: "sc" | "tso" | "pso"): string[] {
  const finals = new Set<string>();
  const seen = new Set<string>();
  const open: World[] = [
    {
      memory: test.initial,
      cpus: test.threads.map(({body}) => ({
        todo: [{block: body, at: 0}],
        registers: {},
        buffer: [],
        nesting: 0,
        begun: 0,
        over: 0,
      })),
    },
  ];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const key = JSON.stringify(world, (name, value) =>
      name === "block" ? value.map((statement: Statement) => statement.text) : value,
    );
    if (seen.has(key)) continue;
    seen.add(key);
    const next = successors(world, model);
    open.push(...next);
    if (next.length === 0 && world.cpus.every((cpu) => cpu.todo.length === 0)) {
      finals.add(
        test.shown
          .map(({thread, register, variable}) =>
            thread < 0
              ? `[${test.variables[variable]}]=${world.memory[variable]};`
              : `${thread}:${register}=${world.cpus[thread].registers[register] ?? 0};`,
          )
          .join(" "),
      );
    }
  }
  return [...finals].sort();
}

function successors(world: World, model: "sc" | "tso" | "pso"): World[] {
  const result: World[] = [];
  for (const [id, cpu] of world.cpus.entries()) {
    result.push(...commits(world, id, cpu, model));
    const next = advance(world, id, cpu, model);
    if (next !== undefined) result.push(next);
  }
  return result;
}

function replace(world: World, id: number, cpu: Cpu, memory = world.memory): World {
  return {memory, cpus: world.cpus.map((other, at) => (at === id ? cpu : other))};
}

function commits(world: World, id: number, cpu: Cpu, model: "sc" | "tso" | "pso"): World[] {
  const result: World[] = [];
  const passed = new Set<number>();
  for (const [at, [location, value]] of cpu.buffer.entries()) {
    const rest = cpu.buffer.filter((_, other) => other !== at);
    if (location === -2) {
      if (at === 0) result.push(replace(world, id, {...cpu, buffer: rest, over: value}));
      continue;
    }
    if (location === -1) {
      if (at === 0) result.push(replace(world, id, {...cpu, buffer: rest}));
      break;
    }
    if (!passed.has(location)) {
      const memory = world.memory.map((old, other) => (other === location ? value : old));
      result.push(replace(world, id, {...cpu, buffer: rest}, memory));
    }
    passed.add(location);
    if (model === "tso") break;
  }
  return result;
}

function advance(
  world: World,
  id: number,
  cpu: Cpu,
  model: "sc" | "tso" | "pso",
): World | undefined {
  const top = cpu.todo.at(-1);
  if (top === undefined) return undefined;
  const below = cpu.todo.slice(0, -1);
  if (top.at === top.block.length) return replace(world, id, {...cpu, todo: below});
  const statement = top.block[top.at];
  const todo = [...below, {block: top.block, at: top.at + 1}];
  const drained = cpu.buffer.length === 0;
  const read = (location: number): number =>
    cpu.buffer.findLast(([other]) => other === location)?.[1] ?? world.memory[location];

  switch (statement.kind) {
    case "if": {
      const block = computed(statement.test, cpu, read) !== 0 ? statement.then : statement.else;
      return replace(world, id, {...cpu, todo: [...todo, {block, at: 0}]});
    }
    case "store": {
      const location = computed(statement.address, cpu, read) - addressBase;
      const value = computed(statement.value, cpu, read);
      if (model === "sc")
        return replace(world, id, {...cpu, todo}, written(world, location, value));
      const barrier = statement.order === "release" && model === "pso" && !drained;
      const before: Cpu["buffer"] = barrier ? [...cpu.buffer, [-1, 0]] : cpu.buffer;
      return replace(world, id, {...cpu, todo, buffer: [...before, [location, value]]});
    }
    case "fence":
      return fence(world, id, cpu, statement.fence, todo, model);
    case "assign": {
      const expression = statement.value;
      if (expression.kind === "atomic") {
        if (!drained) return undefined;
        const location = computed(expression.address, cpu, read) - addressBase;
        const old = world.memory[location];
        const operand = computed(expression.operands[0], cpu, read);
        const fresh = expression.operation === "exchange" ? operand : old + operand;
        const registers = {
          ...cpu.registers,
          [statement.register]: expression.result === "new" ? fresh : old,
        };
        return replace(world, id, {...cpu, todo, registers}, written(world, location, fresh));
      }
      const registers = {...cpu.registers, [statement.register]: computed(expression, cpu, read)};
      return replace(world, id, {...cpu, todo, registers});
    }
    default:
      throw new Error(`the interleaving machine does not run ${statement.text}`);
  }
}

function written(world: World, location: number, value: number): number[] {
  return world.memory.map((old, other) => (other === location ? value : old));
}

function fence(
  world: World,
  id: number,
  cpu: Cpu,
  kind: string,
  todo: Cpu["todo"],
  model: "sc" | "tso" | "pso",
): World | undefined {
  const drained = cpu.buffer.length === 0;
  switch (kind) {
    case "mb":
      return drained ? replace(world, id, {...cpu, todo}) : undefined;
    case "wmb": {
      const buffer: Cpu["buffer"] =
        model === "pso" && !drained ? [...cpu.buffer, [-1, 0]] : cpu.buffer;
      return replace(world, id, {...cpu, todo, buffer});
    }
    case "rcu-lock": {
      const begun = cpu.begun + (cpu.nesting === 0 ? 1 : 0);
      return replace(world, id, {...cpu, todo, nesting: cpu.nesting + 1, begun});
    }
    case "rcu-unlock": {
      const nesting = cpu.nesting - 1;
      if (nesting > 0) return replace(world, id, {...cpu, todo, nesting});
      if (drained) return replace(world, id, {...cpu, todo, nesting, over: cpu.begun});
      return replace(world, id, {...cpu, todo, nesting, buffer: [...cpu.buffer, [-2, cpu.begun]]});
    }
    case "sync-rcu": {
      if (!drained) return undefined;
      if (cpu.waits === undefined) {
        return replace(world, id, {...cpu, waits: world.cpus.map(({begun}) => begun)});
      }
      const {waits: wanted} = cpu;
      if (world.cpus.some(({over}, at) => over < wanted[at])) return undefined;
      const {waits: _, ...rest} = cpu;
      return replace(world, id, {...rest, todo});
    }
    default:
      return replace(world, id, {...cpu, todo});
  }
}

function computed(expression: Expression, cpu: Cpu, read: (location: number) => number): number {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "register":
      return cpu.registers[expression.name] ?? 0;
    case "address":
      return addressBase + expression.variable;
    case "load":
      return read(computed(expression.address, cpu, read) - addressBase);
    case "binary": {
      const left = computed(expression.left, cpu, read);
      const right = computed(expression.right, cpu, read);
      if (expression.op === "*") return left * right;
      if (expression.op === "+") return left + right;
      throw new Error(`the interleaving machine does not compute ${expression.op}`);
    }
    default:
      throw new Error(`the interleaving machine does not evaluate ${expression.kind}`);
  }
}
