// What a CPU is doing, as context tracking and RCU see it. Whether a busy CPU is in user mode or in the kernel is not drawn when somebody
// asks: it is a process of its own (`sources.ts`), so that all who look at one instant see the same, and the accounts agree with it.

import {account} from "./accounts.ts";
import {advance} from "./timeline.ts";
import {preempted} from "./tlb.ts";
import type {World} from "./world.ts";

/** The mode of a CPU at `at`: 0 idle, 1 user, 2 kernel, 3 preempted by the host. */
export function modeOf(world: World, cpu: number, at: number): number {
  advance(world, cpu, at);
  if (preempted(world, cpu, at)) return 3;
  if (world.cpus.handlerEnd[cpu] > at) return 2;
  const found = beneath(world, cpu, at);
  return found === account.idle ? 0 : found === account.user ? 1 : 2;
}

/** What an interrupt that is handled at `at` has interrupted, on a CPU that has been advanced there: user, kernel or idle, as accounts. */
export function beneath(world: World, cpu: number, at: number): number {
  const {cpus} = world;
  if (
    cpus.holder[cpu] >= 0 ||
    cpus.taskEnd[cpu] > at ||
    cpus.irqEnd[cpu] > at ||
    cpus.nmiEnd[cpu] > at
  ) {
    return account.kernel;
  }
  return cpus.foregroundEnd[cpu] > at ? account.user : cpus.base[cpu];
}

/** Whether the CPU, advanced to `at`, idles there or is in user mode with its timer stopped: RCU does not watch it. */
export function isUnwatched(world: World, cpu: number, at: number): boolean {
  if (world.cpus.handlerEnd[cpu] > at) return false;
  const found = beneath(world, cpu, at);
  return found === account.idle || (found === account.user && world.nohzFull[cpu] === 1);
}
