// A task of the explorer as the C of a litmus thread. Registers whose values are known by now are folded away, loops over CPUs unrolled;
// a branch on a loaded value becomes `if`, and the code goes on behind it where the two ways meet, so that dependencies are those of the
// task. What a thread cannot choose by itself (where an interrupt strikes, which of two ways is taken) it reads from a variable that an
// extra thread writes; nothing else depends on that load.

import {op} from "../../program/code.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import {flag, flagsRegister, type Ins, type TaskProgram, x} from "../instructions.ts";
import type {Liveness} from "../liveness.ts";
import {noTaint} from "../lkmm/event.ts";
import {compute, maskOf} from "../lkmm/policy-arithmetic.ts";
import {contents} from "../lkmm/policy-places.ts";
import {handlerOf, inSection, isBusy, isPoint} from "../lkmm/task-rules.ts";
import {flowOf} from "./export-flow.ts";
import type {ExportNames} from "./export-names.ts";
import {initialState, type State} from "./export-state.ts";
import {
  isPointer,
  knownOf,
  operators,
  same,
  setInstructions,
  textOf,
  type Value,
} from "./export-value.ts";
import type {ExportedThread, ExportShared} from "./exported-thread.ts";

/** Writes a task. Throws a `RangeError` that says what has no litmus form. */
export function exportThread(shared: ExportShared, task: number, thread: number): ExportedThread {
  return new ThreadWriter(shared, task, thread).write();
}

class ThreadWriter {
  private readonly shared: ExportShared;
  private readonly world: SmallSystem;
  private readonly names: ExportNames;
  private readonly program: TaskProgram;
  private readonly task: number;
  private readonly thread: number;
  private readonly head: string[] = [];
  private readonly lines: string[] = [];
  private readonly filters: string[] = [];
  private readonly bad: string[] = [];
  private readonly freed: (readonly [table: number, condition: string])[] = [];
  private depth = 1;
  private fresh = 0;
  private points = 0;
  private inside = 0;
  /** Interrupts sent on the way taken so far. */
  private sent = new Set<string>();
  /** Registers that choose where each interrupt or NMI strikes. */
  private readonly strikes: {
    readonly register: string;
    readonly write: () => void;
    readonly nmi: boolean;
  }[] = [];

  constructor(shared: ExportShared, task: number, thread: number) {
    this.shared = shared;
    this.world = shared.world;
    this.names = shared.names;
    this.program = shared.programs[task];
    this.task = task;
    this.thread = thread;
  }

  write(): ExportedThread {
    this.prepareStrikes();
    const state = initialState(this.world, this.program);
    if (this.program.role !== "handler") this.run(this.program, state, 0, -1);
    for (; this.depth > 1; this.emit("}")) {
      if (this.lines.at(-1)?.endsWith("{") === true) this.emit(`${this.declare("pass", 0)} = 0;`);
      this.depth--;
    }
    this.point(state);
    for (const {register} of this.strikes)
      this.shared.choices.set(this.whereOf(register), this.points + 1);
    if (this.head.length + this.lines.length === 0) this.declare("pass", 0);
    const {filters, bad, freed} = this;
    return {body: [...this.head, ...this.lines], filters, bad, freed};
  }

  private emit(line: string): void {
    this.lines.push(`${"  ".repeat(this.depth)}${line}`);
  }

  private declare(prefix: string, initial: number, pointer = false): string {
    const name = `${prefix}${this.fresh++}`;
    this.head.push(
      pointer ? `  int *${name} = ${this.names.nothing()};` : `  int ${name} = ${initial};`,
    );
    return name;
  }

  private whereOf(register: string): string {
    return this.names.protocol("where", `${this.thread}_${register}`);
  }

  /** A register that holds any of `width` numbers. */
  private choice(width: number): string {
    const register = `c${this.fresh++}`;
    const variable = this.whereOf(register);
    this.shared.choices.set(variable, width);
    this.head.push(`  int ${register} = READ_ONCE(*${variable});`);
    return register;
  }

