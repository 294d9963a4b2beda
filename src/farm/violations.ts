// The safety violations of a run's replications: how many of each kind, and the first of each as a schedule that can be run again step by
// step. Nothing is kept for that while runs go on; the replication is run once more, up to the violation, or the checker looks for it.

import {violationSchedule} from "../machine/schedule/violation-schedule.ts";
import type {InvariantId} from "../plan/invariants.ts";
import {systemAt} from "../plan/point.ts";
import type {Violation} from "../record/samples.ts";
import type {RunResult} from "./result.ts";
import {searchedSchedule} from "./searched-schedule.ts";

/** The first violation of a kind, in the order of points and replications. */
export interface CountedViolation extends Violation {
  /** In all replications. */
  readonly count: number;
  readonly point: number;
  readonly replication: number;
  /**
   * Runs again by `replay` and `quiesce replay`, in the checker and in the timed engine. It is the order of the run where one walk and one
   * operation show the violation; where it takes more (a table shared by several mms) it is the shortest that the checker finds, and absent
   * if that finds none.
   */
  readonly schedule?: string;
}

const known = new WeakMap<RunResult, readonly CountedViolation[]>();

/** Violations by kind, I1 first. Runs the replications of the first ones again, once for a result. */
export function violationsOf(result: RunResult): readonly CountedViolation[] {
  const found = known.get(result) ?? counted(result);
  known.set(result, found);
  return found;
}

function counted(result: RunResult): CountedViolation[] {
  const counts = new Map<InvariantId, number>();
  const first = new Map<InvariantId, Omit<CountedViolation, "count" | "schedule">>();
  for (const {point, replications} of result.points) {
    for (const {replication, violations, violationCounts} of replications) {
      for (const violation of violations) {
        if (!first.has(violation.kind))
          first.set(violation.kind, {...violation, point, replication});
      }
      for (const [kind, count] of Object.entries(violationCounts)) {
        const id = kind as InvariantId;
        counts.set(id, (counts.get(id) ?? 0) + count);
      }
    }
  }
  const {plan} = result;
  return [...first.values()]
    .filter(({kind}) => (counts.get(kind) ?? 0) > 0)
    .sort((a, b) => Number(a.kind.slice(1)) - Number(b.kind.slice(1)))
    .map((violation) => {
      const {point, replication, kind} = violation;
      const system = systemAt(plan, point);
      const schedule =
        violationSchedule(system, violation, {
          seed: plan.seed,
          replication,
          point,
          streams: plan.streams,
          ...(plan.executor === undefined ? {} : {executor: plan.executor}),
        }) ?? searchedSchedule(system, violation);
      const count = counts.get(kind) as number;
      return {...violation, count, ...(schedule === undefined ? {} : {schedule})};
    });
}
