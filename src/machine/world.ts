// Everything a run consists of, set up from a system. The mechanisms (`timeline.ts`, `interrupt.ts`, `tlb.ts`, `grace-period.ts`, ...) are
// functions over it; none of them holds state of its own.

import type {Calendar} from "../engine/calendar.ts";
import {Fingerprint} from "../engine/fingerprint.ts";
import type {Recorder} from "../engine/recorder.ts";
import {lastTick, ticksOf} from "../engine/time.ts";
import type {Executor} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Code} from "../program/code.ts";
import type {Violation} from "../record/samples.ts";
import {account, accounts} from "./accounts.ts";
import {BitSet} from "./bit-set.ts";
import {type Blueprint, blueprintOf} from "./blueprint.ts";
import {Context} from "./context.ts";
import type {Costs} from "./costs.ts";
import {Cpus} from "./cpus.ts";
import {type Equilibrium, equilibriaOf} from "./equilibrium.ts";
import {type Equipment, giveBackEquipment, takeEquipment} from "./equipment.ts";
import {event} from "./events.ts";
import {GracePeriods} from "./grace-state.ts";
import {Pass} from "./interrupt-all.ts";
import {type Jump, jumpsOf} from "./jump.ts";
import type {LateStore} from "./late-stores.ts";
import type {Seeding} from "./laws.ts";
import {LockLine} from "./lock-line.ts";
import type {Lock} from "./lock-state.ts";
import type {Memory} from "./memory.ts";
import {OperationQueue} from "./operation-queue.ts";
import {type ReadLock, readLocksOf} from "./read-lock-state.ts";
import type {Recorders} from "./recorders.ts";
import {Requests} from "./requests.ts";
import type {SliceRecorder} from "./slice-recorder.ts";
import {Sources, startSources, type TickPhases, tickPhase} from "./sources.ts";
import type {SteppedWalk} from "./stepped-state.ts";
import {type Law, Streams} from "./streams.ts";
import type {Topology} from "./topology.ts";
import type {Watch} from "./watch.ts";
import {Words} from "./words.ts";

export interface WorldOptions extends Seeding {
  readonly executor: Executor;
  readonly shuffleTies: number;
  readonly tickPhases: TickPhases;
  /** The grace-period kthread's own CPU reports when the grace period begins, rather than at the second scan. */
  readonly earlySelfReport: boolean;
  readonly recorder?: Recorder | undefined;
  readonly slicer?: SliceRecorder | undefined;
}

export class World {
  readonly system: System;
  readonly blueprint: Blueprint;
  readonly options: WorldOptions;
  readonly memory: Memory;
  readonly lazy: boolean;
  /** Ticks. */
  readonly duration: number;
  readonly warmup: number;
  readonly topology: Topology;
  readonly cpus: Cpus;
  readonly sources: Sources;
  readonly streams: Streams;
  readonly costs: Costs;
  /** Order in which interrupts are sent, where that is not the order of CPUs: siblings are neighbours at the interrupt controller. */
  readonly apicRank: Int32Array | undefined;
  /** Room to sort targets by it: a place for each rank, and one for each target. */
  readonly byRank: Int32Array;
  /** By distance. */
  readonly line: readonly (Law | undefined)[];
  readonly delivery: readonly Law[];
  readonly idleExit: Law | undefined;
  readonly calendar: Calendar;
  readonly fingerprint: Fingerprint = new Fingerprint();
  readonly recorder: Recorder | undefined;
  readonly codes: readonly Code[];
  /** By Code and instruction: whether a loop of interrupts begins there; and room for what a step of it costs by distance. */
  readonly loops: readonly Uint8Array[];
  readonly steps: Float64Array;
  readonly pass: Pass;
  readonly words: Words;
  readonly recorders: Recorders;
  readonly contexts: Context[] = [];
  readonly requests: Requests;
  readonly grace: GracePeriods;
  readonly locks: Map<string, Lock> = new Map();
  /** The accounts of all CPUs at the end of the warm-up. */
  readonly baseline: Float64Array;
  /** The end of the warm-up, once it is over. */
  measuredFrom: number = 0;
  /** Interactions dispatched, and private phases advanced over. */
  events: number = 0;
  phases: number = 0;

