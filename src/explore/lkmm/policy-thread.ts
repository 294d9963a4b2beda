// Runs a task of the explorer (task-program.ts) on a recorder: the same instructions that the operational models step through become the
// events of the Linux-kernel model. A task is run once: one walk, one operation.
//
// What the model has no word for is told with what it has:
// (1) Interrupts off, rcu_read_lock(), preemption off, an NMI: each is an RCU read-side critical section, unless RCU does not watch.
// (2) An interrupt that is waited for: at the sender a full barrier, a store of the request, later an acquiring load of the
//     acknowledgement; at the target, at any one point with interrupts on, a load of the request, a full barrier, the handler's own steps,
//     a releasing store of the acknowledgement. Where it strikes is enumerated. A CPU without a task acknowledges at once.
// (3) An invalidation: the same between the flushing CPU and the MMU of another, which then gives up the walk it is in and starts afresh.
// (4) call_rcu(): a releasing store that a thread of its own acquires; it waits for a grace period, then runs the deferred steps. Where it
//     finds nothing queued it does nothing.
// (5) Freeing and changing a table are stores to its entries; a walk that reads `freed` is the violation.
// (6) A wait for a condition reads it once, as it is in the end; runs in which it does not hold are given up. What follows the wait does not
//     depend on that load: the model knows a control dependency to what stands in the branches of an `if`, and to nothing behind a loop
//     (herd7 gives the same verdict for a loop that it unrolls and for a load with a `filter`). An acquire makes the wait an order.

import type {InvariantId} from "../../plan/invariants.ts";
import {op} from "../../program/code.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import {flag, flagsRegister, type Ins, type TaskProgram, x} from "../instructions.ts";
import {noTaint, type Taint, taintOf} from "./event.ts";
import {compute, maskOf} from "./policy-arithmetic.ts";
import {Migration} from "./policy-migration.ts";
import {contents, misuse, type PolicyPlaces, type RequestKind} from "./policy-places.ts";
import type {PolicyWorld} from "./policy-world.ts";
import {postDominators} from "./post-dominators.ts";
import {addressBase, type Recorder, type Tainted, type Thread} from "./recorder.ts";
import {successorsOf} from "./task-flow.ts";
import type {TaskResult} from "./task-result.ts";
import {handlerOf, inSection, isPoint, sectionWords, sendsOf} from "./task-rules.ts";

export function policyThread(shared: PolicyWorld, task: number): Thread<TaskResult> {
  const flows = shared.programs.map((program) => postDominators(successorsOf(program)));
  return (recorder) => new TaskRun(shared, flows, recorder, task).run();
}

interface Context {
  readonly program: TaskProgram;
  readonly joins: Int32Array;
  readonly registers: Tainted[];
  readonly sets: number[];
  /** Branches under way: where each ends and what it depends on. */
  readonly branches: {until: number; taint: Taint}[];
}

class TaskRun {
  private readonly shared: PolicyWorld;
  private readonly world: SmallSystem;
  private readonly places: PolicyPlaces;
  private readonly flows: readonly Int32Array[];
  private readonly recorder: Recorder;
  private readonly task: number;
  private readonly program: TaskProgram;
  /** Numbers of the last request sent, by location; of the last one handled, likewise. */
  private readonly sent = new Map<number, number>();
  private readonly handled = new Map<number, number>();
  private flags: number;
  private nesting = 0;
  private walked = false;
  private released = false;
  private readonly freed: number[] = [];
  private interrupts = 0;
  private nmis = 0;
  private spared = 0;
  private readonly tested: number[] = [];
  private readonly awaited: number[] = [];
  private readonly moves: Migration;
  private violation: InvariantId | undefined;
  private at = -1;

  constructor(shared: PolicyWorld, flows: readonly Int32Array[], recorder: Recorder, task: number) {
    this.shared = shared;
    this.world = shared.world;
    this.places = shared.places;
    this.flows = flows;
    this.recorder = recorder;
    this.task = task;
    this.program = shared.programs[task];
    this.flags = this.program.flags;
    this.moves = new Migration(this.world, shared.programs, this.places, this.program);
  }

