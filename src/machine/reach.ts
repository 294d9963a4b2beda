// Who can be in a walk of the tables that a writer unhooks.

import type {System, Writer} from "../plan/system.ts";
import {cpusOf} from "../units/cpuset.ts";

/** The walkers whose walks a release may break: for each its CPUs and what protects it. */
export interface Reach {
  readonly walker: number;
  /** Index of the walker's mm, 1-based. */
  readonly mm: number;
  readonly cpus: Int32Array;
  readonly hardware: boolean;
  readonly masks: boolean;
  /** Whether the walker notices that the table was changed under it, as long as it is still a table. */
  readonly recovers: boolean;
}

/**
 * The walkers that can see a writer's tables. A shared table is seen by the mms that have unshared it too: their walks may still be under
 * way when the last of them makes it private. The mm that keeps it goes on walking it rightly.
 */
export function reachOf(system: System, writer: Writer): Reach[] {
  const mm = system.mms.find(({name}) => name === writer.mm);
  const unsharing = new Set(
    system.writers.filter(({kind}) => kind === "unshare").map((other) => other.mm),
  );
  const sharers = writer.kind === "unshare" ? (mm?.shares ?? []) : [];
  const names = new Set([writer.mm, ...sharers.filter((name) => unsharing.has(name))]);
  return system.walkers.flatMap((walker, w) => {
    if (!names.has(walker.mm) || walker.protect === "lock") return [];
    return [
      {
        walker: w,
        mm: system.mms.findIndex(({name}) => name === walker.mm) + 1,
        cpus: Int32Array.from(cpusOf(walker.on)),
        hardware: walker.kind === "hardware",
        masks: walker.protect === "irq",
        recovers:
          walker.revalidate === "pud" ||
          (walker.revalidate === "pmd" && writer.kind === "collapse"),
      },
    ];
  });
}
