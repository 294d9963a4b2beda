// A `check` command as the plan stores it: what is explored, within which bounds, under which memory model, and what is expected.

import type {System} from "./system.ts";

export type MemoryModel = "sc" | "tso" | "pso" | "lkmm";
export type CheckProperty = "safety" | "progress" | "deadlock";

/** Bounds of an exploration. `walks` absent: unbounded. `exactly` asks for that many CPUs rather than up to so many. */
export interface CheckScope {
  readonly cpus: number;
  readonly exactCpus: boolean;
  readonly walks?: number;
  readonly writes: number;
  /** NMIs, vCPU preemptions and migrations that may happen in a run; 0: none. */
  readonly nmis: number;
  readonly preemptions: number;
  readonly migrations: number;
  /** How often a CPU may go offline or come online in a run; absent: never. */
  readonly hotplugs?: number;
  /**
   * `sync`: the policy alone; a TLB flush invalidates, but its barrier and its interrupts are not credited, so that it cannot mask what the
   * policy lacks. `whole`: the flush counts as `machine.tlb` and `machine.virt` say. Absent: `whole` where a hardware walker takes part,
   * else `sync`.
   */
  readonly path?: "sync" | "whole";
}

export interface CheckCase {
  /** How the case is named in the report: the policy, and what `with` changed. */
  readonly label: string;
  /** The scenario with this case's policy and `with` applied. */
  readonly system: System;
  readonly expect?: "safe" | "unsafe";
}

export interface CheckPlan {
  readonly format: 1;
  readonly property: CheckProperty;
  readonly scenario: string;
  readonly scope: CheckScope;
  readonly model: MemoryModel;
  readonly cases: readonly CheckCase[];
}