  run(): TaskResult {
    if (this.program.role !== "handler") this.execute(this.context(this.task), 0);
    this.interruptPoint();
    const {at, walked, released, freed, interrupts, nmis, spared, tested, awaited} = this;
    const found = this.violation === undefined ? {} : {violation: this.violation};
    const {moves} = this;
    return {
      ...found,
      at,
      walked,
      released,
      freed,
      interrupts,
      nmis,
      spared,
      tested,
      awaited,
      moves,
    };
  }

  /** Notes the first thing that went wrong; the task goes on, since what it does later may be what let it happen. */
  private note(invariant: InvariantId): void {
    if (this.violation !== undefined) return;
    this.violation = invariant;
    this.at = this.recorder.events.length - 1;
  }

  private context(task: number): Context {
    const program = this.shared.programs[task];
    const zero: Tainted = {value: 0, taint: noTaint};
    const registers: Tainted[] = new Array(program.registers).fill(zero);
    registers[0] = {value: program.cpu, taint: noTaint};
    registers[1] = {value: program.mm, taint: noTaint};
    const sets: number[] = new Array(program.setRegisters).fill(0);
    sets[0] = (1 << this.world.cpus.length) - 1;
    return {program, joins: this.flows[task], registers, sets, branches: []};
  }

  /** Runs from `start` to the end of the task, or of the walk, the NMI, the handler. */
  private execute(context: Context, start: number): void {
    const {program} = context;
    let pc = start;
    let passes = 0;
    for (let steps = 0; steps < 100_000; steps++) {
      const ins = program.ins[pc];
      if (ins === undefined || ins.op === x.done || ins.op === x.iret) return;
      if ((ins.op === x.idle || (program.role === "mmu" && pc === 0)) && passes++ > 0) return;
      while (context.branches.some(({until}) => until === pc)) context.branches.pop();
      this.applyControl(context);
      const next = this.step(context, ins, pc);
      if (next === restart) {
        context.registers.fill({value: 0, taint: noTaint}, flagsRegister + 1);
        context.branches.length = 0;
        passes = 0;
        pc = 0;
      } else pc = next;
    }
    throw new RangeError(`${program.name} does not come to an end by itself`);
  }

  private applyControl({branches}: Context): void {
    let taint: Taint = noTaint;
    for (const branch of branches) taint = taintOf(taint, branch.taint);
    this.recorder.setControl(taint);
  }

  /** Executes one instruction; returns the next program counter. */
  private step(context: Context, ins: Ins, pc: number): number {
    const {registers: r, sets: s} = context;
    const {a, b, c} = ins;
    if (isPoint(ins, this.flags) && this.interruptPoint(context)) return restart;
    switch (ins.op) {
      case op.jump:
        return a;
      case op.jumpUnless: {
        const {value, taint} = r[a];
        if (taint.length > 0) context.branches.push({until: context.joins[pc], taint});
        this.tested.push(...taint);
        return value === 0 ? b : pc + 1;
      }
      case op.waitUntil:
        this.awaited.push(...r[a].taint);
        return r[a].value !== 0 ? b : this.recorder.abandon();
      case x.dormant:
        return this.becomeCallback(context) ? pc + 1 : context.program.ins.length;
      case x.choose:
        return this.recorder.choose(2) === 0 ? a : b;
      case op.next: {
        const place = this.world.cpus.findIndex(
          (cpu, at) => cpu > r[a].value && ((s[b] >> at) & 1) === 1,
        );
        if (place < 0) return c;
        r[a] = {value: this.world.cpus[place], taint: noTaint};
        return pc + 1;
      }
      default:
        if (ins.op < op.load) compute(this.world, ins, r, s);
        else this.act(context, ins);
        return pc + 1;
    }
  }

