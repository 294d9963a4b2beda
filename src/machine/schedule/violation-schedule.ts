// The schedule of a violation that a free run counted: the replication is run again up to that moment, somebody looking over its
// shoulder, and what the guilty walk and the guilty operation did is put in order of time, in a system of these two.
//
// (1) A free run is a function of its seed and replication, so it need keep nothing for this and runs no slower.
// (2) Each of the operation's instructions stands where it took effect; interrupts are taken as soon as they can be; the pointer is loaded
//     when the walk proper began. A walk's hooks are tried at their offsets, late and early, for they may not be constant.
// (3) What comes out has been run by the interpreter of all schedules; it is given only if it ends in the same violation.

import type {System, Walker} from "../../plan/system.ts";
import {op} from "../../program/code.ts";
import {narrowSystem} from "../../program/narrow-system.ts";
import {type ScheduleMove, scheduleText} from "../../program/schedule.ts";
import {smallSystem, type WriterTask} from "../../program/small-system.ts";
import type {Violation} from "../../record/samples.ts";
import {phase} from "../context.ts";
import {runWorld, type SimulateOptions, worldOf} from "../simulate.ts";
import {preempted} from "../tlb.ts";
import type {FoundViolation} from "../watch.ts";
import type {World} from "../world.ts";
import {takeMove, whyNot} from "./moves.ts";
import {
  Found,
  indexAt,
  type LoggedOperation,
  type LoggedStep,
  OperationLog,
} from "./operation-log.ts";
import {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

const mostSteps = 10_000;
/** How far before the pointer a walk's hooks are put. */
const placings = ["offset", "late", "early"] as const;

/**
 * The schedule of the first violation of its kind in a replication, given the options that it was run with; undefined if it takes more than
 * the guilty walk and the guilty operation to show it (a table shared by several mms).
 */
export function violationSchedule(
  system: System,
  {kind}: Violation,
  options: SimulateOptions,
): string | undefined {
  const world = worldOf(system, options);
  const log = new OperationLog(world, kind);
  world.watch = log;
  try {
    runWorld(world, options.point ?? 0);
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    for (const placing of placings) {
      const moves = new Reconstruction(error, log, placing).moves();
      if (moves !== undefined) return scheduleText({model: "sc", moves});
    }
  }
  return undefined;
}

/** The order of a guilty walk and a guilty operation, made while it is run. */
class Reconstruction {
  private readonly found: Found;
  private readonly steps: readonly LoggedStep[];
  private readonly run: ScheduledRun;
  private readonly writer: ScheduledTask;
  private readonly walker: ScheduledTask;
  /** A walk in NMI context that interrupted the guilty one, and when. */
  private nested: ScheduledTask | undefined;
  private readonly spared: boolean;
  private readonly placing: (typeof placings)[number];
  private readonly taken: ScheduleMove[] = [];
  private shared = false;
  private stores = 0;
  private loaded = false;

  constructor(found: Found, log: OperationLog, placing: (typeof placings)[number]) {
    const {world, violation} = found;
    const {cpu, w, writer, unhookedAt, at: end} = violation;
    this.found = found;
    this.placing = placing;
    const context = world.contexts.find(({init}) => init.writer === writer);
    const operations = log.operations.get(context?.id ?? -1) ?? [];
    const unhooks = ({steps}: LoggedOperation): boolean =>
      steps.some(
        ({opcode, at}) => (opcode === op.unhook || opcode === op.publish) && at === unhookedAt,
      );
    const operation = operations.findLast(unhooks) ?? operations.at(-1);
    this.steps = (operation?.steps ?? []).filter(({at}) => at <= end);
    const flushed = this.steps.find(({opcode}) => opcode === op.flush)?.at ?? -1;
    this.spared =
      flushed >= 0 && world.system.machine.virt === "kvm" && preempted(world, cpu, flushed);
    const guilty = world.system.walkers[w];
    const inner = nestedWalker(world, violation);
    const walkers = new Map([guilty, ...(inner ?? [])].map(({name}) => [name, new Set([cpu])]));
    const {system, scope} = narrowSystem(world.system, {
      writers: new Set([writer.name]),
      walkers,
      nmis: guilty.kind === "perf" || inner !== undefined ? 1 : 0,
      preemptions: this.spared ? 1 : 0,
      shared: false,
    });
    this.run = new ScheduledRun(smallSystem(system, scope), "sc", {seed: 0, replication: 0});
    const task = (name: string): ScheduledTask =>
      this.run.tasks.find(
        ({init}) => init.name === name && init.actor !== "irq" && init.actor !== "rcu",
      ) as ScheduledTask;
    this.writer = task(writer.name);
    this.walker = task(guilty.name);
    this.nested = inner === undefined ? undefined : task((inner[0] as Walker).name);
  }

  /** The moves up to the violation; undefined if this order does not lead to it. */
  moves(): ScheduleMove[] | undefined {
    const {violation, world} = this.found;
    for (const step of this.steps) {
      this.walkUntil(step);
      if (this.nested !== undefined && this.loaded && world.nmiStart[violation.cpu] < step.at) {
        this.nest();
      }
      if (step.opcode === op.flush && this.spared) this.move("preempt");
      if (!this.follow(step)) return undefined;
    }
    this.load();
    this.nest();
    if (this.spared) this.move("run");
    // What is left of the operation changes tables at its end, or in a deferred block; then the walk goes on with what it holds.
    const released = this.steps.at(-1)?.opcode === op.release;
    while (!released && this.run.violation === undefined && this.writerGoesOn());
    const freed = violation.kind === "I1" || violation.kind === "I5";
    while (!released && freed && this.run.violation === undefined && this.blockGoesOn());
    for (let n = 0; n < mostSteps && this.run.violation === undefined; n++) {
      // On its own CPU the writer may have to make room first.
      if (!this.step(this.walker) && !this.writerGoesOn()) break;
    }
    return this.run.violation === violation.kind ? this.taken : undefined;
  }

  /** Brings the walk to where it was when a writer's instruction took effect. */
  private walkUntil(step: LoggedStep): void {
    const {violation, world} = this.found;
    const {cpu, walkFrom, kind} = violation;
    if (this.loaded) return;
    const hardware = kind === "I4" || kind === "I5";
    // The MMU takes its pointer at any time before the entry is gone.
    if (hardware ? step.opcode === op.unhook || step.opcode === op.publish : walkFrom < step.at) {
      this.load();
      return;
    }
    if (hardware || this.placing === "late") return;
    const nmi = this.walker.init.actor === "nmi";
    const source = nmi ? world.nmiWalk[cpu] : world.walk[cpu];
    const begun = nmi ? world.nmiStart[cpu] : world.walkStart[cpu];
    const start = begun + (source < 0 ? 0 : world.sources.before[source]);
    const from = start + (nmi ? 0 : world.walkExtra[cpu]);
    if (start >= step.at) return;
    const profile = source < 0 ? undefined : world.sources.profile[source];
    const due = (profile?.stores ?? []).filter(
      ({offset, fromEnd}) => !fromEnd && from + offset < step.at,
    );
    const all = this.placing === "early" ? Number.POSITIVE_INFINITY : due.length;
    while (this.stores < all && !this.pointerNext() && this.step(this.walker));
  }

  /** The walk takes its pointer, and reads what it reads before the table changes. */
  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    for (let n = 0; n < mostSteps; n++) {
      const pointer = this.pointerNext();
      if (!this.step(this.walker) || pointer) break;
    }
    const {kind} = this.found.violation;
    const reads = (): boolean => /^(MMU reads|read) /.test(this.walker.next?.text ?? "");
    if (kind !== "I3" && kind !== "I4") return;
    for (let n = 0; n < mostSteps; n++) {
      const read = reads();
      if (!this.step(this.walker) || read) return;
    }
  }

  private pointerNext(): boolean {
    return /^(MMU loads|load) entry\[/.test(this.walker.next?.text ?? "");
  }

  /** The NMI comes, walks and returns. */
  private nest(): void {
    const {nested} = this;
    if (nested === undefined || !this.loaded) return;
    this.nested = undefined;
    for (let n = 0; n < mostSteps && this.step(nested); n++) {
      if (nested.flags === nested.init.flags) return;
    }
  }

  /** Takes the writer through an instruction; false if it cannot come to it. */
  private follow(logged: LoggedStep): boolean {
    const {run, writer} = this;
    const {online} = run.world;
    const about = [op.ipi, op.load, op.loadAcquire, op.loadMode].some((o) => o === logged.opcode);
    const words = run.world.codes[logged.code].states;
    const word = run.world.codes[logged.code].ops[4 * logged.pc + 2];
    const percpu =
      logged.opcode === op.ipi || logged.opcode === op.loadMode || words[word]?.scope === "percpu";
    if (about && percpu && !online.has(logged.index)) return true;
    if (silent.some((o) => o === logged.opcode)) return true;
    if (logged.opcode === op.ipi && logged.index === writer.cpu) return true;
    // What is before the policy's code, waits that are over by now, requests that were queued in one pass.
    for (let n = 0; n < mostSteps && !this.at(logged) && this.behind(); n++) {
      if (!this.writerGoesOn(logged.code)) return false;
    }
    // An instruction that is no step in a system of these two.
    if (!this.at(logged)) return true;
    // A wait goes on until the next instruction finds it over.
    if (logged.opcode === op.waitAcks) return true;
    for (let n = 0; n < mostSteps && this.at(logged); n++) {
      if (!this.step(writer)) return waits(logged.opcode) || skippable(logged.opcode);
      if (logged.opcode === op.waitGp) return true;
    }
    return true;
  }

  /** Whether the writer's next step is one that its log does not have, or has as begun only. */
  private behind(): boolean {
    const {context, next} = this.writer;
    if (context === undefined || next === undefined) return false;
    if (context.phase !== phase.code) return true;
    const opcode = this.run.world.codes[context.code].ops[4 * context.pc];
    return unlogged.some((o) => o === opcode);
  }

  private at({code, pc, index}: LoggedStep): boolean {
    const {context} = this.writer;
    if (context === undefined || context.phase !== phase.code || context.code !== code)
      return false;
    if (context.pc !== pc) return false;
    return indexAt(this.run.world.codes[code].ops, pc, context.registers) === index;
  }

  /** One step of the writer, with the interrupts that it waits for. */
  private writerGoesOn(code = -1): boolean {
    const {writer, run} = this;
    const alternatives = writer.next?.alternatives ?? 1;
    if (alternatives > 1) {
      const given = run.small.writers[0] as WriterTask;
      // First whether it is the last sharer, which nobody else would be guilty as; then whether its allocation failed.
      const {kind, lastSharer} = given.writer;
      const first = kind === "unshare" && lastSharer > 0 && lastSharer < 1 && !this.shared;
      this.shared = true;
      return this.step(writer, !first && code >= 0 && code !== given.policy ? 1 : 0);
    }
    return this.step(writer);
  }

  private blockGoesOn(): boolean {
    return this.run.tasks.some((task) => task.init.actor === "rcu" && this.step(task));
  }

  private step(task: ScheduledTask, choice = -1): boolean {
    const {actor, name, number} = task.init;
    const text = task.next?.text ?? "";
    const move = {actor, name, cpu: number, deferred: false, choice};
    if (this.run.violation !== undefined || whyNot(this.run, move) !== undefined) return false;
    this.take(move);
    if (task === this.walker && /^(store|store_release|xchg) /.test(text)) this.stores++;
    this.acknowledge();
    return true;
  }

  private move(actor: "preempt" | "run"): void {
    const {cpu} = this.found.violation;
    const move = {actor, name: "", cpu, deferred: false, choice: -1};
    if (whyNot(this.run, move) === undefined) this.take(move);
  }

  /** Interrupts are taken, and their handlers run, as soon as they can be. */
  private acknowledge(): void {
    const {cpu} = this.found.violation;
    const ack = {actor: "ack", name: "", cpu, deferred: false} as const;
    for (const choice of [-1, 0, 1]) {
      const move = {...ack, choice};
      if (this.run.violation !== undefined || whyNot(this.run, move) !== undefined) continue;
      this.take(move);
      const handler = this.run.tasks.find(({init, running}) => init.actor === "irq" && running);
      while (handler?.running === true && this.step(handler));
    }
  }

  private take(move: ScheduleMove): void {
    takeMove(this.run, move, this.taken.length + 1);
    this.taken.push(move);
  }
}

const silent: readonly number[] = [
  op.delay,
  op.count,
  op.alloc,
  op.loadMask,
  op.waitUntil,
  op.sync,
];

const unlogged: readonly number[] = [op.ipi, op.waitAcks, op.waitGp, op.flush];

function waits(opcode: number): boolean {
  return opcode === op.flush || opcode === op.waitGp;
}

/** Polls are seen many times and taken once. */
function skippable(opcode: number): boolean {
  return opcode === op.load || opcode === op.loadAcquire || opcode === op.loadMode;
}

/** The walker whose NMI interrupted the guilty walk. */
function nestedWalker(world: World, {cpu, w, at}: FoundViolation): Walker[] | undefined {
  const source = world.nmiWalk[cpu];
  if (source < 0 || world.sources.owner[source] === w) return undefined;
  const inside = world.nmiStart[cpu] >= world.walkStart[cpu] && world.nmiStart[cpu] < at;
  return inside ? [world.system.walkers[world.sources.owner[source]]] : undefined;
}
