// Which instructions of a task may follow which, for finding where branches meet. Going back to the top is the end of a pass.

import {op} from "../../program/code.ts";
import {type TaskProgram, x} from "../instructions.ts";

/** The successors of each instruction within one pass. */
export function successorsOf(program: TaskProgram): readonly (readonly number[])[] {
  return program.ins.map((ins, pc) => {
    const next = (): readonly number[] => {
      switch (ins.op) {
        case op.jump:
          return [ins.a];
        case op.jumpUnless:
          return [pc + 1, ins.b];
        case op.waitUntil:
          return [ins.b];
        case op.next:
          return [pc + 1, ins.c];
        case x.choose:
          return [ins.a, ins.b];
        case x.done:
        case x.iret:
          return [];
        default:
          return [pc + 1];
      }
    };
    return next().filter((to) => to > 0 && to < program.ins.length);
  });
}
