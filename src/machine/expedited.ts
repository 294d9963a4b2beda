// Expedited grace periods (kernel/rcu/tree_exp.h): instead of waiting for timers, every CPU that is not in an extended quiescent state is
// interrupted.
//
// (1) One expedited grace period at a time; callers that come during it share the next.
// (2) The initiating kthread runs on the caller's CPU: it is woken, goes through the CPUs leaf by leaf, and queues a request for each that
//     RCU watches.
// (3) The handler reports at once if it interrupted user mode, idle, or code that may be preempted; otherwise the CPU is told to
//     reschedule and reports when it returns to user mode, at its next context switch or at its timer interrupt, whichever comes first.
// (4) The kthread sleeps meanwhile (synchronize_rcu_expedited_wait_once()): the last report wakes it, and it wakes the callers. Where nobody
//     had to be interrupted it does not sleep.

import {account} from "./accounts.ts";
import {ready} from "./callbacks.ts";
import {interruptibleFrom, source, walkMask} from "./cpus.ts";
import {event} from "./events.ts";
import {graceEntity} from "./grace-period.ts";
import type {GraceWaiter} from "./grace-state.ts";
import {beneath, isUnwatched} from "./mode.ts";
import {isPreemptible} from "./preemptible.ts";
import {request} from "./requests.ts";
import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

/** Ticks until a reader of unknown end (its CPU is held by a writer) is looked at again. */
const unknownEnd = 1_000_000;

export function requestExpedited(world: World, waiter: GraceWaiter, at: number): void {
  const {grace, calendar} = world;
  grace.expeditedNext.push(waiter);
  if (grace.expeditedActive) return;
  grace.expeditedActive = true;
  const wake = draw(world.costs.wakeup, world.streams.state, world.graceStream);
  calendar.push(at + wake, event.expeditedStart, graceEntity(world));
}

/** The kthread selects CPUs and interrupts them. */
export function startExpedited(world: World, at: number): void {
  const {grace, calendar, cpus, costs, requests, topology} = world;
  const {state} = world.streams;
  const stream = world.graceStream;
  // The kthread runs on the caller's CPU, once that has its interrupts on.
  const home = grace.expeditedNext[0]?.cpu ?? 0;
  advance(world, home, at);
  let from = interruptibleFrom(cpus, home, at);
  if (from > at) {
    const frame = world.stepped[home];
    if (from === Number.POSITIVE_INFINITY) from = frame ? recheckAt(frame, at) : at + unknownEnd;
    calendar.push(from, event.expeditedStart, graceEntity(world));
    return;
  }
  world.note(at, graceEntity(world), event.expeditedStart);
  grace.expeditedCurrent = grace.expeditedNext;
  grace.expeditedNext = [];
  grace.expeditedAt = at;
  if (world.system.machine.rcuModel === "sampled") {
    grace.expeditedHoldouts = 1;
    const length = draw(costs["rcu.expedited"], state, stream);
    calendar.push(at + length, event.expeditedReport, graceEntity(world));
    return;
  }
  grace.expeditedHoldout.fill(0);
  grace.expeditedHoldouts = 0;
  // A reader that the kthread preempted is waited for like any other.
  if (cpus.taskEnd[home] > at && cpus.taskOpen[home] === walkMask.reader) {
    grace.expeditedHoldout[home] = 2;
    grace.expeditedHoldouts++;
    calendar.push(at + untilSwitch(world, home, at), event.expeditedReport, home);
  }
  let now = at;
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    if (cpu === home) continue;
    advance(world, cpu, at);
    if (isUnwatched(world, cpu, at)) continue;
    grace.expeditedHoldout[cpu] = 1;
    grace.expeditedHoldouts++;
    const distance = distanceOf(topology, home, cpu);
    const line = world.line[distance];
    now += draw(costs["ipi.send"], state, stream);
    if (line !== undefined) now += draw(line, state, stream);
    world.note(at, cpu, 24 + request.expedited);
    world.recorders.ipis++;
    world.recorders.requestsIsolated += world.isolated[cpu];
    if (requests.push(cpu, request.expedited, -1, -1, 0) && requests.pending[cpu] === 0) {
      requests.pending[cpu] = 1;
      world.recorders.sends++;
      requests.sent++;
      now += draw(costs["ipi.icr"], state, stream);
      if (world.system.machine.virt !== "none") now += draw(costs["ipi.vmexit"], state, stream);
      const arrival = now + draw(world.delivery[distance], state, stream);
      world.recorder?.arrow(now, home, arrival, cpu, "expedited");
      calendar.push(arrival, event.arrive, cpu);
    }
  }
  if (grace.expeditedHoldouts === 0) {
    grace.expeditedHoldouts = 1;
    calendar.push(now, event.expeditedReport, graceEntity(world));
  }
}

