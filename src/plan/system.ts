// One fully resolved design point: the machine, who walks, who writes, what else runs, and the policies in force. Plain data: every name
// resolved, every unit converted (durations in nanoseconds, rates in 1/s), every default filled in. Two texts that mean the same system
// give the same value here, whatever their formatting, comments or order of declarations.

import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import type {CostName} from "./costs.ts";
import type {Policy, WriterKind} from "./policy.ts";

export type Arch = "x86" | "arm64" | "riscv" | "s390";
/** How a TLB flush reaches other CPUs. */
export type TlbKind = "ipi" | "invlpgb" | "tlbi" | "hypercall";
/** Under which hypervisor the kernel runs. */
export type VirtKind = "none" | "kvm" | "hyperv" | "xen";
/** How many interrupt-command writes a multicast takes: one per x2APIC cluster of 16, one per CPU, one in all, or a hypercall per 128. */
export type ApicMode = "cluster" | "physical" | "broadcast" | "pv";
export type IdleState = "poll" | "c1" | "c2" | "c6";
export type PreemptModel = "dynamic" | "none" | "voluntary" | "full" | "rt";

/**
 * CPUs are numbered as Linux does: first one thread of every core, socket by socket, then the sibling threads:
 * `cpu = thread * sockets * coresPerSocket + socket * coresPerSocket + core`.
 */
export interface Machine {
  readonly name: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly smt: number;
  readonly nodes: number;
  /** Hz; absent when the text gives none (then no cost is in cycles). */
  readonly clock?: number;
  /** Timer ticks a second. */
  readonly hz: number;
  readonly arch: Arch;
  readonly tlb: TlbKind;
  readonly virt: VirtKind;
  readonly apic: ApicMode;
  readonly preempt: PreemptModel;
  readonly idle: IdleState;
  /** Whether the architecture keeps mm_cpumask exact enough to send IPIs by it. */
  readonly mmCpumask: boolean;
  /** How long the host takes a vCPU away at a time, ns; and how often per vCPU, 1/s (0: never). */
  readonly steal: Distribution;
  readonly stealRate: number;
  readonly isolated: CpuSet;
  readonly nohzFull: CpuSet;
  /** `quiescent`: grace periods emerge from ticks, idle and context switches. `sampled`: drawn from `rcu.gp` and `rcu.expedited`. */
  readonly rcuModel: "quiescent" | "sampled";
  readonly costs: Readonly<Record<CostName, Distribution>>;
}

export interface Mm {
  readonly name: string;
  /** CPUs that run the process. */
  readonly cpus: CpuSet;
  /** CPUs that keep the mm lazily loaded (kernel thread or idle on a borrowed mm). */
  readonly lazy: CpuSet;
  /** Names of mms with which a PMD table is shared, itself excluded. */
  readonly shares: readonly string[];
  readonly tables: number;
}

/** When work arrives: gaps between arrivals (open loop), thinking time after completion (closed loop), or `any` (checker only). */
export type Cadence =
  | {readonly kind: "open"; readonly gap: Distribution}
  | {readonly kind: "closed"; readonly think: Distribution}
  | {readonly kind: "any"};

export type WalkerKind = "gup" | "perf" | "kvm" | "hardware";
export type Protection = "irq" | "rcu" | "lock" | "none";
export type Revalidation = "none" | "pmd" | "pud";

/** A lockless page-table walker; one instance runs on each CPU of `on`, each with its own cadence. */
export interface Walker {
  readonly name: string;
  readonly mm: string;
  readonly on: CpuSet;
  readonly cadence: Cadence;
  /** Length of the protected section, ns, without what the policy adds; absent: `costs.walk + pages * costs.page`; `any`: checker only. */
  readonly hold?: Distribution | "any";
  readonly pages: number;
  /** `perf` walks in NMI context; `hardware` is the MMU itself. */
  readonly kind: WalkerKind;
  readonly protect: Protection;
  readonly revalidate: Revalidation;
  /** Whether the walker runs the policy's `enter` and `exit`. */
  readonly tracked: boolean;
  /** Whether `enter` and `exit` run within the protected section (the default) or around it; only the checker tells them apart. */
  readonly hooks?: "inside" | "outside";
  /** Whether RCU watches the CPU while it walks (default true); the idle loop and early entry code are not watched. Checker only. */
  readonly watched?: boolean;
  /** Whether protection is dropped and taken again between reading the upper entry and using the table (default false). Checker only. */
  readonly split?: boolean;
}

export type WriterContext = "task" | "preempt_off" | "rcu" | "irq_off";

export type LockName = "mmap_lock" | "i_mmap" | "ptl";

/** A kernel task that frees, unshares or collapses tables of an mm. */
export interface Writer {
  readonly name: string;
  readonly mm: string;
  readonly on: number;
  readonly cadence: Cadence;
  readonly kind: WriterKind;
  /** Unhooks per sync. */
  readonly batch: number;
  /** Work outside the protocol per operation, ns. */
  readonly work: Distribution;
  readonly holds: LockName | "none";
  /** Leaf policy by name. */
  readonly policy: string;
  /** Unshare only: probability that this writer is the last other sharer; not last means no sync is due. */
  readonly lastSharer: number;
  /** Probability that the policy's allocation fails and its fallback runs. */
  readonly allocFail: number;
  /** Page faults of the mm that want the lock this writer holds, 1/s over all CPUs (0: none are modelled). */
  readonly faults: number;
  /** Ends after this many operations, e.g. the 10,240 collapses of 20 GiB (field `operations`); 0: goes on to the end of the run. */
  readonly operations: number;
  /** How many kernel workers take its operations from one queue, worker w on CPU `on + w` (default 1). Not for the checker. */
  readonly workers?: number;
  /** What the whole operation runs in (default `task`, which may sleep). Checker only. */
  readonly context?: WriterContext;
}

/** A task that only wants to be left alone; what the others steal from it is measured. */
export interface Bystander {
  readonly name: string;
  readonly on: CpuSet;
  /** Gap between activations, ns. */
  readonly period: Distribution;
  readonly work: Distribution;
  readonly priority: number;
  /** ns after activation; 0: none. */
  readonly deadline: number;
}

/** What else the CPUs do: idle and user fractions, context switches, unrelated IRQ-off sections. */
export interface Load {
  readonly name: string;
  readonly on: CpuSet;
  /** Fraction of time idle, and of the rest in user mode. */
  readonly idle: number;
  readonly user: number;
  /** Entries into the kernel per second of busy time and CPU: user mode and the kernel alternate at that rate; 0: a CPU stays in what it begins in. */
  readonly syscalls: number;
  /** Context switches per second and CPU. */
  readonly switches: number;
  /** Length of an unrelated IRQ-off section, ns, and how many a second and CPU. */
  readonly irqOff: Distribution;
  readonly irqRate: number;
}

export interface System {
  readonly machine: Machine;
  readonly mms: readonly Mm[];
  readonly walkers: readonly Walker[];
  readonly writers: readonly Writer[];
  readonly bystanders: readonly Bystander[];
  readonly loads: readonly Load[];
  /** The leaf policies in force; every tracked walker runs the `enter` hooks of all of them in this order, `exit` in reverse. */
  readonly policies: readonly Policy[];
  /** ns. */
  readonly duration: number;
  /** ns, shorter than `duration`. */
  readonly warmup: number;
}
