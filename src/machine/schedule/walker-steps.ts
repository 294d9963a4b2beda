// A walk, step by step: masking, hooks, the pointer from the upper entry, the table's entries, the look again, the use.
//
// (1) A read through a pointer to a freed table, or to one that has been freed since the pointer was loaded, is I1; using what was changed
//     in place for somebody else is I2, mixing old and new or unwritten entries I3. A walk that looks again and finds a change uses nothing.
// (2) The section lasts a draw of the walker's `hold`, spread evenly over its reads; `any` costs a load each.

import {lockName} from "../../program/lock-name.ts";
import type {WalkerTask} from "../../program/small-system.ts";
import {writesUnderLock} from "../../program/step-rules.ts";
import {BitSet} from "../bit-set.ts";
import {SteppedWalk} from "../stepped-state.ts";
import {type Action, plainStep, type Steps} from "./action.ts";
import {chooseSlot} from "./choose-slot.ts";
import {hookSteps} from "./hook-steps.ts";
import {
  flagsStep,
  loadStep,
  readLockStep,
  readUnlockStep,
  seen,
  undrained,
} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import {flag, type ScheduledTask} from "./task.ts";

/** The steps of a walker for as long as anybody schedules them; with `nmi`, of one in NMI context. */
export function* walkerSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  given: WalkerTask,
  nmi: boolean,
): Steps {
  const frame = new SteppedWalk(run.world.codes.map((code) => code.registers));
  for (const registers of frame.registers) registers[1] = given.mm + 1;
  let left = nmi ? undefined : run.small.scope.walks;
  for (;;) {
    if (left !== undefined && left-- <= 0) return;
    task.resting = true;
    if (nmi) yield arrival(run, task);
    if (!nmi && run.modes) yield modeStep(run, task, 2);
    yield* walk(run, task, given, frame, nmi);
    if (!nmi && run.modes) yield modeStep(run, task, 1);
    if (nmi) {
      yield plainStep("return from interrupt", () => 0);
      task.flags = task.init.flags;
    }
  }
}

function arrival(run: ScheduledRun, task: ScheduledTask): Action {
  return {
    text: "NMI",
    blocked: () =>
      run.nmis >= run.small.scope.nmis
        ? `the scope allows ${run.small.scope.nmis} NMIs`
        : undefined,
    take: () => {
      run.nmis++;
      task.flags |= flag.nmi;
      return 0;
    },
  };
}

function* walk(
  run: ScheduledRun,
  task: ScheduledTask,
  given: WalkerTask,
  frame: SteppedWalk,
  nmi: boolean,
): Steps {
  const {walker} = given;
  const inside = walker.hooks !== "outside";
  let gone = false;
  if (!inside) gone = yield* enter(run, task, given, frame);
  if (!gone) {
    if (!nmi) yield* protect(run, task, given, true);
    if (inside) gone = yield* enter(run, task, given, frame);
    if (!gone) yield* readTables(run, task, given, walker.split === true && !nmi);
    if (inside) yield* exit(run, task, given, frame);
    if (!nmi) yield* protect(run, task, given, false);
  }
  if (!inside) yield* exit(run, task, given, frame);
  if (!gone || nmi || !writesUnderLock(run.small, given.mm)) return;
  // The slow path of a walk that was given up: the same under the lock, with interrupts on.
  yield readLock(run, task, given, true);
  yield* readTables(run, task, given, false);
  yield readLock(run, task, given, false);
}

function readLock(run: ScheduledRun, task: ScheduledTask, {mm}: WalkerTask, on: boolean): Action {
  const name = lockName(run.small.system.mms, "mmap_lock", mm + 1);
  return on ? readLockStep(run, task, name) : readUnlockStep(run, task, name);
}

export function setsOf(run: ScheduledRun, code: number): BitSet[] {
  const sets = Array.from(
    {length: Math.max(1, run.world.codes[code].setRegisters)},
    () => new BitSet(run.world.cpus.count),
  );
  sets[0].copy(run.world.online);
  return sets;
}

