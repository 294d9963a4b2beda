// Tasks as automata over shared actions. A local state is what a task will do next to the shared world (load this location, append that
// store, send this interrupt) together with all it still remembers; everything local between two such actions is executed here, once,
// and never appears as a state. Local states are numbered, so that a task's program counter, registers, sets and context flags are one
// small integer in a global state.
//
// Construction. A load may return any value that some task stores to its location (or its initial one), so the automata of all tasks
// are built together: build all with the values known so far, note the values that are stored, repeat until none is new. A location
// whose values keep growing (a counter that is incremented for ever) has no finite automaton and is reported.
//
// One action is one micro-step: at most one access to shared memory. Its attributes (interrupts off, in a read-side section, not
// preemptible) belong to the local state, hence cost no bits.

import {op} from "../program/code.ts";
import {type Liveness, livenessOf} from "./liveness.ts";
import type {SmallSystem} from "./small-system.ts";
import {flag, flagsRegister, type Ins, type TaskProgram, x} from "./task-program.ts";

/** Kinds of action; the transition rules stand in `transitions.ts`. */
export const act = {
  /** nothing to do, finished */
  done: 0,
  /** local step: interrupts off or on, a fence that orders nothing here, a choice; goes to any of `next` */
  step: 1,
  /** full barrier */
  fence: 2,
  /** store barrier */
  storeFence: 3,
  /** next[value of loc * size of loc2 + value of loc2] */
  load: 4,
  store: 5,
  /** release store */
  release: 6,
  /** atomic: for each old value the new value and the next state; a new value of -1 blocks */
  atomic: 7,
  /** queue an interrupt */
  send: 8,
  /** flush interrupt that a preempted vCPU is spared */
  sendRunning: 9,
  /** wait until none of the interrupts in mask `arg2` is pending at place `arg` */
  ackWait: 10,
  gpStart: 11,
  gpWait: 12,
  gpWaitAll: 13,
  /** start a callback task in local state `arg2` */
  callback: 14,
  invalidate: 15,
  nmi: 16,
  iret: 17,
  /** handler idle: started by a delivery */
  irq: 18,
  /** callback not called yet */
  dormant: 19,
  /** load past the store buffers, from memory itself */
  memoryLoad: 20,
  violation: 21,
  /** blocked for ever */
  stuck: 22,
  /** symmetric only: run the body of a loop for any CPU of `arg` it has not been run for; `next` once it has for all */
  each: 23,
  /** symmetric only: wait until none of the interrupts in `arg2` is pending anywhere */
  ackWaitAll: 24,
} as const;

/** Attributes of a local state. */
export const attribute = {
  irqOff: 1,
  section: 2,
  atomic: 4,
  /** An NMI or handler that runs. */
  active: 8,
  /** A walker between walks, or a task that is over: nothing is owed. */
  rest: 16,
} as const;

export interface Location {
  readonly name: string;
  readonly index: number;
  /** Place whose block of the state holds it; -1: the global part. */
  readonly home: number;
  readonly values: number[];
  readonly show: (value: number) => string;
  /** Whether a second store of the same value is I10. */
  readonly once: boolean;
}

export interface LocalState {
  readonly id: number;
  readonly pc: number;
  readonly kind: number;
  readonly flags: number;
  /** Machine CPU it is on (register 0). */
  readonly cpu: number;
  readonly attributes: number;
  /** Locations (-1: none); the value stored is an index into `values` of the location. */
  readonly loc: number;
  readonly loc2: number;
  readonly value: number;
  readonly arg: number;
  readonly arg2: number;
  next: number[];
  /** Local state at each place it may migrate to; -1: not there. Empty: it stays. */
  moves: number[];
  /** For `each`: the local state at the start of the body for each place, -1 where the loop does not go. */
  bodies: number[];
  /** For `atomic`: new value index for each old one. */
  written: number[];
  readonly text: string;
  /** What it is for the trace: the instruction. */
  readonly ins: number;
  /** The table a dereference reads, 1-based; 0 none. */
  readonly table: number;
  /** Registers, for starting a callback and for moving to another CPU. */
  readonly registers: readonly number[];
  readonly sets: readonly number[];
}

export interface TaskAutomaton {
  readonly program: TaskProgram;
  readonly states: readonly LocalState[];
  readonly start: number;
}

/** A kind of interrupt: who sends it, and whether its sender waits, or it flushes. One bit per target in the state. */
export interface Interrupt {
  readonly sender: number;
  readonly kind: "wait" | "nowait" | "flush";
  /** Whether taking it runs a handler program instead of just acknowledging. */
  readonly handled: boolean;
}

