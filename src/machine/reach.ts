// Who can be in a walk of the tables that a writer releases.

import type {System, Writer} from "../plan/system.ts";
import {cpusOf} from "../units/cpuset.ts";

/** Which CPUs a writer's release has to be checked on: for each walker that can see its tables, its CPUs. */
export interface Reach {
  readonly walker: number;
  readonly cpus: Int32Array;
  readonly hardware: boolean;
  readonly masks: boolean;
}

/** The walkers whose walks a writer's release may break. */
export function reachOf(system: System, writer: Writer): Reach[] {
  const mm = system.mms.find(({name}) => name === writer.mm);
  const names = new Set([writer.mm, ...(writer.kind === "unshare" ? (mm?.shares ?? []) : [])]);
  return system.walkers.flatMap((walker, w) => {
    const hardware = walker.kind === "hardware";
    const recovers = writer.kind === "unshare" && walker.revalidate === "pud";
    if (!names.has(walker.mm)) return [];
    if (!hardware && (recovers || walker.protect === "lock")) return [];
    const cpus = Int32Array.from(cpusOf(walker.on));
    return [{walker: w, cpus, hardware, masks: walker.protect === "irq"}];
  });
}