  /** Runs from `pc` until `stop` (-1: the end); `top` is where a pass of the task begins. */
  private run(program: TaskProgram, state: State, start: number, stop: number): void {
    const flow = flowOf(program);
    const {registers: r, sets: s} = state;
    let pc = start;
    for (let steps = 0; steps < 20_000; steps++) {
      if (pc === stop) return;
      const ins = program.ins[pc];
      if (ins === undefined || ins.op === x.done || ins.op === x.iret) return;
      if (pc === 0 && steps > 0) return;
      if (isPoint(ins, state.flags)) this.point(state);
      const {a, b, c} = ins;
      switch (ins.op) {
        case op.jump:
          pc = a;
          continue;
        case op.jumpUnless: {
          const value = r[a];
          if ("known" in value) {
            pc = value.known === 0 ? b : pc + 1;
            continue;
          }
          const join = flow.joins[pc];
          this.branch(program, state, this.truth(value), [pc + 1, b], join, flow.live);
          if (join < 0) return;
          pc = join;
          continue;
        }
        case x.choose: {
          const join = flow.joins[pc];
          this.branch(program, state, `${this.choice(2)} == 0`, [a, b], join, flow.live);
          if (join < 0) return;
          pc = join;
          continue;
        }
        case op.waitUntil: {
          const held = this.declare("w", 1);
          this.emit(`${held} = ${this.truth(r[a])};`);
          this.filters.push(`${this.thread}:${held}=1`);
          pc = b;
          continue;
        }
        case op.next: {
          const from = this.known(r[a], "the CPU of a loop");
          const place = this.world.cpus.findIndex(
            (cpu, at) => cpu > from && ((s[b] >> at) & 1) === 1,
          );
          if (place < 0) {
            pc = c;
            continue;
          }
          r[a] = {known: this.world.cpus[place]};
          break;
        }
        default:
          if (ins.op < op.load) this.compute(ins, state);
          else this.step(program, ins, state);
      }
      pc++;
    }
    throw new RangeError(`${program.name} does not come to an end by itself`);
  }

  private branch(
    program: TaskProgram,
    state: State,
    test: string,
    ways: readonly [number, number],
    join: number,
    live: Liveness,
  ): void {
    const other: State = {
      registers: [...state.registers],
      sets: [...state.sets],
      flags: state.flags,
    };
    const merged: {register: number; name: string}[] = [];
    this.emit(`if (${test}) {`);
    const begin = this.lines.length;
    const before = new Set(this.sent);
    this.depth++;
    this.run(program, state, ways[0], join);
    const firstEnd = this.lines.length;
    const first = this.sent;
    this.sent = before;
    this.depth--;
    this.emit("} else {");
    this.depth++;
    this.run(program, other, ways[1], join);
    this.sent = new Set([...first, ...this.sent]);
    if (join >= 0) {
      if (state.flags !== other.flags)
        throw new RangeError(`${program.name}: a section begins in one branch only`);
      const values = live.values[join] as readonly number[];
      const sets = live.sets[join] as readonly number[];
      for (let i = flagsRegister + 1; i < state.registers.length; i++) {
        if (!values.includes(i) || same(state.registers[i], other.registers[i])) continue;
        merged.push({register: i, name: this.declare("m", 0, isPointer(state.registers[i]))});
      }
      for (let i = 0; i < state.sets.length; i++) {
        if (sets.includes(i) && state.sets[i] !== other.sets[i]) {
          throw new RangeError(
            `${program.name}: a set of CPUs that depends on what was loaded has no litmus form; send from within the condition`,
          );
        }
      }
    }
    for (const {register, name} of merged)
      this.emit(`${name} = ${textOf(other.registers[register])};`);
    this.depth--;
    if (this.lines.length === firstEnd + 1) this.lines.pop();
    this.emit("}");
    const ends = merged.map(
      ({register, name}) =>
        `${"  ".repeat(this.depth + 1)}${name} = ${textOf(state.registers[register])};`,
    );
    // A block may not be empty.
    if (firstEnd === begin && ends.length === 0) {
      ends.push(`${"  ".repeat(this.depth + 1)}${this.declare("pass", 0)} = 0;`);
    }
    this.lines.splice(firstEnd, 0, ...ends);
    for (const {register, name} of merged) {
      state.registers[register] = {text: name, pointer: isPointer(state.registers[register])};
    }
  }

