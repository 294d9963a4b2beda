// A policy under check, as a program for the enumerator: its tasks as threads, its variables with their initial values.

import type {CheckScope} from "../../plan/check-plan.ts";
import type {System} from "../../plan/system.ts";
import {type SmallSystem, smallSystem} from "../../program/small-system.ts";
import {type TaskProgram, x} from "../instructions.ts";
import {taskPrograms} from "../task-program.ts";
import type {Program} from "./enumerate.ts";
import {PolicyPlaces} from "./policy-places.ts";
import {policyThread} from "./policy-thread.ts";
import type {PolicyWorld} from "./policy-world.ts";
import type {TaskResult} from "./task-result.ts";
import {isThread} from "./task-rules.ts";

export interface PolicyProgram {
  readonly world: SmallSystem;
  readonly programs: readonly TaskProgram[];
  readonly places: PolicyPlaces;
  readonly program: Program<TaskResult>;
  /** Task of each thread: index into `titles`' tasks, its CPU and what it is. */
  readonly threads: readonly {readonly cpu: number; readonly title: string}[];
}

/** Expands a system within a scope: one walk of each walker, the writes of the scope, all CPUs online for ever. Throws as `smallSystem` does. */
export function policyProgram(system: System, scope: CheckScope): PolicyProgram {
  const {walks: _, hotplugs: __, ...rest} = scope;
  const world = smallSystem(system, rest);
  const places = new PolicyPlaces(world);
  const programs = taskPrograms(world);
  const readers = readersOf(programs);
  const shared: PolicyWorld = {world, programs, places, readers, snapshots: []};
  const tasks = shared.programs.flatMap((program, task) =>
    isThread(program, shared.programs) ? [task] : [],
  );
  const threads = tasks.map((task) => policyThread(shared, task));
  declareAll(shared);
  return {
    world,
    programs: shared.programs,
    places,
    program: {threads, initial: places.initial},
    threads: tasks.map((task) => {
      const {cpu, name, role} = shared.programs[task];
      return {cpu, title: role === "callback" ? name : `CPU ${cpu}: ${name}`};
    }),
  };
}

function readersOf(programs: readonly TaskProgram[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const {ins, locks} of programs) {
    const read = ins.filter((one) => one.op === x.readLock).map((one) => locks[one.a] as string);
    for (const name of new Set(read)) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  return readers;
}

/** Asks for every variable that a task may touch, so that all have their numbers before the first run. */
function declareAll({world, places, programs}: PolicyWorld): void {
  for (const slot of world.slots.keys()) places.entry(slot);
  for (const table of world.tables.keys()) {
    for (let entry = 0; entry < world.pages; entry++) places.contents(table, entry);
    places.share(table);
  }
  for (const [task, program] of programs.entries()) {
    for (const name of program.locks) places.lock(name);
    if (program.role === "callback") places.callback(task);
  }
  for (const [code, {states}] of world.codes.entries()) {
    for (const state of states.keys()) {
      places.word(code, state, -1);
      for (const cpu of world.cpus) places.word(code, state, cpu);
      for (let mm = 1; mm <= world.system.mms.length; mm++) places.word(code, state, mm);
    }
  }
  for (const place of world.cpus.keys()) {
    places.mode(place);
    places.left(place);
    for (const sender of world.writers.keys()) {
      for (const kind of ["wait", "nowait", "flush", "invalidate"] as const) {
        places.request(sender, place, kind);
        places.acknowledged(sender, place, kind);
      }
    }
  }
}
