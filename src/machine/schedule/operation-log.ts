// What a writer does in a free run, instruction by instruction: the latest operations of each, for whoever asks how a violation came about.

import {op} from "../../program/code.ts";
import type {Context} from "../context.ts";
import type {FoundViolation, Watch} from "../watch.ts";
import type {World} from "../world.ts";

/** An instruction that took effect. Times in ticks. */
export interface LoggedStep {
  readonly code: number;
  readonly pc: number;
  readonly opcode: number;
  readonly at: number;
  /** The CPU or mm that it is about; -1: none. */
  readonly index: number;
}

export interface LoggedOperation {
  readonly started: number;
  readonly steps: LoggedStep[];
}

const kept = 4096;

/** Thrown to end a run at the violation that was looked for. */
export class Found extends Error {
  readonly world: World;
  readonly violation: FoundViolation;

  constructor(world: World, violation: FoundViolation) {
    super(violation.kind);
    this.world = world;
    this.violation = violation;
  }
}

export class OperationLog implements Watch {
  /** Oldest first, by the writer's context. */
  readonly operations: Map<number, LoggedOperation[]> = new Map();
  private readonly kind: string;
  private readonly codes: World["codes"];

  constructor(world: World, kind: string) {
    this.codes = world.codes;
    this.kind = kind;
  }

  step(context: Context, opcode: number): void {
    let operations = this.operations.get(context.id);
    if (operations === undefined) {
      operations = [];
      this.operations.set(context.id, operations);
    }
    let last = operations.at(-1);
    if (last?.started !== context.started) {
      last = {started: context.started, steps: []};
      operations.push(last);
      if (operations.length > kept) operations.shift();
    }
    const {code, pc, now: at} = context;
    const index = indexAt(this.codes[code].ops, pc, context.registers);
    last.steps.push({code, pc, opcode, at, index});
  }

  violated(world: World, found: FoundViolation): void {
    if (found.kind === this.kind) throw new Found(world, found);
  }
}

/** Which CPU or mm an instruction is about. */
export function indexAt(ops: Int32Array, pc: number, r: Float64Array): number {
  const [opcode, a, b, c] = ops.subarray(4 * pc, 4 * pc + 4);
  switch (opcode) {
    case op.ipi:
      return r[a];
    case op.load:
    case op.loadAcquire:
      return c < 0 ? -1 : r[c];
    case op.store:
    case op.storeRelease:
    case op.exchange:
    case op.loadMode:
      return b < 0 ? -1 : r[b];
    default:
      return -1;
  }
}
