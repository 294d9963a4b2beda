// The steps of a hook that is no operation of a writer: `enter` and `exit` of a walk, `ipi` of a handler. They are those of
// `stepped-walk.ts`: its costs and its effects, one instruction a step.

import {op} from "../../program/code.ts";
import {readsOnline} from "../../program/step-rules.ts";
import type {BitSet} from "../bit-set.ts";
import type {SteppedWalk} from "../stepped-state.ts";
import {applyHook, hookCost} from "../stepped-walk.ts";
import {type Action, plainActions, type Steps} from "./action.ts";
import {type Passed, runLocal, spinsOn} from "./local-steps.ts";
import {noRoom, onlineStep, put, undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";
import {wordIn, wordOut} from "./word-access.ts";

/** Runs a hook of policy `code` from `entry`; true if it ended by `abort`. */
export function* hookSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  frame: SteppedWalk,
  sets: readonly BitSet[],
  code: number,
  entry: number,
): Steps<boolean> {
  const {world} = run;
  const program = world.codes[code];
  const r = frame.registers[code];
  frame.hook = code;
  frame.pc = entry;
  let looked = -1;
  for (;;) {
    r[0] = task.cpu;
    const passed: Passed = (opcode, pc) => {
      frame.pc = pc;
      if (opcode === op.count) applyHook(world, task.cpu, frame, program, opcode);
      else if (opcode === op.delay)
        run.later(task, hookCost(world, task.cpu, frame, program, opcode));
    };
    frame.pc = runLocal(run, code, frame.pc, r, sets, passed, looked);
    looked = -1;
    if (frame.pc < 0) yield* run.stuck();
    if (run.plugs && readsOnline(program, frame.pc)) {
      yield onlineStep(run, task, sets);
      looked = frame.pc;
      continue;
    }
    const opcode = program.ops[4 * frame.pc];
    if (opcode === op.ret) return false;
    if (opcode === op.abort) return true;
    // Given anew, and not taken, when the task migrates meanwhile.
    yield {...stepOf(run, task, frame, sets, code, opcode), local: true};
  }
}

function stepOf(
  run: ScheduledRun,
  task: ScheduledTask,
  frame: SteppedWalk,
  sets: readonly BitSet[],
  code: number,
  opcode: number,
): Action {
  const {world} = run;
  const program = world.codes[code];
  const r = frame.registers[code];
  const {pc} = frame;
  const cost = (): number => hookCost(world, task.cpu, frame, program, opcode);
  const apply = (at: number): void => {
    frame.time = at;
    applyHook(world, task.cpu, frame, program, opcode);
  };
  const plain = plainActions(cost, apply);
  switch (opcode) {
    case op.load:
    case op.loadAcquire: {
      const cell = wordIn(run, code, pc, r);
      return {
        text: `load ${cell.name}`,
        kind: "load",
        cost,
        blocked: () => {
          const value = run.buffers[task.place].newest(cell.key) ?? cell.read(run.now);
          return spinsOn(run, code, pc, value, r, sets) ? "it would see nothing new" : undefined;
        },
        take: (at) => {
          const own = run.buffers[task.place].newest(cell.key);
          apply(at);
          if (own !== undefined) r[program.ops[4 * pc + 1]] = own;
          return [0, ` -> ${cell.show(r[program.ops[4 * pc + 1]])}`];
        },
      };
    }
    case op.store:
    case op.storeRelease: {
      const {cell, value} = wordOut(run, code, pc, r);
      const release = opcode === op.storeRelease;
      return {
        text: `${release ? "store_release" : "store"} ${cell.name} = ${cell.show(value)}`,
        cost,
        blocked: () => noRoom(run, task, release ? "release" : "store"),
        take: (at) => {
          if (run.model === "sc") apply(at);
          else {
            put(run, task, cell, value, at, release);
            frame.pc++;
          }
          return 0;
        },
      };
    }
    case op.exchange: {
      const blocked = (): string | undefined => undrained(run, task);
      const program4 = 4 * pc;
      const at = program.ops[program4 + 2] < 0 ? -1 : r[program.ops[program4 + 2]];
      if (run.word(code, program.ops[program4 + 1], at) === undefined) {
        return {
          text: "xchg",
          cost,
          blocked,
          take: () => {
            frame.pc++;
            return 0;
          },
        };
      }
      const {cell, value} = wordOut(run, code, pc, r);
      return plain(`xchg ${cell.name} = ${cell.show(value)}`, blocked);
    }
    case op.mb:
      return plain("mb", () => undrained(run, task));
    case op.wmb: {
      const step = plain("wmb", () => noRoom(run, task, "barrier"));
      return {
        ...step,
        take: (at) => {
          if (run.model === "pso") run.buffers[task.place].fence(at);
          apply(at);
          return 0;
        },
      };
    }
    default:
      return plain("rmb");
  }
}
