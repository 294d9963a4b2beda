// Plans over the real engine for tests and benches of the farm.

import {
  broadcastPolicy,
  constant,
  exponentially,
  freeMachine,
  gracePolicy,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "../machine/laboratory.ts";
import type {Plan, PlanPoint} from "../plan/plan.ts";
import {fakePlan} from "./fake-engine.contract.ts";

const policies = [broadcastPolicy(), targetedPolicy(), gracePolicy(false)];

/** `policy x readers`, 8 CPUs, `duration` ns each. */
export function laboratoryPlan(
  readers: readonly number[],
  duration: number,
  overrides: Partial<Plan> = {},
): Plan {
  const base = systemOf({
    machine: freeMachine(9, {}, {"ipi.deliver.same_socket": 500, "ipi.handle": 150, store: 2}),
    policies: [broadcastPolicy()],
    duration,
    warmup: duration / 10,
    mms: [mmOf("app", [[1, 8]])],
    walkers: [
      walkerOf({
        on: [[1, 8]],
        cadence: {kind: "closed", think: exponentially(2000)},
        hold: exponentially(200),
      }),
    ],
    writers: [
      writerOf({
        name: "thp",
        cadence: {kind: "closed", think: exponentially(20_000)},
        work: constant(100),
      }),
    ],
  });
  const points: PlanPoint[] = policies.flatMap((policy, i) =>
    readers.map((count, j) => ({
      at: [i, j],
      patches: [
        {path: ["policies", 0], value: policy},
        {path: ["writers", 0, "policy"], value: policy.name},
        {path: ["walkers", 0, "on"], value: [[1, count]]},
      ],
    })),
  );
  return fakePlan({
    base,
    axes: [
      {path: "policy", unit: "name", values: policies.map(({name}) => ({label: name}))},
      {path: "readers", unit: "1", values: readers.map((value) => ({label: `${value}`, value}))},
    ],
    points,
    measures: [
      {
        name: "p99",
        expr: {op: "stat", aggregator: "quantile", entity: "thp", metric: "sync", q: 0.99},
        unit: "ns",
      },
      {
        name: "ipis",
        expr: {op: "stat", aggregator: "rate", entity: "sync", metric: "ipis"},
        unit: "1/s",
      },
    ],
    compare: [{axis: "policy", against: "broadcast"}],
    ...overrides,
  });
}
