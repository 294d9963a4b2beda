// One step of a policy's Code on state words and barriers, whoever runs it: a writer's operation or a hook of a walk or a handler. Loads see
// the own store buffer first, stores go through it; costs and effects are those of the free run, which the caller hands in.

import {op} from "../../program/code.ts";
import type {BitSet} from "../bit-set.ts";
import {type Action, plainActions} from "./action.ts";
import {spinsOn} from "./local-steps.ts";
import type {Cell} from "./memory.ts";
import {fenceStep, noRoom, put, undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** Where a task stands in a Code, and what the free run does there. */
export interface CodePoint {
  readonly code: number;
  readonly pc: number;
  readonly registers: Float64Array;
  readonly sets: readonly BitSet[];
  readonly cost: (from: number) => number;
  /** Does the instruction as in a free run, and goes on behind it. */
  readonly effect: (at: number) => void;
  /** Only goes on behind it. */
  readonly pass: () => void;
}

export function codeStep(run: ScheduledRun, task: ScheduledTask, point: CodePoint): Action {
  const {code, pc, registers: r, cost, effect, pass} = point;
  const {ops} = run.world.codes[code];
  const [opcode, a, b] = ops.subarray(4 * pc, 4 * pc + 3);
  const plain = plainActions(cost, effect);
  const drained = (): string | undefined => undrained(run, task);
  switch (opcode) {
    case op.load:
    case op.loadAcquire:
    case op.loadMode:
      return loadStep(run, task, point, opcode === op.loadMode);
    case op.store:
    case op.storeRelease: {
      const {cell, value} = wordOut(run, code, pc, r);
      const release = opcode === op.storeRelease;
      return {
        text: `${release ? "store_release" : "store"} ${cell.name} = ${cell.show(value)}`,
        cost,
        blocked: () => noRoom(run, task, release ? "release" : "store"),
        take: (at) => {
          if (run.model === "sc") effect(at);
          else {
            put(run, task, cell, value, at, release);
            pass();
          }
          return 0;
        },
      };
    }
    case op.exchange: {
      if (run.word(code, a, b < 0 ? -1 : r[b]) === undefined) {
        const take = (): number => {
          pass();
          return 0;
        };
        return {...fenceStep(run, task, "xchg", cost), take};
      }
      const {cell, value} = wordOut(run, code, pc, r);
      return plain(`xchg ${cell.name} = ${cell.show(value)}`, drained);
    }
    case op.mb:
      return plain("mb", drained);
    case op.wmb:
      return {
        ...plain("wmb", () => noRoom(run, task, "barrier")),
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

function loadStep(
  run: ScheduledRun,
  task: ScheduledTask,
  {code, pc, registers: r, sets, cost, effect, pass}: CodePoint,
  mode: boolean,
): Action {
  const {ops} = run.world.codes[code];
  const to = ops[4 * pc + 1];
  const cell = mode ? run.modeCell(r[ops[4 * pc + 2]]) : wordIn(run, code, pc, r);
  const own = (): number | undefined => run.buffers[task.place].newest(cell.key);
  return {
    text: `load ${cell.name}`,
    kind: "load",
    cost,
    blocked: () =>
      spinsOn(run, code, pc, own() ?? cell.read(run.now), r, sets)
        ? "it would see nothing new"
        : undefined,
    take: (at) => {
      const buffered = own();
      // A free run has another way to know a CPU's mode.
      if (mode) {
        r[to] = cell.read(at);
        pass();
      } else effect(at);
      if (buffered !== undefined) r[to] = buffered;
      return [0, ` -> ${cell.show(r[to])}`];
    },
  };
}

/** The word that the load at `pc` reads; it is known to be in the scope. */
function wordIn(run: ScheduledRun, code: number, pc: number, r: Float64Array): Cell {
  const {ops} = run.world.codes[code];
  const index = ops[4 * pc + 3];
  return run.word(code, ops[4 * pc + 2], index < 0 ? -1 : r[index]) as Cell;
}

/** The word that the store at `pc` writes, and the value. */
function wordOut(
  run: ScheduledRun,
  code: number,
  pc: number,
  r: Float64Array,
): {cell: Cell; value: number} {
  const {ops} = run.world.codes[code];
  const index = ops[4 * pc + 2];
  const cell = run.word(code, ops[4 * pc + 1], index < 0 ? -1 : r[index]) as Cell;
  return {cell, value: r[ops[4 * pc + 3]]};
}
