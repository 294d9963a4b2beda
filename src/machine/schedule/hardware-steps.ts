// The MMU as a task of its own, and what empties its TLB.

import type {WalkerTask} from "../../program/small-system.ts";
import type {Action, Steps} from "./action.ts";
import {chooseSlot} from "./choose-slot.ts";
import {undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** The MMU: it takes an upper entry, fills its TLB from the table, uses what it has; a flush of its CPU makes it begin again. */
export function* hardwareSteps(run: ScheduledRun, task: ScheduledTask, given: WalkerTask): Steps {
  for (;;) {
    const slot = yield* chooseSlot(given.slots);
    const entry = run.tables.entry(slot);
    const pointer = yield {
      text: `MMU loads ${entry.name}`,
      blocked: () =>
        given.slots.length === 1 && entry.read(run.now) === 0
          ? "there is nothing for the MMU to load"
          : undefined,
      cost: () => run.cost("load", task.cpu),
      take: (at) => {
        const value = entry.read(at);
        return [value, ` -> ${entry.show(value)}`];
      },
    };
    if (pointer === 0) continue;
    const page = run.tables.page(pointer - 1);
    const contents = run.tables.contents(pointer - 1, 0);
    yield {
      text: `MMU reads ${page.name}`,
      cost: () => run.cost("load", task.cpu),
      take: (at) => {
        if (page.read(at) !== 0) run.violate("I5");
        return 0;
      },
    };
    yield {
      text: `MMU uses its translation of ${page.name}`,
      take: (at) => {
        if (page.read(at) !== 0 || contents.read(at) === 1) run.violate("I4");
        return 0;
      },
    };
  }
}

/** TLBs and walk caches of CPUs are emptied: hardware walks there begin again. */
export function invalidateStep(
  run: ScheduledRun,
  task: ScheduledTask,
  cpus: readonly number[],
  what: string,
  cost?: () => number,
): Action {
  return {
    text: `invalidate ${what}`,
    ...(cost === undefined ? {} : {cost}),
    blocked: () => undrained(run, task),
    take: () => {
      for (const cpu of cpus) emptyTlb(run, cpu);
      return 0;
    },
  };
}

/** Hardware walks on a CPU begin again. */
export function emptyTlb(run: ScheduledRun, cpu: number): void {
  for (const task of run.tasks) if (task.cpu === cpu) task.restart?.();
}
