// The private timelines of CPUs. Between two interactions what a CPU does depends on nothing but its own random streams; so it is not
// simulated event by event but advanced, in a tight loop, when somebody looks at it.
//
// (1) `advance(world, cpu, to)` begins every private section that starts before `to`. An interaction at `to` thus happens before
//     anything private at that instant, and a section that ends at `to` has ended.
// (2) Which section comes next is decided by earliest start, then level, then number of the source; a section starts at its arrival or
//     when its level is free, whichever is later (`cpus.ts`).
// (3) What a section draws comes from its own source's streams in order of its sections, so the executor, the order of looks and the
//     other sources cannot change it.
// (4) `runWalks` does for the busiest walker of a CPU what `step` does in general, up to the next arrival of anything else; `jumpWalks` and
//     `equilibrate` do not even that, where the executor allows it.

import {account} from "./accounts.ts";
import {accountHooks, beginWalk, nextGap} from "./begin-walk.ts";
import {type Cpus, setBase, settle, source} from "./cpus.ts";
import {equilibrate} from "./equilibrate.ts";
import {jumpWalks} from "./jump-walks.ts";
import {lookAtChains} from "./look-at-chains.ts";
import {level, occupy} from "./occupy.ts";
import {afterLock} from "./read-lock-state.ts";
import {runWalks} from "./run-walks.ts";
import {beginSlowWalk, beginSteppedWalk, stepWalks} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {recordBystander} from "./walk-record.ts";
import type {World} from "./world.ts";

/** Begins all private sections of the CPU that start before `to`. */
export function advance(world: World, cpu: number, to: number): void {
  const walk = world.walkSource[cpu];
  if (walk < 0) {
    if (!world.anyStepped) {
      while (step(world, cpu, to));
      return;
    }
    // A stepped walk goes on until something begins inside it.
    for (;;) {
      const next = nextStart(world, cpu);
      stepWalks(world, cpu, next < to ? next : to);
      if (!step(world, cpu, to)) return;
    }
  }
  const jump = world.jumps[walk];
  const equilibrium = world.equilibria[walk];
  for (;;) {
    const other = world.otherNext[cpu];
    const bound = other < to ? other : to;
    if (world.cpus.holder[cpu] < 0) {
      if (equilibrium !== undefined && equilibrate(world, cpu, walk, bound, equilibrium)) {
        // Everything before has been forgotten.
      } else if (jump !== undefined) jumpWalks(world, cpu, walk, bound, jump);
      else while (runWalks(world, cpu, walk, bound));
    }
    if (other >= to || !step(world, cpu, to)) return;
  }
}

/** Does so on `cpus[0 .. count - 1]`, each to its own of `times`, as far as they are below `limit`; `left` is room for as many. */
export function advanceAll(
  world: World,
  cpus: Int32Array,
  times: Float64Array,
  count: number,
  limit: number,
  left: Int32Array,
): void {
  if (world.equilibria.length > 0) {
    const remaining = lookAtChains(world, cpus, times, count, limit, left);
    for (let k = 0; k < remaining; k++) advance(world, cpus[left[k]], times[left[k]]);
    return;
  }
  for (let k = 0; k < count; k++) {
    if (times[k] < limit) advance(world, cpus[k], times[k]);
  }
}

/** When the next private section of the CPU starts, as things stand; for the reference executor. */
export function nextStart(world: World, cpu: number): number {
  const {cpus, sources} = world;
  let next = Number.POSITIVE_INFINITY;
  for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
    let start = startOf(cpus, cpu, sources.kind[i], sources.next[i]);
    if (world.anyReadLock) start = afterLock(world, i, start);
    if (start < next) next = start;
  }
  return next;
}

