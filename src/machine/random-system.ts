// Systems drawn at random, small enough to run in milliseconds and mixed enough to meet every mechanism. For the property tests.

import type {Policy} from "../plan/policy.ts";
import type {System} from "../plan/system.ts";
import {log} from "../random/elementary.ts";
import {uniform53, uniformBelow} from "../random/stream.ts";
import type {Distribution} from "../units/distribution.ts";
import {
  broadcastPolicy,
  bystanderOf,
  constant,
  deferredPolicy,
  exponentially,
  fencePolicy,
  first,
  flushImpliesPolicy,
  freeMachine,
  gracePolicy,
  loadOf,
  mmOf,
  nonePolicy,
  systemOf,
  targetedPolicy,
  underLruLock,
  walkerOf,
  writerOf,
} from "./laboratory.ts";

/** The system that a stream of random words describes. */
export function randomSystem(state: Int32Array): System {
  const pick = <T>(values: readonly T[]): T => values[uniformBelow(state, 0, values.length)] as T;
  const chance = (p: number): boolean => uniform53(state, 0) < p;
  const law = (mean: number): Distribution =>
    pick<Distribution>([
      constant(mean),
      exponentially(mean),
      {kind: "uniform", lo: mean / 2, hi: mean * 1.5},
      {kind: "lognormal", mu: log(mean), sigma: 0.7},
    ]);
  const cores = 2 + uniformBelow(state, 0, 5);
  const smt = pick([1, 2]);
  const sockets = pick([1, 2]);
  const cpus = cores * smt * sockets;
  const random = chance(0.3);
  const cost = (mean: number) => (random ? law(mean) : mean);
  const machine = freeMachine(
    cores,
    {
      smt,
      sockets,
      apic: pick(["cluster", "physical", "broadcast", "pv"]),
      tlb: pick(["ipi", "ipi", "invlpgb", "tlbi", "hypercall"]),
      virt: pick(["none", "none", "kvm"]),
      idle: pick(["poll", "c1"]),
      preempt: pick(["none", "full"]),
      hz: pick([1000, 10000]),
      stealRate: chance(0.3) ? 2000 : 0,
      steal: law(20_000),
      isolated: chance(0.3) ? [[cpus - 1, cpus - 1]] : [],
      nohzFull: chance(0.3) ? [[cpus - 1, cpus - 1]] : [],
      rcuModel: pick(["quiescent", "quiescent", "sampled"]),
    },
    {
      load: 1,
      store: 1,
      xchg: cost(7),
      mb: cost(8),
      "line.same_core": 18,
      "line.same_socket": 50,
      "line.cross_socket": cost(150),
      "irq.save": 3,
      "irq.restore": 7,
      "ipi.send": 30,
      "ipi.icr": 100,
      "ipi.deliver.same_core": 300,
      "ipi.deliver.same_socket": cost(500),
      "ipi.deliver.cross_socket": 900,
      "ipi.entry": 200,
      "ipi.handle": 150,
      "ipi.exit": cost(180),
      "ipi.ack": 20,
      "ipi.vmexit": 1400,
      "tlb.full": 400,
      "tlb.page": cost(90),
      "tlb.broadcast": 800,
      "tlb.contend": 300,
      "tlb.hypercall": 5000,
      "rcu.gp": law(300_000),
      "rcu.expedited": law(40_000),
      "rcu.callback": 40,
      "rcu.handle": 100,
      wakeup: 1500,
      switch: 900,
      tick: 700,
      "idle.exit.c1": 1000,
      alloc: 50,
      copy: 100,
    },
  );
  const policies: Policy[] = [
    pick([
      broadcastPolicy,
      targetedPolicy,
      () => gracePolicy(false, true),
      () => gracePolicy(true),
      deferredPolicy,
      nonePolicy,
      flushImpliesPolicy,
      fencePolicy,
      () => broadcastPolicy(true),
      () => targetedPolicy(true),
      () => underLruLock(law(1500)),
    ])(),
  ];
  if (chance(0.3) && policies[0]?.name !== "broadcast") policies.push(broadcastPolicy());
  const half = Math.max(1, cpus >> 1);
  const cadence = (mean: number) =>
    chance(0.5)
      ? ({kind: "closed", think: law(mean)} as const)
      : ({kind: "open", gap: law(mean)} as const);
  const walkers = [
    walkerOf({
      on: first(half),
      cadence: cadence(3000),
      hold: law(400),
      protect: pick(["irq", "irq", "rcu", "none", "lock"]),
    }),
  ];
  if (chance(0.4)) {
    walkers.push(
      walkerOf({
        name: "perf",
        kind: "perf",
        on: first(half),
        cadence: cadence(9000),
        hold: law(250),
      }),
    );
  }
  if (chance(0.3)) {
    walkers.push(
      walkerOf({name: "db", mm: "db", on: first(2), cadence: cadence(5000), hold: law(300)}),
    );
  }
  const writers = Array.from({length: 1 + uniformBelow(state, 0, 3)}, (_, index) =>
    writerOf({
      name: `writer${index}`,
      on: uniformBelow(state, 0, cpus),
      cadence: cadence(30_000),
      work: law(2000),
      kind: pick(["free", "unshare", "collapse"]),
      holds: pick(["none", "mmap_lock", "ptl", "i_mmap"]),
      batch: pick([1, 4]),
      ...(chance(0.2) ? {on: 0, workers: 2} : {}),
      lastSharer: pick([1, 0.5]),
      allocFail: pick([0, 0.3]),
      faults: pick([0, 200_000]),
      policy: pick(policies).name,
    }),
  );
  return systemOf({
    machine,
    policies: policies.map((policy, index) =>
      index === 0 && policies.length > 1 ? {...policy, fallback: "broadcast"} : policy,
    ),
    duration: 2_000_000,
    warmup: pick([0, 300_000]),
    mms: [
      mmOf("app", first(half), {shares: ["db"], lazy: chance(0.3) ? [[cpus - 1, cpus - 1]] : []}),
      mmOf("db", first(2), {shares: ["app"]}),
    ],
    walkers,
    writers,
    bystanders: chance(0.3)
      ? [bystanderOf({on: [[cpus - 1, cpus - 1]], period: constant(100_000), work: law(12_000)})]
      : [],
    loads: chance(0.4)
      ? [
          loadOf({
            on: [[half, cpus - 1]],
            idle: pick([0, 0.5]),
            user: pick([1, 0.5, 0]),
            syscalls: pick([5000, 50_000]),
            switches: pick([0, 20_000]),
            irqOff: law(1500),
            irqRate: pick([0, 30_000]),
          }),
        ]
      : [],
  });
}
