// The steps of a hook that is no operation of a writer: `enter` and `exit` of a walk, `ipi` of a handler. They are those of
// `stepped-walk.ts`: its costs and its effects, one instruction a step.

import {op} from "../../program/code.ts";
import {readsOnline} from "../../program/step-rules.ts";
import type {BitSet} from "../bit-set.ts";
import type {SteppedWalk} from "../stepped-state.ts";
import {applyHook, hookCost} from "../stepped-walk.ts";
import type {Action, Steps} from "./action.ts";
import {codeStep} from "./code-step.ts";
import {type Passed, runLocal} from "./local-steps.ts";
import {onlineStep} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

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
    yield {...stepOf(run, task, frame, sets, code), local: true};
  }
}

function stepOf(
  run: ScheduledRun,
  task: ScheduledTask,
  frame: SteppedWalk,
  sets: readonly BitSet[],
  code: number,
): Action {
  const {world} = run;
  const program = world.codes[code];
  const {pc} = frame;
  const opcode = program.ops[4 * pc];
  return codeStep(run, task, {
    code,
    pc,
    registers: frame.registers[code],
    sets,
    cost: () => hookCost(world, task.cpu, frame, program, opcode),
    effect: (at) => {
      frame.time = at;
      applyHook(world, task.cpu, frame, program, opcode);
    },
    pass: () => {
      frame.pc = pc + 1;
    },
  });
}