  private act(context: Context, ins: Ins): void {
    const {registers: r, sets: s} = context;
    const {a, b, c} = ins;
    const {recorder, places, world} = this;
    switch (ins.op) {
      case op.mb:
      case op.wmb:
      case op.rmb: {
        const fence = ins.op === op.mb ? "mb" : ins.op === op.wmb ? "wmb" : "rmb";
        recorder.text = fence;
        recorder.fence(fence);
        return;
      }
      case op.load:
      case op.loadAcquire: {
        const location = places.word(ins.code, b, c < 0 ? -1 : r[c].value);
        const initial = {value: places.initialOfWord(ins.code, b), taint: noTaint};
        r[a] = location < 0 ? initial : this.load(location, ins.op === op.loadAcquire);
        return;
      }
      case op.loadMask:
        s[a] = maskOf(world, r[b].value);
        return;
      case op.loadMode: {
        const place = world.cpus.indexOf(r[b].value);
        r[a] = place < 0 ? {value: 0, taint: noTaint} : this.load(places.mode(place), c === 1);
        return;
      }
      case op.store:
      case op.storeRelease:
      case op.exchange: {
        const location = places.word(ins.code, a, b < 0 ? -1 : r[b].value);
        if (location < 0) {
          if (ins.op === op.exchange) recorder.fence("mb");
        } else if (ins.op === op.exchange) this.exchange(location, r[c]);
        else this.store(location, r[c], ins.op === op.storeRelease ? "store_release" : "store");
        return;
      }
      case op.ipi: {
        const place = world.cpus.indexOf(r[a].value);
        if (place >= 0 && place !== this.program.place)
          this.send(place, b === 1 ? "wait" : "nowait");
        return;
      }
      case op.lock:
      case op.unlock: {
        const name = context.program.locks[a];
        recorder.text = `${ins.op === op.lock ? "lock" : "unlock"} ${name}`;
        const address = places.address(places.lock(name));
        if (this.shared.readers.has(name)) {
          // A read-write semaphore promises acquire and release, not what a spinlock does on top.
          const free = {value: 0, taint: noTaint};
          if (ins.op === op.unlock) recorder.store(address, free, "release");
          else this.change(address, "acquire", (old) => (old === 0 ? 1 : -1));
        } else if (ins.op === op.lock) recorder.lock(address);
        else recorder.unlock(address);
        return;
      }
      case x.readLock:
      case x.readUnlock: {
        const name = context.program.locks[a];
        const comes = ins.op === x.readLock;
        recorder.text = `${comes ? "lock" : "unlock"} ${name} for reading`;
        const address = places.address(places.lock(name));
        const most = 1 + (this.shared.readers.get(name) ?? 0);
        if (comes) {
          this.change(address, "acquire", (old) =>
            old === 1 || old === most ? -1 : Math.max(1, old) + 1,
          );
        } else this.change(address, "release", (old) => (old === 2 ? 0 : old < 2 ? -1 : old - 1));
        return;
      }
      case x.flags:
        this.setFlags((this.flags | a) & ~b, ...sectionWords(a | b));
        return;
      case x.loadEntry:
      case x.mmuLoad:
        r[a] = this.load(places.entry(b));
        return;
      case x.deref:
        if (r[c].value !== 0) r[a] = this.dereference(r[c], b, "I1");
        return;
      case x.mmuFill:
        if (r[a].value !== 0) this.dereference(r[a], 0, "I5");
        return;
      case x.mmuUse:
        if (r[a].value !== 0 && this.dereference(r[a], 0, "I4").value === contents.changed) {
          this.note("I4");
        }
        return;
      case x.use: {
        const wrong = misuse(r[a].value, b < 0 ? r[a].value : r[b].value);
        if (wrong !== undefined) this.note(wrong);
        return;
      }
      case x.storeEntry: {
        const word = c === 1 ? "map" : b < 0 ? "unhook" : "publish";
        const value = {value: b + 1, taint: noTaint};
        this.store(places.entry(a), value, c === 1 ? "store_release" : "store", word);
        return;
      }
      case x.free:
        this.freeTable(a);
        return;
      case x.reuse:
        this.released = true;
        this.store(
          places.contents(a, b),
          {value: contents.changed, taint: noTaint},
          "store",
          "reuse",
        );
        return;
      case x.write:
        this.released = true;
        this.store(places.contents(a, 0), {value: contents.old, taint: noTaint}, "store", "write");
        return;
      case x.gpStart:
      case x.gpWaitAll:
        recorder.text = "synchronize_rcu";
        recorder.fence("sync-rcu");
        return;
      case x.ackWait:
        this.awaitAck(b, a, "wait");
        return;
      case x.flushSend:
        this.flushOne(a, b === 1);
        return;
      case x.flushWait:
        this.awaitAck(this.program.sender, a, "flush");
        this.awaitAck(this.program.sender, a, "invalidate");
        return;
      case x.invalidate:
        this.invalidate(a);
        return;
      case x.callback:
        this.callBack(context, a, b, c);
        return;
      case x.shareLoad:
        r[a] = this.load(places.share(b));
        return;
      case x.shareDrop: {
        const location = places.share(b);
        recorder.text = `drop ${places.places[location].name}`;
        const old = recorder.atomic(places.address(location), "mb", (before) => ({
          value: Math.max(0, before.value - 1),
          taint: before.taint,
        }));
        r[a] = {value: Math.max(0, old.value - 1), taint: old.taint};
        return;
      }
      case x.mode: {
        const place = world.cpus.indexOf(r[0].value);
        if (place >= 0) this.exchange(places.mode(place), {value: a, taint: noTaint});
        return;
      }
      case x.violate:
        this.note(`I${a}` as InvariantId);
        return;
      default:
        // What remains only takes time or marks a place: idle, nmi, irq, gpWait behind its gpStart.
        return;
    }
  }

