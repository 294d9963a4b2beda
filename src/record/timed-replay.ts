// What a schedule run by the timed engine yields: every move with its times. Plain data.

import type {InvariantId} from "../plan/invariants.ts";

/** Times in ns. */
export interface TimedStep {
  /** From 1: the move's number in its schedule. */
  readonly number: number;
  /** As the schedule writes it. */
  readonly move: string;
  /** Machine CPU; -1 for a deferred block. */
  readonly cpu: number;
  /** `writer u`, `walker w`, `store buffer`, `interrupt`, ... */
  readonly actor: string;
  readonly text: string;
  /** When its CPU came to it, and when it took effect. */
  readonly from: number;
  readonly at: number;
  /** What it costs. */
  readonly cost: number;
  /** How long it waited for others (an acknowledgement, an arrival, a quiescent state), and for what. */
  readonly waited: number;
  readonly waitedFor?: string;
  /** How long the schedule alone held it back: it was ready, and the move before it had not taken effect. */
  readonly held: number;
  readonly violation?: InvariantId;
}

export interface TimedReplay {
  /** The schedule as text. */
  readonly schedule: string;
  readonly steps: readonly TimedStep[];
  /** What the schedule violates; absent: nothing. */
  readonly violation?: InvariantId;
}
