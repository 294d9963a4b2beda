// The reschedule interrupt by which RCU gets a hold-out of a long grace period to pass through the scheduler.

import {account} from "./accounts.ts";
import {interruptibleFrom, walkMask} from "./cpus.ts";
import {event} from "./events.ts";
import {steal} from "./interrupt.ts";
import {level, occupy} from "./occupy.ts";
import {recheckAt} from "./stepped-walk.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import {distanceOf} from "./topology.ts";
import type {World} from "./world.ts";

const unknownEnd = 1_000_000; // ticks until a CPU whose writer masks interrupts is looked at again

/** Sends it from the CPU of the grace-period kthread at `at`. */
export function reschedule(world: World, cpu: number, at: number): void {
  const {costs, streams, calendar} = world;
  const law = world.delivery[distanceOf(world.topology, world.graceCpu, cpu)];
  const sent = at + draw(costs["ipi.icr"], streams.state, world.graceStream);
  const arrival = sent + draw(law, streams.state, world.graceStream);
  world.recorders.sends++;
  world.recorder?.arrow(sent, world.graceCpu, arrival, cpu, "reschedule");
  calendar.push(arrival, event.reschedule, cpu);
}

/**
 * It reaches its CPU at `at`. If that can take it there it switches contexts, and true is returned; otherwise it comes again. A reader is
 * let finish first.
 */
export function takeReschedule(world: World, cpu: number, at: number): boolean {
  const {cpus, costs, streams, calendar} = world;
  advance(world, cpu, at);
  let from = interruptibleFrom(cpus, cpu, at);
  if (from === Number.POSITIVE_INFINITY) {
    const frame = world.stepped[cpu];
    from = frame === undefined || frame.stage === 0 ? at + unknownEnd : recheckAt(frame, at);
  }
  const reading = cpus.taskEnd[cpu] > at && cpus.taskOpen[cpu] === walkMask.reader;
  if (from <= at && reading) {
    from = Math.min(cpus.taskEnd[cpu], at + unknownEnd);
  }
  if (from > at) {
    calendar.push(from, event.reschedule, cpu);
    return false;
  }
  world.note(at, cpu, event.reschedule);
  const stream = world.cpuStream[cpu];
  let length = 0;
  for (const cost of ["ipi.entry", "ipi.exit", "switch"] as const) {
    length += draw(costs[cost], streams.state, stream);
  }
  cpus.lastInterrupt[cpu] = at;
  cpus.interrupts[cpu]++;
  world.recorders.interrupts++;
  world.recorder?.interval(cpu, at, at + length, "handler");
  occupy(world, cpu, at, length, level.handler, account.handler, -1);
  steal(world, cpu, at, length);
  cpus.lastSwitch[cpu] = at;
  return true;
}
