// The commonest sync there is, `for cpu in online - self { ipi cpu }  wait acks`, and a TLB flush by interrupts, in one pass over their
// targets. It does what `execute`, `enqueue`, `arrive`, `drainQueue` and `acknowledge` do step by step, to the last bit, when nobody else
// can come between:
//
// (1) No request of anybody is under way, so every target's queue is empty and the interrupt that a request asks for is its own.
// (2) On the initiator's CPU nothing else begins and no interrupt is taken meanwhile, so its instructions last as long as they cost.
// (3) Nothing in the calendar happens before all requests are queued. So between them nobody looks, and queueing is nothing but a time.
// (4) A target at which the calendar comes first, or something begins that puts the interrupt off again, is handed over to the general
//     way as it stands: its request queued, its interrupt on its way.
// (5) Nothing that one target does concerns another, so what they have in common is done for all before what comes next: all interrupts are
//     sent, then all CPUs advanced to their arrival, then all handlers run.

import {type Code, op} from "../program/code.ts";
import {account, accounts} from "./accounts.ts";
import type {BitSet} from "./bit-set.ts";
import type {Context} from "./context.ts";
import {stepCosts} from "./costs.ts";
import {interruptibleFrom, settle, source} from "./cpus.ts";
import {event} from "./events.ts";
import {arrive} from "./interrupt.ts";
import type {Memory} from "./memory.ts";
import {level, occupy} from "./occupy.ts";
import {request} from "./requests.ts";
import {draw} from "./streams.ts";
import {advance, advanceAll, nextStart} from "./timeline.ts";
import {invalidate} from "./tlb.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

/** Room for one pass over the targets of a broadcast, as many as there are CPUs. */
export class Pass {
  /** By place among the targets: when the interrupt arrives. */
  readonly arrival: Float64Array;
  /** What was taken at once: the CPU, when it took the interrupt, and when it drained its queue. */
  readonly cpu: Int32Array;
  readonly taken: Float64Array;
  readonly drained: Float64Array;
  /** Places of targets that are left to the general way. */
  readonly left: Int32Array;

  constructor(cpus: number, memory: Memory) {
    this.arrival = memory.floats(cpus);
    this.cpu = memory.ints(cpus);
    this.taken = memory.floats(cpus);
    this.drained = memory.floats(cpus);
    this.left = memory.ints(cpus);
  }
}

/** By instruction: 1 where a loop begins that does nothing but interrupt CPUs, and is followed by waiting for them. */
export function broadcastLoops(code: Code): Uint8Array {
  const {ops} = code;
  return Uint8Array.from({length: ops.length / 4}, (_, pc) => {
    const [next, cpu, , end] = ops.subarray(4 * pc, 4 * pc + 4);
    const [ipi, target, waited] = ops.subarray(4 * pc + 4, 4 * pc + 8);
    const [jump, back] = ops.subarray(4 * pc + 8, 4 * pc + 12);
    const loop = next === op.next && ipi === op.ipi && jump === op.jump && back === pc;
    return loop && target === cpu && waited === 1 && ops[4 * end] === op.waitAcks ? 1 : 0;
  });
}

/**
 * Queues a request of a kind for every CPU of a set, in no time but the initiator's own, and sets its `now` to the end of that; false, and nothing
 * has happened, if that must be done one by one. Whoever calls it goes on with `interruptAll` at once.
 */
export function enqueueAll(world: World, context: Context, set: BitSet, kind: number): boolean {
  const {cpus, requests, costs, calendar} = world;
  const {cpu, targets, acked} = context;
  const quiet =
    world.lazy &&
    world.recorder === undefined &&
    !world.anyStepped &&
    (kind === request.flush || world.codes[context.code].entry.ipi < 0) &&
    requests.queued === requests.handled &&
    context.sending === 0 &&
    context.waited === 0 &&
    costs["ipi.entry"].constant >= 0 &&
    (world.idleExit === undefined || world.idleExit.constant >= 0) &&
    cpus.busyEnd[cpu] <= context.now &&
    cpus.taken[cpu] === 0 &&
    !set.has(cpu);
  const step = quiet ? stepCosts(costs["ipi.send"], world.line, world.steps) : undefined;
  if (step === undefined) return false;
  let now = context.now;
  let count = 0;
  let isolated = 0;
  for (let target = set.next(-1); target >= 0; target = set.next(target)) {
    now += step[distanceOf(world.topology, cpu, target)];
    targets[count] = target;
    acked[count++] = now;
    isolated += world.isolated[target];
  }
  if (now >= calendar.next || now >= world.duration || nextStart(world, cpu) < now) return false;
  world.noteAll(acked, targets, count, 24 + kind);
  context.waited = count;
  context.sending = count;
  context.now = now;
  if (kind === request.flush) world.recorders.flushes += count;
  else {
    world.recorders.ipis += count;
    context.syncTargets += count;
  }
  world.recorders.requestsIsolated += isolated;
  return true;
}