function startOf(cpus: Cpus, cpu: number, kind: number, arrival: number): number {
  if (kind >= source.idleToggle) return arrival;
  let start = arrival;
  if (cpus.nmiEnd[cpu] > start) start = cpus.nmiEnd[cpu];
  if (cpus.handlerEnd[cpu] > start) start = cpus.handlerEnd[cpu];
  if (kind === source.steal || kind === source.closedNmi || kind === source.openNmi) return start;
  if (kind <= source.openWalk) {
    if (cpus.holder[cpu] >= 0) return Number.POSITIVE_INFINITY;
    return cpus.busyEnd[cpu] > start ? cpus.busyEnd[cpu] : start;
  }
  if (cpus.irqEnd[cpu] > start) start = cpus.irqEnd[cpu];
  if (cpus.taskEnd[cpu] > start && cpus.taskOpen[cpu] === 0) start = cpus.taskEnd[cpu];
  if (kind === source.bystander && cpus.foregroundEnd[cpu] > start) start = cpus.foregroundEnd[cpu];
  return start;
}

/** Begins the next section, if it starts before `to`. */
function step(world: World, cpu: number, to: number): boolean {
  const {cpus, sources} = world;
  const {kind: kinds, next} = sources;
  let best = -1;
  let bestStart = to;
  let bestLevel = -1;
  for (let i = cpus.first[cpu], end = cpus.first[cpu + 1]; i < end; i++) {
    if (next[i] >= to) continue;
    let start = startOf(cpus, cpu, kinds[i], next[i]);
    if (world.anyReadLock) start = afterLock(world, i, start);
    if (start > bestStart || start >= to) continue;
    const rank = levelOf(kinds[i]);
    if (start === bestStart && rank <= bestLevel) continue;
    best = i;
    bestStart = start;
    bestLevel = rank;
  }
  if (best < 0) return false;
  begin(world, cpu, best, bestStart);
  if (world.walkSource[cpu] >= 0) {
    let other = Number.POSITIVE_INFINITY;
    for (let i = cpus.first[cpu], end = cpus.first[cpu + 1]; i < end; i++) {
      if (i !== world.walkSource[cpu] && next[i] < other) other = next[i];
    }
    world.otherNext[cpu] = other;
  }
  return true;
}

function levelOf(kind: number): number {
  if (kind <= source.openWalk) return level.task;
  if (kind === source.bystander) return level.foreground;
  if (kind === source.irqOff || kind === source.tick || kind === source.switch) return level.irq;
  return level.nmi;
}