/** The handler ran on a CPU, or a CPU that was told to reschedule has done so; or the kthread sees that all have. */
export function reportExpedited(world: World, entity: number, at: number): void {
  const {grace, calendar, cpus} = world;
  if (entity < cpus.count) {
    if (grace.expeditedHoldout[entity] === 0) return;
    advance(world, entity, at);
    if (grace.expeditedHoldout[entity] === 1 && !reportsAtOnce(world, entity, at)) {
      grace.expeditedHoldout[entity] = 2;
      calendar.push(at + untilSwitch(world, entity, at), event.expeditedReport, entity);
      return;
    }
    // It may have been interrupted, or preempted by a writer, and read on.
    if (cpus.taskEnd[entity] > at && cpus.taskOpen[entity] !== walkMask.open) {
      calendar.push(at + untilSwitch(world, entity, at), event.expeditedReport, entity);
      return;
    }
    grace.expeditedHoldout[entity] = 0;
  }
  world.note(at, entity, event.expeditedReport);
  if (--grace.expeditedHoldouts > 0) return;
  if (entity < cpus.count) {
    grace.expeditedHoldouts = 1;
    const wake = draw(world.costs.wakeup, world.streams.state, world.graceStream);
    calendar.push(at + wake, event.expeditedReport, graceEntity(world));
    return;
  }
  world.recorders.gps++;
  world.recorder?.interval(-1, grace.expeditedAt, at, "expedited grace period");
  const waiters = grace.expeditedCurrent;
  grace.expeditedCurrent = [];
  for (const waiter of waiters) ready(world, waiter, at);
  if (grace.expeditedNext.length === 0) {
    grace.expeditedActive = false;
    return;
  }
  const wake = draw(world.costs.wakeup, world.streams.state, world.graceStream);
  calendar.push(at + wake, event.expeditedStart, graceEntity(world));
}

function reportsAtOnce(world: World, cpu: number, at: number): boolean {
  const {cpus} = world;
  if (cpus.taskEnd[cpu] > at && cpus.taskOpen[cpu] === walkMask.reader) return false;
  const {preempt} = world.system.machine;
  if (isPreemptible(preempt)) return true;
  return beneath(world, cpu, at) !== account.kernel;
}

/** From `at` until the CPU next passes through the scheduler: on its return to user mode, at a context switch, or at a timer interrupt. */
function untilSwitch(world: World, cpu: number, at: number): number {
  const {cpus, grace, sources} = world;
  if (cpus.taskEnd[cpu] > at) {
    if (cpus.taskEnd[cpu] < Number.POSITIVE_INFINITY) return cpus.taskEnd[cpu] - at;
    const frame = world.stepped[cpu];
    return frame !== undefined && frame.stage > 0 ? recheckAt(frame, at) - at : unknownEnd;
  }
  let next = (Math.floor(at / grace.jiffy) + 1) * grace.jiffy;
  if (cpus.holder[cpu] >= 0) return next - at;
  for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
    const kind = sources.kind[i];
    const returns = kind === source.modeToggle && cpus.busyBase[cpu] === account.kernel;
    if (kind !== source.switch && kind !== source.idleToggle && !returns) continue;
    // Just after it has happened.
    const due = Math.max(sources.next[i], at) + 1;
    if (due < next) next = due;
  }
  return next - at;
}
