// What the enumerator returns of a task besides its events.

import type {InvariantId} from "../../plan/invariants.ts";
import type {Moves} from "./policy-migration.ts";

/** What is to be known of a task that has run. */
export interface TaskResult {
  readonly violation?: InvariantId;
  /** Number of the event, within the thread, that the violation was seen at. */
  readonly at: number;
  /** Whether it read a table through its upper entry; whether it freed, changed or filled one; interrupts it took; NMIs; spared flushes. */
  readonly walked: boolean;
  readonly released: boolean;
  /** Tables it freed. */
  readonly freed: readonly number[];
  readonly interrupts: number;
  readonly nmis: number;
  readonly spared: number;
  /** Events, numbered within the thread, that a branch tested; those that a wait ended by. */
  readonly tested: readonly number[];
  readonly awaited: readonly number[];
  readonly moves: Moves;
}