export interface Automata {
  readonly world: SmallSystem;
  readonly tasks: readonly TaskAutomaton[];
  readonly locations: readonly Location[];
  readonly interrupts: readonly Interrupt[];
  /** Owners of grace periods, in bit order: task index. */
  readonly owners: readonly number[];
}

const mostLocalSteps = 10_000;
const mostValues = 64;
const mostLocalStates = 60_000;

/**
 * Builds the automata of all tasks. With `symmetric`, a writer's loops over CPUs take them in any order and its waits are for all CPUs at
 * once, so that no local state singles out a CPU (`symmetry.ts` checks that). Throws a `RangeError` in the user's terms when a program has no
 * finite automaton.
 */
export function automataOf(
  world: SmallSystem,
  programs: readonly TaskProgram[],
  symmetric = false,
): Automata {
  const shared = new Shared(world, programs, symmetric);
  build(shared, programs);
  // Once more from the start: the first passes made local states for values and waits that were not known to be possible yet, or not
  // known to be needed.
  const builders = build(shared, programs);
  return {
    world,
    tasks: builders.map((builder) => ({
      program: builder.program,
      states: builder.states,
      start: 0,
    })),
    locations: shared.locations,
    interrupts: shared.interrupts,
    owners: shared.owners,
  };
}

function build(shared: Shared, programs: readonly TaskProgram[]): TaskBuilder[] {
  const builders = programs.map((program, index) => new TaskBuilder(shared, program, index));
  for (const builder of builders) builder.begin();
  for (let grown = true; grown; ) {
    shared.grown = false;
    for (const builder of builders) builder.explore(builders);
    grown = shared.grown;
  }
  return builders;
}

class Shared {
  readonly world: SmallSystem;
  readonly programs: readonly TaskProgram[];
  readonly locations: Location[] = [];
  readonly interrupts: Interrupt[] = [];
  readonly owners: number[] = [];
  readonly byKey = new Map<string, number>();
  grown = false;

  readonly symmetric: boolean;

  constructor(world: SmallSystem, programs: readonly TaskProgram[], symmetric: boolean) {
    this.world = world;
    this.programs = programs;
    this.symmetric = symmetric;
  }

  private location(
    key: string,
    name: string,
    home: number,
    initial: number,
    show: (value: number) => string,
    once = false,
  ): number {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const index = this.locations.length;
    this.locations.push({name, index, home, values: [initial], show, once});
    this.byKey.set(key, index);
    return index;
  }

  tableName(pointer: number): string {
    return pointer === 0 ? "none" : (this.world.tables[pointer - 1]?.name ?? "?");
  }

  entry(slot: number): number {
    const {name, initial} = this.world.slots[slot] as SmallSystem["slots"][number];
    return this.location(`entry ${slot}`, `entry[${name}]`, -1, initial + 1, (value) =>
      this.tableName(value),
    );
  }

  page(table: number): number {
    const show = (value: number): string => (value === 0 ? "live" : "freed");
    return this.location(`page ${table}`, this.tableName(table + 1), -1, 0, show, true);
  }

  contents(table: number, entry: number): number {
    const replacement = this.world.tables[table]?.replacement === true;
    const show = (value: number): string => ["old", "changed", "unwritten"][value] ?? "?";
    const name = this.world.pages > 1 ? `[${entry}]` : "";
    return this.location(
      `contents ${table} ${replacement ? 0 : entry}`,
      `${this.tableName(table + 1)}${replacement ? "" : name}.contents`,
      -1,
      replacement ? 2 : 0,
      show,
    );
  }

  share(table: number): number {
    const sharers = this.world.tables[table]?.sharers ?? 0;
    return this.location(
      `share ${table}`,
      `share(${this.tableName(table + 1)})`,
      -1,
      sharers,
      String,
    );
  }

  lock(name: string): number {
    const show = (value: number): string => (value === 0 ? "free" : "taken");
    return this.location(`lock ${name}`, name, -1, 0, show);
  }

  mode(place: number): number {
    const cpu = this.world.cpus[place];
    const busy = this.world.writers.some((w) => w.place === place);
    const walks = this.world.walkers.some((w) => w.place === place);
    const show = (value: number): string => ["idle", "user", "kernel", "preempted"][value] ?? "?";
    return this.location(`mode ${place}`, `mode[${cpu}]`, place, busy ? 2 : walks ? 1 : 0, show);
  }

