// What of a world follows from its system alone: everything but numbers that a run changes. It is worked out when a system is first run
// and kept for as long as the system lives: in a short replication it would cost more than the run. A system is plain data that is
// never changed once it has been made.
//
// Two things make the blueprint of a system one of its own for each replication, or each point: laws with something in them that is drawn
// a single time in a replication (`once`), and streams that differ between points.

import type {System} from "../plan/system.ts";
import {assemble} from "../program/assemble.ts";
import {type Code, op} from "../program/code.ts";
import {cpusOf, hasCpu} from "../units/cpuset.ts";
import {BitSet} from "./bit-set.ts";
import {type Costs, costsOf, deliveryCosts, idleExitCost, lineCosts} from "./costs.ts";
import {type CpuClasses, cpuClassesOf} from "./cpu-classes.ts";
import {source, walkMaskOf} from "./cpus.ts";
import {emptyProfile, profileOf} from "./hook-profile.ts";
import {broadcastLoops} from "./interrupt-all.ts";
import {Laws, type Seeding} from "./laws.ts";
import {movesLockLine, readsUnderLock, touchesLockLine} from "./lock-line.ts";
import {aloneWalkers, tightSources} from "./passed-over.ts";
import {readersOf} from "./read-lock-state.ts";
import {planSources, type SourcePlan} from "./source-plan.ts";
import {type Law, StreamIds, silent} from "./streams.ts";
import {type Topology, topologyOf} from "./topology.ts";
import {type WordLayout, wordLayoutOf} from "./words.ts";
import {planWriters, type WriterPlan} from "./writer-plan.ts";

export interface Blueprint {
  readonly topology: Topology;
  readonly costs: Costs;
  /** By distance. */
  readonly line: readonly (Law | undefined)[];
  readonly delivery: readonly Law[];
  readonly idleExit: Law | undefined;
  readonly codes: readonly Code[];
  /** By Code and instruction: whether a loop of interrupts begins there. */
  readonly loops: readonly Uint8Array[];
  /** Laws of the `delay` instructions of each Code. */
  readonly delays: readonly (readonly Law[])[];
  /** Counters of all Codes, and the number of the first one of each. */
  readonly counterNames: readonly string[];
  readonly counterBase: readonly number[];
  readonly words: WordLayout;
  readonly sources: SourcePlan;
  /** Whether the walks of any walker must be stepped. */
  readonly anyStepped: boolean;
  /** Per source: the `walkMask` of its walks. */
  readonly walkOpen: Uint8Array;
  /** By CPU: the walker whose walks can be run in the tight loop; -1: none. */
  readonly walkSource: Int32Array;
  /** By source, 1: it is one of them; and by walker, 1: all its sources are. */
  readonly tight: Uint8Array;
  readonly alone: Uint8Array;
  /** By CPU: the source of the only walks there that think in CPU time; -1: none, -2: several. */
  readonly soleThinker: Int32Array;
  /** By mm, 1-based: CPUs where readers of its mmap_lock live, if it has readers and writers. */
  readonly readers: readonly (Int32Array | undefined)[];
  /** By mm, 1-based: whether they move its line; and by CPU, 1: walks there do. */
  readonly movesLockLine: readonly boolean[];
  readonly touchesLockLine: Uint8Array;
  readonly writers: readonly WriterPlan[];
  /** By CPU. */
  readonly classes: CpuClasses;
  readonly isolated: Uint8Array;
  readonly nohzFull: Uint8Array;
  /** CPU that runs the grace-period kthread: the first that is not isolated; and the stream of its costs. */
  readonly graceCpu: number;
  readonly graceStream: number;
  /** Stream of each CPU for what interrupts cost there. */
  readonly cpuStream: Int32Array;
  /** CPUs by mm, 1-based, when the run begins. */
  readonly mmCpus: readonly BitSet[];
  readonly mmLazy: readonly BitSet[];
  readonly streams: StreamIds;
  /** Whether any law is that of one replication. */
  readonly once: boolean;
  /** Of which point the streams are, where points have streams of their own. */
  readonly point: number | undefined;
}

const known = new WeakMap<System, Blueprint>();

export function blueprintOf(system: System, seeding: Seeding): Blueprint {
  const same = known.get(system);
  if (same !== undefined && same.point === seeding.point) return same;
  const laws = new Laws(seeding);
  const blueprint = draw(system, seeding, laws);
  if (!blueprint.once) known.set(system, blueprint);
  return blueprint;
}

