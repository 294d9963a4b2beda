// How a section takes time of a CPU: from whoever was there.

import {account, accountNames, accounts} from "./accounts.ts";
import {type Cpus, settle, source} from "./cpus.ts";
import type {World} from "./world.ts";

export const level = {task: 0, foreground: 1, irq: 2, nmi: 3, handler: 4} as const;

/**
 * Takes the CPU for `length` ticks from `at` on, on a level that may begin there. Sections below that are in progress end later;
 * closed-loop walkers think later, except the source `own`, whose section this is (what comes in NMI context thinks in wall time); the
 * writer that holds the CPU is told. Returns the end.
 */
export function occupy(
  world: World,
  cpu: number,
  at: number,
  length: number,
  on: number,
  into: number,
  own: number,
): number {
  const {cpus, sources} = world;
  settle(cpus, cpu, at);
  const end = at + length;
  const busy = cpus.busyEnd[cpu];
  if (busy > at || cpus.taskEnd[cpu] > at) {
    if (on > level.task && cpus.taskEnd[cpu] > at) {
      cpus.taskEnd[cpu] += length;
      if (world.anyStepped) world.stepped[cpu]?.delay(length);
    }
    if (on > level.foreground && cpus.foregroundEnd[cpu] > at) cpus.foregroundEnd[cpu] += length;
    if (on > level.irq && cpus.irqEnd[cpu] > at) cpus.irqEnd[cpu] += length;
  }
  switch (on) {
    case level.task:
      cpus.taskEnd[cpu] = end;
      break;
    case level.foreground:
      cpus.foregroundEnd[cpu] = end;
      break;
    case level.irq:
      recordIrq(cpus, cpu);
      cpus.irqStart[cpu] = at;
      cpus.irqEnd[cpu] = end;
      cpus.irqAccount[cpu] = into;
      break;
    case level.nmi:
      cpus.nmiEnd[cpu] = end;
      cpus.nmiAccount[cpu] = into;
      break;
    default:
      cpus.handlerEnd[cpu] = end;
  }
  const busyEnd = busy > at ? busy + length : end;
  cpus.busyEnd[cpu] = busyEnd;
  cpus.settled[cpu] = busyEnd;
  cpus.time[cpu * accounts + into] += length;
  if (cpus.holder[cpu] >= 0) {
    cpus.taken[cpu] += length;
    return end;
  }
  for (let i = cpus.first[cpu], last = cpus.first[cpu + 1]; i < last; i++) {
    if (i !== own && sources.kind[i] === source.closedWalk) sources.next[i] += length;
  }
  return end;
}

/** Puts the latest section of the interrupt level, whose end is final when the next begins, into the recorded window. */
export function recordIrq(cpus: Cpus, cpu: number): void {
  const {irqStart, irqEnd, irqAccount} = cpus;
  cpus.recorder?.interval(cpu, irqStart[cpu], irqEnd[cpu], accountNames[irqAccount[cpu]]);
}

/**
 * Lets the accounts of a CPU end at `end`: what sections that reach beyond it have been credited is taken back, innermost first.
 */
export function closeAccounts(world: World, cpu: number, end: number): void {
  const {cpus} = world;
  settle(cpus, cpu, end);
  const row = cpu * accounts;
  let from = end;
  const take = (to: number, from_: number): void => {
    if (to <= from) return;
    cpus.time[row + from_] -= to - from;
    from = to;
  };
  if (cpus.handlerEnd[cpu] > end) {
    take(Math.min(cpus.wakeEnd[cpu], cpus.handlerEnd[cpu]), account.wakeup);
    take(cpus.handlerEnd[cpu], account.handler);
  }
  take(cpus.nmiEnd[cpu], cpus.nmiAccount[cpu]);
  take(cpus.irqEnd[cpu], cpus.irqAccount[cpu]);
  take(cpus.foregroundEnd[cpu], account.user);
  if (cpus.taskEnd[cpu] < Number.POSITIVE_INFINITY) take(cpus.taskEnd[cpu], account.walk);
  cpus.settled[cpu] = end;
}
