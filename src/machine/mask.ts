// A writer masks interrupts on its CPU: while it spins for and holds a lock that is taken with interrupts off. Nobody knows beforehand
// how long that lasts.
//
// (1) The CPU's task level is closed without an end, as by a walk that masks interrupts: ticks, context switches and unrelated sections
//     wait, and interrupts that arrive are held back until `unmask`. NMIs and the host's preemption come in between all the same.
// (2) A walk that the writer interrupted stays frozen; it goes on when the writer gives the CPU back (`hold.ts`).

import type {Context} from "./context.ts";
import {event} from "./events.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

/** Masks interrupts on the context's CPU, which it holds; may be nested. */
export function mask(world: World, context: Context): void {
  if (context.masks++ > 0) return;
  const {cpus} = world;
  const {cpu} = context;
  if (cpus.frozen[cpu] === 0) {
    recordWalk(world, cpu);
    world.walk[cpu] = -1;
  }
  context.open = cpus.taskOpen[cpu];
  cpus.taskOpen[cpu] = 0;
  cpus.taskEnd[cpu] = Number.POSITIVE_INFINITY;
}

/** Lets interrupts in again: what was held back is taken now. */
export function unmask(world: World, context: Context): void {
  if (context.masks === 0 || --context.masks > 0) return;
  const {cpus, requests, calendar} = world;
  const {cpu, now} = context;
  cpus.taskOpen[cpu] = context.open;
  if (cpus.frozen[cpu] === 0) cpus.taskEnd[cpu] = now;
  // Sections that have waited start at this instant, not when they arrived.
  if (cpus.handlerEnd[cpu] < now) cpus.handlerEnd[cpu] = now;
  if (requests.heldBack[cpu] === 1) {
    requests.heldBack[cpu] = 0;
    calendar.push(now, event.arrive, cpu);
  }
  world.wakePrivate(cpu, now);
}
