// Call-function interrupts, from the initiator's enqueueing to the victim's return (kernel/smp.c, `smp_call_function_many_cond`).
//
//   initiator: per target  take the slot, fill it, queue it     ipi.send + line transfer     `enqueue`
//              then        interrupt-command writes             ipi.icr (+ ipi.vmexit)       `sendInterrupts`
//              then        see every acknowledgement in turn    ipi.ack + line transfer      `acknowledgedAt`
//   victim:    arrive -> wait until interrupts are on -> wake up -> entry -> drain: handle each request, acknowledge it -> exit
//
// (1) Only a request that finds its queue empty asks for an interrupt; whoever queues before the drain is served by the same one.
// (2) A request is acknowledged by the handler at one instant, at which interrupts on the victim had been on: walks that mask interrupts
//     and began before are over.
// (3) Requests queued = requests handled + requests still queued; interrupts sent = taken + on their way (tested).
// (4) A writer's CPU is a victim like any other; what it loses is added to the instruction it executes.

import {account} from "./accounts.ts";
import {type Context, phase} from "./context.ts";
import {stepCosts} from "./costs.ts";
import {interruptibleFrom} from "./cpus.ts";
import {event} from "./events.ts";
import {handlerHook} from "./handler-hook.ts";
import {level, occupy} from "./occupy.ts";
import {request} from "./requests.ts";
import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import {invalidate} from "./tlb.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

/** What taking the slot of `target` and queueing a request costs the initiator. */
export function enqueueCost(world: World, context: Context, target: number): number {
  const {state} = world.streams;
  const line = world.line[distanceOf(world.topology, context.cpu, target)];
  const send = draw(world.costs["ipi.send"], state, context.costAt);
  return line === undefined ? send : send + draw(line, state, context.costAt);
}

/** Queues a request of a context for a CPU other than its own. */
export function enqueue(
  world: World,
  context: Context,
  target: number,
  kind: number,
  waited: boolean,
): void {
  let slot = -1;
  if (waited) {
    slot = context.waited++;
    context.targets[slot] = target;
    context.acked[slot] = -1;
    context.outstanding++;
  }
  const first = world.requests.push(target, kind, context.id, slot, context.code);
  if (kind === request.flush) world.recorders.flushes++;
  else world.recorders.ipis++;
  world.recorders.requestsIsolated += world.isolated[target];
  world.note(context.now, target, 24 + kind);
  if (first && world.requests.pending[target] === 0) {
    world.requests.pending[target] = 1;
    context.toSend[context.sending++] = target;
  }
}

/** Handles a request of a context for its own CPU: a plain function call. */
export function enqueueSelf(context: Context, waited: boolean): void {
  if (!waited) return;
  const slot = context.waited++;
  context.targets[slot] = context.cpu;
  context.acked[slot] = context.now;
  if (context.now > context.lastAck) context.lastAck = context.now;
}

/**
 * Writes the interrupt commands for everything queued, beginning at the context's `now`; returns how long that takes. The interrupts are
 * on their way when this returns. With `inline`, those that nothing else can come before are carried through at once.
 */
export function sendInterrupts(world: World, context: Context, inline: boolean): number {
  const count = context.sending;
  if (count === 0) return 0;
  context.sending = 0;
  world.recorders.sends++;
  const {topology, costs, streams, calendar} = world;
  const {apic, virt} = world.system.machine;
  const everyOther = count === topology.cpus - 1;
  // One write serves a whole group, wherever its members stand in the order of CPUs.
  if (world.apicRank !== undefined) sortByRank(world, world.apicRank, context.toSend, count);
  let group = -1;
  let now = context.now;
  // Before anything is sent no event can be added that would limit how far the rest may run ahead.
  // A hook on the victim might touch words that others see; then everything goes by the calendar.
  // And so it does if somebody else's request has joined one of ours: its acknowledgement sets that initiator going.
  const plain =
    world.lazy &&
    inline &&
    world.codes[context.code].entry.ipi < 0 &&
    queuedAlone(world, context, count);
  const limit = plain ? Math.min(calendar.next, world.duration) : -1;
  for (let i = 0; i < count; i++) {
    const target = context.toSend[i];
    const next =
      apic === "physical"
        ? target
        : apic === "broadcast" && everyOther
          ? 0
          : apic === "pv"
            ? topology.apic[target] >> 7
            : apic === "broadcast"
              ? target
              : topology.apic[target] >> 4;
    if (next !== group) {
      group = next;
      now += draw(costs["ipi.icr"], streams.state, context.costAt);
      if (virt !== "none") now += draw(costs["ipi.vmexit"], streams.state, context.costAt);
    }
    const law = world.delivery[distanceOf(topology, context.cpu, target)];
    const arrival = now + draw(law, streams.state, context.costAt);
    world.recorder?.arrow(now, context.cpu, arrival, target, "ipi");
    world.requests.sent++;
    if (arrival < limit) arrive(world, target, arrival, limit);
    else calendar.push(arrival, event.arrive, target);
  }
  return now - context.now;
}

function sortByRank(world: World, rank: Int32Array, targets: Int32Array, count: number): void {
  const {byRank} = world;
  for (let i = 0; i < count; i++) byRank[rank[targets[i]]] = targets[i] + 1;
  for (let r = 0, at = 0; at < count; r++) {
    if (byRank[r] === 0) continue;
    targets[at++] = byRank[r] - 1;
    byRank[r] = 0;
  }
}

function queuedAlone(world: World, context: Context, count: number): boolean {
  const {head, tail} = world.requests;
  for (let i = 0; i < count; i++) {
    const target = context.toSend[i];
    if (head[target] !== tail[target]) return false;
  }
  return true;
}

