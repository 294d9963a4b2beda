// Where the branches of a task meet, and which registers are read again there.

import type {TaskProgram} from "../instructions.ts";
import {type Liveness, livenessOf} from "../liveness.ts";
import {postDominators} from "../lkmm/post-dominators.ts";
import {successorsOf} from "../lkmm/task-flow.ts";

export interface Flow {
  readonly joins: Int32Array;
  readonly live: Liveness;
}

const flows = new WeakMap<TaskProgram, Flow>();

/** Computed once a program. */
export function flowOf(program: TaskProgram): Flow {
  let flow = flows.get(program);
  if (flow === undefined) {
    flow = {joins: postDominators(successorsOf(program)), live: livenessOf(program)};
    flows.set(program, flow);
  }
  return flow;
}
