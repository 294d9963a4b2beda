// The micro-steps that every task takes in the same way: loads, stores, atomic operations, fences, flags.

import {lockText} from "../../program/cells.ts";
import type {BitSet} from "../bit-set.ts";
import type {Action} from "./action.ts";
import type {Cell} from "./memory.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import {flag, type ScheduledTask} from "./task.ts";

export const drained = "its store buffer is not empty";

/** Why a step that needs an empty store buffer cannot be taken. */
export function undrained(run: ScheduledRun, task: ScheduledTask): string | undefined {
  return run.buffers[task.place].empty ? undefined : drained;
}

/** A value as the CPU of a task sees it: its own newest store, else memory. */
export function seen(run: ScheduledRun, task: ScheduledTask, cell: Cell, at: number): number {
  return run.buffers[task.place].newest(cell.key) ?? cell.read(at);
}

export function loadStep(
  run: ScheduledRun,
  task: ScheduledTask,
  cell: Cell,
  text: string,
  cost: () => number,
): Action {
  return {
    text,
    kind: "load",
    cost,
    take: (at) => {
      const value = seen(run, task, cell, at);
      return [value, ` -> ${cell.show(value)}`];
    },
  };
}

/** Looks at which CPUs are online. */
export function onlineStep(
  run: ScheduledRun,
  task: ScheduledTask,
  sets: readonly BitSet[],
): Action {
  return {
    text: "load online",
    kind: "load",
    cost: () => run.cost("load", task.cpu),
    take: () => {
      run.loadOnline(sets[0]);
      return 0;
    },
  };
}

export function storeStep(
  run: ScheduledRun,
  task: ScheduledTask,
  cell: Cell,
  value: number,
  text: string,
  given: {
    readonly release?: boolean;
    readonly cost?: (from: number) => number;
    readonly also?: (at: number) => void;
  } = {},
): Action {
  const {release = false, cost, also} = given;
  return {
    text,
    ...(cost === undefined ? {} : {cost}),
    blocked: () => noRoom(run, task, release ? "release" : "store"),
    take: (at) => {
      also?.(at);
      put(run, task, cell, value, at, release);
      return 0;
    },
  };
}

export function noRoom(
  run: ScheduledRun,
  task: ScheduledTask,
  kind: "store" | "release" | "barrier",
): string | undefined {
  if (run.model === "sc" || run.buffers[task.place].roomFor(kind)) return undefined;
  return "its store buffer is full";
}

/** Stores: into memory under SC, else into the buffer. */
export function put(
  run: ScheduledRun,
  task: ScheduledTask,
  cell: Cell,
  value: number,
  at: number,
  release: boolean,
): void {
  if (run.model === "sc") cell.write(value, at, task.cpu);
  else run.buffers[task.place].append(cell, value, at, release);
}

/** An atomic operation: `change` gives the new value, or why it must wait. */
export function atomicStep(
  run: ScheduledRun,
  task: ScheduledTask,
  cell: Cell,
  text: string,
  change: (old: number) => number | string,
  cost?: (from: number) => number,
): Action {
  return {
    text,
    ...(cost === undefined ? {} : {cost}),
    blocked: () => {
      const to = change(cell.read(run.now));
      return undrained(run, task) ?? (typeof to === "string" ? to : undefined);
    },
    take: (at) => {
      const to = change(cell.read(at)) as number;
      cell.write(to, at, task.cpu);
      return to;
    },
  };
}

export function lockStep(run: ScheduledRun, task: ScheduledTask, name: string): Action {
  const take = (old: number): number | string => (old === 0 ? 1 : `${name} is ${lockText(old)}`);
  return atomicStep(run, task, run.lockCell(name), `lock ${name}`, take, () =>
    run.cost("xchg", task.cpu),
  );
}

/** Takes a lock for reading: any number may, while no writer has it. */
export function readLockStep(run: ScheduledRun, task: ScheduledTask, name: string): Action {
  const come = (old: number): number | string =>
    old === 1 ? `${name} is taken` : Math.max(1, old) + 1;
  return atomicStep(run, task, run.lockCell(name), `lock ${name} for reading`, come, () =>
    run.cost("xchg", task.cpu),
  );
}

export function readUnlockStep(run: ScheduledRun, task: ScheduledTask, name: string): Action {
  const leave = (old: number): number => (old === 2 ? 0 : old - 1);
  return atomicStep(run, task, run.lockCell(name), `unlock ${name} for reading`, leave, () =>
    run.cost("xchg", task.cpu),
  );
}

export function unlockStep(run: ScheduledRun, task: ScheduledTask, name: string): Action {
  return storeStep(run, task, run.lockCell(name), 0, `unlock ${name}`, {
    release: true,
    cost: () => run.cost("store", task.cpu),
  });
}

export function fenceStep(
  run: ScheduledRun,
  task: ScheduledTask,
  text: string,
  cost?: (from: number) => number,
): Action {
  return {
    text,
    ...(cost === undefined ? {} : {cost}),
    blocked: () => undrained(run, task),
    take: () => 0,
  };
}

/** Masks or unmasks interrupts, enters or leaves a read-side section, forbids or allows preemption. */
export function flagsStep(
  task: ScheduledTask,
  on: number,
  off: number,
  cost?: () => number,
): Action {
  const bits = on | off;
  const text =
    bits & flag.irqOff
      ? ["irq off", "irq on"]
      : bits & flag.rcu
        ? ["rcu_read_lock", "rcu_read_unlock"]
        : ["preemption off", "preemption on"];
  return {
    text: text[on !== 0 ? 0 : 1] as string,
    ...(cost === undefined ? {} : {cost}),
    take: () => {
      task.flags = (task.flags | on) & ~off;
      return 0;
    },
  };
}
