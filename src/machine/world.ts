// Everything a run consists of, set up from a system. The mechanisms (`timeline.ts`, `interrupt.ts`, `tlb.ts`, `grace-period.ts`, ...) are
// functions over it; none of them holds state of its own.

import {Calendar} from "../engine/calendar.ts";
import {Fingerprint} from "../engine/fingerprint.ts";
import type {Recorder} from "../engine/recorder.ts";
import {lastTick, ticksOf} from "../engine/time.ts";
import type {Executor} from "../plan/plan.ts";
import type {System, Writer} from "../plan/system.ts";
import type {Code} from "../program/code.ts";
import type {Violation} from "../record/samples.ts";
import {cpusOf, hasCpu} from "../units/cpuset.ts";
import {account, accounts} from "./accounts.ts";
import {BitSet} from "./bit-set.ts";
import {blueprintOf, profilesOf} from "./blueprint.ts";
import {Context} from "./context.ts";
import {type Costs, costsOf, deliveryCosts, idleExitCost, lineCosts} from "./costs.ts";
import {Cpus, source, walkMaskOf} from "./cpus.ts";
import {type Equilibrium, equilibriaOf} from "./equilibrium.ts";
import {event} from "./events.ts";
import {GracePeriods} from "./grace-state.ts";
import {Pass} from "./interrupt-all.ts";
import {type Jump, jumpsOf} from "./jump.ts";
import type {LateStore} from "./late-stores.ts";
import type {Lock} from "./lock-state.ts";
import {OperationQueue} from "./operation-queue.ts";
import {reachOf} from "./reach.ts";
import {type ReadLock, readLocksOf} from "./read-lock-state.ts";
import {Recorders} from "./recorders.ts";
import {Requests} from "./requests.ts";
import {buildSources, type Sources, type TickPhases, phaseOf as tickPhase} from "./sources.ts";
import type {SteppedWalk} from "./stepped-state.ts";
import {type Law, Streams} from "./streams.ts";
import {entriesOf} from "./tlb.ts";
import type {Topology} from "./topology.ts";
import type {Watch} from "./watch.ts";
import {type Words, wordsOf} from "./words.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly replication: number;
  /** Given only where the points of a sweep are to have different streams. */
  readonly point?: number | undefined;
  readonly executor: Executor;
  readonly shuffleTies: number;
  readonly tickPhases: TickPhases;
  /** The grace-period kthread's own CPU reports when the grace period begins, rather than at the second scan. */
  readonly earlySelfReport: boolean;
  readonly recorder?: Recorder | undefined;
}

export class World {
  readonly system: System;
  readonly options: WorldOptions;
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
  readonly steps: Float64Array = new Float64Array(4);
  readonly pass: Pass;
  readonly words: Words;
  readonly recorders: Recorders;
  readonly contexts: Context[] = [];
  readonly requests: Requests;
  readonly grace: GracePeriods;
  readonly locks: Map<string, Lock> = new Map();
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
  /** In the reference executor: when each CPU's private event is due. */
  readonly privateAt: Float64Array;
  /** CPUs by mm, 1-based. */
  readonly mmCpus: BitSet[] = [];
  readonly mmLazy: BitSet[] = [];
  /** Latest TLB flush of anything on a CPU. */
  readonly flushedAt: Float64Array;
  /** Flushes of each mm (1-based) so far, and by mm and CPU the latest that the CPU has caught up with. */
  readonly tlbFlushes: Float64Array;
  readonly tlbSeen: Float64Array;
  /** Latest unhook in each mm, 1-based; -1: none. */
  readonly lastUnhook: Float64Array;
  /** Broadcast invalidations in flight end at these instants. */
  readonly broadcasts: number[] = [];
  readonly violations: Violation[] = [];
  readonly violationCounts: Record<string, number> = {};
  violationsMeasured: number = 0;
  /** Told of what a violation is made of; only where one is looked into (`violation-schedule.ts`). */
  watch: Watch | undefined;
  /** Contexts that wait for a CPU another one holds. */
  readonly waitingForCpu: number[][];
  /** Laws of the `delay` instructions of each Code. */
  readonly delays: readonly (readonly Law[])[];
  counters: Float64Array;
  readonly counterNames: string[] = [];
  readonly counterBase: number[] = [];

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
    const blueprint = blueprintOf(system);
    this.topology = blueprint.topology;
    const n = this.topology.cpus;
    this.streams = new Streams(options.seed, options.replication, options.point);
    this.costs = costsOf(machine, this.streams);
    const grouped = machine.apic === "cluster" || machine.apic === "pv";
    this.apicRank = grouped && machine.smt > 1 ? this.topology.apic : undefined;
    this.byRank = new Int32Array(this.apicRank === undefined ? 0 : 2 * n);
    this.line = lineCosts(this.costs);
    this.delivery = deliveryCosts(this.costs);
    this.idleExit = idleExitCost(machine, this.costs);
    this.codes = blueprint.codes;
    this.loops = blueprint.loops;
    for (const code of this.codes) {
      this.counterBase.push(this.counterNames.length);
      this.counterNames.push(...code.counters);
    }
    this.counters = new Float64Array(this.counterNames.length);
    this.delays = this.codes.map((code) =>
      code.distributions.map((law) => this.streams.law(law, code.policy, "delay")),
    );
    this.words = wordsOf(this.codes, n, system.mms.length);
    this.cpus = new Cpus(n, options.recorder);
    const profiles = profilesOf(system, blueprint, this.words, this.costs);
    this.anyStepped = profiles.some((profile) => profile === undefined);
    this.readLocks = readLocksOf(
      system,
      profiles.map((profile) => profile === undefined),
    );
    this.anyReadLock = this.readLocks.some((lock) => lock !== undefined);
    this.sources = buildSources(system, this.cpus, this.streams, profiles, options.tickPhases);