  /** The location of a state word; -1 where the index names no CPU or mm of the scope. */
  word(code: number, state: number, at: number): number {
    const policy = this.world.codes[code];
    const declared = policy?.states[state];
    if (declared === undefined) return -1;
    const {mms} = this.world.system;
    const show = (value: number): string =>
      declared.type === "mm"
        ? value === 0
          ? "none"
          : (mms[value - 1]?.name ?? String(value))
        : declared.type === "bool"
          ? String(value !== 0)
          : String(value);
    const key = `word ${code} ${state} ${at}`;
    if (declared.scope === "global")
      return this.location(key, declared.name, -1, declared.initial, show);
    if (declared.scope === "permm") {
      if (at < 1 || at > mms.length) return -1;
      const name = `${declared.name}[${mms[at - 1]?.name}]`;
      return this.location(key, name, -1, declared.initial, show);
    }
    const place = this.world.cpus.indexOf(at);
    if (place < 0) return -1;
    return this.location(key, `${declared.name}[${at}]`, place, declared.initial, show);
  }

  initialOfWord(code: number, state: number): number {
    return this.world.codes[code]?.states[state]?.initial ?? 0;
  }

  /** Index of a value at a location, adding it. */
  valueAt(location: number, value: number): number {
    const {values, name} = this.locations[location] as Location;
    const at = values.indexOf(value);
    if (at >= 0) return at;
    if (values.length >= mostValues) {
      throw new RangeError(
        `${name} takes more than ${mostValues} values; a check needs state words with few values (no counters that grow)`,
      );
    }
    this.grown = true;
    return values.push(value) - 1;
  }

  interrupt(sender: number, kind: Interrupt["kind"]): number {
    const at = this.interrupts.findIndex((i) => i.sender === sender && i.kind === kind);
    if (at >= 0) return at;
    this.grown = true;
    const handled =
      kind !== "flush" && this.programs.some((p) => p.role === "handler" && p.sender === sender);
    return this.interrupts.push({sender, kind, handled}) - 1;
  }

  owner(task: number): number {
    const at = this.owners.indexOf(task);
    if (at >= 0) return at;
    this.grown = true;
    return this.owners.push(task) - 1;
  }
}

class TaskBuilder {
  readonly program: TaskProgram;
  readonly states: LocalState[] = [];
  private readonly shared: Shared;
  private readonly task: number;
  private readonly live: Liveness;
  private readonly known = new Map<string, number>();
  private readonly roots: number[] = [];

  constructor(shared: Shared, program: TaskProgram, task: number) {
    this.shared = shared;
    this.program = program;
    this.task = task;
    this.live = livenessOf(program);
  }

  begin(): void {
    const registers = new Array<number>(this.program.registers).fill(0);
    const sets = new Array<number>(this.program.setRegisters).fill(0);
    registers[0] = this.program.cpu;
    registers[1] = this.program.mm;
    registers[flagsRegister] = this.program.flags;
    sets[0] = (1 << this.shared.world.cpus.length) - 1;
    this.roots.push(this.settle(0, registers, sets));
  }

  /** The local state in which a callback starts with the registers of its caller. */
  called(caller: LocalState, ins: Ins): number {
    const registers = new Array<number>(this.program.registers).fill(0);
    const sets = new Array<number>(this.program.setRegisters).fill(0);
    for (let i = ins.b; i < caller.registers.length; i++) {
      const to = flagsRegister + 1 + i - ins.b;
      if (to < registers.length) registers[to] = caller.registers[i] as number;
    }
    for (let i = ins.c; i < caller.sets.length; i++) {
      const to = 1 + i - ins.c;
      if (to < sets.length) sets[to] = caller.sets[i] as number;
    }
    registers[0] = caller.cpu;
    registers[1] = this.program.mm;
    sets[0] = caller.sets[0] as number;
    return this.settle(1, registers, sets);
  }

  /** Computes the successors of every local state under the values known by now. */
  explore(builders: readonly TaskBuilder[]): void {
    for (let id = 0; id < this.states.length; id++) {
      const state = this.states[id] as LocalState;
      this.expand(state, builders);
      this.migrate(state);
    }
  }