  /** Source of the walks of a CPU that are run in the tight loop; -1: none. */
  readonly walkSource: Int32Array;
  /** Per source, in the closed-form executor: how its walks are passed over; a source without is walked. */
  readonly jumps: (Jump | undefined)[];
  /** Per source, in the executor of that name: the state that a late look finds. */
  readonly equilibria: readonly (Equilibrium | undefined)[];
  /** Per source: the `walkMask` of its walks. */
  readonly walkOpen: Uint8Array;
  /** By CPU: the source of the only walks there that think in CPU time; -1: none, -2: several. */
  readonly soleThinker: Int32Array;
  /** Earliest arrival of any other source of the CPU. */
  readonly otherNext: Float64Array;
  /** Latest walk of the task level: its source, start, arrival; whether it still has to be recorded; what moving a line added to it. */
  readonly walk: Int32Array;
  readonly walkStart: Float64Array;
  readonly walkArrival: Float64Array;
  readonly walkPending: Uint8Array;
  readonly walkExtra: Float64Array;
  /** An NMI or preemption inside the hooks before the walk: when, and by how much it delayed the rest of them. */
  readonly walkShiftAt: Float64Array;
  readonly walkShift: Float64Array;
  /** Latest walk in NMI context. */
  readonly nmiWalk: Int32Array;
  readonly nmiStart: Float64Array;
  readonly nmiWalkEnd: Float64Array;
  /** Distance of the CPU that last read the CPU's tracked words from elsewhere; 0: none since its last store. */
  readonly remoteRead: Uint8Array;
  /** Values that `restores` stores put back. */
  readonly walkOld: Float64Array;
  readonly nmiOld: Float64Array;
  /** Latest activation of a bystander: its source, arrival, own work, what was stolen from it, start. */
  readonly activation: Int32Array;
  readonly activationArrival: Float64Array;
  readonly activationWork: Float64Array;
  readonly activationStolen: Float64Array;
  readonly activationStart: Float64Array;
  /** Walks that are stepped, per CPU: on the task level and in NMI context. */
  readonly stepped: (SteppedWalk | undefined)[] = [];
  readonly steppedNmi: (SteppedWalk | undefined)[] = [];
  readonly anyStepped: boolean;
  /** By mm, 1-based: mmap_lock where it has readers; and whether any has. */
  readonly readLocks: readonly (ReadLock | undefined)[];
  readonly anyReadLock: boolean;
  /** By mm, 1-based: the line of its mmap_lock, where readers move it. */
  readonly lockLines: readonly (LockLine | undefined)[];
  /** By CPU, 1: each of its private sections is an event; in the reference executor, and where CPUs depend on one another. */
  readonly byEvent: Uint8Array;
  /** Stores of walks in NMI context that are still to come, per CPU, by time. */
  readonly lateStores: LateStore[][] = [];

