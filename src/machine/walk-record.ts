// Writes down finished walks and activations. A section may be made longer as long as it lasts, so it is recorded when the next of its
// kind begins on the CPU, or when the run or its warm-up ends.

import {recordIrq} from "./occupy.ts";
import type {World} from "./world.ts";

/** Records the latest walk of the task level, which is over, unless that has been done. */
export function recordWalk(world: World, cpu: number): void {
  if (world.walkPending[cpu] === 0) return;
  world.walkPending[cpu] = 0;
  const {sources} = world;
  const i = world.walk[cpu];
  const end = world.cpus.taskEnd[cpu];
  const arrival = world.walkArrival[cpu];
  const start = world.walkStart[cpu];
  world.recorder?.interval(cpu, start, end, "walk");
  const recorders = world.recorders.walkers[sources.owner[i]];
  recorders.count[cpu]++;
  recorders.latency.record(cpu, end, (end - arrival) / 1000);
  if (start === arrival) recorders.blocked.recordMany(cpu, 0, 1);
  else recorders.blocked.record(cpu, start, (start - arrival) / 1000);
  const profile = sources.profile[i];
  const hooks = profile === undefined ? 0 : profile.enter + profile.exit;
  const extra = world.walkExtra[cpu];
  if (extra === 0) recorders.overhead.recordMany(cpu, hooks / 1000, 1);
  else recorders.overhead.record(cpu, start, (hooks + extra) / 1000);
}

/** Records the latest activation of a bystander, which was over before `now`, unless that has been done. */
export function recordBystander(world: World, cpu: number, now: number): void {
  const i = world.activation[cpu];
  if (i < 0 || world.cpus.foregroundEnd[cpu] > now) return;
  world.activation[cpu] = -1;
  const b = world.sources.owner[i];
  world.recorder?.interval(cpu, world.activationStart[cpu], world.cpus.foregroundEnd[cpu], "user");
  const recorders = world.recorders.bystanders[b];
  const arrival = world.activationArrival[cpu];
  const end = world.cpus.foregroundEnd[cpu];
  const late = end - arrival - world.activationWork[cpu];
  recorders.disturbance.record(cpu, end, world.activationStolen[cpu] / 1000);
  recorders.lateness.record(cpu, end, late / 1000);
  const {deadline} = world.system.bystanders[b];
  if (deadline > 0 && (end - arrival) / 1000 > deadline) recorders.misses++;
}

/** Records whatever was over at `now`. */
export function recordFinished(world: World, cpu: number, now: number): void {
  const {cpus} = world;
  if (world.walkPending[cpu] === 1 && cpus.taskEnd[cpu] <= now) recordWalk(world, cpu);
  recordBystander(world, cpu, now);
}

/** Puts what still goes on at the end of the run into the recorded window. */
export function recordUnfinished(world: World, cpu: number, now: number): void {
  const {recorder, cpus} = world;
  if (recorder === undefined) return;
  recordIrq(cpus, cpu);
  const frame = world.stepped[cpu];
  if (world.walkPending[cpu] === 1) recorder.interval(cpu, world.walkStart[cpu], now, "walk");
  else if (frame !== undefined && frame.stage > 0) recorder.interval(cpu, frame.start, now, "walk");
  if (world.activation[cpu] >= 0 && cpus.foregroundEnd[cpu] > now) {
    recorder.interval(cpu, world.activationStart[cpu], now, "user");
  }
}