  /** A walker that holds nothing on its CPU may go on at a CPU that runs nothing else. */
  private migrate(state: LocalState): void {
    const {world} = this.shared;
    if (world.scope.migrations === 0 || this.program.role !== "walker") return;
    if ((state.flags & ~flag.unwatched) !== 0) return;
    if (state.kind === act.violation || state.kind === act.done || state.kind === act.stuck) return;
    const free = world.cpus.map(
      (_, place) =>
        place === this.program.place ||
        (!world.walkers.some((w) => w.place === place) &&
          !world.writers.some((w) => w.place === place)),
    );
    state.moves = world.cpus.map((cpu, place) => {
      if (free[place] !== true || cpu === state.cpu) return -1;
      const registers = [...state.registers];
      registers[0] = cpu;
      const rest = (state.attributes & attribute.rest) !== 0;
      return this.action(state.pc, registers, [...state.sets], rest);
    });
  }

  private expand(state: LocalState, builders: readonly TaskBuilder[]): void {
    const {shared} = this;
    const ins = this.program.ins[state.pc] as Ins;
    const go = (change?: (registers: number[]) => void, pc = state.pc + 1): number => {
      const registers = [...state.registers];
      change?.(registers);
      return this.settle(pc, registers, [...state.sets]);
    };
    const valuesOf = (location: number): readonly number[] =>
      location < 0 ? [0] : (shared.locations[location] as Location).values;
    switch (state.kind) {
      case act.done:
      case act.dormant:
      case act.violation:
      case act.stuck:
        return;
      case act.step:
        if (ins.op === x.choose) {
          state.next = [go(undefined, ins.a), go(undefined, ins.b)];
        } else if (ins.op === x.flags) {
          state.next = [
            go((r) => {
              r[flagsRegister] = ((r[flagsRegister] as number) | ins.a) & ~ins.b;
            }),
          ];
        } else state.next = [go()];
        return;
      case act.nmi:
      case act.irq:
        state.next = [
          go((r) => {
            r[flagsRegister] = (r[flagsRegister] as number) | flag.nmi;
          }),
        ];
        return;
      case act.iret:
        state.next = [
          go((r) => {
            r[flagsRegister] = this.program.flags;
          }, ins.a),
        ];
        return;
      case act.load:
      case act.memoryLoad: {
        const next: number[] = [];
        for (const v1 of valuesOf(state.loc))
          for (const v2 of valuesOf(state.loc2)) next.push(this.loaded(state, ins, v1, v2, go));
        state.next = next;
        return;
      }
      case act.atomic: {
        const next: number[] = [];
        const written: number[] = [];
        for (const old of [...valuesOf(state.loc)]) {
          if (ins.op === op.lock) {
            written.push(old === 0 ? shared.valueAt(state.loc, 1) : -1);
            next.push(old === 0 ? go() : state.id);
          } else if (ins.op === x.shareDrop) {
            const left = Math.max(0, old - 1);
            written.push(shared.valueAt(state.loc, left));
            next.push(
              go((r) => {
                r[ins.a] = left;
              }),
            );
          } else {
            written.push(state.value);
            next.push(go());
          }
        }
        state.next = next;
        state.written = written;
        return;
      }
      case act.each:
        state.next = [go(undefined, ins.c)];
        state.bodies = shared.world.cpus.map((cpu, place) =>
          ((state.arg >> place) & 1) === 0
            ? -1
            : go((r) => {
                r[ins.a] = cpu;
              }),
        );
        return;
      case act.callback: {
        const target = builders[state.arg] as TaskBuilder;
        const started = target.called(state, ins);
        (state as {arg2: number}).arg2 = started;
        state.next = [go()];
        return;
      }
      default:
        state.next = [go()];
    }
  }

  /** Where a load goes on with what it read. */
  private loaded(
    state: LocalState,
    ins: Ins,
    v1: number,
    v2: number,
    go: (change?: (registers: number[]) => void, pc?: number) => number,
  ): number {
    const set =
      (value: number) =>
      (registers: number[]): void => {
        registers[ins.a] = value;
      };
    switch (ins.op) {
      case x.deref:
        return v1 !== 0 ? this.bad(state, 1) : go(set(v2));
      case x.mmuFill:
        return v1 !== 0 ? this.bad(state, 5) : go();
      case x.mmuUse:
        return v1 !== 0 || v2 === 1 ? this.bad(state, 4) : go();
      default:
        return go(set(v1));
    }
  }

  private bad(from: LocalState, invariant: number): number {
    return this.intern(
      from.pc,
      {
        kind: act.violation,
        arg: invariant,
        text: "",
        loc: -1,
        loc2: -1,
        value: 0,
        arg2: 0,
        table: 0,
      },
      [...from.registers],
      [...from.sets],
      `!${invariant}`,
    );
  }

