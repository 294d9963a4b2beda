// A run of the timed engine in which a schedule says what happens next: the same Code, costs and requests as in a free run, one
// micro-step at a time, with the store buffers and page tables that a free run leaves out.
//
// (1) Moves take effect in the order of the schedule. A CPU works through its own steps one after the other; a step is ready when its
//     cost has passed and what it waits for has come, and takes effect then or with the move before it, whichever is later. The difference
//     is how long the schedule holds it back.
// (2) Requests for interrupts are collected as in a free run: the commands are written before the sender's next step that is neither a
//     load nor another request, or when the schedule has a target take one of them.
// (3) A CPU that is in no read-side section and has an empty store buffer holds up no grace period; that is seen after every move.
// (4) Of the tasks of a CPU an NMI holds up all others, a handler all but an NMI, a task that must not be preempted the other tasks.

import {entityOf} from "../../engine/calendar.ts";
import type {CostName} from "../../plan/costs.ts";
import type {InvariantId} from "../../plan/invariants.ts";
import type {Walker} from "../../plan/system.ts";
import {holdOf} from "../../plan/walk-law.ts";
import {lockCell, lockText, modeCell, onlineCell, wordCell} from "../../program/cells.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import {hotplugs, looksAtModes, sendsWithLoads} from "../../program/step-rules.ts";
import type {BitSet} from "../bit-set.ts";
import type {Context} from "../context.ts";
import {sendInterrupts} from "../interrupt.ts";
import {Laws} from "../laws.ts";
import {costOf} from "../run-context.ts";
import {draw} from "../streams.ts";
import {readWord, storeWord} from "../tracked-word.ts";
import type {World} from "../world.ts";
import type {Steps} from "./action.ts";
import {Grace} from "./grace.ts";
import {Interrupts} from "./interrupts.ts";
import {type Cell, type ScheduleModel, StoreBuffer} from "./memory.ts";
import {PageTables} from "./page-tables.ts";
import {scheduledWorld} from "./scheduled-world.ts";
import {flag, type ScheduledTask} from "./task.ts";
import {tasksOf} from "./tasks-of.ts";

export interface ScheduledRunOptions {
  readonly seed: number;
  readonly replication: number;
  /** Entries of the store buffer of each place, CPUs first; beyond them, and by default, 64. */
  readonly bufferDepth?: readonly number[];
}

const defaultDepth = 64;

export class ScheduledRun {
  readonly small: SmallSystem;
  readonly model: ScheduleModel;
  readonly world: World;
  readonly tables: PageTables;
  readonly tasks: readonly ScheduledTask[];
  /** By place: of every CPU of the scope, then of every deferred block. */
  readonly buffers: readonly StoreBuffer[];
  readonly grace: Grace;
  readonly interrupts: Interrupts;
  /** When the latest step of each place took effect; and the latest move of all. Ticks. */
  readonly clocks: Float64Array;
  now: number = 0;
  /** vCPUs that the host has taken away, and those that flush their TLB before they run again. */
  readonly preempted: Set<number> = new Set();
  readonly flushOnEntry: Set<number> = new Set();
  /** CPUs that are gone; and whether any may be. */
  readonly offline: Set<number> = new Set();
  readonly plugs: boolean;
  nmis: number = 0;
  preemptions: number = 0;
  migrations: number = 0;
  hotplugs: number = 0;
  violation: InvariantId | undefined;
  /** Whether walkers keep up context tracking; whether a send belongs to the load that decides on it. */
  readonly modes: boolean;
  readonly fuses: boolean;
  private readonly owed: Float64Array;
  private readonly words = new Map<string, Cell>();
  private readonly laws: Laws;
  private readonly holds = new Map<ScheduledTask, number>();

  constructor(small: SmallSystem, model: ScheduleModel, options: ScheduledRunOptions) {
    this.small = small;
    this.model = model;
    this.world = scheduledWorld(small, options);
    this.laws = new Laws(options);
    this.tables = new PageTables(small);
    this.plugs = hotplugs(small);
    this.modes = looksAtModes(small);
    this.fuses = sendsWithLoads(small);
    this.interrupts = new Interrupts(this);
    this.grace = new Grace(this);
    const {tasks, start, places} = tasksOf(this);
    this.tasks = tasks;
    this.clocks = new Float64Array(places);
    this.owed = new Float64Array(tasks.length);
    this.buffers = Array.from(
      {length: places},
      (_, place) => new StoreBuffer(model, options.bufferDepth?.[place] ?? defaultDepth),
    );
    start();
  }

  /** Notes what a step violates; the first counts. */
  violate(invariant: InvariantId): void {
    this.violation ??= invariant;
  }

  /** A task for which nothing is left that could ever happen. */
  *stuck(): Steps<never> {
    for (;;) {
      yield {
        text: "waits",
        blocked: () => "it waits for something that never changes",
        take: () => 0,
      };
    }
  }

  place(cpu: number): number {
    return this.small.cpus.indexOf(cpu);
  }

  clockOf(task: ScheduledTask): number {
    return this.clocks[task.place];
  }

