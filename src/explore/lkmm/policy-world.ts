// What the tasks of a check have in common while they run on recorders.

import type {SmallSystem} from "../../program/small-system.ts";
import type {TaskProgram} from "../instructions.ts";
import type {PolicyPlaces} from "./policy-places.ts";

/** The tasks of a check and what they share. */
export interface PolicyWorld {
  readonly world: SmallSystem;
  readonly programs: readonly TaskProgram[];
  readonly places: PolicyPlaces;
  /** How many tasks take a lock for reading, by its name; locks that are not read have no entry. */
  readonly readers: ReadonlyMap<string, number>;
  /** Snapshots of the registers that call_rcu() hands over, numbered from 1. */
  readonly snapshots: Snapshot[];
}

export interface Snapshot {
  readonly key: string;
  readonly registers: readonly number[];
  readonly sets: readonly number[];
}
