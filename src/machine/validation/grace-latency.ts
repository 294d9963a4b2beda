// How long synchronize_rcu() takes: idle with HZ=1000, without and with the early report of the kthread's CPU; and under load.

import type {Distribution} from "../../units/distribution.ts";
import {
  constant,
  exponentially,
  freeMachine,
  gracePolicy,
  loadOf,
  systemOf,
  writerOf,
} from "../laboratory.ts";
import {type SimulateOptions, simulate} from "../simulate.ts";
import {metricOf, twoSockets, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

export function graceLatency(): ValidationRow[] {
  const source =
    "synchronize_rcu() in a loop, idle, HZ=1000, 32 CPUs: mean of ten runs (Joel Fernandes, 20260101163417.1065705-7)";
  const constants =
    "HZ and the defaults of kernel/rcu/tree.h; wake-up 2 us (judgement). No duration of a grace period is given anywhere";
  return [
    {
      table: "C31",
      quantity: "synchronize_rcu(), idle, HZ=1000, 32 CPUs",
      unit: "ms",
      published: 9.75,
      ours: idle({}),
      role: "predicted",
      source,
      constants,
      residual:
        "ours is the clockwork: a tick to start, two scans of four ticks, a tick to finish. The published runs spread from 5.99 to 25.7 ms: on a real machine a scan is sometimes spared, sometimes missed",
    },
    {
      table: "C31",
      quantity: "the same, the kthread's CPU reports itself early",
      unit: "ms",
      published: 6.04,
      ours: idle({earlySelfReport: true}),
      role: "predicted",
      source,
      constants,
      residual: "one scan instead of two",
    },
    {
      table: "C33",
      quantity: "synchronize_rcu(), 64 CPUs under load, HZ=250",
      unit: "ms",
      published: 22.9,
      ours: loaded(250),
      role: "predicted",
      source:
        "average under high load, 64-core x86-64; HZ, configuration and load not stated (2602.0/07507, 5 Feb 2026)",
      constants: "HZ=250; every CPU busy, half of it in the kernel, 200 context switches a second",
      residual:
        "HZ and load of the published run are unknown; the next rows show what two of the unknowns do",
    },
    {
      table: "C33",
      quantity: "the same with HZ=1000",
      unit: "ms",
      published: 22.9,
      ours: loaded(1000),
      role: "predicted",
      source: "average under high load, as in the row before (2602.0/07507)",
      constants: "as in the row before, but HZ=1000",
      residual:
        "with a thousand ticks a second such a grace period is over before 9 ms, if whoever is woken runs at once: woken tasks do not compete for CPUs in this row",
    },
    {
      table: "C33",
      quantity: "HZ=1000, woken tasks wait for a slice of whoever runs",
      unit: "ms",
      published: 22.9,
      ours: loaded(1000, {kind: "uniform", lo: 0, hi: slice}),
      role: "predicted",
      source: "average under high load, as in the rows before (2602.0/07507)",
      constants:
        "as in the row before; a wake-up takes 0 to 3 ms, what is left of a slice of 0.75 ms x (1 + log2 8) (sysctl_sched_base_slice, kernel/sched/fair.c)",
      residual:
        "the kthread is woken to begin, for every scan and to end, the caller once; longer queues of runnable tasks would make it longer still. Which of HZ and run queues made the published mean cannot be known from it",
    },
  ];
}

function idle(options: Partial<SimulateOptions>): number {
  const system = systemOf({
    machine: freeMachine(32, {hz: 1000, idle: "c1"}, xeonCosts),
    policies: [gracePolicy(false)],
    duration: 2e9,
    mms: [],
    writers: [writerOf({on: 1, policy: "rcu", cadence: {kind: "closed", think: constant(1000)}})],
  });
  return metricOf(simulate(system, {seed: 1, replication: 0, ...options}), "writer", "sync") / 1e6;
}

const slice = 3e6;

function loaded(hz: number, wakeup?: Distribution): number {
  const system = systemOf({
    machine: freeMachine(
      64,
      {...twoSockets(32), hz},
      {
        ...xeonCosts,
        ...(wakeup === undefined ? {} : {wakeup}),
      },
    ),
    policies: [gracePolicy(false)],
    duration: 5e9,
    loads: [
      loadOf({on: [[0, 63]], user: 0.5, switches: 200, irqOff: exponentially(2000), irqRate: 2000}),
    ],
    writers: [
      writerOf({on: 1, policy: "rcu", cadence: {kind: "closed", think: exponentially(1e6)}}),
    ],
  });
  return metricOf(simulate(system, {seed: 1, replication: 0}), "writer", "sync") / 1e6;
}
