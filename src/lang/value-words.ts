// The words that stand for values without being declared: distributions, aggregators of metrics, sets of CPUs, and what a hook sees. The
// completion and the reference list them from here.

import {type LawRow, lawTable} from "./law.ts";

export interface ValueWord {
  readonly name: string;
  /** How it is called; absent: it is used by its name alone. */
  readonly signature?: string;
  readonly doc: string;
}

const word = (name: string, signature: string | undefined, doc: string): ValueWord =>
  signature === undefined ? {name, doc} : {name, signature, doc};

/** Distributions; drawn anew at every use. The other sets of parameters follow the description. */
export const lawWords: readonly ValueWord[] = lawTable.map((row) => {
  const others = row.forms.slice(1).map((form) => form.map((name) => `\`${name}\``).join(" and "));
  const also =
    others.length === 0
      ? ""
      : ` Also by ${others.slice(0, 4).join("; ")}${others.length > 4 ? "; or other quantiles" : ""}.`;
  return {name: row.name, signature: lawSignature(row), doc: row.doc + also};
});

function lawSignature({name, forms, positional}: LawRow): string {
  if (name === "empirical") return 'empirical("file.csv", column: , unit: )';
  const [form = []] = forms;
  return `${name}(${form.map((one) => (positional.includes(one) ? one : `${one}: `)).join(", ")})`;
}

/** From a metric to one number a replication. */
export const aggregatorWords: readonly ValueWord[] = [
  word("mean", "mean(metric)", "The mean."),
  word("p50", "p50(metric)", "The median."),
  word("p99", "p99(metric)", "The 99th percentile; also p75, p90, p95, p999 and p9999."),
  word("max", "max(metric)", "The largest."),
  word("min", "min(metric)", "The smallest."),
  word("sd", "sd(metric)", "The standard deviation."),
  word("quantile", "quantile(metric, 99.9%)", "Any quantile."),
  word("count", "count(metric)", "How many samples."),
  word("rate", "rate(metric)", "How many a second."),
  word("sum", "sum(metric)", "Their sum."),
  word("frac", "frac(condition)", "The share of samples for which a condition holds."),
];

/** Sets of CPUs. */
export const cpuWords: readonly ValueWord[] = [
  word("all", undefined, "Every CPU of the machine."),
  word("isolated", undefined, "The machine's isolated CPUs."),
  word("nohz_full", undefined, "The machine's CPUs without a tick."),
  word("housekeeping", undefined, "All CPUs that are not isolated."),
  word("first", "first(n)", "The first n CPUs."),
  word("last", "last(n)", "The last n CPUs."),
  word("socket", "socket(i)", "The CPUs of a socket."),
  word("node", "node(i)", "The CPUs of a NUMA node."),
  word("core", "core(i)", "The threads of a core."),
  word("cpu", "cpu(i)", "One CPU."),
];

/** What the expressions of a hook see besides the policy's own state and parameters. */
export const hookWords: readonly ValueWord[] = [
  word("mm", undefined, "The mm whose table is walked or changed."),
  word("self", undefined, "The CPU that runs the hook."),
  word(
    "online",
    undefined,
    "The CPUs that are online; all of the machine, unless a check lets them come and go.",
  ),
  word("isolated", undefined, "The machine's isolated CPUs."),
  word("mask", "mask(mm)", "The CPUs that the kernel's mm_cpumask names."),
  word("mode", "mode[cpu]", "What a CPU is doing: idle, user, kernel or preempted."),
  word(
    "acquire",
    "acquire(state[cpu])",
    "Reads a state word or a mode so that no later access of this CPU is moved before it.",
  ),
  word(
    "filter",
    "filter(set, condition)",
    "The CPUs of a set for which a condition on their own state words holds.",
  ),
  word("size", "size(set)", "How many CPUs a set has."),
];
