// A writer takes its CPU and gives it back. While it has it, walks do not begin there and thinking stands still; interrupts, NMIs, host
// preemptions and real-time bystanders still take their time, and the writer's instruction lasts so much longer.

import {account, accounts} from "./accounts.ts";
import type {Context} from "./context.ts";
import {interruptibleFrom, setBase, settle, source} from "./cpus.ts";
import {event} from "./events.ts";
import {unmask} from "./mask.ts";
import {recheckAt} from "./stepped-walk.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

/** Takes the CPU at `at`; false if it must wait, which it then does in the calendar or behind the present holder. */
export function acquireCpu(world: World, context: Context, at: number): boolean {
  const {cpus, sources, calendar} = world;
  const {cpu} = context;
  if (context.running) return true;
  if (cpus.holder[cpu] >= 0) {
    world.waitingForCpu[cpu] ??= [];
    world.waitingForCpu[cpu].push(context.id);
    return false;
  }
  advance(world, cpu, at);
  let from = Math.max(interruptibleFrom(cpus, cpu, at), cpus.foregroundEnd[cpu]);
  const stepped = world.stepped[cpu];
  if (from === Number.POSITIVE_INFINITY || (stepped !== undefined && stepped.stage > 0)) {
    from = stepped === undefined ? at + 1 : recheckAt(stepped, at);
  }
  if (from > at) {
    calendar.push(from, event.resume, context.entity);
    return false;
  }
  cpus.holder[cpu] = context.id;
  cpus.taken[cpu] = 0;
  context.running = true;
  cpus.frozen[cpu] = 0;
  if (cpus.taskEnd[cpu] > at) {
    const rest = cpus.taskEnd[cpu] - at;
    cpus.frozen[cpu] = rest;
    cpus.time[cpu * accounts + account.walk] -= rest;
    cpus.taskEnd[cpu] = Number.POSITIVE_INFINITY;
    cpus.busyEnd[cpu] = at;
    cpus.settled[cpu] = at;
  }
  setBase(cpus, cpu, at, account.kernel);
  for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
    if (sources.kind[i] === source.closedWalk) sources.next[i] -= at;
  }
  return true;
}

/** Gives the CPU back at `at`, to which it has been advanced. */
export function releaseCpu(world: World, context: Context, at: number): void {
  const {cpus, sources, calendar} = world;
  const {cpu} = context;
  if (!context.running) return;
  if (context.masks > 0) {
    // Whoever sleeps, or ends, lets interrupts in, whatever locks it still has.
    context.masks = 1;
    unmask(world, context);
  }
  context.running = false;
  setBase(cpus, cpu, at, cpus.naturalBase[cpu]);
  cpus.holder[cpu] = -1;
  cpus.lastSwitch[cpu] = at;
  // What has been waiting for the CPU begins now, not when the last section ended.
  if (cpus.busyEnd[cpu] < at) cpus.busyEnd[cpu] = at;
  const rest = cpus.frozen[cpu];
  if (rest > 0) {
    const from = cpus.busyEnd[cpu] > at ? cpus.busyEnd[cpu] : at;
    settle(cpus, cpu, from);
    cpus.frozen[cpu] = 0;
    cpus.taskEnd[cpu] = from + rest;
    cpus.busyEnd[cpu] = from + rest;
    cpus.settled[cpu] = from + rest;
    cpus.time[cpu * accounts + account.walk] += rest;
  }
  for (let i = cpus.first[cpu]; i < cpus.first[cpu + 1]; i++) {
    if (sources.kind[i] === source.closedWalk) sources.next[i] += at;
  }
  const next = world.waitingForCpu[cpu]?.shift();
  if (next !== undefined) calendar.push(at, event.resume, world.contexts[next].entity);
  world.wakePrivate(cpu, at);
}

/** Says whether the holder computes or only spins from now on. */
export function spinning(world: World, context: Context, spins: boolean): void {
  setBase(world.cpus, context.cpu, context.now, spins ? account.spin : account.kernel);
}
