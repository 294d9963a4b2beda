// What the threads of an export have in common, and what each of them gives.

import type {SmallSystem} from "../../program/small-system.ts";
import type {TaskProgram} from "../instructions.ts";
import type {ExportNames} from "./export-names.ts";

export interface ExportShared {
  readonly world: SmallSystem;
  readonly programs: readonly TaskProgram[];
  readonly names: ExportNames;
  /** Choices that threads read: variable to the number of its values. */
  readonly choices: Map<string, number>;
}

export interface ExportedThread {
  readonly body: readonly string[];
  /** Conditions on this thread's registers: what has to hold for the execution to count, and what is bad. */
  readonly filters: readonly string[];
  readonly bad: readonly string[];
  /** Of tables that may be freed twice: the condition that one of the frees was executed. */
  readonly freed: readonly (readonly [table: number, condition: string])[];
}
