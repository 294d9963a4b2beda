// What is known of an exported task at a point of its text.

import type {SmallSystem} from "../../program/small-system.ts";
import type {TaskProgram} from "../instructions.ts";
import type {Value} from "./export-value.ts";

export interface State {
  readonly registers: Value[];
  readonly sets: number[];
  flags: number;
}

/** As the task begins: its CPU and its mm are known, and that every CPU is online. */
export function initialState(world: SmallSystem, program: TaskProgram): State {
  const registers: Value[] = new Array(program.registers).fill({known: 0});
  registers[0] = {known: program.cpu};
  registers[1] = {known: program.mm};
  const sets: number[] = new Array(program.setRegisters).fill(0);
  sets[0] = (1 << world.cpus.length) - 1;
  return {registers, sets, flags: program.flags};
}
