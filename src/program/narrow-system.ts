// The smallest system in which a schedule can run: its tasks where it has them, one operation a writer, nobody else. What a timed run of
// many CPUs violates is shown in it.

import type {CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import type {Schedule} from "./schedule.ts";

export interface NarrowSystem {
  readonly system: System;
  readonly scope: CheckScope;
}

/** Who takes part: writers by name, and walkers by name with their CPUs. */
export interface Participants {
  readonly writers: ReadonlySet<string>;
  readonly walkers: ReadonlyMap<string, ReadonlySet<number>>;
  readonly nmis: number;
  readonly preemptions: number;
  /** Whether mms share their tables as they do in the whole system; otherwise a table belongs to one mm. */
  readonly shared: boolean;
}

/** A system cut down to some of its tasks. A flush counts as the machine does it. */
export function narrowSystem(system: System, given: Participants): NarrowSystem {
  const {writers, walkers, nmis, preemptions, shared} = given;
  const kept = system.writers.filter(({name}) => writers.has(name));
  const cpus = new Set(kept.map(({on}) => on));
  for (const on of walkers.values()) for (const cpu of on) cpus.add(cpu);
  return {
    system: {
      ...system,
      mms: shared ? system.mms : system.mms.map((mm) => ({...mm, shares: []})),
      walkers: system.walkers.flatMap((walker) => {
        const on = walkers.get(walker.name);
        return on === undefined
          ? []
          : [{...walker, on: [...on].sort((a, b) => a - b).map((cpu) => [cpu, cpu] as const)}];
      }),
      writers: kept.map((writer) => ({...writer, batch: 1})),
      bystanders: [],
      loads: [],
    },
    scope: {
      cpus: cpus.size,
      exactCpus: true,
      writes: 1,
      nmis,
      preemptions,
      migrations: 0,
      path: "whole",
    },
  };
}

/** The smallest system for a schedule. Throws a `RangeError` for a task that the system does not have. */
export function systemOfSchedule(system: System, {moves}: Schedule): NarrowSystem {
  const writers = new Set<string>();
  const walkers = new Map<string, Set<number>>();
  for (const {actor, name, cpu} of moves) {
    if (name === "") continue;
    if (system.writers.some((writer) => writer.name === name)) writers.add(name);
    else if (system.walkers.some((walker) => walker.name === name)) {
      walkers.set(name, (walkers.get(name) ?? new Set()).add(cpu));
    } else throw new RangeError(`schedule: no ${actor} ${name}`);
  }
  const nmis = system.walkers.some(({name, kind}) => kind === "perf" && walkers.has(name)) ? 1 : 0;
  const preemptions = moves.filter(({actor}) => actor === "preempt").length;
  const mms = new Set([
    ...system.writers.filter(({name}) => writers.has(name)).map(({mm}) => mm),
    ...system.walkers.filter(({name}) => walkers.has(name)).map(({mm}) => mm),
  ]);
  return narrowSystem(system, {writers, walkers, nmis, preemptions, shared: mms.size > 1});
}