  readonly isolated: Uint8Array;
  readonly nohzFull: Uint8Array;
  /** Stream of each CPU for what interrupts cost there. */
  readonly cpuStream: Int32Array;
  readonly online: BitSet;
  /** CPU that runs the grace-period kthread: the first that is not isolated; and the stream of its costs. */
  readonly graceCpu: number;
  readonly graceStream: number;
  /** Offset of each CPU's timer interrupt. */
  readonly tickPhase: Float64Array;
  /** When the private event of each CPU is due that has one (`byEvent`). */
  readonly privateAt: Float64Array;
  /** CPUs by mm, 1-based. */
  readonly mmCpus: readonly BitSet[];
  readonly mmLazy: readonly BitSet[];
  /** Latest TLB flush of anything on a CPU. */
  readonly flushedAt: Float64Array;
  /** Flushes of each mm (1-based) so far, and by mm and CPU the latest that the CPU has caught up with. */
  readonly tlbFlushes: Float64Array;
  readonly tlbSeen: Float64Array;
  /** Latest unhook in each mm, 1-based; -1: none. */
  readonly lastUnhook: Float64Array;
  /** When the interconnect has passed all broadcast invalidations that have begun. */
  interconnectFree: number = 0;
  readonly violations: Violation[] = [];
  readonly violationCounts: Record<string, number> = {};
  violationsMeasured: number = 0;
  /** Told of what a violation is made of; only where one is looked into (`violation-schedule.ts`). */
  watch: Watch | undefined;
  /** Contexts that wait for a CPU another one holds. */
  readonly waitingForCpu: (number[] | undefined)[] = [];
  /** Laws of the `delay` instructions of each Code. */
  readonly delays: readonly (readonly Law[])[];
  readonly counters: Float64Array;
  readonly counterBase: readonly number[];
  private readonly equipment: Equipment;

  constructor(system: System, options: WorldOptions) {
    const {machine} = system;
    this.system = system;
    this.options = options;
    this.lazy = options.executor !== "reference";
    this.recorder = options.recorder;
    this.duration = ticksOf(system.duration);
    this.warmup = ticksOf(system.warmup);
    if (!(this.duration > 0 && this.duration < lastTick)) {
      throw new RangeError(
        `Expected a duration above 0 and below ${Math.floor(lastTick / 1e12)} s, got ${system.duration / 1e9} s: time is counted in picoseconds, exactly`,
      );
    }
    const blueprint = blueprintOf(system, options);
    const equipment = takeEquipment(system, blueprint, options, options.shuffleTies);
    const {memory} = equipment;
    this.blueprint = blueprint;
    this.equipment = equipment;
    this.memory = memory;
    this.calendar = equipment.calendar;
    this.recorders = equipment.recorders;
    this.topology = blueprint.topology;
    this.costs = blueprint.costs;
    this.line = blueprint.line;
    this.delivery = blueprint.delivery;
    this.idleExit = blueprint.idleExit;
    this.codes = blueprint.codes;
    this.loops = blueprint.loops;
    this.delays = blueprint.delays;
    this.counterBase = blueprint.counterBase;
    this.walkOpen = blueprint.walkOpen;
    this.anyStepped = blueprint.anyStepped;
    this.isolated = blueprint.isolated;
    this.nohzFull = blueprint.nohzFull;
    this.cpuStream = blueprint.cpuStream;
    this.graceCpu = blueprint.graceCpu;
    this.graceStream = blueprint.graceStream;

    const n = this.topology.cpus;
    const mms = system.mms.length + 1;
    const floats = () => memory.floats(n);
    const grouped = machine.apic === "cluster" || machine.apic === "pv";
    this.apicRank = grouped && machine.smt > 1 ? this.topology.apic : undefined;
    this.byRank = memory.ints(this.apicRank === undefined ? 0 : 2 * n);
    this.steps = memory.floats(4);
    this.counters = memory.floats(blueprint.counterNames.length);
    this.words = new Words(blueprint.words, memory);
    this.lockLines = blueprint.movesLockLine.map((moves) => (moves ? new LockLine() : undefined));
    this.byEvent = this.lazy ? blueprint.touchesLockLine : new Uint8Array(n).fill(1);
    this.readLocks = readLocksOf(blueprint.readers);
    this.anyReadLock = this.readLocks.some((lock) => lock !== undefined);
    this.streams = new Streams(blueprint.streams, options, memory);
    this.cpus = new Cpus(blueprint.sources.first, memory, options.recorder);
    this.baseline = memory.floats(this.cpus.time.length);
    this.sources = new Sources(blueprint.sources, memory);
    this.requests = new Requests(n, memory);
    this.grace = new GracePeriods(n, machine, memory);
    this.jumps = jumpsOf(this);
    this.equilibria = equilibriaOf(this);
    this.soleThinker = blueprint.soleThinker;
    this.pass = new Pass(n, memory);
    this.walkSource = memory.ints(n).fill(-1);
    this.otherNext = floats();
    this.walk = memory.ints(n).fill(-1);
    this.walkStart = floats();
    this.walkArrival = floats();
    this.walkPending = memory.bytes(n);
    this.walkExtra = floats();
    this.walkShiftAt = floats();
    this.walkShift = floats();
    this.nmiWalk = memory.ints(n).fill(-1);
    this.nmiStart = floats();
    this.nmiWalkEnd = floats();
    this.remoteRead = memory.bytes(n);
    this.walkOld = floats();
    this.nmiOld = floats();
    this.activation = memory.ints(n).fill(-1);
    this.activationArrival = floats();
    this.activationWork = floats();
    this.activationStolen = floats();
    this.activationStart = floats();
    this.lastUnhook = memory.floats(mms).fill(-1);
    this.flushedAt = floats().fill(-1);
    this.tlbFlushes = memory.floats(mms);
    this.tlbSeen = memory.floats(mms * n);
    this.tickPhase = floats();
    this.privateAt = floats().fill(Number.POSITIVE_INFINITY);
    this.online = new BitSet(n, memory);
    this.mmCpus = blueprint.mmCpus.map((set) => new BitSet(n, memory).copy(set));
    this.mmLazy = blueprint.mmLazy.map((set) => new BitSet(n, memory).copy(set));
    for (const {workers} of blueprint.writers) {
      const queue = new OperationQueue(memory);
      for (const init of workers) queue.workers.push(new Context(init, queue, memory));
      this.contexts.push(...queue.workers);
    }

    startSources(blueprint.sources, this.sources, this.cpus, this.streams, options.tickPhases);
    if (this.lazy && this.recorder === undefined) this.walkSource.set(blueprint.walkSource);
    for (let cpu = 0; cpu < n; cpu++) {
      this.online.add(cpu);
      this.otherNext[cpu] = this.earliestOther(cpu);
      if (options.tickPhases === "skewed") {
        this.tickPhase[cpu] = tickPhase(this.streams, cpu, this.grace.jiffy);
      }
    }
  }

