// V11: removing flush interrupts gains nothing while a lock is the bottleneck, and much once it is gone.

import type {Policy, PolicyStep} from "../../plan/policy.ts";
import type {TlbKind} from "../../plan/system.ts";
import {constant, first, freeMachine, mmOf, systemOf, writerOf} from "../laboratory.ts";
import {simulate} from "../simulate.ts";
import {metricOf, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

const threads = 36;
const source =
  "will-it-scale tlb_flush2_threads on a 36-core Milan, INVLPGB series (msg417207): 527 / 731 / 527 / 1157 thousand loops/s";

export function flushThroughput(): ValidationRow[] {
  // Serial time under the lock, from the row in which nothing else limits; time of a loop without lock and interrupts, from the last row.
  const held = 1e9 / 527e3;
  const loop = (threads * 1e9) / 1157e3;
  const constants =
    "serial part 1/527k s (second row), loop 36/1157k s (last row); costs of interrupts and lines as elsewhere, not from this table; INVLPGB 500 ns (judgement)";
  const row = (
    quantity: string,
    published: number,
    tlb: TlbKind,
    lock: number,
    role: ValidationRow["role"],
    residual: string,
  ): ValidationRow => ({
    table: "V11",
    quantity,
    unit: "k loops/s",
    published,
    ours: throughput(tlb, lock, loop),
    role,
    source,
    constants,
    residual,
  });
  return [
    row(
      "interrupts and the lock",
      527,
      "ipi",
      held,
      "predicted",
      "the kernel holds this lock with interrupts off, so that they do not lengthen the hold; in our language a delay under a lock can be interrupted, and is, 35 times a round",
    ),
    row(
      "INVLPGB alone",
      527,
      "invlpgb",
      held,
      "calibrated",
      "gives the serial part: the lock decides",
    ),
    row(
      "without the lock, interrupts",
      731,
      "ipi",
      0,
      "predicted",
      "each of 36 threads interrupts 35 others and is interrupted by all of them; what an interrupt costs on Milan is our judgement, about a fifth too high here",
    ),
    row(
      "both",
      1157,
      "invlpgb",
      0,
      "calibrated",
      "gives the loop; broadcasts wait for one another a little",
    ),
  ];
}

function throughput(tlb: TlbKind, held: number, loop: number): number {
  const serial: PolicyStep[] =
    held > 0
      ? [
          {step: "lock", lock: "lru"},
          {step: "delay", time: constant(held)},
          {step: "unlock", lock: "lru"},
        ]
      : [];
  const policy: Policy = {
    name: "loop",
    states: [],
    hooks: {op: [...serial, {step: "flush", mm: {kind: "builtin", name: "mm"}}]},
    covers: ["free", "unshare", "collapse"],
  };
  const system = systemOf({
    machine: freeMachine(
      threads,
      {tlb},
      {...xeonCosts, wakeup: 0, tick: 0, "tlb.broadcast": 500, "tlb.contend": 50},
    ),
    policies: [policy],
    duration: 2e7,
    warmup: 2e6,
    mms: [mmOf("app", first(threads))],
    writers: Array.from({length: threads}, (_, on) =>
      writerOf({
        name: `thread${on}`,
        on,
        cadence: {kind: "closed", think: constant(0)},
        work: constant(loop),
        kind: "collapse",
        policy: policy.name,
      }),
    ),
  });
  const samples = simulate(system, {seed: 1, replication: 0});
  let loops = 0;
  for (const {name} of system.writers) loops += metricOf(samples, name, "count");
  return loops / (samples.measured / 1e9) / 1000;
}
