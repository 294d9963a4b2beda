// A system like those people run, for the benches: two sockets of a Xeon, walkers on all CPUs but some, one writer that collapses, unrelated
// interrupts-off work on the last CPUs.

import type {System} from "../plan/system.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  constant,
  exponentially,
  first,
  freeMachine,
  loadOf,
  mmOf,
  systemOf,
  targetedPolicy,
  walkerOf,
  writerOf,
} from "./laboratory.ts";
import {twoSockets, xeonCosts} from "./validation/measured.ts";

const lognormal: Distribution = {kind: "lognormal", mu: Math.log(900), sigma: 0.8};

/** `cpus` CPUs, 60 of 64 with a walker of `walks` walks/s, over so many seconds; walks as `hold` says, lognormal when absent [ns]. */
export function busySystem(
  cpus: number,
  walks: number,
  seconds: number,
  hold: Distribution = lognormal,
): System {
  const readers = first(Math.round((cpus * 60) / 64));
  return systemOf({
    machine: freeMachine(cpus, {...twoSockets(cpus / 2), hz: 250, idle: "c1"}, xeonCosts),
    policies: [targetedPolicy(true)],
    duration: seconds * 1e9,
    mms: [mmOf("app", readers)],
    walkers: [
      walkerOf({on: readers, cadence: {kind: "open", gap: exponentially(1e9 / walks)}, hold}),
    ],
    writers: [
      writerOf({
        name: "khugepaged",
        on: cpus - 1,
        kind: "collapse",
        holds: "mmap_lock",
        policy: "targeted",
        cadence: {kind: "open", gap: exponentially(1e6)},
        work: constant(30_000),
      }),
    ],
    loads: [loadOf({on: [[cpus - 4, cpus - 1]], irqOff: exponentially(2000), irqRate: 4000})],
  });
}
