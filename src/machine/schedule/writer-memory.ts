// What an operation's Code does to state words, and its requests for interrupts: the effects of `run-context.ts`, stores by way of the buffer.

import {op} from "../../program/code.ts";
import type {Context} from "../context.ts";
import {apply} from "../run-context.ts";
import {type Action, plainActions} from "./action.ts";
import {spinsOn} from "./local-steps.ts";
import {fenceStep, noRoom, put, undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";
import {wordIn, wordOut} from "./word-access.ts";

/** Loads, stores and barriers: those of `run-context.ts`. */
export function memoryStep(
  run: ScheduledRun,
  task: ScheduledTask,
  context: Context,
  opcode: number,
): Action {
  const {world} = run;
  const program = world.codes[context.code];
  const {pc, code, registers: r} = context;
  const cost = (from: number): number => run.price(context, opcode, from);
  const effect = (at: number): void => {
    context.now = at;
    apply(world, context, opcode);
  };
  const plain = plainActions(cost, effect);
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
    case op.loadMode: {
      const mode = opcode === op.loadMode;
      const cell = mode ? run.modeCell(r[program.ops[4 * pc + 2]]) : wordIn(run, code, pc, r);
      return {
        text: `load ${cell.name}`,
        kind: "load",
        cost,
        blocked: () => {
          const value = run.buffers[task.place].newest(cell.key) ?? cell.read(run.now);
          const same = spinsOn(run, code, pc, value, r, context.sets);
          return same ? "it would see nothing new" : undefined;
        },
        take: (at) => {
          const own = run.buffers[task.place].newest(cell.key);
          if (mode) context.pc++;
          else effect(at);
          const value = own ?? (mode ? cell.read(at) : r[program.ops[4 * pc + 1]]);
          r[program.ops[4 * pc + 1]] = value;
          return [0, ` -> ${cell.show(value)}`];
        },
      };
    }
    case op.store:
    case op.storeRelease: {
      const {cell, value} = wordOut(run, code, pc, r);
      const isRelease = opcode === op.storeRelease;
      return {
        text: `${isRelease ? "store_release" : "store"} ${cell.name} = ${cell.show(value)}`,
        cost,
        blocked: () => noRoom(run, task, isRelease ? "release" : "store"),
        take: (at) => {
          if (run.model === "sc") effect(at);
          else put(run, task, cell, value, at, isRelease);
          return 0;
        },
      };
    }
    case op.exchange: {
      const index = program.ops[4 * pc + 2];
      const known = run.word(code, program.ops[4 * pc + 1], index < 0 ? -1 : r[index]);
      if (known === undefined) return fenceStep(run, task, "xchg", cost);
      const {cell, value} = wordOut(run, code, pc, r);
      return plain(`xchg ${cell.name} = ${cell.show(value)}`, () => undrained(run, task));
    }
    case op.mb:
      return plain("mb", () => undrained(run, task));
    case op.wmb:
      return {
        text: "wmb",
        cost,
        blocked: () => noRoom(run, task, "barrier"),
        take: (at) => {
          if (run.model === "pso") run.buffers[task.place].fence(at);
          effect(at);
          return 0;
        },
      };
    default:
      return plain("rmb");
  }
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
