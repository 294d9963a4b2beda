// Who pays: the CPU time that syncs cost each party, and the memory they keep. The parties are those of the argument on the kernel's
// list: readers pay for tracking, the writer for waiting, victims for interrupts they did not cause, idle CPUs for being woken.

import type {ColumnTable} from "arquero";
import type {RunResult} from "../farm/result.ts";
import type {Samples} from "../record/samples.ts";
import {meanOf} from "../record/statistic.ts";
import {meanInterval} from "../stats/mean-interval.ts";
import {axisColumns} from "./axis-columns.ts";
import {columns} from "./columns.ts";

/** The parties in the order in which a bill lists them. */
const payers = ["reader", "writer", "victim", "isolated victim", "wake-ups"] as const;

/**
 * A row per point and payer. Columns: the axes, `point`, `payer`, `cpu` with `cpu_lo`, `cpu_hi` in CPUs (seconds of CPU time a second),
 * and the same in every row of a point: `retained_bytes` on average (NaN when nothing was retained) and `n` replications.
 */
export function billTable(result: RunResult): ColumnTable {
  const axes = axisColumns(result.plan);
  const rows = columns([
    ...axes.map((axis) => axis.name),
    "point",
    "payer",
    "cpu",
    "cpu_lo",
    "cpu_hi",
    "retained_bytes",
    "n",
  ]);
  for (const {point, replications} of result.points) {
    if (replications.length === 0) continue;
    const place = Object.fromEntries(axes.map((axis) => [axis.name, axis.values[point]]));
    const bills = replications.map(billOf);
    const retained = average(replications.map(retainedBytes));
    for (const payer of payers) {
      const {mean, lo, hi} = meanInterval(
        bills.map((bill) => bill[payer]),
        result.plan.confidence,
      );
      rows.push({
        ...place,
        point,
        payer,
        cpu: mean,
        cpu_lo: lo,
        cpu_hi: hi,
        retained_bytes: retained,
        n: replications.length,
      });
    }
  }
  return rows.table();
}

type Bill = Record<(typeof payers)[number], number>;

// Every account of CPU time either belongs to one party or would have been spent without any sync (user, kernel, walk, idle, tick, preempted).
function billOf(samples: Samples): Bill {
  const bill: Bill = {
    reader: 0,
    writer: 0,
    victim: 0,
    "isolated victim": 0,
    "wake-ups": 0,
  };
  for (const {cpuClass, cpus, time} of samples.accounts) {
    // The accounts of a class add up to the length of the run, its warm-up included, times its CPUs.
    const length = Object.values(time).reduce((sum, spent) => sum + spent, 0) / cpus;
    for (const [account, spent] of Object.entries(time)) {
      const payer = payerOf(cpuClass, account);
      if (payer !== undefined) bill[payer] += spent / length;
    }
  }
  return bill;
}

function payerOf(cpuClass: string, account: string): (typeof payers)[number] | undefined {
  if (account === "tracker") return "reader";
  if (account === "spin") return "writer";
  if (account === "wakeup") return "wake-ups";
  if (account !== "handler") return undefined;
  return cpuClass === "isolated" ? "isolated victim" : cpuClass === "writer" ? "writer" : "victim";
}

function retainedBytes(samples: Samples): number {
  const levels = samples.series.filter(
    (series) => series.metric === "retained" && series.count > 0,
  );
  return levels.length === 0 ? Number.NaN : levels.reduce((sum, series) => sum + meanOf(series), 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