  private load(location: number, acquire = false): Tainted {
    this.recorder.text = `load ${this.places.places[location].name}`;
    return this.recorder.load(this.places.address(location), acquire ? "acquire" : "once");
  }

  private store(
    location: number,
    value: Tainted,
    order: "store" | "store_release",
    word: string = order,
  ): void {
    const {name, show} = this.places.places[location];
    this.recorder.text = `${word} ${name} = ${show(value.value)}`;
    const address = this.places.address(location);
    this.recorder.store(address, value, order === "store" ? "once" : "release");
  }

  /** An atomic change of a lock, by its value; where that gives -1 it would have to wait, and goes on only in other executions. */
  private change(
    address: Tainted,
    order: "acquire" | "release",
    change: (old: number) => number,
  ): void {
    this.recorder.atomic(address, order, (old) => {
      const to = change(old.value);
      return to < 0 ? this.recorder.abandon() : {value: to, taint: old.taint};
    });
  }

  private exchange(location: number, value: Tainted): void {
    const {name, show} = this.places.places[location];
    this.recorder.text = `xchg ${name} = ${show(value.value)}`;
    this.recorder.atomic(this.places.address(location), "mb", () => value);
  }

  /** (5) Reads an entry of the table that `pointer` names; the address depends on the pointer. */
  private dereference(pointer: Tainted, entry: number, invariant: InvariantId): Tainted {
    const location = this.places.contents(pointer.value - 1, entry);
    this.recorder.text = `read ${this.places.places[location].name}`;
    const address = {value: addressBase + location, taint: pointer.taint};
    const read = this.recorder.load(address, "once");
    this.walked = true;
    if (read.value === contents.freed) this.note(invariant);
    return read;
  }

  private freeTable(table: number): void {
    const {pages, tables} = this.world;
    this.released = true;
    this.freed.push(table);
    const value = {value: contents.freed, taint: noTaint};
    for (let entry = 0; entry < (tables[table].replacement ? 1 : pages); entry++) {
      this.store(this.places.contents(table, entry), value, "store", "free");
    }
  }

  /** (1) `enter` and `leave` are what is said when the section begins or ends by it. */
  private setFlags(flags: number, enter: string, leave: string): void {
    const was = inSection(this.flags);
    this.flags = flags;
    const is = inSection(flags);
    if (was === is) return;
    this.recorder.text = is ? enter : leave;
    this.recorder.fence(is ? "rcu-lock" : "rcu-unlock");
  }

  // (2), the sender's side.