/** An interrupt reaches a CPU; it is carried through as long as that happens before `limit`, and left to the calendar beyond. */
export function arrive(world: World, cpu: number, at: number, limit: number): void {
  const {cpus, calendar} = world;
  let now = at;
  for (;;) {
    advance(world, cpu, now);
    let from = interruptibleFrom(cpus, cpu, now);
    if (from <= now) break;
    if (from === Number.POSITIVE_INFINITY) {
      if (cpus.holder[cpu] >= 0) {
        world.requests.heldBack[cpu] = 1;
        return;
      }
      const frame = world.stepped[cpu];
      from = frame === undefined ? now + 1 : recheckAt(frame, now);
    }
    if (from >= limit) {
      calendar.push(from, event.arrive, cpu);
      return;
    }
    now = from;
  }
  world.note(now, cpu, event.arrive);
  const {state} = world.streams;
  const stream = world.cpuStream[cpu];
  const idle = cpus.base[cpu] === account.idle && cpus.busyEnd[cpu] <= now;
  let wake = 0;
  if (idle) {
    world.recorders.wakeups++;
    if (world.idleExit !== undefined) wake = draw(world.idleExit, state, stream);
    if (wake > 0) occupy(world, cpu, now, wake, level.handler, account.wakeup, -1);
  }
  cpus.wakeEnd[cpu] = now + wake;
  const entry = draw(world.costs["ipi.entry"], state, stream);
  const drain = now + wake + entry;
  world.requests.taken++;
  cpus.lastInterrupt[cpu] = now;
  cpus.interrupts[cpu]++;
  world.recorders.interrupts++;
  world.recorder?.interval(cpu, now, now + wake, "wakeup");
  if (wake > 0) steal(world, cpu, now, wake);
  if (drain < limit) {
    drainQueue(world, cpu, drain, now + wake);
    return;
  }
  occupy(world, cpu, now + wake, entry, level.handler, account.handler, -1);
  steal(world, cpu, now + wake, entry);
  world.recorder?.interval(cpu, now + wake, drain, "handler");
  calendar.push(drain, event.drain, cpu);
}

/** The handler on a CPU takes everything off its queue, at `at`; what it has done since `from` is accounted with it. */
export function drainQueue(world: World, cpu: number, at: number, from: number): void {
  const {requests, costs, contexts} = world;
  const {state} = world.streams;
  const stream = world.cpuStream[cpu];
  world.note(at, cpu, event.drain);
  requests.pending[cpu] = 0;
  let now = at;
  for (;;) {
    const taken = requests.shift(cpu);
    if (taken < 0) break;
    const kind = requests.kind[taken];
    const context = requests.context[taken];
    const slot = requests.slot[taken];
    const code = requests.code[taken];
    if (kind === request.expedited) {
      now += draw(costs["rcu.handle"], state, stream);
      world.calendar.push(now, event.expeditedReport, cpu);
    } else {
      now += draw(costs["ipi.handle"], state, stream);
      if (kind === request.flush) {
        now += invalidate(world, contexts[context], cpu, now, stream);
      } else if (world.codes[code].entry.ipi >= 0) {
        now = handlerHook(world, cpu, code, contexts[context].init.mm, now);
      }
      if (slot >= 0) acknowledge(world, contexts[context], slot, now);
    }
  }
  now += draw(costs["ipi.exit"], state, stream);
  occupy(world, cpu, from, now - from, level.handler, account.handler, -1);
  steal(world, cpu, from, now - from);
  world.recorder?.interval(cpu, from, now, "handler");
}

/** What an interrupt has taken from a CPU, and from a bystander that runs there. */
export function steal(world: World, cpu: number, at: number, length: number): void {
  world.cpus.stolen[cpu] += length;
  const i = world.activation[cpu];
  if (i >= 0 && world.cpus.foregroundEnd[cpu] > at) world.activationStolen[cpu] += length;
}

/** The handler has done what a request asks. */
export function acknowledge(world: World, context: Context, slot: number, at: number): void {
  context.acked[slot] = at;
  if (at > context.lastAck) context.lastAck = at;
  context.outstanding--;
  if (context.outstanding > 0) return;
  if (context.phase !== phase.acks && context.phase !== phase.flushAcks) return;
  // Whoever waits goes on when it has seen them all; if it is still sending it will find them.
  world.calendar.push(acknowledgedAt(world, context), event.resume, context.entity);
}

/** When the initiator has seen every acknowledgement it waits for, in order of its targets. All must have been given. */
export function acknowledgedAt(world: World, context: Context): number {
  const {topology, costs, line, streams} = world;
  const ack = costs["ipi.ack"];
  let now = context.now;
  const step = stepCosts(ack, line, world.steps);
  if (step !== undefined) {
    const {acked, targets, cpu, waited} = context;
    for (let i = 0; i < waited; i++) {
      if (acked[i] > now) now = acked[i];
      if (targets[i] !== cpu) now += step[distanceOf(topology, cpu, targets[i])];
    }
    context.waited = 0;
    return now;
  }
  for (let i = 0; i < context.waited; i++) {
    if (context.acked[i] > now) now = context.acked[i];
    const target = context.targets[i];
    if (target === context.cpu) continue;
    now += draw(ack, streams.state, context.costAt);
    const moved = line[distanceOf(topology, context.cpu, target)];
    if (moved !== undefined) now += draw(moved, streams.state, context.costAt);
  }
  context.waited = 0;
  return now;
}
