// Unit costs that several validation runs share, each with its source. None of them was derived from a value it is compared with.

import type {CostName} from "../../plan/costs.ts";
import type {Machine} from "../../plan/system.ts";
import type {Samples} from "../../record/samples.ts";

/** Same-CPU compare-and-swap, and moving a line: perfbook cpu/overheads.tex, Xeon Platinum 8176, 2.1 GHz (blind compare-and-swap) [ns]. */
export const perfbook = {
  cas: 7,
  sameCore: 7.2,
  sameSocket: 47.5,
  crossSocket: 148.8,
} as const;

/** Costs of a Skylake-era Xeon [ns]; what is marked D is a judgement, not a measurement. */
export const xeonCosts: Partial<Record<CostName, number>> = {
  load: 1,
  store: 1,
  xchg: perfbook.cas,
  mb: perfbook.cas,
  "line.same_core": perfbook.sameCore,
  "line.same_socket": perfbook.sameSocket,
  "line.cross_socket": perfbook.crossSocket,
  "irq.save": 3, // D
  "irq.restore": 6.9, // popf, lkml 1608.2/01364
  "ipi.send": 15, // two uncontended atomics
  "ipi.icr": 200, // D
  "ipi.deliver.same_core": 350, // D
  "ipi.deliver.same_socket": 500, // D
  "ipi.deliver.cross_socket": 800, // D
  "ipi.entry": 300, // D
  "ipi.handle": 200, // D
  "ipi.exit": 300, // D
  "ipi.ack": 5, // D
  "tlb.page": 100, // comment in arch/x86/mm/tlb.c
  "tlb.full": 250, // D
  "rcu.callback": 45,
  "rcu.handle": 200,
  wakeup: 2000, // D
  switch: 1200, // D
  tick: 1500, // D
  "idle.exit.c1": 2000, // drivers/idle/intel_idle.c
};

/** Mean of a stream, or the number of a count. */
export function metricOf(samples: Samples, entity: string, metric: string): number {
  const row = samples.series.find((one) => one.entity === entity && one.metric === metric);
  if (row === undefined) throw new RangeError(`no metric ${entity}.${metric}`);
  return row.sum / row.count;
}

/** Two sockets with SMT off. */
export const twoSockets = (cores: number): Partial<Omit<Machine, "costs">> => ({
  sockets: 2,
  coresPerSocket: cores,
  nodes: 2,
});
