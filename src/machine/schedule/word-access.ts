// Which state word an instruction reads or writes.

import type {Cell} from "./memory.ts";
import type {ScheduledRun} from "./scheduled-run.ts";

/** The word that the load at `pc` reads; it is known to be in the scope. */
export function wordIn(run: ScheduledRun, code: number, pc: number, r: Float64Array): Cell {
  const {ops} = run.world.codes[code];
  const index = ops[4 * pc + 3];
  return run.word(code, ops[4 * pc + 2], index < 0 ? -1 : r[index]) as Cell;
}

/** The word that the store at `pc` writes, and the value. */
export function wordOut(
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
