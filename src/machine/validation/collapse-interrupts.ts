// V1: how many call-function interrupts collapsing 20 GiB takes. Needs no cost at all, only right counting.

import type {Policy} from "../../plan/policy.ts";
import {cpuSet} from "../../units/cpuset.ts";
import {
  broadcastPolicy,
  constant,
  flushImpliesPolicy,
  freeMachine,
  mmOf,
  systemOf,
  writerOf,
} from "../laboratory.ts";
import {simulate} from "../simulate.ts";
import {metricOf, twoSockets, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

const collapses = 10_240; // 20 GiB / 2 MiB

export function collapseInterrupts(): ValidationRow[] {
  const source =
    "CAL of /proc/interrupts, 64-core Intel, 20 GiB collapsed, before and after v8 of the series (msg2619611, 24 Mar 2026)";
  const constants = "none: requests are counted, costs do not matter";
  return [
    {
      table: "V1",
      quantity: "call-function interrupts, broadcast after each flush",
      unit: "interrupts",
      published: 646_316,
      ours: interrupts(broadcastPolicy(true), 1),
      role: "predicted",
      source,
      constants,
      residual:
        "10,240 collapses x 63 other CPUs = 645,120 exactly; the rest is what else interrupted the machine meanwhile (785 in the other run)",
    },
    {
      table: "V1",
      quantity: "the same where the flush implies the sync, mm on one CPU",
      unit: "interrupts",
      published: 785,
      ours: interrupts(flushImpliesPolicy(), 1),
      role: "predicted",
      source,
      constants,
      residual: "the published run's background; nothing else runs in ours",
    },
    {
      table: "V1",
      quantity: "the same with the mm on 9 CPUs: no published value, ours should be 10,240 x 8",
      unit: "interrupts",
      published: collapses * 8,
      ours: interrupts(flushImpliesPolicy(), 9),
      role: "predicted",
      source: "arithmetic: every collapse flushes the 8 other CPUs of the mm",
      constants,
      residual: "none",
    },
  ];
}

function interrupts(policy: Policy, cpusOfMm: number): number {
  const system = systemOf({
    machine: freeMachine(64, twoSockets(32), xeonCosts),
    policies: [policy],
    duration: 3e9,
    mms: [mmOf("app", cpuSet(Array.from({length: cpusOfMm}, (_, cpu) => cpu)))],
    writers: [
      writerOf({
        name: "khugepaged",
        cadence: {kind: "closed", think: constant(1000)},
        kind: "collapse",
        holds: "mmap_lock",
        work: constant(30_000),
        operations: collapses,
        policy: policy.name,
      }),
    ],
  });
  const samples = simulate(system, {seed: 1, replication: 0});
  if (metricOf(samples, "khugepaged", "count") !== collapses) {
    throw new RangeError("the run ended before all collapses");
  }
  return metricOf(samples, "sync", "interrupts");
}