function draw(system: System, {point}: Seeding, laws: Laws): Blueprint {
  const {machine} = system;
  const topology = topologyOf(machine);
  const {cpus} = topology;
  const streams = new StreamIds(point);
  const costs = costsOf(machine, laws);
  const codes = system.policies.map((policy) => assemble(policy));
  const delays = codes.map((code) =>
    code.distributions.map((law) => laws.of(law, code.policy, "delay")),
  );
  const certain = [...Object.values(costs), ...delays.flat()].every(({constant}) => constant >= 0);
  const costStream = (entity: string, purpose: string) =>
    certain ? silent : streams.open(entity, purpose);
  const words = wordLayoutOf(codes, cpus, system.mms.length);
  const mmIndex = new Map(system.mms.map(({name}, index) => [name, index + 1]));
  const line = lineCosts(costs);
  const hooks = system.walkers.map((walker) =>
    walker.tracked ? profileOf(codes, words, costs, mmIndex.get(walker.mm) ?? 0) : emptyProfile,
  );
  const aborting = codes.some(mayAbort);
  const moves = movesLockLine(
    system,
    line,
    hooks.map((profile) => profile === undefined && aborting),
  );
  const profiles = system.walkers.map((walker, w) =>
    readsUnderLock(walker) && moves[mmIndex.get(walker.mm) ?? 0] ? undefined : hooks[w],
  );
  const readers = readersOf(
    system,
    profiles.map((profile) => profile === undefined),
  );
  const sources = planSources(system, cpus, laws, streams, profiles);
  const walkSource = Int32Array.from({length: cpus}, (_, cpu) =>
    walkSourceOf(sources, readers, cpu),
  );
  const tight = tightSources(sources, walkSource);
  const isolated = flagsOf(cpus, (cpu) => hasCpu(machine.isolated, cpu));
  return {
    topology,
    costs,
    line,
    delivery: deliveryCosts(costs),
    idleExit: idleExitCost(machine, costs),
    codes,
    loops: codes.map(broadcastLoops),
    delays,
    counterNames: codes.flatMap(({counters}) => counters),
    counterBase: codes.map((_, c) =>
      codes.slice(0, c).reduce((sum, {counters}) => sum + counters.length, 0),
    ),
    words,
    sources,
    anyStepped: profiles.includes(undefined),
    walkOpen: sources.kind.map((kind, i) =>
      kind <= source.openWalk ? walkMaskOf(system.walkers[sources.owner[i]].protect) : 0,
    ),
    walkSource,
    tight,
    alone: aloneWalkers(sources, tight, system.walkers.length),
    soleThinker: Int32Array.from({length: cpus}, (_, cpu) => soleThinkerOf(sources, cpu)),
    readers,
    movesLockLine: moves,
    touchesLockLine: touchesLockLine(sources, moves),
    writers: planWriters(system, cpus, codes, laws, streams, mmIndex),
    classes: cpuClassesOf(system, cpus),
    isolated,
    nohzFull: flagsOf(cpus, (cpu) => hasCpu(machine.nohzFull, cpu)),
    graceCpu: Math.max(0, isolated.indexOf(0)),
    graceStream: costStream("rcu", "costs"),
    cpuStream: Int32Array.from({length: cpus}, (_, cpu) => costStream(`cpu@${cpu}`, "interrupts")),
    mmCpus: system.mms.map((mm) => BitSet.from(cpus, cpusOf(mm.cpus))),
    mmLazy: system.mms.map((mm) => BitSet.from(cpus, cpusOf(mm.lazy))),
    streams,
    once: laws.once,
    point,
  };
}

function mayAbort({ops}: Code): boolean {
  for (let at = 0; at < ops.length; at += 4) if (ops[at] === op.abort) return true;
  return false;
}

function flagsOf(cpus: number, has: (cpu: number) => boolean): Uint8Array {
  return Uint8Array.from({length: cpus}, (_, cpu) => (has(cpu) ? 1 : 0));
}

/** The busiest walker of a CPU, if no other one of it thinks in CPU time and none is stepped. */
function walkSourceOf(plan: SourcePlan, readers: Blueprint["readers"], cpu: number): number {
  const {first, kind, cadence, profile, needsLock, mm} = plan;
  let walk = -1;
  let closed = 0;
  let gap = Number.POSITIVE_INFINITY;
  for (let i = first[cpu]; i < first[cpu + 1]; i++) {
    if (kind[i] <= source.openNmi && profile[i] === undefined) return -1;
    if (kind[i] > source.openWalk) continue;
    if (kind[i] === source.closedWalk) closed++;
    const mean = Math.max(cadence[i].constant, cadence[i].mean, 0);
    const busier = kind[i] === source.closedWalk || mean < gap;
    if (!busier) continue;
    if (needsLock[i] === 1 && readers[mm[i]] !== undefined) continue;
    walk = i;
    gap = kind[i] === source.closedWalk ? 0 : mean;
  }
  const alone = closed <= 1 && (closed === 0 || kind[walk] === source.closedWalk);
  return alone ? walk : -1;
}

function soleThinkerOf({first, kind}: SourcePlan, cpu: number): number {
  let sole = -1;
  for (let i = first[cpu]; i < first[cpu + 1]; i++) {
    if (kind[i] === source.closedWalk) sole = sole === -1 ? i : -2;
  }
  return sole;
}
