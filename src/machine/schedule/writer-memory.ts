// What an operation's Code does to state words, and its requests for interrupts: with the costs and effects of `run-context.ts`.

import {op} from "../../program/code.ts";
import type {Context} from "../context.ts";
import {apply} from "../run-context.ts";
import type {Action} from "./action.ts";
import {codeStep} from "./code-step.ts";
import {undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** Loads, stores and barriers: those of `run-context.ts`. */
export function memoryStep(run: ScheduledRun, task: ScheduledTask, context: Context): Action {
  const {world} = run;
  const {pc, code, registers, sets} = context;
  const opcode = world.codes[code].ops[4 * pc];
  return codeStep(run, task, {
    code,
    pc,
    registers,
    sets,
    cost: (from) => run.price(context, opcode, from),
    effect: (at) => {
      context.now = at;
      apply(world, context, opcode);
    },
    pass: () => {
      context.pc = pc + 1;
    },
  });
}

export function sendStep(
  run: ScheduledRun,
  task: ScheduledTask,
  context: Context,
  target: number,
  waited: boolean,
): Action {
  return {
    text: `ipi ${target}${waited ? "" : " nowait"}`,
    kind: "send",
    cost: (from) => run.price(context, op.ipi, from),
    blocked: () => {
      // Whoever finds a CPU offline sends nothing, and so has no barrier from it.
      if (run.offline.has(target)) return undefined;
      const pending = run.interrupts.isPending(target, context.id, waited ? "wait" : "nowait");
      return (
        undrained(run, task) ??
        (pending ? `its previous interrupt to CPU ${target} has not been handled` : undefined)
      );
    },
    take: (at) => {
      if (run.offline.has(target)) {
        context.pc++;
        return [0, ": it is offline"];
      }
      context.now = at;
      apply(run.world, context, op.ipi);
      return 0;
    },
  };
}
