// What context tracking says of a CPU: 0 idle, 1 user, 2 kernel, 3 preempted by the host.

import {uniform53} from "../random/stream.ts";
import {account} from "./accounts.ts";
import {advance} from "./timeline.ts";
import {preempted} from "./tlb.ts";
import type {World} from "./world.ts";

/** The mode of a CPU at `at`. Between sections a busy CPU is in user mode with its load's probability, drawn anew at every look. */
export function modeOf(world: World, cpu: number, at: number): number {
  const {cpus} = world;
  advance(world, cpu, at);
  if (preempted(world, cpu, at)) return 3;
  if (cpus.holder[cpu] >= 0) return 2;
  if (cpus.busyEnd[cpu] > at) {
    const onlyForeground =
      cpus.foregroundEnd[cpu] > at && cpus.foregroundEnd[cpu] === cpus.busyEnd[cpu];
    return onlyForeground && cpus.irqEnd[cpu] <= at && cpus.handlerEnd[cpu] <= at ? 1 : 2;
  }
  if (cpus.base[cpu] === account.idle) return 0;
  const fraction = world.userFraction[cpu];
  return uniform53(world.streams.state, world.modeStream[cpu]) < fraction ? 1 : 2;
}
