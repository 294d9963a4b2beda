// V8: the cache-transfer table is where the costs of moving a line come from. The run shows that a scan of trackers pays them by distance:
// nothing is predicted, but a mistake in the topology would show.

import {
  constant,
  freeMachine,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "../laboratory.ts";
import {simulate} from "../simulate.ts";
import {metricOf, perfbook, xeonCosts} from "./measured.ts";
import type {ValidationRow} from "./validation-row.ts";

export function lineTransfers(): ValidationRow[] {
  const source =
    "perfbook cpu/overheads.tex, blind compare-and-swap, Xeon Platinum 8176, 8 sockets x 28 cores x 2 threads";
  // CPU 0's sibling is CPU 224; CPU 1 is on its socket, CPU 28 on the next.
  const places = [
    ["on the core", 224, perfbook.sameCore],
    ["off the core", 1, perfbook.sameSocket],
    ["off the socket", 28, perfbook.crossSocket],
  ] as const;
  const moves: ValidationRow[] = places.map(([where, cpu, published]) => ({
    table: "V8",
    quantity: `reading a busy tracker ${where}`,
    unit: "ns",
    published,
    ours: scan(cpu) - scan(undefined),
    role: "calibrated" as const,
    source,
    constants: "the row itself",
    residual: "none is possible: the cost is charged once for the one line that has moved",
  }));
  return [
    ...moves,
    roundTrip("C18", "Xeon Platinum 8176", perfbook.cas, 15.4),
    roundTrip("C20", "Nehalem X5550", 12.2, 25.6),
  ];
}

/** Taking a lock for reading and giving it back on the CPU where its line is. */
function roundTrip(table: string, machine: string, cas: number, published: number): ValidationRow {
  const system = systemOf({
    machine: freeMachine(1, {}, {xchg: cas}),
    policies: [],
    duration: 1e6,
    walkers: [
      walkerOf({
        on: [[0, 0]],
        protect: "lock",
        cadence: {kind: "closed", think: constant(1000)},
        hold: constant(0),
      }),
    ],
  });
  return {
    table,
    quantity: `taking and giving back a lock on its own CPU, ${machine}`,
    unit: "ns",
    published,
    ours: metricOf(simulate(system, {seed: 1, replication: 0}), "gup", "latency"),
    role: "predicted",
    source: "perfbook cpu/overheads.tex, lock on the same CPU",
    constants: `two compare-and-swaps of ${cas} ns (the same table)`,
    residual: "the instructions around the two atomics",
  };
}

/** Mean time of a scan of all trackers when only `cpu` walks. */
function scan(cpu: number | undefined): number {
  const system = systemOf({
    machine: freeMachine(448, {sockets: 8, coresPerSocket: 28, smt: 2}, {...xeonCosts, tick: 0}),
    policies: [targetedPolicy()],
    duration: 3e7,
    mms: [mmOf("app", cpu === undefined ? [] : [[cpu, cpu]]), mmOf("other", [])],
    walkers:
      cpu === undefined
        ? []
        : [
            walkerOf({
              on: [[cpu, cpu]],
              cadence: {kind: "closed", think: constant(300)},
              hold: constant(100),
            }),
          ],
    // It looks for walks of another mm, so that nobody is interrupted.
    writers: [
      writerOf({
        mm: "other",
        policy: "targeted",
        cadence: {kind: "closed", think: constant(100_000)},
      }),
    ],
    warmup: 1e6,
  });
  return metricOf(simulate(system, {seed: 1, replication: 0}), "writer", "sync");
}
