// The tasks of a scheduled run: writers, walkers, NMIs, hardware walkers, handlers of interrupts, deferred blocks.

import type {SmallSystem, WalkerTask} from "../../program/small-system.ts";
import {deferredBlocks, handlerCodes} from "../../program/step-rules.ts";
import type {Context} from "../context.ts";
import {SteppedWalk} from "../stepped-state.ts";
import type {Steps} from "./action.ts";
import {hardwareSteps} from "./hardware-steps.ts";
import {hookSteps} from "./hook-steps.ts";
import {undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import {flag, ScheduledTask, type TaskInit} from "./task.ts";
import {setsOf, walkerSteps} from "./walker-steps.ts";
import {writerSteps} from "./writer-steps.ts";

export interface Tasks {
  readonly tasks: readonly ScheduledTask[];
  /** Lets those begin that nobody has to start. */
  readonly start: () => void;
  /** Store buffers and clocks: CPUs, then deferred blocks. */
  readonly places: number;
}

export function tasksOf(run: ScheduledRun): Tasks {
  const {small} = run;
  const tasks: ScheduledTask[] = [];
  const starts: (() => void)[] = [];
  const add = (
    given: Partial<TaskInit> & Pick<TaskInit, "actor" | "name" | "title" | "place">,
    steps?: (task: ScheduledTask) => Steps,
  ): ScheduledTask => {
    const cpu = small.cpus[given.place] ?? -1;
    const task = new ScheduledTask({
      number: cpu,
      cpu,
      flags: 0,
      dormant: steps === undefined,
      ...given,
    });
    tasks.push(task);
    if (steps !== undefined) starts.push(() => task.start(steps(task)));
    return task;
  };
  small.writers.forEach((given, w) => {
    const {name} = given.writer;
    const context = run.world.contexts[w] as Context;
    const task = add({actor: "task", name, title: `writer ${name}`, place: given.place}, (own) =>
      writerSteps(run, own, given, context),
    );
    task.context = context;
  });
  const walker = (given: WalkerTask, nmi: boolean): void => {
    const {name, watched} = given.walker;
    const flags = watched === false ? flag.unwatched : 0;
    const actor = nmi ? "nmi" : "task";
    const title = `${nmi ? "nmi" : "walker"} ${name}`;
    add({actor, name, title, place: given.place, flags}, (own) =>
      walkerSteps(run, own, given, nmi),
    );
  };
  for (const given of small.walkers) walker(given, false);
  for (const given of small.nmis) walker(given, true);
  for (const given of small.mmus) {
    const {name} = given.walker;
    const task = add({actor: "mmu", name, title: `mmu ${name}`, place: given.place}, (own) =>
      hardwareSteps(run, own, given),
    );
    task.restart = () => task.start(hardwareSteps(run, task, given));
  }
  small.writers.forEach((given, w) => {
    if (handlerCodes(small, given).length === 0) return;
    const {name} = given.writer;
    small.cpus.forEach((_, place) => {
      add({actor: "irq", name, title: `interrupt of ${name}`, place}).sender = w;
    });
  });
  const blocks = deferredBlocks(small);
  blocks.forEach(({writer}, number) => {
    const given = small.writers[writer] as SmallSystem["writers"][number];
    const {name} = given.writer;
    const place = small.cpus.length + number;
    const cpu = small.cpus[given.place] as number;
    add({actor: "rcu", name, title: `callback of ${name}`, number, place, cpu});
  });
  const start = (): void => {
    for (const begin of starts) begin();
  };
  return {tasks, start, places: small.cpus.length + blocks.length};
}

/** The handler of a writer's interrupts, on the CPU that takes one which policy `code` has sent. */
export function* handlerSteps(run: ScheduledRun, task: ScheduledTask, code: number): Steps {
  const given = run.small.writers[task.sender] as SmallSystem["writers"][number];
  const frame = new SteppedWalk(run.world.codes.map((code) => code.registers));
  for (const registers of frame.registers) registers[1] = given.mm + 1;
  const {entry} = run.world.codes[code];
  yield* hookSteps(run, task, frame, setsOf(run, code), code, entry.ipi);
  yield {
    text: "the handler returns: acknowledged",
    cost: () => run.cost("ipi.exit", task.cpu),
    blocked: () => undrained(run, task),
    take: (at) => {
      run.interrupts.handle(task.cpu, at, (one) => {
        return one.handled && one.sender === task.sender && one.code === code;
      });
      task.flags = 0;
      return 0;
    },
  };
}