/** Sends the interrupts for everything that `enqueueAll` has queued, of its kind; returns how long that takes the initiator. */
export function interruptAll(world: World, context: Context, kind: number): number {
  const {calendar, recorders, pass} = world;
  const {targets, sending: count} = context;
  const limit = Math.min(calendar.next, world.duration);
  context.sending = 0;
  if (count > 0) recorders.sends++;
  const length = sendAll(world, context, count);
  advanceAll(world, targets, pass.arrival, count, limit, pass.left);
  const left = takeAll(world, context, kind, count, limit);
  for (let k = 0; k < left; k++) handOver(world, context, pass.left[k], kind, limit);
  return length;
}

/** Writes the interrupt commands: sets `pass.arrival`, and returns how long that takes. */
function sendAll(world: World, context: Context, count: number): number {
  const {topology, costs, streams, pass} = world;
  const {arrival} = pass;
  const {targets, costAt, cpu} = context;
  const {state} = streams;
  const {apic, virt} = world.system.machine;
  const icr = costs["ipi.icr"];
  const everyOther = count === topology.cpus - 1;
  const order = sendingOrder(world, targets, count);
  let group = -1;
  let now = context.now;
  for (let turn = 0; turn < count; turn++) {
    const k = order === undefined ? turn : order[turn];
    const target = targets[k];
    const next =
      apic === "physical"
        ? target
        : apic === "broadcast"
          ? everyOther
            ? 0
            : target
          : topology.apic[target] >> (apic === "pv" ? 7 : 4);
    if (next !== group) {
      group = next;
      now += draw(icr, state, costAt);
      if (virt !== "none") now += draw(costs["ipi.vmexit"], state, costAt);
    }
    const law = world.delivery[distanceOf(topology, cpu, target)];
    arrival[k] = now + (law.constant >= 0 ? law.constant : draw(law, state, costAt));
  }
  return now - context.now;
}

