// V12: hardware broadcast is not free. 32 single-threaded processes invalidate; each could do so locally.

import type {Policy} from "../../plan/policy.ts";
import {constant, freeMachine, mmOf, systemOf, writerOf} from "../laboratory.ts";
import {simulate} from "../simulate.ts";
import {metricOf, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

const processes = 32;

export function broadcastContention(): ValidationRow[] {
  const local = operationTime("ipi", processes);
  const broadcast = operationTime("tlbi", processes);
  const alone = operationTime("tlbi", 1);
  const source =
    "32 single-threaded processes, mprotect in a loop, Ampere, 2.1214 s -> 0.1198 s when TLBI is made local (20200203201745, and Catalin Marinas' reply)";
  const constants =
    "mprotect without its flush 600 ns, TLBI + DSB alone 300 ns, 300 ns more for each in flight (all judgement), local invalidation 100 ns";
  return [
    {
      table: "V12",
      quantity: "broadcast against local invalidation, 32 processes",
      unit: "times",
      published: 2.1214 / 0.1198,
      ours: broadcast / local,
      role: "predicted",
      source,
      constants,
      residual:
        "sign and size follow from a queue on the interconnect; the factor is as good as the judgement of what a TLBI in flight adds",
    },
    {
      table: "V12",
      quantity: "broadcast, 32 processes against one: no published value, contention must show",
      unit: "times",
      published: Number.NaN,
      ours: broadcast / alone,
      role: "predicted",
      source,
      constants,
      residual: "not published",
    },
  ];
}

function operationTime(tlb: "tlbi" | "ipi", count: number): number {
  const policy: Policy = {
    name: "mprotect",
    states: [],
    hooks: {op: [{step: "flush", mm: {kind: "builtin", name: "mm"}}]},
    covers: ["free", "unshare", "collapse"],
  };
  const system = systemOf({
    machine: freeMachine(
      processes,
      {arch: "arm64", tlb},
      {...xeonCosts, tick: 0, "tlb.broadcast": 300, "tlb.contend": 300, "tlb.page": 100},
    ),
    policies: [policy],
    duration: 1e7,
    warmup: 1e6,
    mms: Array.from({length: count}, (_, cpu) => mmOf(`process${cpu}`, [[cpu, cpu]])),
    writers: Array.from({length: count}, (_, on) =>
      writerOf({
        name: `process${on}`,
        mm: `process${on}`,
        on,
        cadence: {kind: "closed", think: constant(0)},
        work: constant(600),
        policy: policy.name,
      }),
    ),
  });
  const samples = simulate(system, {seed: 1, replication: 0});
  return metricOf(samples, "process0", "latency");
}