  /** Runs local instructions from `pc` to the next shared action and returns the local state there. */
  private settle(start: number, r: number[], s: number[]): number {
    const {world} = this.shared;
    let pc = start;
    let rest = false;
    for (let steps = 0; steps < mostLocalSteps; steps++) {
      const ins = this.program.ins[pc] as Ins;
      const {a, b, c} = ins;
      const rb = r[b] as number;
      const rc = r[c] as number;
      switch (ins.op) {
        case op.number:
          r[a] = b;
          break;
        case op.move:
          r[a] = rb;
          break;
        case op.jump:
          pc = a;
          continue;
        case op.jumpUnless:
          pc = r[a] === 0 ? b : pc + 1;
          continue;
        case op.add:
          r[a] = rb + rc;
          break;
        case op.sub:
          r[a] = rb - rc;
          break;
        case op.mul:
          r[a] = rb * rc;
          break;
        case op.div:
          r[a] = rb / rc;
          break;
        case op.eq:
          r[a] = rb === rc ? 1 : 0;
          break;
        case op.ne:
          r[a] = rb !== rc ? 1 : 0;
          break;
        case op.lt:
          r[a] = rb < rc ? 1 : 0;
          break;
        case op.le:
          r[a] = rb <= rc ? 1 : 0;
          break;
        case op.not:
          r[a] = rb === 0 ? 1 : 0;
          break;
        case op.neg:
          r[a] = -rb;
          break;
        case op.set:
          s[a] = b;
          break;
        case op.setMove:
          s[a] = s[b] as number;
          break;
        case op.setUnion:
          s[a] = (s[b] as number) | (s[c] as number);
          break;
        case op.setIntersection:
          s[a] = (s[b] as number) & (s[c] as number);
          break;
        case op.setDifference:
          s[a] = (s[b] as number) & ~(s[c] as number);
          break;
        case op.setClear:
          s[a] = 0;
          break;
        case op.setAdd:
          s[a] = (s[a] as number) | this.bit(rb);
          break;
        case op.setOf:
          s[a] = this.bit(rb);
          break;
        case op.setSize:
          r[a] = ones(s[b] as number);
          break;
        case op.setHas:
          r[a] = (this.bit(rb) & (s[c] as number)) !== 0 ? 1 : 0;
          break;
        case op.loadMask:
          s[a] = this.mask(rb);
          break;
        case op.iterate:
          r[a] = -1;
          break;
        case op.next: {
          if (this.shared.symmetric && this.program.role === "writer") {
            r[a] = -1;
            return this.action(pc, r, s, rest);
          }
          const from = world.cpus.findIndex(
            (cpu, place) => cpu > (r[a] as number) && (((s[b] as number) >> place) & 1) === 1,
          );
          if (from < 0) {
            pc = c;
            continue;
          }
          r[a] = world.cpus[from] as number;
          break;
        }
        case op.waitUntil:
          pc = r[a] !== 0 ? b : pc + 1;
          continue;
        case op.load:
        case op.loadAcquire: {
          const loc = this.shared.word(ins.code, b, c < 0 ? -1 : rc);
          if (loc >= 0) return this.action(pc, r, s, rest);
          r[a] = this.shared.initialOfWord(ins.code, b);
          break;
        }
        case op.loadMode:
          if (this.bit(rb) !== 0) return this.action(pc, r, s, rest);
          r[a] = 0;
          break;
        case op.store:
        case op.storeRelease:
        case op.exchange: {
          const loc = this.shared.word(ins.code, a, b < 0 ? -1 : rb);
          if (loc >= 0 || ins.op === op.exchange) return this.action(pc, r, s, rest);
          break;
        }
        case op.ipi:
          // A CPU outside the scope, or the sender itself: nothing is sent.
          if (this.bit(r[a] as number) !== 0 && r[a] !== r[0]) return this.action(pc, r, s, rest);
          break;
        case x.ackWait:
          if (this.waited(a, b) !== 0 && !this.followsWait(pc)) return this.action(pc, r, s, rest);
          break;
        case x.idle:
          rest = true;
          break;
        case x.gpWait:
          // Its own CPU is quiescent unless it waits within a section of its own, which is then for ever.
          if (this.followsWait(pc)) break;
          if (a !== this.program.place || r[flagsRegister] !== 0 || this.shared.symmetric)
            return this.action(pc, r, s, rest);
          break;
        case x.use: {
          const wrong = useOf(r[a] as number, b < 0 ? (r[a] as number) : rb);
          if (wrong !== 0) return this.settledBad(pc, r, s, wrong);
          break;
        }
        case x.invalidate:
          if (world.mmus.length > 0) return this.action(pc, r, s, rest);
          break;
        default:
          return this.action(pc, r, s, rest);
      }
      pc++;
    }
    return this.intern(
      pc,
      {
        kind: act.stuck,
        text: "waits for something that never changes",
        loc: -1,
        loc2: -1,
        value: 0,
        arg: 0,
        arg2: 0,
        table: 0,
      },
      r,
      s,
      "stuck",
    );
  }