  private compute(ins: Ins, {registers: r, sets: s}: State): void {
    const {a, b, c} = ins;
    const operator = operators[ins.op];
    if (operator !== undefined && !("known" in r[b] && "known" in r[c])) {
      const pointers = isPointer(r[b]) || isPointer(r[c]);
      const side = (value: Value): string =>
        pointers && "known" in value ? this.pointerText(value.known) : textOf(value);
      r[a] = {text: `(${side(r[b])} ${operator} ${side(r[c])})`, pointer: false};
      return;
    }
    if ((ins.op === op.not || ins.op === op.neg) && !("known" in r[b])) {
      // herd7's C has neither `!` nor a minus sign of its own.
      const text = textOf(r[b]);
      const nothing = isPointer(r[b]) ? this.names.nothing() : "0";
      r[a] = {
        text: ins.op === op.not ? `(${text} == ${nothing})` : `(0 - ${text})`,
        pointer: false,
      };
      return;
    }
    if (ins.op === op.move) {
      r[a] = r[b];
      return;
    }
    const plain = r.map((value) => ({
      value: "known" in value ? value.known : Number.NaN,
      taint: noTaint,
    }));
    compute(this.world, ins, plain, s);
    const result = plain[a]?.value;
    if (setInstructions.has(ins.op)) {
      if ((ins.op === op.setAdd || ins.op === op.setOf) && !("known" in r[b])) {
        throw new RangeError(
          `${this.program.name}: a set of CPUs that depends on what was loaded has no litmus form`,
        );
      }
      return;
    }
    if (result === undefined || Number.isNaN(result)) {
      throw new RangeError(`${this.program.name}: a CPU that is only known when it runs`);
    }
    r[a] = {known: result};
  }

  private step(program: TaskProgram, ins: Ins, state: State): void {
    const {registers: r, sets: s} = state;
    const {a, b, c} = ins;
    const {names, world} = this;
    switch (ins.op) {
      case op.mb:
      case op.wmb:
      case op.rmb:
        this.emit(`smp_${ins.op === op.mb ? "mb" : ins.op === op.wmb ? "wmb" : "rmb"}();`);
        return;
      case op.load:
      case op.loadAcquire: {
        const at = c < 0 ? -1 : this.known(r[c], "the index of a state word");
        const name = names.word(ins.code, b, at);
        if (name === undefined) r[a] = {known: world.codes[ins.code]?.states[b]?.initial ?? 0};
        else r[a] = this.load(name, ins.op === op.loadAcquire);
        return;
      }
      case op.loadMask:
        s[a] = maskOf(world, this.known(r[b], "an mm"));
        return;
      case op.loadMode: {
        const place = world.cpus.indexOf(this.known(r[b], "a CPU"));
        r[a] = place < 0 ? {known: 0} : this.load(names.mode(place), c === 1);
        return;
      }
      case op.store:
      case op.storeRelease:
      case op.exchange: {
        const name = names.word(
          ins.code,
          a,
          b < 0 ? -1 : this.known(r[b], "the index of a state word"),
        );
        const value = textOf(r[c]);
        if (name === undefined) {
          if (ins.op === op.exchange) this.emit("smp_mb();");
        } else if (ins.op === op.exchange)
          this.emit(`${this.declare("x", 0)} = xchg(${name}, ${value});`);
        else if (ins.op === op.store) this.emit(`WRITE_ONCE(*${name}, ${value});`);
        else this.emit(`smp_store_release(${name}, ${value});`);
        return;
      }
      case op.ipi: {
        const place = world.cpus.indexOf(this.known(r[a], "the target of an interrupt"));
        if (place >= 0 && place !== this.program.place) this.send(place, "ipi", b === 1);
        return;
      }
      case x.readLock:
      case x.readUnlock:
        throw new RangeError(
          `${program.locks[a]} is taken for reading: a read-write semaphore has no litmus form`,
        );
      case op.lock:
      case op.unlock: {
        const name = names.lock(program.locks[a]);
        this.emit(`${ins.op === op.lock ? "spin_lock" : "spin_unlock"}(${name});`);
        return;
      }
      case x.flags:
        this.section(state, (state.flags | a) & ~b, ins);
        return;
      case x.loadEntry: {
        const pointer = this.declare("p", 0, true);
        this.emit(`${pointer} = READ_ONCE(*${names.entry(b)});`);
        r[a] = {text: pointer, pointer: true};
        return;
      }
      case x.deref: {
        if (b > 0)
          throw new RangeError("walks of two pages have no litmus form: ask for `pages: 1`");
        const value = this.declare("v", 0);
        this.emit(`${value} = READ_ONCE(*${textOf(r[c])});`);
        this.bad.push(`${this.thread}:${value}=${contents.freed}`);
        r[a] = {text: value, pointer: false};
        return;
      }
      case x.use: {
        const wrong = this.declare("bad", 0);
        this.emit(`${wrong} = ${textOf(r[a])} != ${contents.old};`);
        this.bad.push(`${this.thread}:${wrong}=1`);
        return;
      }
      case x.storeEntry: {
        const value = b < 0 ? names.nothing() : names.table(b);
        const name = names.entry(a);
        this.emit(
          c === 1 ? `smp_store_release(${name}, ${value});` : `WRITE_ONCE(*${name}, ${value});`,
        );
        return;
      }
      case x.free:
        this.emit(`WRITE_ONCE(*${names.table(a)}, ${contents.freed}); /* freed */`);
        this.noteFree(a);
        return;
      case x.reuse:
        this.emit(`WRITE_ONCE(*${names.table(a)}, ${contents.changed}); /* changed in place */`);
        return;
      case x.write:
        this.emit(`WRITE_ONCE(*${names.table(a)}, ${contents.old}); /* filled */`);
        return;
      case x.gpStart:
      case x.gpWaitAll:
        this.emit("synchronize_rcu();");
        return;
      case x.ackWait:
        this.awaitAck(a, "ipi");
        return;
      case x.flushSend:
        if (b === 1 && world.scope.preemptions > 0) {
          throw new RangeError("vCPU preemptions have no litmus form");
        }
        this.send(a, "flush", true);
        return;
      case x.flushWait:
        this.awaitAck(a, "flush");
        return;
      case x.callback:
        this.emit(
          `smp_store_release(${names.protocol("callback", String(this.task + 1 + a))}, 1); /* call_rcu() */`,
        );
        return;
      case x.dormant: {
        const queued = this.declare("q", 0);
        this.emit(
          `${queued} = smp_load_acquire(${names.protocol("callback", String(this.task))});`,
        );
        // The load acquires, so that being inside the branch orders nothing that is not ordered anyway.
        this.emit(`if (${queued} == 1) {`);
        this.depth++;
        return;
      }
      case x.shareLoad:
        r[a] = this.load(names.share(b), false);
        return;
      case x.shareDrop: {
        const left = this.declare("left", 0);
        this.emit(`${left} = atomic_dec_return(${names.share(b)});`);
        r[a] = {text: left, pointer: false};
        return;
      }
      case x.mode: {
        const place = world.cpus.indexOf(this.known(r[0], "a CPU"));
        if (place >= 0) this.emit(`${this.declare("x", 0)} = xchg(${names.mode(place)}, ${a});`);
        return;
      }
      case x.violate: {
        const wrong = this.declare("bad", 0);
        this.emit(`${wrong} = 1;`);
        this.bad.push(`${this.thread}:${wrong}=1`);
        return;
      }
      case x.mmuLoad:
      case x.mmuFill:
      case x.mmuUse:
        throw new RangeError("hardware walkers have no litmus form");
      default:
        return;
    }
  }

