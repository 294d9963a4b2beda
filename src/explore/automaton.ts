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
import type {SmallSystem} from "../program/small-system.ts";
import {hotplugs} from "../program/step-rules.ts";
import {type Action, describeAction} from "./describe-action.ts";
import {flag, flagsRegister, type Ins, type TaskProgram, x} from "./instructions.ts";
import {type Liveness, livenessOf} from "./liveness.ts";
import {type Automata, act, attribute, type LocalState, type Location} from "./local-state.ts";
import {Vocabulary} from "./vocabulary.ts";

/** CPU, mm and flags. */
const violationRegisters: readonly number[] = [0, 1, flagsRegister];
const mostLocalSteps = 10_000;
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
  const shared = new Vocabulary(world, programs, symmetric);
  const online = hotplugs(world) ? shared.online() : -1;
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
    online,
  };
}

function build(shared: Vocabulary, programs: readonly TaskProgram[]): TaskBuilder[] {
  const builders = programs.map((program, index) => new TaskBuilder(shared, program, index));
  for (const builder of builders) builder.begin();
  for (let grown = true; grown; ) {
    shared.grown = false;
    for (const builder of builders) builder.explore(builders);
    grown = shared.grown;
  }
  return builders;
}

class TaskBuilder {
  readonly program: TaskProgram;
  readonly states: LocalState[] = [];
  private readonly shared: Vocabulary;
  private readonly task: number;
  private readonly live: Liveness;
  private readonly known = new Map<string, number>();
  private readonly roots: number[] = [];

  constructor(shared: Vocabulary, program: TaskProgram, task: number) {
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
      case act.overflow:
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
      case act.irq: {
        const entries =
          state.kind === act.irq && ins.b > 0 ? [state.pc + 1, ins.b] : [state.pc + 1];
        state.next = entries.map((pc) =>
          go((r) => {
            r[flagsRegister] = (r[flagsRegister] as number) | flag.nmi;
          }, pc),
        );
        return;
      }
      case act.iret:
        state.next = [
          go((r) => {
            r[flagsRegister] = this.program.flags;
          }, ins.a),
        ];
        return;
      case act.load:
      case act.memoryLoad: {
        if (ins.op === x.loadOnline) {
          state.next = valuesOf(state.loc).map((mask) => {
            const [, ...sets] = state.sets;
            return this.settle(state.pc + 1, [...state.registers], [mask, ...sets]);
          });
          return;
        }
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
          } else if (ins.op === x.readLock || ins.op === x.readUnlock) {
            const to = this.readersAfter(ins, old);
            written.push(to < 0 ? -1 : shared.valueAt(state.loc, to));
            next.push(to < 0 ? state.id : go());
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

  /** A lock's value after a reader has come or gone; -1 where it has to wait, or where there are no more readers than that. */
  private readersAfter({op: code, a}: Ins, old: number): number {
    if (code === x.readUnlock) return old < 2 ? -1 : old === 2 ? 0 : old - 1;
    if (old === 1) return -1;
    const readers = Math.max(1, old);
    return readers > this.shared.readers(this.program.locks[a] as string) ? -1 : readers + 1;
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
          if (this.shared.waits(b) && !this.followsWait(pc)) return this.action(pc, r, s, rest);
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

  /** The local state at an instruction that is a shared action. */
  private action(pc: number, r: number[], s: number[], rest: boolean): number {
    const ins = this.program.ins[pc] as Ins;
    return this.intern(
      pc,
      describeAction(this.shared, this.program, this.task, ins, r, s),
      r,
      s,
      "",
      rest,
    );
  }

  private intern(
    pc: number,
    action: Action,
    r: readonly number[],
    s: readonly number[],
    mark: string,
    rest = false,
  ): number {
    // What violates needs no memory: all such local states are one for each instruction and invariant.
    const registers = new Array<number>(r.length).fill(0);
    const sets = new Array<number>(s.length).fill(0);
    const live = mark === "" ? (this.live.values[pc] as readonly number[]) : violationRegisters;
    for (const i of live) registers[i] = r[i] as number;
    if (mark === "") for (const i of this.live.sets[pc] ?? []) sets[i] = s[i] as number;
    else sets[0] = s[0] as number;
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

function ones(mask: number): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
}