    const writers = system.writers.filter((writer) => writer.cadence.kind !== "any");
    const workers = writers.reduce((sum, writer) => sum + (writer.workers ?? 1), 0);
    this.calendar = new Calendar(n + workers + 1, options.shuffleTies);
    this.requests = new Requests(n);
    this.grace = new GracePeriods(n, machine);
    this.recorders = new Recorders(system, n, options);

    this.walkSource = new Int32Array(n).fill(-1);
    this.jumps = jumpsOf(this);
    this.equilibria = equilibriaOf(this);
    this.soleThinker = new Int32Array(n).fill(-1);
    this.pass = new Pass(n);
    this.otherNext = new Float64Array(n);
    this.walkOpen = Uint8Array.from(this.sources.kind, (kind, i) =>
      kind <= source.openWalk ? walkMaskOf(system.walkers[this.sources.owner[i]].protect) : 0,
    );
    this.walk = new Int32Array(n).fill(-1);
    this.walkStart = new Float64Array(n);
    this.walkArrival = new Float64Array(n);
    this.walkPending = new Uint8Array(n);
    this.walkExtra = new Float64Array(n);
    this.walkShiftAt = new Float64Array(n);
    this.walkShift = new Float64Array(n);
    this.nmiWalk = new Int32Array(n).fill(-1);
    this.nmiStart = new Float64Array(n);
    this.nmiWalkEnd = new Float64Array(n);
    this.remoteRead = new Uint8Array(n);
    this.walkOld = new Float64Array(n);
    this.nmiOld = new Float64Array(n);
    this.activation = new Int32Array(n).fill(-1);
    this.activationArrival = new Float64Array(n);
    this.activationWork = new Float64Array(n);
    this.activationStolen = new Float64Array(n);
    this.activationStart = new Float64Array(n);
    this.waitingForCpu = Array.from({length: n}, () => []);
    this.lastUnhook = new Float64Array(system.mms.length + 1).fill(-1);
    this.flushedAt = new Float64Array(n).fill(-1);
    this.tlbFlushes = new Float64Array(system.mms.length + 1);
    this.tlbSeen = new Float64Array((system.mms.length + 1) * n);
    this.isolated = new Uint8Array(n);
    this.nohzFull = new Uint8Array(n);
    this.cpuStream = new Int32Array(n);
    this.online = new BitSet(n);
    this.tickPhase = new Float64Array(n);
    if (options.tickPhases === "skewed") {
      for (let cpu = 0; cpu < n; cpu++) {
        this.tickPhase[cpu] = tickPhase(this.streams, `tick@${cpu}`, this.grace.jiffy);
      }
    }
    this.privateAt = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    this.graceStream = this.streams.open("rcu", "costs");
    for (let cpu = 0; cpu < n; cpu++) {
      this.online.add(cpu);
      this.isolated[cpu] = hasCpu(machine.isolated, cpu) ? 1 : 0;
      this.nohzFull[cpu] = hasCpu(machine.nohzFull, cpu) ? 1 : 0;
      this.cpuStream[cpu] = this.streams.open(`cpu@${cpu}`, "interrupts");
    }
    this.graceCpu = Math.max(0, this.isolated.indexOf(0));
    for (const mm of system.mms) {
      this.mmCpus.push(BitSet.from(n, cpusOf(mm.cpus)));
      this.mmLazy.push(BitSet.from(n, cpusOf(mm.lazy)));
    }
    for (const writer of writers) {
      const queue = new OperationQueue();
      for (let worker = 0; worker < (writer.workers ?? 1); worker++) {
        const context = this.contextOf(writer, worker, queue, blueprint.mmIndex);
        queue.workers.push(context);
        this.contexts.push(context);
      }
    }
    for (let cpu = 0; cpu < n; cpu++) this.classify(cpu);
  }

  /** Whether nothing else happens before `time`, so that what is due then may be done at once. */
  mayRunTo(time: number): boolean {
    return this.lazy && time < this.calendar.next && time < this.duration;
  }

  /** In the reference executor: sees to it that the CPU's next private section has its event. */
  wakePrivate(cpu: number, at: number): void {
    if (at >= this.privateAt[cpu]) return;
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

  /** Chooses the walker whose walks are run in the tight loop: the busiest, if no other one of the CPU thinks in CPU time. */
  private classify(cpu: number): void {
    const {kind, next, profile, cadence} = this.sources;
    const first = this.cpus.first[cpu];
    const end = this.cpus.first[cpu + 1];
    let walk = -1;
    let closed = 0;
    let gap = Number.POSITIVE_INFINITY;
    for (let i = first; i < end; i++) {
      if (kind[i] > source.openWalk) continue;
      if (kind[i] === source.closedWalk) this.soleThinker[cpu] = closed++ === 0 ? i : -2;
      const mean = Math.max(cadence[i].constant, cadence[i].mean, 0);
      const busier = kind[i] === source.closedWalk || mean < gap;
      if (profile[i] === undefined || !busier) continue;
      if (this.sources.needsLock[i] === 1 && this.readLocks[this.sources.mm[i]] !== undefined) {
        continue;
      }
      walk = i;
      gap = kind[i] === source.closedWalk ? 0 : mean;
    }
    const fast =
      closed <= 1 &&
      (closed === 0 || kind[walk] === source.closedWalk) &&
      this.lazy &&
      this.recorder === undefined &&
      !this.anyStepped;
    this.walkSource[cpu] = fast ? walk : -1;
    let other = Number.POSITIVE_INFINITY;
    for (let i = first; i < end; i++) {
      if (i !== this.walkSource[cpu] && next[i] < other) other = next[i];
    }
    this.otherNext[cpu] = other;
  }

  private contextOf(
    writer: Writer,
    worker: number,
    queue: OperationQueue,
    mms: ReadonlyMap<string, number>,
  ): Context {
    const {system, codes, streams} = this;
    // The first draws what the only one would.
    const name = worker === 0 ? writer.name : `${writer.name}/${worker}`;
    const codeOf = (name: string) => system.policies.findIndex((policy) => policy.name === name);
    const policy = codeOf(writer.policy);
    if (policy < 0) throw new RangeError(`writer ${writer.name}: no policy \`${writer.policy}\``);
    const fallbackName = system.policies[policy].fallback;
    const fallback = fallbackName === undefined ? -1 : codeOf(fallbackName);
    const {cadence} = writer;
    if (cadence.kind === "any") throw new RangeError("a writer with `any` cadence is not timed");
    const law = streams.law(
      cadence.kind === "open" ? cadence.gap : cadence.think,
      writer.name,
      "cadence",
    );
    return new Context({
      id: this.contexts.length,
      entity: this.cpus.count + this.contexts.length,
      writer,
      cpu: writer.on + worker,
      queue,
      writerIndex: system.writers.indexOf(writer),
      mm: mms.get(writer.mm) ?? 0,
      policy,
      fallback,
      closed: cadence.kind === "closed",
      cadence: law,
      work: streams.law(writer.work, writer.name, "work"),
      cadenceAt: streams.open(name, "cadence"),
      workAt: streams.open(name, "work"),
      costAt: streams.open(name, "costs"),
      choiceAt: streams.open(name, "choices"),
      faultAt: streams.open(name, "faults"),
      reach: reachOf(system, writer),
      entries: entriesOf(writer),
      codes,
      cpus: this.cpus.count,
    });
  }
}
