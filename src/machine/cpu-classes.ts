// The classes under which the time of CPUs is accounted.

import type {System} from "../plan/system.ts";
import {cpusOf} from "../units/cpuset.ts";

export interface CpuClasses {
  /** In alphabetical order; and how many CPUs are of each. */
  readonly names: readonly string[];
  readonly members: readonly number[];
  /** By CPU: the index of its class. */
  readonly of: Uint8Array;
}

export function cpuClassesOf(system: System, cpus: number): CpuClasses {
  const writing = new Set(
    system.writers.flatMap(({on, workers = 1}) => Array.from({length: workers}, (_, w) => on + w)),
  );
  const walking = new Set(system.walkers.flatMap(({on}) => cpusOf(on)));
  const loaded = new Set(system.loads.flatMap(({on}) => cpusOf(on)));
  const running = new Set(system.mms.flatMap((mm) => cpusOf(mm.cpus)));
  const isolated = new Set(cpusOf(system.machine.isolated));
  const classes = Array.from({length: cpus}, (_, cpu) => {
    if (writing.has(cpu)) return "writer";
    if (walking.has(cpu)) return "walking";
    if (isolated.has(cpu)) return "isolated";
    return loaded.has(cpu) || running.has(cpu) ? "busy" : "idle";
  });
  const names = [...new Set(classes)].toSorted();
  return {
    names,
    members: names.map((name) => classes.filter((own) => own === name).length),
    of: Uint8Array.from(classes, (name) => names.indexOf(name)),
  };
}