/** Takes the interrupts and runs the handlers; returns how many targets cannot do so at once, (4), and are written to `pass.left`. */
function takeAll(
  world: World,
  context: Context,
  kind: number,
  count: number,
  limit: number,
): number {
  const {costs, streams, cpus, requests, recorders, cpuStream, idleExit, pass, soleThinker} = world;
  const {arrival: arrivals, cpu: takers, taken: takenAt, drained, left} = pass;
  const {targets, acked} = context;
  const {busyEnd, taskEnd, handlerEnd, wakeEnd, settled, base, holder, stolen, time} = cpus;
  const {lastIdle, lastUser, lastInterrupt, interrupts} = cpus;
  const {next} = world.sources;
  const {state} = streams;
  const entry = costs["ipi.entry"].constant;
  const wakeLength = idleExit === undefined ? 0 : idleExit.constant;
  const handleLaw = costs["ipi.handle"];
  const exitLaw = costs["ipi.exit"];
  const flushes = kind === request.flush;
  let lastAck = context.lastAck;
  let direct = 0;
  let remaining = 0;
  let wakeups = 0;
  for (let k = 0; k < count; k++) {
    const target = targets[k];
    const arrival = arrivals[k];
    let taken = -1;
    if (arrival < limit) {
      if (busyEnd[target] <= arrival && taskEnd[target] <= arrival) taken = arrival;
      else {
        taken = interruptibleFrom(cpus, target, arrival);
        if (taken > arrival && taken < limit) {
          advance(world, target, taken);
          if (interruptibleFrom(cpus, target, taken) > taken) taken = -1;
        }
      }
    }
    const below = base[target];
    const idle = below === account.idle && busyEnd[target] <= taken;
    const wake = idle ? wakeLength : 0;
    const awake = taken + wake;
    const drain = awake + entry;
    if (taken < 0 || drain >= limit) {
      left[remaining++] = k;
      continue;
    }
    const stream = cpuStream[target];
    takers[direct] = target;
    takenAt[direct] = taken;
    drained[direct++] = drain;
    if (idle) wakeups++;
    if (wake > 0) takeTime(world, target, taken, wake, account.wakeup);
    wakeEnd[target] = awake;
    lastInterrupt[target] = taken;
    interrupts[target]++;
    let handled =
      drain + (handleLaw.constant >= 0 ? handleLaw.constant : draw(handleLaw, state, stream));
    if (flushes) handled += invalidate(world, context, target, handled, stream);
    const end = handled + (exitLaw.constant >= 0 ? exitLaw.constant : draw(exitLaw, state, stream));
    const thinker = soleThinker[target];
    if (busyEnd[target] > awake || taskEnd[target] > awake || holder[target] >= 0 || thinker < -1) {
      takeTime(world, target, awake, end - awake, account.handler);
    } else {
      // What `takeTime` does for a CPU on which nothing is in progress and one walker thinks at most.
      const row = target * accounts;
      const length = end - awake;
      const from = settled[target];
      if (awake > from) {
        time[row + below] += awake - from;
        if (below === account.idle) lastIdle[target] = awake;
        else if (below === account.user) lastUser[target] = awake;
      }
      time[row + account.handler] += length;
      stolen[target] += length;
      handlerEnd[target] = end;
      busyEnd[target] = end;
      settled[target] = end;
      if (thinker >= 0) next[thinker] += length;
    }
    acked[k] = handled;
    if (handled > lastAck) lastAck = handled;
  }
  world.noteAll(takenAt, takers, direct, event.arrive);
  world.noteAll(drained, takers, direct, event.drain);
  if (lastAck > context.lastAck) context.lastAck = lastAck;
  requests.queued += direct;
  requests.handled += direct;
  requests.sent += direct;
  requests.taken += direct;
  recorders.interrupts += direct;
  recorders.wakeups += wakeups;
  return remaining;
}

/** The order in which the interrupts of `targets` are sent, as places among them; undefined: as they stand. */
function sendingOrder(world: World, targets: Int32Array, count: number): Int32Array | undefined {
  const {apicRank, byRank} = world;
  if (apicRank === undefined) return undefined;
  for (let k = 0; k < count; k++) byRank[apicRank[targets[k]]] = k + 1;
  const order = byRank.subarray(apicRank.length);
  for (let rank = 0, at = 0; at < count; rank++) {
    if (byRank[rank] === 0) continue;
    order[at++] = byRank[rank] - 1;
    byRank[rank] = 0;
  }
  return order;
}

/** Takes a handler's time from a CPU, as `occupy` and `steal` do; what is in progress there is looked at only if something is. */
function takeTime(world: World, cpu: number, at: number, length: number, into: number): void {
  const {cpus, sources} = world;
  cpus.stolen[cpu] += length;
  if (cpus.busyEnd[cpu] > at || cpus.taskEnd[cpu] > at || cpus.holder[cpu] >= 0) {
    occupy(world, cpu, at, length, level.handler, into, -1);
    const i = world.activation[cpu];
    if (i >= 0 && cpus.foregroundEnd[cpu] > at) world.activationStolen[cpu] += length;
    return;
  }
  settle(cpus, cpu, at);
  const end = at + length;
  cpus.handlerEnd[cpu] = end;
  cpus.busyEnd[cpu] = end;
  cpus.settled[cpu] = end;
  cpus.time[cpu * accounts + into] += length;
  for (let i = cpus.first[cpu], last = cpus.first[cpu + 1]; i < last; i++) {
    if (sources.kind[i] === source.closedWalk) sources.next[i] += length;
  }
}

/** (4) */
function handOver(world: World, context: Context, slot: number, kind: number, limit: number): void {
  const {requests, calendar} = world;
  const target = context.targets[slot];
  const arrival = world.pass.arrival[slot];
  requests.push(target, kind, context.id, slot, context.code);
  requests.pending[target] = 1;
  requests.sent++;
  context.acked[slot] = -1;
  context.outstanding++;
  if (arrival < limit) arrive(world, target, arrival, limit);
  else calendar.push(arrival, event.arrive, target);
}