  /** In a symmetric automaton the first wait of a row stands for all of them. */
  private followsWait(pc: number): boolean {
    return this.shared.symmetric && this.program.ins[pc - 1]?.op === this.program.ins[pc]?.op;
  }

  private settledBad(pc: number, r: number[], s: number[], invariant: number): number {
    return this.intern(
      pc,
      {
        kind: act.violation,
        arg: invariant,
        text: "",
        loc: -1,
        loc2: -1,
        value: 0,
        arg2: 0,
        table: 0,
      },
      r,
      s,
      `!${invariant}`,
    );
  }

  private bit(cpu: number): number {
    const place = this.shared.world.cpus.indexOf(cpu);
    return place < 0 ? 0 : 1 << place;
  }

  private mask(mm: number): number {
    const {world} = this.shared;
    if (!world.system.machine.mmCpumask) return 0;
    let mask = 0;
    for (const [place, cpu] of world.cpus.entries()) {
      const sets = world.system.mms[mm - 1];
      const inside = [...(sets?.cpus ?? []), ...(sets?.lazy ?? [])];
      if (inside.some(([lo, hi]) => cpu >= lo && cpu <= hi)) mask |= 1 << place;
    }
    return mask;
  }

  /** Bits of the interrupts that a sender waits for. */
  private waited(_place: number, sender: number): number {
    const at = this.shared.interrupts.findIndex((i) => i.sender === sender && i.kind === "wait");
    return at < 0 ? 0 : 1 << at;
  }

  /** The local state at an instruction that is a shared action. */
  private action(pc: number, r: number[], s: number[], rest: boolean): number {
    const ins = this.program.ins[pc] as Ins;
    return this.intern(pc, this.describe(ins, r, s), r, s, "", rest);
  }

