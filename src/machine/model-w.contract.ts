// Model W, on which executors are compared with theory, with each other and with other simulators: n CPUs of which each thinks and walks with
// interrupts off, and a writer that thinks, then broadcasts to all of them and waits.

import type {System} from "../plan/system.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  broadcastPolicy,
  exponentially,
  freeMachine,
  mmOf,
  systemOf,
  walkerOf,
  writerOf,
} from "./laboratory.ts";

/** In what it differs; times in ns. */
export interface Shape {
  readonly hold?: Distribution;
  /** Mean gap of an open loop; absent: the walker thinks. */
  readonly every?: number;
  /** Mean thinking time of the walker, and of the writer. */
  readonly thinks?: number;
  readonly think?: number;
  readonly policy?: System["policies"][number];
  readonly given?: Partial<System>;
}

/** Walkers on CPUs 1 to n, the writer on CPU 0, for so many ns. */
export function modelW(n: number, duration: number, shape: Shape = {}): System {
  const {hold = exponentially(200), think = 50_000, policy = broadcastPolicy()} = shape;
  const {every, thinks = 2000} = shape;
  return systemOf({
    machine: freeMachine(
      n + 1,
      {},
      {
        "ipi.deliver.same_socket": 500,
        "ipi.handle": 150,
        ...(policy.name === "targeted" ? {mb: 8, store: 1, load: 1, "line.same_socket": 50} : {}),
      },
    ),
    policies: [policy],
    duration,
    mms: [mmOf("app", [[1, n]])],
    walkers: [
      walkerOf({
        on: [[1, n]],
        cadence:
          every === undefined
            ? {kind: "closed", think: exponentially(thinks)}
            : {kind: "open", gap: exponentially(every)},
        hold,
      }),
    ],
    writers: [
      writerOf({policy: policy.name, cadence: {kind: "closed", think: exponentially(think)}}),
    ],
    ...shape.given,
  });
}
