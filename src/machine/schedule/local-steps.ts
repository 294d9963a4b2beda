// Code between two micro-steps: what only computes, what concerns nobody in the scope, what takes time without anybody seeing it.

import {op} from "../../program/code.ts";
import {readsOnline} from "../../program/step-rules.ts";
import {BitSet} from "../bit-set.ts";
import {loadMask} from "../run-context.ts";
import {compute, firstTimedOp} from "../value-ops.ts";
import type {ScheduledRun} from "./scheduled-run.ts";

const mostLocalSteps = 10_000;

/** Told of the instructions that take time or count; a look ahead tells nobody. */
export type Passed = (opcode: number, pc: number) => void;

/**
 * Runs policy `code` from `pc` to the next instruction that is a step, ends the hook or calls another, and returns where that stands; -1
 * if it never comes to one. Where CPUs come and go, an instruction that looks at which are online is a step of its own before it runs, unless
 * that look has been taken: `looked`.
 */
export function runLocal(
  run: ScheduledRun,
  code: number,
  pc: number,
  r: Float64Array,
  sets: readonly BitSet[],
  passed?: Passed,
  looked = -1,
): number {
  const program = run.world.codes[code];
  const base = run.world.words.base[code];
  let at = pc;
  for (let steps = 0; steps < mostLocalSteps; steps++) {
    const opcode = program.ops[4 * at];
    const a = program.ops[4 * at + 1];
    const b = program.ops[4 * at + 2];
    const c = program.ops[4 * at + 3];
    if (opcode === op.ret) return at;
    if (run.plugs && !(at === pc && at === looked) && readsOnline(program, at)) return at;
    if (opcode < firstTimedOp) {
      at = compute(program, at, r, sets);
      if (opcode === op.set || opcode === op.setAdd || opcode === op.setOf) run.cut(sets[a]);
      continue;
    }
    switch (opcode) {
      case op.waitUntil:
        at = r[a] !== 0 ? b : at + 1;
        continue;
      case op.load:
      case op.loadAcquire:
        if (run.word(code, b, c < 0 ? -1 : r[c]) !== undefined) return at;
        r[a] = run.world.words.initial[base + b];
        break;
      case op.loadMode:
        if (run.small.cpus.includes(r[b])) return at;
        r[a] = 0;
        break;
      case op.loadMask:
        loadMask(run.world, sets[a], r[b]);
        run.cut(sets[a]);
        passed?.(opcode, at);
        break;
      case op.store:
      case op.storeRelease:
        if (run.word(code, a, b < 0 ? -1 : r[b]) !== undefined) return at;
        break;
      case op.ipi:
        if (r[a] !== r[0] && run.small.cpus.includes(r[a])) return at;
        break;
      case op.delay:
      case op.count:
      case op.alloc:
        passed?.(opcode, at);
        break;
      default:
        return at;
    }
    at++;
  }
  return -1;
}

/** Whether a load of `value` at `pc` only leads back to itself: a round of a poll, which is no step. */
export function spinsOn(
  run: ScheduledRun,
  code: number,
  pc: number,
  value: number,
  r: Float64Array,
  sets: readonly BitSet[],
): boolean {
  const {ops} = run.world.codes[code];
  const index = ops[4 * pc] === op.loadMode ? ops[4 * pc + 2] : ops[4 * pc + 3];
  const registers = r.slice();
  registers[ops[4 * pc + 1]] = value;
  const copies = sets.map((set) => {
    const copy = new BitSet(run.world.cpus.count);
    copy.copy(set);
    return copy;
  });
  const next = runLocal(run, code, pc + 1, registers, copies);
  return next === pc && (index < 0 || registers[index] === r[index]);
}