  /** Time that a task spends before its next step takes effect. */
  later(task: ScheduledTask, ticks: number): void {
    this.owed[this.tasks.indexOf(task)] += ticks;
  }

  /** Takes what a task owes. */
  settle(task: ScheduledTask): number {
    const t = this.tasks.indexOf(task);
    const ticks = this.owed[t];
    this.owed[t] = 0;
    return ticks;
  }

  cost(name: CostName, cpu: number): number {
    const {costs, streams, cpuStream} = this.world;
    return draw(costs[name], streams.state, cpuStream[cpu]);
  }

  /** What the instruction a writer has come to costs, from an instant on. */
  price(context: Context, opcode: number, from: number): number {
    context.now = from;
    return costOf(this.world, context, opcode);
  }

  /** Writes the interrupt commands for what a writer has collected; returns how long that takes. */
  sendOff(context: Context, from: number): number {
    if (context.sending === 0) return 0;
    context.now = from;
    const {calendar} = this.world;
    const length = sendInterrupts(this.world, context, false);
    while (calendar.next < Number.POSITIVE_INFINITY) {
      calendar.take();
      this.interrupts.arrivals.set(entityOf(calendar.taken), calendar.takenTime);
    }
    return length;
  }

  /** Draws the length of a walk and gives what each of its reads takes. */
  holdOf(task: ScheduledTask, walker: Walker, reads: number): () => number {
    const {streams, system} = this.world;
    let at = this.holds.get(task);
    if (at === undefined) {
      at = streams.open(`${walker.name}@${task.init.number}`, "hold");
      this.holds.set(task, at);
    }
    const law = this.laws.of(holdOf(walker, system.machine), walker.name, "hold");
    const each = Math.round(draw(law, streams.state, at) / reads);
    return () => each;
  }

  /** Keeps of a set the CPUs of the scope. */
  cut(set: BitSet): void {
    const {online} = this.world;
    for (let i = 0; i < set.words.length; i++) set.words[i] &= online.words[i];
  }

  /** Fills a set with the CPUs online. */
  loadOnline(set: BitSet): void {
    set.copy(this.world.online);
    for (const cpu of this.offline) set.delete(cpu);
  }

  /** The cell of a state word; undefined where the index names no CPU or mm of the scope. */
  word(code: number, state: number, index: number): Cell | undefined {
    const {world, small} = this;
    const declared = world.codes[code]?.states[state];
    if (declared === undefined) return undefined;
    const {mms} = small.system;
    if (declared.scope === "percpu" && this.place(index) < 0) return undefined;
    if (declared.scope === "permm" && !(index >= 1 && index <= mms.length)) return undefined;
    const at = declared.scope === "global" ? -1 : index;
    const key = wordCell(code, state, at);
    const known = this.words.get(key);
    if (known !== undefined) return known;
    const of = declared.scope === "permm" ? (mms[at - 1]?.name ?? "?") : String(at);
    const w = world.words.base[code] + state;
    const cell: Cell = {
      key,
      name: at < 0 ? declared.name : `${declared.name}[${of}]`,
      show: (value) => {
        if (declared.type === "bool") return String(value !== 0);
        if (declared.type !== "mm") return String(value);
        return value === 0 ? "none" : (mms[value - 1]?.name ?? String(value));
      },
      read: (instant) => readWord(world, w, Math.max(0, at), instant),
      write: (value, instant, by) => storeWord(world, w, Math.max(0, at), value, instant, by),
    };
    this.words.set(key, cell);
    return cell;
  }

  lockCell(name: string): Cell {
    return this.tables.other(lockCell(name), name, 0, lockText);
  }

  modeCell(cpu: number): Cell {
    const place = this.place(cpu);
    const writes = this.small.writers.some((writer) => writer.place === place);
    const walks = this.small.walkers.some((walker) => walker.place === place);
    const show = (mode: number): string =>
      ["idle", "user", "kernel", "preempted"][mode] ?? String(mode);
    return this.tables.other(modeCell(place), `mode[${cpu}]`, writes ? 2 : walks ? 1 : 0, show);
  }

  /** Whether some task on a CPU keeps interrupts out, or makes it a read-side section. */
  masked(cpu: number): boolean {
    return this.on(cpu).some((task) => (task.flags & (flag.irqOff | flag.nmi)) !== 0);
  }

  inSection(cpu: number): boolean {
    return this.on(cpu).some((task) => task.inSection);
  }

  /** Tasks on a CPU other than its MMU. */
  on(cpu: number): ScheduledTask[] {
    return this.tasks.filter(
      (task) => task.cpu === cpu && task.init.actor !== "mmu" && task.init.actor !== "rcu",
    );
  }

  /** Memory as it stands, by cell; the cells that the run has come across. */
  memory(): ReadonlyMap<string, number> {
    const all = new Map(this.tables.all());
    for (const [key, cell] of this.words) all.set(key, cell.read(this.now));
    if (this.plugs) {
      const places = this.small.cpus.map((cpu, place) => (this.offline.has(cpu) ? 0 : 1 << place));
      all.set(
        onlineCell,
        places.reduce((mask, bit) => mask | bit, 0),
      );
    }
    return all;
  }
}