  private describe(ins: Ins, r: readonly number[], s: readonly number[]): Action {
    const {shared} = this;
    const {world} = shared;
    const {a, b, c} = ins;
    const base: Action = {
      kind: act.step,
      text: "",
      loc: -1,
      loc2: -1,
      value: 0,
      arg: 0,
      arg2: 0,
      table: 0,
    };
    const store = (kind: number, loc: number, raw: number, word: string): Action => {
      const location = shared.locations[loc] as Location;
      return {
        ...base,
        kind,
        loc,
        value: shared.valueAt(loc, raw),
        text: `${word} ${location.name} = ${location.show(raw)}`,
      };
    };
    const cpuOf = (place: number): number => world.cpus[place] as number;
    switch (ins.op) {
      case op.next: {
        const own = 1 << this.program.place;
        return {...base, kind: act.each, arg: (s[b] as number) & ~own, text: "for each CPU"};
      }
      case op.mb:
        return {...base, kind: act.fence, text: "mb"};
      case op.wmb:
        return {...base, kind: act.storeFence, text: "wmb"};
      case op.rmb:
        return {...base, text: "rmb"};
      case op.load:
      case op.loadAcquire: {
        const loc = shared.word(ins.code, b, c < 0 ? -1 : (r[c] as number));
        return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
      }
      case op.loadMode: {
        const loc = shared.mode(world.cpus.indexOf(r[b] as number));
        return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
      }
      case op.store:
      case op.storeRelease:
      case op.exchange: {
        const loc = shared.word(ins.code, a, b < 0 ? -1 : (r[b] as number));
        if (loc < 0) return {...base, kind: act.fence, text: "xchg"};
        if (ins.op === op.store) return store(act.store, loc, r[c] as number, "store");
        if (ins.op === op.storeRelease)
          return store(act.release, loc, r[c] as number, "store_release");
        return store(act.atomic, loc, r[c] as number, "xchg");
      }
      case op.ipi: {
        const place = world.cpus.indexOf(r[a] as number);
        const bit = shared.interrupt(this.program.sender, b === 1 ? "wait" : "nowait");
        const nowait = b === 1 ? "" : " nowait";
        return {...base, kind: act.send, arg: place, arg2: bit, text: `ipi ${r[a]}${nowait}`};
      }
      case op.lock:
      case op.unlock: {
        const loc = shared.lock(this.program.locks[a] as string);
        if (ins.op === op.lock)
          return {...base, kind: act.atomic, loc, text: `lock ${this.program.locks[a]}`};
        return {...store(act.release, loc, 0, ""), text: `unlock ${this.program.locks[a]}`};
      }
      case x.flags:
        return {...base, text: flagsText(ins.a, ins.b)};
      case x.choose:
        return {...base, text: "choose"};
      case x.loadEntry: {
        const loc = shared.entry(b);
        return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
      }
      case x.mmuLoad: {
        const loc = shared.entry(b);
        const text = `MMU loads ${shared.locations[loc]?.name}`;
        return {...base, kind: act.memoryLoad, loc, text};
      }
      case x.deref:
      case x.mmuFill:
      case x.mmuUse: {
        const pointer = r[ins.op === x.deref ? c : a] as number;
        if (pointer === 0) return {...base, text: "nothing is mapped"};
        const table = pointer - 1;
        const name = shared.tableName(pointer);
        const entry = ins.op === x.deref ? b : 0;
        const which = world.pages > 1 ? ` entry ${entry}` : "";
        const words =
          ins.op === x.deref
            ? `read ${name}${which}`
            : ins.op === x.mmuFill
              ? `MMU reads ${name}`
              : `MMU uses its translation of ${name}`;
        return {
          ...base,
          kind: ins.op === x.deref ? act.load : act.memoryLoad,
          loc: shared.page(table),
          loc2: shared.contents(table, entry),
          table: pointer,
          text: words,
        };
      }
      case x.storeEntry: {
        const action = store(
          c === 1 ? act.release : act.store,
          shared.entry(a),
          b + 1,
          c === 1 ? "map" : b < 0 ? "unhook" : "publish",
        );
        return action;
      }
      case x.free:
        return {
          ...store(act.store, shared.page(a), 1, ""),
          text: `free ${shared.tableName(a + 1)}`,
        };
      case x.reuse: {
        const which = world.pages > 1 ? ` entry ${b}` : "";
        return {
          ...store(act.store, shared.contents(a, b), 1, ""),
          text: `reuse ${shared.tableName(a + 1)}${which}`,
        };
      }
      case x.write:
        return {
          ...store(act.store, shared.contents(a, 0), 0, ""),
          text: `write ${shared.tableName(a + 1)}`,
        };
      case x.gpStart: {
        const bit = shared.owner(this.task);
        return {...base, kind: act.gpStart, arg2: bit, text: "grace period starts"};
      }
      case x.gpWait: {
        const bit = shared.owner(this.task);
        if (shared.symmetric)
          return {...base, kind: act.gpWaitAll, arg2: bit, text: "grace period ends"};
        const text = `grace period: CPU ${cpuOf(a)} has passed a quiescent state`;
        return {...base, kind: act.gpWait, arg: a, arg2: bit, text};
      }
      case x.gpWaitAll: {
        const bit = shared.owner(this.task);
        return {...base, kind: act.gpWaitAll, arg2: bit, text: "grace period ends"};
      }
      case x.ackWait: {
        if (shared.symmetric)
          return {...base, kind: act.ackWaitAll, arg2: this.waited(a, b), text: "all acknowledged"};
        const text = `CPU ${cpuOf(a)} has acknowledged`;
        return {...base, kind: act.ackWait, arg: a, arg2: this.waited(a, b), text};
      }
      case x.flushSend: {
        const bit = shared.interrupt(this.program.sender, "flush");
        const kind = b === 1 ? act.sendRunning : act.send;
        return {...base, kind, arg: a, arg2: bit, text: `flush interrupt to CPU ${cpuOf(a)}`};
      }
      case x.flushWait: {
        const bit = shared.interrupt(this.program.sender, "flush");
        const text = `CPU ${cpuOf(a)} has flushed`;
        return {...base, kind: act.ackWait, arg: a, arg2: 1 << bit, text};
      }
      case x.callback: {
        const target = this.task + 1 + a;
        shared.owner(target);
        return {...base, kind: act.callback, arg: target, text: "call_rcu"};
      }
      case x.invalidate: {
        const text = a === -1 || a === (1 << world.cpus.length) - 1 ? "TLBs" : "own TLB";
        return {...base, kind: act.invalidate, arg: a, text: `invalidate ${text}`};
      }
      case x.shareLoad: {
        const loc = shared.share(b);
        return {...base, kind: act.load, loc, text: `load ${shared.locations[loc]?.name}`};
      }
      case x.shareDrop: {
        const loc = shared.share(b);
        return {...base, kind: act.atomic, loc, text: `drop ${shared.locations[loc]?.name}`};
      }
      case x.violate:
        return {...base, kind: act.violation, arg: a};
      case x.mode: {
        const loc = shared.mode(world.cpus.indexOf(r[0] as number));
        return store(act.atomic, loc, a, "context tracking:");
      }
      case x.nmi:
        return {...base, kind: act.nmi, text: "NMI"};
      case x.iret:
        return {...base, kind: act.iret, text: "return from interrupt"};
      case x.irq:
        return {...base, kind: act.irq, text: "interrupt"};
      case x.dormant:
        return {...base, kind: act.dormant};
      case x.done:
        return {...base, kind: act.done};
      default:
        throw new Error(`no action for instruction ${ins.op}`);
    }
  }

