// One walk of the task level, in general: hooks, fetched lines, accounts.

import {account, accounts} from "./accounts.ts";
import {source} from "./cpus.ts";
import {level, occupy} from "./occupy.ts";
import {draw} from "./streams.ts";
import {recordWalk} from "./walk-record.ts";
import type {World} from "./world.ts";

/** Begins a profiled walk of source `i` at `start`, when its CPU is free. */
export function beginWalk(world: World, cpu: number, i: number, start: number): void {
  const {cpus, sources, streams} = world;
  const arrival = sources.next[i];
  recordWalk(world, cpu);
  const extra = movedLine(world, cpu, i);
  const length =
    draw(sources.section[i], streams.state, sources.sectionAt[i]) + sources.fixed[i] + extra;
  world.walk[cpu] = i;
  world.walkStart[cpu] = start;
  world.walkArrival[cpu] = arrival;
  world.walkPending[cpu] = 1;
  world.walkExtra[cpu] = extra;
  world.walkShift[cpu] = 0;
  cpus.taskOpen[cpu] = world.walkOpen[i];
  const end = occupy(world, cpu, start, length, level.task, account.walk, i);
  accountHooks(world, cpu, i, extra);
  const closed = sources.kind[i] === source.closedWalk;
  sources.next[i] = (closed ? end : arrival) + nextGap(world, i);
}

/** Moves what hooks took from the account of walks to that of trackers. */
export function accountHooks(world: World, cpu: number, i: number, extra: number): void {
  const profile = world.sources.profile[i];
  if (profile === undefined) return;
  const hooks = profile.enter + profile.exit + extra;
  const row = cpu * accounts;
  world.cpus.time[row + account.walk] -= hooks;
  world.cpus.time[row + account.tracker] += hooks;
}

// A store to a word that another CPU has read since the last one has to fetch its line first.
function movedLine(world: World, cpu: number, i: number): number {
  const distance = world.remoteRead[cpu];
  if (distance === 0) return 0;
  const stores = world.sources.profile[i]?.stores.length ?? 0;
  if (stores === 0) return 0;
  world.remoteRead[cpu] = 0;
  const law = world.line[distance];
  return law === undefined ? 0 : draw(law, world.streams.state, world.cpuStream[cpu]);
}

/** The next gap or thinking time of a source; at least a tick, or time would not pass. */
export function nextGap(world: World, i: number): number {
  const {sources, streams} = world;
  const ticks = draw(sources.cadence[i], streams.state, sources.cadenceAt[i]);
  return ticks > 0 ? ticks : 1;
}
