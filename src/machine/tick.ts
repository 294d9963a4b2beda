import type {World} from "./world.ts";

/** The first timer interrupt of a CPU after `at`. */
export function nextTick(world: World, cpu: number, at: number): number {
  const {jiffy} = world.grace;
  const phase = world.tickPhase[cpu];
  return phase + (Math.floor((at - phase) / jiffy) + 1) * jiffy;
}