  /** Where a table may be freed twice, says in a register that this free was one of them. */
  private noteFree(table: number): void {
    const {programs} = this.shared;
    const frees = programs.flatMap(({ins}) => ins.filter((i) => i.op === x.free && i.a === table));
    if (frees.length < 2) return;
    const freed = this.declare("freed", 0);
    this.emit(`${freed} = 1;`);
    this.freed.push([table, `${this.thread}:${freed}=1`]);
  }

  private load(name: string, acquire: boolean): Value {
    const register = this.declare("r", 0);
    this.emit(`${register} = ${acquire ? `smp_load_acquire(${name})` : `READ_ONCE(*${name})`};`);
    return {text: register, pointer: false};
  }

  private section(state: State, flags: number, {a, b}: Ins): void {
    const was = inSection(state.flags);
    const is = inSection(flags);
    state.flags = flags;
    if (was === is) return;
    const irq = ((a | b) & flag.irqOff) !== 0;
    const why = irq ? (is ? " /* interrupts off */" : " /* interrupts on */") : "";
    this.emit(`${is ? "rcu_read_lock" : "rcu_read_unlock"}();${why}`);
  }

  // Interrupts: a request, the handler at a chosen point of the target, an acknowledgement.

  private send(place: number, kind: "ipi" | "flush", wait: boolean): void {
    this.emit("smp_mb();");
    if (!wait && this.handlerOf(this.program.sender, place) === undefined) return;
    if (
      !isBusy(this.shared.programs, place) &&
      (kind === "flush" || this.handlerOf(this.program.sender, place) === undefined)
    )
      return;
    const number = this.numberOf(this.program.sender, place);
    if (this.sent.has(`${kind} ${number}`)) {
      throw new RangeError("a policy that interrupts the same CPU twice has no litmus form here");
    }
    this.sent.add(`${kind} ${number}`);
    this.emit(
      `WRITE_ONCE(*${this.names.protocol(kind, number)}, 1); /* interrupt CPU ${this.world.cpus[place]} */`,
    );
    this.acknowledged.set(`${kind} ${place}`, this.declare("q", 1));
    // Which way a later wait has to go is known only where the interrupt was sent: its acknowledgement is read there or not at all.
    this.emit(`${this.sentFlag(kind, place)} = 1;`);
  }

