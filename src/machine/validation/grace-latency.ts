// How long synchronize_rcu() takes: idle with HZ=1000, without and with the early report of the kthread's CPU; and under load.

import type {Distribution} from "../../units/distribution.ts";
import {
  constant,
  exponentially,
  first,
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
      constants:
        "HZ=250 (the default of kernel/Kconfig.hz); every CPU busy, half of it in the kernel, 200 context switches a second",
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
    {
      table: "C34",
      quantity: "callers that one grace period serves, of 1,200 (published: it can be over 1,000)",
      unit: "callers",
      published: Number.NaN,
      ours: callersServed(1200),
      role: "predicted",
      source: `${requirements}: one grace period can serve more than 1,000 callers`,
      constants: "1,200 tasks on 64 CPUs that call synchronize_rcu() in a loop; HZ=1000",
      residual:
        "whoever calls while a grace period is under way shares the next one; those whose CPU others of them hold for a moment come later",
    },
    ...[4, 16].map(
      (cpus): ValidationRow => ({
        table: "C34",
        quantity: `synchronize_rcu_expedited(), ${cpus} CPUs in user mode (published: a few tens of us)`,
        unit: "us",
        published: Number.NaN,
        ours: expedited(cpus),
        role: "predicted",
        source: `${requirements}: a few tens of microseconds on small systems`,
        constants: "wake-ups 2 us, delivery, entry and handler as in every row (judgement)",
        residual:
          "three wake-ups, of the kthread, of the kthread again and of the caller, and one interrupt after the other; a CPU in the kernel without preemption is waited for besides, until it leaves it",
      }),
    ),
  ];
}

const requirements = "Documentation/RCU/Design/Requirements/Requirements.rst";

/** Callers that share a grace period, on average. */
function callersServed(callers: number): number {
  const system = systemOf({
    machine: freeMachine(64, {hz: 1000}, xeonCosts),
    policies: [gracePolicy(false)],
    duration: 2e8,
    mms: [],
    writers: Array.from({length: callers}, (_, i) =>
      writerOf({
        name: `caller${i}`,
        on: i % 64,
        policy: "rcu",
        cadence: {kind: "closed", think: constant(1000)},
      }),
    ),
  });
  const samples = simulate(system, {seed: 1, replication: 0});
  const served = system.writers.reduce((sum, {name}) => sum + metricOf(samples, name, "count"), 0);
  return served / metricOf(samples, "sync", "gps");
}

/** Mean wait for an expedited grace period where all CPUs are in user mode [us]. */
function expedited(cpus: number): number {
  const system = systemOf({
    machine: freeMachine(cpus, {hz: 1000}, xeonCosts),
    policies: [gracePolicy(true)],
    duration: 5e8,
    loads: [loadOf({on: first(cpus), switches: 200, irqOff: exponentially(2000), irqRate: 2000})],
    writers: [
      writerOf({on: 1, policy: "expedited", cadence: {kind: "closed", think: exponentially(1e6)}}),
    ],
  });
  return metricOf(simulate(system, {seed: 1, replication: 0}), "writer", "sync") / 1000;
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