  private send(place: number, kind: RequestKind): void {
    const {sender} = this.program;
    this.recorder.text = "mb (sending an interrupt)";
    this.recorder.fence("mb");
    if (!this.matters(this.program, place, kind)) return;
    // The sender's slot at the target is taken until its previous interrupt was handled.
    this.awaitAck(sender, place, kind);
    this.request(place, kind);
  }

  /** Whether anybody can tell that the interrupt was sent: it runs a handler, or somebody waits for it who is not answered at once. */
  private matters(from: TaskProgram, place: number, kind: RequestKind): boolean {
    if (kind !== "flush" && handlerOf(this.shared.programs, from.sender, place) >= 0) return true;
    if (!this.moves.occupied(place)) return false;
    if (kind !== "nowait") return true;
    return sendsOf(from, kind, place) > 1;
  }

  private request(
    place: number,
    kind: RequestKind,
    order: "store" | "store_release" = "store",
  ): void {
    const location = this.places.request(this.program.sender, place, kind);
    const number = (this.sent.get(location) ?? 0) + 1;
    this.sent.set(location, number);
    const word = kind === "invalidate" ? "invalidate" : kind === "flush" ? "flush" : "ipi";
    const {name} = this.places.places[location];
    this.recorder.text = `${word}: ${name}`;
    const address = this.places.address(location);
    const value = {value: number, taint: noTaint};
    this.recorder.store(address, value, order === "store" ? "once" : "release");
  }

  private awaitAck(sender: number, place: number, kind: RequestKind): void {
    const number = this.sent.get(this.places.request(sender, place, kind)) ?? 0;
    const location = this.places.acknowledged(sender, place, kind);
    const seen = this.handled.get(location) ?? 0;
    if (number === seen) return;
    this.handled.set(location, number);
    const request = this.places.request(sender, place, kind);
    if (this.moves.idleAnswers(this.recorder, place, kind, [request, number])) return;
    this.recorder.text = `wait: ${this.places.places[location].name}`;
    const done = this.recorder.load(this.places.address(location), "acquire");
    if (done.value < number) this.recorder.abandon();
  }

  /** A flush interrupt; a hypervisor may spare a vCPU that does not run, whose MMU is then flushed before it runs again. */
  private flushOne(place: number, paravirtual: boolean): void {
    this.invalidateBeside(place);
    if (
      paravirtual &&
      this.spared < this.world.scope.preemptions &&
      this.recorder.choose(2) === 1
    ) {
      this.spared++;
      return;
    }
    this.send(place, "flush");
  }

  // (3)

  private invalidate(mask: number): void {
    const places = this.world.cpus
      .map((_, place) => place)
      .filter((place) => ((mask >> place) & 1) === 1);
    for (const place of places) this.invalidateBeside(place);
    for (const place of places) this.awaitAck(this.program.sender, place, "invalidate");
  }

  private invalidateBeside(place: number): void {
    const mmu = this.shared.programs.some((p) => p.role === "mmu" && p.place === place);
    if (mmu) this.request(place, "invalidate", "store_release");
  }

  // (2), (3): the target's side.

  /** Interrupts and NMIs that may strike here; true when the MMU has to start afresh. */
  private interruptPoint(context?: Context): boolean {
    const {role} = this.program;
    if (role === "callback" || this.nesting > 0) return false;
    if (role === "mmu") return this.takeAny("invalidate");
    this.strike();
    const seen = (location: number, number: number): void => {
      this.handled.set(location, number);
    };
    if (context !== undefined) {
      const {registers} = context;
      if (this.moves.move(this.recorder, this.flags & ~flag.unwatched, registers, seen))
        this.strike();
      this.applyControl(context);
    }
    return false;
  }

  /** NMIs and interrupts at the CPU that the task runs on now. */
  private strike(): void {
    const {place} = this.moves;
    for (const [task, program] of this.shared.programs.entries()) {
      if (program.role !== "nmi" || program.place !== place) continue;
      if (this.nmis < this.world.scope.nmis && this.recorder.choose(2) === 1) this.takeNmi(task);
    }
    if ((this.flags & (flag.irqOff | flag.nmi)) === 0) {
      this.takeAny("wait");
      this.takeAny("flush");
      this.takeAny("nowait");
    }
  }

