// V11: removing flush interrupts gains nothing while a lock is the bottleneck, and much once it is gone. The lock is the one that
// lru_add_drain() takes on every madvise(): it spins and is held with interrupts off, so that flush interrupts do not lengthen it; they
// are taken when it is given back.

import type {CostName} from "../../plan/costs.ts";
import type {Policy, PolicyStep} from "../../plan/policy.ts";
import type {TlbKind} from "../../plan/system.ts";
import {
  constant,
  exponentially,
  first,
  freeMachine,
  mmOf,
  systemOf,
  writerOf,
} from "../laboratory.ts";
import {simulate} from "../simulate.ts";
import {metricOf, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

const threads = 36;
/** Lines move within one die of Zen 3 (prelude, `epyc_costs`). */
const milanCosts = {
  ...xeonCosts,
  store: 1,
  xchg: 0,
  mb: 2.2,
  "line.same_socket": 53,
  tick: 0,
  "tlb.broadcast": 500,
  "tlb.contend": 50,
} as const satisfies Partial<Record<CostName, number>>;
const source =
  "will-it-scale tlb_flush2_threads (touch a page, madvise(DONTNEED) it) on a 36-core Milan, INVLPGB series (msg417207): 527 / 731 / 527 / 1157 thousand loops/s";

export function flushThroughput(): ValidationRow[] {
  // Serial time under the lock, from the row in which nothing else limits; time of a loop without lock and interrupts, from the last row.
  // The hand-over of the lock, a line and the instructions around it, is part of it.
  const held = 1e9 / 527e3 - milanCosts["line.same_socket"] - milanCosts.store;
  const loop = (threads * 1e9) / 1157e3;
  const constants =
    "time under the lock 1/527k s (second row), loop 36/1157k s on average, exponential (last row); moving a line within Zen 3 53 ns (prelude, epyc_costs), one page 100 ns (kernel comment), delivery, entry, handler and exit as in every row (judgement), INVLPGB 500 ns (judgement): none of these from this table";
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
    ours: run(tlb, lock, loop).loops,
    role,
    source,
    constants,
    residual,
  });
  const shareOfFlushes = {
    table: "V11",
    unit: "%",
    role: "predicted",
    source: "the same mail: TLB flushes fell from 40 % to 4 % of CPU time",
    constants,
  } as const;
  return [
    row(
      "interrupts and the lock",
      527,
      "ipi",
      held,
      "predicted",
      "the lock decides as long as somebody waits for it: interrupts reach neither its holder nor its waiters before they have had it. How much a loop varies is a judgement: loops of constant length would fall into step behind the lock, and lose a quarter",
    ),
    row(
      "INVLPGB alone",
      527,
      "invlpgb",
      held,
      "calibrated",
      "gives the time under the lock: why a lock that is held for well under a microsecond when nobody contends takes 1.9 us a round here (moving the lock, the list and the folio between 36 cores) cannot be known from what is published",
    ),
    row(
      "without the lock, interrupts",
      731,
      "ipi",
      0,
      "predicted",
      "each of 36 threads interrupts 35 others and is interrupted by all of them; what an interrupt costs on Milan is our judgement, and half as much would give 748",
    ),
    row(
      "both",
      1157,
      "invlpgb",
      0,
      "calibrated",
      "gives the loop; broadcasts wait for one another a little. 31 us for two faults and a madvise() say that something else is serial still (mmap_lock's line, page allocation, INVLPGB itself): the facts do not tell which",
    ),
    {
      ...shareOfFlushes,
      quantity: "share of CPU time in flushes, interrupts and the lock",
      published: 40,
      ours: 100 * run("ipi", held, loop).flushing,
      residual:
        "most of it is waiting for CPUs that spin for the lock with interrupts off, which a profile books under the flush as we do; handlers are counted, and what they take from a flush under way is counted twice",
    },
    {
      ...shareOfFlushes,
      quantity: "the same, INVLPGB alone",
      published: 4,
      ours: 100 * run("invlpgb", held, loop).flushing,
      residual:
        "sign and order: an INVLPGB of 500 ns is our judgement; the published 4 % of 36 CPUs would be 2.7 us a loop, so the instruction, its TLBSYNC and what surrounds them seem to take longer",
    },
  ];
}

/** Thousands of loops a second, and the fraction of CPU time in flushes and their handlers. */
function run(tlb: TlbKind, held: number, loop: number): {loops: number; flushing: number} {
  const serial: PolicyStep[] =
    held > 0
      ? [
          {step: "lock", lock: "lru_lock"},
          {step: "delay", time: constant(held)},
          {step: "unlock", lock: "lru_lock"},
        ]
      : [];
  const policy: Policy = {
    name: "loop",
    states: [],
    hooks: {op: [...serial, {step: "flush", mm: {kind: "builtin", name: "mm"}}]},
    covers: ["free", "unshare", "collapse"],
  };
  const system = systemOf({
    machine: freeMachine(threads, {tlb}, milanCosts),
    policies: [policy],
    duration: 2e7,
    warmup: 2e6,
    mms: [mmOf("app", first(threads))],
    writers: Array.from({length: threads}, (_, on) =>
      writerOf({
        name: `thread${on}`,
        on,
        cadence: {kind: "closed", think: constant(0)},
        work: exponentially(loop),
        policy: policy.name,
      }),
    ),
  });
  const samples = simulate(system, {seed: 1, replication: 0});
  const {measured, accounts} = samples;
  let loops = 0;
  let flushing = 0;
  for (const {name} of system.writers) {
    loops += metricOf(samples, name, "count");
    flushing += metricOf(samples, name, "flush") * metricOf(samples, name, "count");
  }
  const handlers = accounts.reduce((sum, {time}) => sum + (time.handler ?? 0), 0);
  return {
    loops: loops / (measured / 1e9) / 1000,
    flushing: flushing / measured / threads + handlers / system.duration / threads,
  };
}