function* enter(
  run: ScheduledRun,
  task: ScheduledTask,
  {walker}: WalkerTask,
  frame: SteppedWalk,
): Steps<boolean> {
  if (!walker.tracked) return false;
  for (const [code, {entry}] of run.world.codes.entries()) {
    if (entry.enter < 0) continue;
    if (yield* hookSteps(run, task, frame, setsOf(run, code), code, entry.enter)) return true;
  }
  return false;
}

function* exit(
  run: ScheduledRun,
  task: ScheduledTask,
  {walker}: WalkerTask,
  frame: SteppedWalk,
): Steps {
  if (!walker.tracked) return;
  for (let code = run.world.codes.length - 1; code >= 0; code--) {
    const {entry} = run.world.codes[code];
    if (entry.exit < 0) continue;
    if (yield* hookSteps(run, task, frame, setsOf(run, code), code, entry.exit)) return;
  }
}

function* protect(run: ScheduledRun, task: ScheduledTask, given: WalkerTask, on: boolean): Steps {
  const {walker} = given;
  if (walker.protect === "lock") yield readLock(run, task, given, on);
  else if (walker.protect !== "none") {
    const bits = walker.protect === "irq" ? flag.irqOff : flag.rcu;
    const cost = (): number =>
      walker.protect === "irq" ? run.cost(on ? "irq.save" : "irq.restore", task.cpu) : 0;
    yield flagsStep(task, on ? bits : 0, on ? 0 : bits, cost);
  }
}

function* readTables(
  run: ScheduledRun,
  task: ScheduledTask,
  given: WalkerTask,
  split: boolean,
): Steps {
  const {small} = run;
  const {walker} = given;
  const slot = yield* chooseSlot(given.slots);
  const entry = run.tables.entry(slot);
  const pages = Math.min(small.pages, walker.pages);
  const load = (): number => run.cost("load", task.cpu);
  const pointer = yield loadStep(run, task, entry, `load ${entry.name}`, load);
  if (split) {
    yield* protect(run, task, given, false);
    yield* protect(run, task, given, true);
  }
  const hold = run.holdOf(task, walker, pages);
  const first = yield readStep(run, task, pointer, 0, hold);
  if (pointer === 0) return;
  const second = pages > 1 ? yield readStep(run, task, pointer, 1, hold) : first;
  // The re-check: the upper entry where that is what a writer clears, or the entry of the table itself, which is then its lower level.
  const unshared = small.writers.some((w) => w.mm === given.mm && w.writer.kind === "unshare");
  const upper = walker.revalidate === "pud" || (walker.revalidate === "pmd" && !unshared);
  if (walker.revalidate !== "none") {
    const again = yield upper
      ? loadStep(run, task, entry, `load ${entry.name}`, load)
      : readStep(run, task, pointer, 0, load);
    if (again !== (upper ? pointer : first)) return;
  }
  // Entries that somebody else may change lawfully are not judged: the mm keeps its own entry for ever.
  if (!small.writers.some((w) => given.slots.includes(w.slot))) return;
  if (first === 2 || second === 2 || first !== second) run.violate("I3");
  else if (first === 1) run.violate("I2");
}

/** Reads an entry through a pointer: the entry's contents. */
function readStep(
  run: ScheduledRun,
  task: ScheduledTask,
  pointer: number,
  entry: number,
  cost: () => number,
): Action {
  if (pointer === 0) return plainStep("nothing is mapped");
  const page = run.tables.page(pointer - 1);
  const contents = run.tables.contents(pointer - 1, entry);
  const which = run.small.pages > 1 ? ` entry ${entry}` : "";
  return {
    text: `read ${page.name}${which}`,
    kind: "load",
    cost,
    take: (at) => {
      if (seen(run, task, page, at) !== 0) run.violate("I1");
      return seen(run, task, contents, at);
    },
  };
}

function modeStep(run: ScheduledRun, task: ScheduledTask, mode: number): Action {
  return {
    text: `context tracking: ${["idle", "user", "kernel"][mode]}`,
    blocked: () => undrained(run, task),
    take: (at) => {
      run.modeCell(task.cpu).write(mode, at, task.cpu);
      return 0;
    },
  };
}