  private takeAny(kind: RequestKind): boolean {
    const {place} = this.moves;
    let taken = false;
    for (const writer of this.shared.programs) {
      if (writer.role !== "writer" && writer.role !== "callback") continue;
      if (writer === this.program || writer.place === place) continue;
      const sends = sendsOf(writer, kind, place);
      if (sends === 0) continue;
      if (kind !== "invalidate" && !this.matters(writer, place, kind)) continue;
      const location = this.places.request(writer.sender, place, kind);
      for (let more = sends; more > 0 && this.recorder.choose(2) === 1; more--) {
        this.take(writer.sender, place, kind, location);
        taken = true;
      }
    }
    return taken;
  }

  private take(sender: number, place: number, kind: RequestKind, location: number): void {
    const {recorder, places} = this;
    this.interrupts++;
    recorder.setControl(noTaint);
    const {name} = places.places[location];
    recorder.text = kind === "invalidate" ? "MMU takes the invalidation" : `interrupt: ${name}`;
    const {value: number} = recorder.load(places.address(location), "once");
    // It strikes only when there is something new.
    if (number <= (this.handled.get(location) ?? 0)) recorder.abandon();
    this.handled.set(location, number);
    recorder.text = "mb (taking an interrupt)";
    recorder.fence("mb");
    const handler =
      kind === "flush" || kind === "invalidate"
        ? -1
        : handlerOf(this.shared.programs, sender, place);
    if (handler >= 0) this.nested(handler, "handler begins", "handler ends");
    const done = places.acknowledged(sender, place, kind);
    recorder.text = `acknowledge: ${places.places[done].name}`;
    recorder.store(places.address(done), {value: number, taint: noTaint}, "release");
  }

  private takeNmi(task: number): void {
    this.nmis++;
    this.nested(task, "NMI", "NMI returns");
  }

  /** Runs another task's program inside this one, in a context of its own. */
  private nested(task: number, enter: string, leave: string): void {
    this.nesting++;
    const before = this.flags;
    const control = this.recorder.setControl(noTaint);
    this.setFlags(before | flag.nmi, enter, leave);
    this.execute(this.context(task), 1);
    this.setFlags(before, enter, leave);
    this.recorder.setControl(control);
    this.nesting--;
  }

  // (4)

  private callBack(context: Context, callback: number, base: number, setBase: number): void {
    const task = this.task + 1 + callback;
    const registers = [
      context.registers[0].value,
      ...context.registers.slice(base).map(({value}) => value),
    ];
    const sets = [context.sets[0], ...context.sets.slice(setBase)];
    const key = JSON.stringify([registers, sets]);
    const {snapshots} = this.shared;
    let at = snapshots.findIndex((snapshot) => snapshot.key === key);
    if (at < 0) at = snapshots.push({key, registers, sets}) - 1;
    const location = this.places.callback(task);
    this.recorder.text = "call_rcu";
    const value = {value: at + 1, taint: noTaint};
    this.recorder.store(this.places.address(location), value, "release");
  }

  /** Whether it was queued: a callback that was not does nothing. */
  private becomeCallback(context: Context): boolean {
    this.recorder.text = "callback is queued";
    const address = this.places.address(this.places.callback(this.task));
    const {value} = this.recorder.load(address, "acquire");
    const snapshot = this.shared.snapshots[value - 1];
    if (snapshot === undefined) return false;
    const {registers: r, sets: s} = context;
    r[0] = {value: snapshot.registers[0], taint: noTaint};
    for (let i = 1; i < snapshot.registers.length && flagsRegister + i < r.length; i++) {
      r[flagsRegister + i] = {value: snapshot.registers[i], taint: noTaint};
    }
    for (let i = 0; i < snapshot.sets.length && i < s.length; i++) s[i] = snapshot.sets[i];
    return true;
  }
}

/** In place of a program counter: the MMU starts afresh. */
const restart = -1;