function begin(world: World, cpu: number, i: number, start: number): void {
  const {cpus, sources, streams} = world;
  const kind = sources.kind[i];
  const arrival = sources.next[i];
  const {state} = streams;
  world.phases++;
  switch (kind) {
    case source.closedWalk:
    case source.openWalk:
      sources.reads[i] = sources.needsLock[i];
      sources.admitted[i] = 0;
      if (sources.slow[i] > 0) beginSlowWalk(world, cpu, i, start);
      else if (sources.profile[i] === undefined) beginSteppedWalk(world, cpu, i, start);
      else beginWalk(world, cpu, i, start);
      return;
    case source.closedNmi:
    case source.openNmi:
      if (sources.profile[i] === undefined) beginSteppedWalk(world, cpu, i, start);
      else beginNmiWalk(world, cpu, i, start);
      return;
    case source.bystander: {
      recordBystander(world, cpu, start);
      const work = draw(sources.section[i], state, sources.sectionAt[i]);
      world.activation[cpu] = i;
      world.activationArrival[cpu] = arrival;
      world.activationWork[cpu] = work;
      world.activationStolen[cpu] = 0;
      world.activationStart[cpu] = start;
      sources.next[i] = arrival + nextGap(world, i);
      occupy(world, cpu, start, work, level.foreground, account.user, -1);
      return;
    }
    case source.irqOff: {
      const length = draw(sources.section[i], state, sources.sectionAt[i]);
      sources.next[i] = arrival + nextGap(world, i);
      occupy(world, cpu, start, length, level.irq, account.irq_off, -1);
      return;
    }
    case source.tick: {
      sources.next[i] = arrival + nextGap(world, i);
      // An idle CPU has stopped its timer.
      if (cpus.base[cpu] === account.idle && cpus.busyEnd[cpu] <= start) return;
      const length = draw(sources.section[i], state, sources.sectionAt[i]);
      occupy(world, cpu, start, length, level.irq, account.tick, -1);
      return;
    }
    case source.switch: {
      sources.next[i] = arrival + nextGap(world, i);
      if (cpus.base[cpu] === account.idle) return;
      const length = draw(sources.section[i], state, sources.sectionAt[i]);
      cpus.lastSwitch[cpu] = start;
      occupy(world, cpu, start, length, level.irq, account.kernel, -1);
      return;
    }
    case source.steal: {
      sources.next[i] = arrival + nextGap(world, i);
      const length = draw(sources.section[i], state, sources.sectionAt[i]);
      if (length === 0) return;
      occupy(world, cpu, start, length, level.nmi, account.preempted, -1);
      world.recorder?.interval(cpu, start, start + length, "preempted");
      return;
    }
    case source.modeToggle: {
      // The cadence is the stretch in user mode, the section that in the kernel; both are of busy time.
      const user = cpus.busyBase[cpu] === account.user;
      cpus.busyBase[cpu] = user ? account.kernel : account.user;
      const length = user
        ? draw(sources.section[i], state, sources.sectionAt[i])
        : nextGap(world, i);
      sources.next[i] = start + length + 1;
      changeBase(world, cpu, start, cpus.busyBase[cpu]);
      return;
    }
    default: {
      // Busy becomes idle or the other way round; the cadence is the busy time, the section the idle one.
      const idle = cpus.naturalBase[cpu] === account.idle;
      const length = idle
        ? nextGap(world, i)
        : draw(sources.section[i], state, sources.sectionAt[i]);
      // Never twice at one instant, or an idle time of zero would loop for ever.
      sources.next[i] = start + length + 1;
      if (!idle) {
        cpus.lastSwitch[cpu] = start;
        for (let other = cpus.first[cpu]; other < cpus.first[cpu + 1]; other++) {
          if (sources.kind[other] === source.modeToggle) sources.next[other] += length + 1;
        }
      }
      changeBase(world, cpu, start, idle ? cpus.busyBase[cpu] : account.idle);
    }
  }
}

function changeBase(world: World, cpu: number, at: number, base: number): void {
  const {cpus} = world;
  cpus.naturalBase[cpu] = base;
  if (cpus.holder[cpu] < 0) setBase(cpus, cpu, at, base);
}

function beginNmiWalk(world: World, cpu: number, i: number, start: number): void {
  const {sources, streams} = world;
  const arrival = sources.next[i];
  const length = draw(sources.section[i], streams.state, sources.sectionAt[i]) + sources.fixed[i];
  const walk = world.walk[cpu];
  if (walk >= 0 && world.cpus.taskEnd[cpu] > start) {
    world.walkShiftAt[cpu] = start;
    world.walkShift[cpu] = length;
  }
  world.nmiWalk[cpu] = i;
  world.nmiStart[cpu] = start;
  world.nmiWalkEnd[cpu] = start + length;
  occupy(world, cpu, start, length, level.nmi, account.walk, i);
  accountHooks(world, cpu, i, 0);
  world.recorder?.interval(cpu, start, start + length, "nmi");
  const closed = sources.kind[i] === source.closedNmi;
  sources.next[i] = (closed ? start + length : arrival) + nextGap(world, i);
  if (start + length > world.duration) return;
  const owner = sources.owner[i];
  const recorders = world.recorders.walkers[owner];
  const profile = sources.profile[i];
  recorders.latency.record(cpu, start + length, (start + length - arrival) / 1000);
  recorders.blocked.record(cpu, start, (start - arrival) / 1000);
  recorders.overhead.record(
    cpu,
    start,
    profile === undefined ? 0 : (profile.enter + profile.exit) / 1000,
  );
  recorders.count[cpu]++;
}

/** Brings a CPU to an instant and settles its accounts there. */
export function lookAt(world: World, cpu: number, at: number): void {
  advance(world, cpu, at);
  settle(world.cpus, cpu, at);
}