  private readonly acknowledged = new Map<string, string>();
  private readonly flagsSent = new Map<string, string>();

  private sentFlag(kind: string, place: number): string {
    const key = `${kind} ${place}`;
    let name = this.flagsSent.get(key);
    if (name === undefined) {
      name = this.declare("i", 0);
      this.flagsSent.set(key, name);
    }
    return name;
  }

  private awaitAck(place: number, kind: "ipi" | "flush"): void {
    const got = this.acknowledged.get(`${kind} ${place}`);
    if (got === undefined) return;
    const number = this.numberOf(this.program.sender, place);
    const ack = this.names.protocol(kind === "ipi" ? "ack" : "flushed", number);
    this.emit(`if (${this.sentFlag(kind, place)} == 1) {`);
    this.emit(
      `  ${got} = smp_load_acquire(${ack}); /* until CPU ${this.world.cpus[place]} has acknowledged */`,
    );
    this.emit("}");
    this.filters.push(`${this.thread}:${got}=1`);
  }

  private numberOf(sender: number, place: number): string {
    const {cpus, writers} = this.world;
    return writers.length > 1 ? `${sender}_${cpus[place]}` : String(cpus[place]);
  }

  private handlerOf(sender: number, place: number): TaskProgram | undefined {
    return this.shared.programs[handlerOf(this.shared.programs, sender, place)];
  }

  /** Everything that may strike this thread, each with the register that says where. */
  private prepareStrikes(): void {
    const {role, place} = this.program;
    if (role === "callback" || role === "mmu") return;
    for (const from of this.shared.programs) {
      if (from.role === "nmi" && from.place === place && this.world.scope.nmis > 0) {
        this.strike(() => this.nested(from), true);
      }
      if ((from.role !== "writer" && from.role !== "callback") || from.place === place) continue;
      const handler = this.handlerOf(from.sender, place);
      const sends = (wait: number): boolean =>
        from.ins.some((ins) => ins.op === op.ipi && (ins.b === 1 ? 1 : 0) === wait);
      if (sends(1) || (sends(0) && handler !== undefined))
        this.strike(() => this.take(from, "ipi"), false);
      if (from.ins.some((ins) => ins.op === x.flushSend && ins.a === place)) {
        this.strike(() => this.take(from, "flush"), false);
      }
    }
  }

  private strike(write: () => void, nmi: boolean): void {
    this.strikes.push({register: this.choice(1), write, nmi});
  }

  /** A point at which interrupts may strike, if they are on. */
  private point(state: State): void {
    if (this.inside > 0 || this.strikes.length === 0) return;
    const open = (state.flags & (flag.irqOff | flag.nmi)) === 0;
    const here = this.strikes.filter(({nmi}) => nmi || open);
    if (here.length === 0) return;
    this.points++;
    for (const {register, write} of here) {
      this.emit(`if (${register} == ${this.points}) {`);
      this.depth++;
      this.inside++;
      write();
      this.inside--;
      this.depth--;
      this.emit("}");
    }
  }

  private take(from: TaskProgram, kind: "ipi" | "flush"): void {
    const number = this.numberOf(from.sender, this.program.place);
    const seen = this.declare("q", 1);
    this.emit(`${seen} = READ_ONCE(*${this.names.protocol(kind, number)}); /* the interrupt */`);
    this.filters.push(`${this.thread}:${seen}=1`);
    this.emit("smp_mb();");
    const handler = kind === "ipi" ? this.handlerOf(from.sender, this.program.place) : undefined;
    if (handler !== undefined) this.nested(handler);
    this.emit(
      `smp_store_release(${this.names.protocol(kind === "ipi" ? "ack" : "flushed", number)}, 1);`,
    );
  }

  private nested(program: TaskProgram): void {
    this.emit("rcu_read_lock();");
    const state = initialState(this.world, program);
    this.run(program, {...state, flags: state.flags | flag.nmi}, 1, -1);
    this.emit("rcu_read_unlock();");
  }

  // C text.

  private truth(value: Value): string {
    if ("known" in value) return String(value.known);
    if (value.pointer) return `${value.text} != ${this.names.nothing()}`;
    // Computed values come in parentheses.
    return value.text.startsWith("(") ? value.text.slice(1, -1) : value.text;
  }

  private pointerText(pointer: number): string {
    return pointer === 0 ? this.names.nothing() : this.names.table(pointer - 1);
  }

  private known(value: Value, what: string): number {
    return knownOf(value, `${this.program.name}: ${what}`);
  }
}