  /** Ends the use of the world: what it is made of goes to the next run of the system. */
  release(): void {
    this.recorders.release();
    giveBackEquipment(this.equipment);
  }

  /** Whether nothing else happens before `time`, so that what is due then may be done at once. */
  mayRunTo(time: number): boolean {
    return this.lazy && time < this.calendar.next && time < this.duration;
  }

  /** Sees to it that the CPU's next private section has its event, if it goes by events. */
  wakePrivate(cpu: number, at: number): void {
    if (this.byEvent[cpu] === 0 || at >= this.privateAt[cpu]) return;
    this.privateAt[cpu] = at;
    this.calendar.push(at, event.private, cpu);
  }

  /** Credits a CPU's walks with time. */
  accountWalk(cpu: number, ticks: number): void {
    this.cpus.time[cpu * accounts + account.walk] += ticks;
  }

  /** Adds an interaction to the fingerprint. */
  note(time: number, entity: number, kind: number): void {
    this.events++;
    this.fingerprint.add(time, entity, kind);
  }

  /** The same for the first `count` of many of one kind. */
  noteAll(times: Float64Array, entities: Int32Array, count: number, kind: number): void {
    this.events += count;
    this.fingerprint.addAll(times, entities, count, kind);
  }

  /** Earliest arrival of any source of the CPU but that of the tight loop. */
  private earliestOther(cpu: number): number {
    const {first} = this.cpus;
    const {next} = this.sources;
    let other = Number.POSITIVE_INFINITY;
    for (let i = first[cpu]; i < first[cpu + 1]; i++) {
      if (i !== this.walkSource[cpu] && next[i] < other) other = next[i];
    }
    return other;
  }
}