  private intern(
    pc: number,
    action: Action,
    r: readonly number[],
    s: readonly number[],
    mark: string,
    rest = false,
  ): number {
    const liveValues = mark === "" ? (this.live.values[pc] as bigint) : 7n;
    const liveSets = mark === "" ? (this.live.sets[pc] as bigint) : 0n;
    const registers = r.map((value, i) => ((liveValues >> BigInt(i)) & 1n ? value : 0));
    const sets = s.map((value, i) => (i === 0 || (liveSets >> BigInt(i)) & 1n ? value : 0));
    const key = `${mark}${pc}|${registers.join()}|${sets.join()}`;
    const known = this.known.get(key);
    if (known !== undefined) {
      // A wait compiled before the first send of its kind was known has a mask to be completed.
      const state = this.states[known] as {arg2: number; kind: number};
      if (state.kind === act.ackWait || state.kind === act.ackWaitAll) state.arg2 = action.arg2;
      return known;
    }
    const id = this.states.length;
    if (id >= mostLocalStates) {
      throw new RangeError(
        `${this.program.name} has more than ${mostLocalStates} local states; simplify the policy or lower the scope`,
      );
    }
    const flags = registers[flagsRegister] as number;
    this.known.set(key, id);
    this.states.push({
      id,
      pc,
      ...action,
      flags,
      cpu: registers[0] as number,
      attributes: attributesOf(flags, action.kind, rest),
      next: [],
      moves: [],
      bodies: [],
      written: [],
      ins: pc,
      registers,
      sets,
    });
    this.shared.grown = true;
    return id;
  }
}

interface Action {
  readonly kind: number;
  readonly text: string;
  readonly loc: number;
  readonly loc2: number;
  readonly value: number;
  readonly arg: number;
  readonly arg2: number;
  readonly table: number;
}

function attributesOf(flags: number, kind: number, rest: boolean): number {
  let attributes = 0;
  if (flags & (flag.irqOff | flag.nmi)) attributes |= attribute.irqOff;
  const section = flag.irqOff | flag.rcu | flag.preemptOff | flag.nmi;
  if (!(flags & flag.unwatched) && flags & section) attributes |= attribute.section;
  if (flags & (flag.irqOff | flag.preemptOff | flag.nmi)) attributes |= attribute.atomic;
  if (flags & flag.nmi) attributes |= attribute.active;
  const resting: readonly number[] = [act.done, act.nmi, act.irq, act.dormant];
  if (rest || resting.includes(kind)) attributes |= attribute.rest;
  return attributes;
}

/** What a walk makes of the contents it read: 0 sound, 2 changed (I2), 3 mixed or unwritten (I3). */
function useOf(first: number, second: number): number {
  if (first === 2 || second === 2) return 3;
  if (first !== second) return 3;
  return first === 1 ? 2 : 0;
}

function flagsText(on: number, off: number): string {
  const names: [number, string, string][] = [
    [flag.irqOff, "irq off", "irq on"],
    [flag.rcu, "rcu_read_lock", "rcu_read_unlock"],
    [flag.preemptOff, "preemption off", "preemption on"],
  ];
  for (const [bit, enter, leave] of names) {
    if (on & bit) return enter;
    if (off & bit) return leave;
  }
  return "";
}

function ones(mask: number): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
}
