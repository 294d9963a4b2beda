// The schema: one row per field of every kind of declaration. The checker, completion, hover and the reference all read it; a field
// that is not here does not exist, and adding one is adding its row and saying where it goes in the resolved system.

export type OwnerKind =
  | "machine"
  | "costs"
  | "mm"
  | "walker"
  | "writer"
  | "bystander"
  | "load"
  | "scenario"
  | "policy"
  | "experiment"
  | "check"
  | "replay"
  | "table"
  | "plot";

/** What a reference may point to. */
export type ReferenceKind =
  | "machine"
  | "costs"
  | "mm"
  | "walker"
  | "writer"
  | "bystander"
  | "load"
  | "scenario"
  | "policy";

export type QuantityName = "Int" | "Real" | "Ratio" | "Duration" | "Frequency" | "Bytes";

export type FieldType =
  /** One number, read once per run. `min` and `max` are in canonical units and inclusive. */
  | {
      readonly kind: "quantity";
      readonly of: QuantityName;
      readonly min?: number;
      readonly max?: number;
    }
  /** A distribution, redrawn at every use; a plain quantity is the constant one. Cycles are accepted for a Duration and become time. */
  | {readonly kind: "law"; readonly of: "Duration" | "Real"}
  | {readonly kind: "bool"}
  | {readonly kind: "string"}
  | {readonly kind: "cpus"}
  /** One CPU number. */
  | {readonly kind: "cpu"}
  /** `title` completes "`x` is not a ..." */
  | {readonly kind: "enum"; readonly title: string; readonly values: readonly string[]}
  | {readonly kind: "ref"; readonly to: ReferenceKind}
  | {readonly kind: "list"; readonly of: FieldType}
  /** `10` or `10..200`. */
  | {readonly kind: "bounds"}
  /** A condition, kept for later instead of being evaluated on the spot. */
  | {readonly kind: "condition"}
  /** An option that names a measure, an axis or an enumerator, kept as text. */
  | {readonly kind: "word"};

export interface FieldRow {
  readonly owner: OwnerKind;
  /** Dotted for costs: `ipi.deliver.same_core`. */
  readonly name: string;
  readonly type: FieldType;
  /** Words accepted instead of a value of the type. */
  readonly words?: readonly string[];
  readonly required: boolean;
  /** The default in the language, or in words where it is computed; absent: none. */
  readonly default?: string;
  /** Fields of one group exclude each other; of a required group one must be given. */
  readonly group?: string;
  /** Whether `with`, `sweep` and `--set` may reach it. */
  readonly sweepable: boolean;
  readonly doc: string;
}

const archs = ["x86", "arm64", "riscv", "s390"] as const;
export const tlbKinds = ["ipi", "invlpgb", "tlbi", "hypercall"] as const;
export const virtKinds = ["none", "kvm", "hyperv", "xen"] as const;
export const apicModes = ["cluster", "physical", "broadcast", "pv"] as const;
export const idleStates = ["poll", "c1", "c2", "c6"] as const;
export const preemptModels = ["dynamic", "none", "voluntary", "full", "rt"] as const;
const rcuModels = ["quiescent", "sampled"] as const;
export const walkerKinds = ["gup", "perf", "kvm", "hardware"] as const;
export const protections = ["irq", "rcu", "lock", "none"] as const;
export const revalidations = ["none", "pmd", "pud"] as const;
export const writerKinds = ["free", "unshare", "collapse"] as const;
export const lockNames = ["mmap_lock", "i_mmap", "ptl"] as const;
const families = ["holm", "bonferroni", "none"] as const;
export const controls = ["none", "arrivals"] as const;
const streamModes = ["common", "independent"] as const;
export const executors = ["lazy", "reference", "closed", "equilibrium"] as const;
export const cpuModes = ["idle", "user", "kernel", "preempted"] as const;
export const hookNames = ["enter", "exit", "op", "sync", "ipi"] as const;
export const memoryModels = ["sc", "tso", "pso", "lkmm"] as const;
const hookPlaces = ["inside", "outside"] as const;
const writerContexts = ["task", "preempt_off", "rcu", "irq_off"] as const;
export const checkPaths = ["sync", "whole"] as const;
export const checkProperties = ["safety", "progress", "deadlock"] as const;
export const scopeNames = [
  "cpus",
  "walks",
  "writes",
  "nmis",
  "preemptions",
  "migrations",
  "hotplugs",
] as const;
export const plotKinds = [
  "auto",
  "line",
  "box",
  "violin",
  "ecdf",
  "histogram",
  "heatmap",
  "scatter",
  "bill",
  "timeline",
  "tornado",
  "convergence",
  "bar",
] as const;

const int = (min: number, max?: number): FieldType => ({
  kind: "quantity",
  of: "Int",
  min,
  ...(max === undefined ? {} : {max}),
});
const ratio: FieldType = {kind: "quantity", of: "Ratio", min: 0, max: 1};
const duration: FieldType = {kind: "quantity", of: "Duration", min: 0};
const rate: FieldType = {kind: "quantity", of: "Frequency", min: 0};
const law: FieldType = {kind: "law", of: "Duration"};
const cpus: FieldType = {kind: "cpus"};
const bool: FieldType = {kind: "bool"};
const text: FieldType = {kind: "string"};
const word: FieldType = {kind: "word"};
const choice = (title: string, values: readonly string[]): FieldType => ({
  kind: "enum",
  title,
  values,
});
const reference = (to: ReferenceKind): FieldType => ({kind: "ref", to});
const list = (of: FieldType): FieldType => ({kind: "list", of});

interface More {
  readonly required?: boolean;
  readonly default?: string;
  readonly words?: readonly string[];
  readonly group?: string;
  readonly fixed?: boolean;
}

function field(
  owner: OwnerKind,
  name: string,
  type: FieldType,
  doc: string,
  more: More = {},
): FieldRow {
  return {
    owner,
    name,
    type,
    required: more.required ?? false,
    sweepable: !(more.fixed ?? false),
    doc,
    ...(more.default === undefined ? {} : {default: more.default}),
    ...(more.words === undefined ? {} : {words: more.words}),
    ...(more.group === undefined ? {} : {group: more.group}),
  };
}

const cadence = (owner: OwnerKind): FieldRow[] => [
  field(owner, "every", law, "Gap between arrivals; work queues if it is late (open loop).", {
    group: "cadence",
    words: ["any"],
  }),
  field(
    owner,
    "rate",
    {kind: "quantity", of: "Frequency", min: 0},
    "Arrivals per second, exponential gaps (open loop).",
    {group: "cadence"},
  ),
  field(owner, "think", law, "Pause after each completion (closed loop).", {group: "cadence"}),
];

/** Every cost of a machine, with what it is the cost of. */
const costDocs: Readonly<Record<string, string>> = {
  load: "Reading a state word that is in this CPU's cache.",
  store: "A plain store to a state word that this CPU owns.",
  xchg: "An atomic exchange on a line that this CPU owns, its barrier included.",
  mb: "A full memory barrier, the draining of the store buffer included.",
  wmb: "A store barrier.",
  rmb: "A load barrier.",
  "line.same_core": "Added when the line was last written by the sibling thread.",
  "line.same_socket": "Added when it was last written by another core of the socket.",
  "line.cross_socket": "Added when it was last written on another socket.",
  "irq.save": "Disabling interrupts and saving the flags.",
  "irq.restore": "Restoring the flags.",
  walk: "Four levels of a walk, once per call.",
  page: "Per page of a call: load the entry, take the reference, check again.",
  "ipi.send":
    "Per target at the initiator: take the slot, fill it, queue it; the line transfer comes on top.",
  "ipi.icr": "One write of the interrupt-command register.",
  "ipi.deliver.same_core": "From that write to the target's interrupt entry, sibling thread.",
  "ipi.deliver.same_socket": "From that write to the target's interrupt entry, same socket.",
  "ipi.deliver.cross_socket": "From that write to the target's interrupt entry, another socket.",
  "ipi.entry": "Interrupt entry on the victim.",
  "ipi.handle": "Draining the queue and running the handler.",
  "ipi.exit": "Interrupt exit on the victim.",
  "ipi.ack":
    "Per target at the initiator: seeing the acknowledgement; the line transfer comes on top.",
  "ipi.vmexit": "Added per interrupt-command write in a guest.",
  "tlb.page":
    "Invalidating one entry, on every CPU that flushes; a freed table counts for one, up to 33 a flush.",
  "tlb.full":
    "Invalidating everything, on every CPU that flushes: beyond 33 entries, as after an unshare or a collapse.",
  "tlb.broadcast":
    "One broadcast invalidation and the wait for it (INVLPGB + TLBSYNC, TLBI + DSB), alone on the interconnect.",
  "tlb.contend":
    "How long an entry of a broadcast invalidation keeps the interconnect from the next one.",
  "tlb.hypercall": "One flush hypercall.",
  "rcu.gp": "A normal grace period, where `rcu.model` is `sampled`.",
  "rcu.expedited": "An expedited grace period, where `rcu.model` is `sampled`.",
  "rcu.callback": "Handing a callback to RCU.",
  "rcu.handle": "The expedited handler on a victim.",
  wakeup: "From waking a sleeping task to its running.",
  switch: "A context switch.",
  tick: "A timer interrupt.",
  "idle.exit.c1": "Leaving idle state C1.",
  "idle.exit.c2": "Leaving idle state C2.",
  "idle.exit.c6": "Leaving idle state C6.",
  alloc: "Allocating a page table.",
  copy: "Copying the entries of a page table.",
};

/** Paths of all costs, in order. */
export const costPaths: readonly string[] = Object.keys(costDocs);

export const schema: readonly FieldRow[] = [
  field("machine", "sockets", int(1, 64), "Sockets.", {default: "1"}),
  field("machine", "cores", int(1, 4096), "Cores per socket.", {required: true}),
  field("machine", "smt", int(1, 8), "Hardware threads per core.", {default: "1"}),
  field("machine", "nodes", int(1, 1024), "NUMA nodes.", {default: "as many as sockets"}),
  field("machine", "clock", rate, "Core clock; what turns cycles into time."),
  field("machine", "hz", int(1, 10000), "Timer ticks per second (CONFIG_HZ).", {default: "250"}),
  field("machine", "arch", choice("architecture", archs), "Instruction set.", {default: "x86"}),
  field(
    "machine",
    "tlb",
    choice("kind of TLB flush", tlbKinds),
    "How a TLB flush reaches other CPUs.",
    {default: "ipi"},
  ),
  field("machine", "virt", choice("hypervisor", virtKinds), "The hypervisor underneath.", {
    default: "none",
  }),
  field(
    "machine",
    "apic",
    choice("interrupt mode", apicModes),
    "How many interrupt-command writes a multicast takes: one per x2APIC cluster of 16, one per CPU, one in all, or a hypercall per 128.",
    {default: "cluster"},
  ),
  field(
    "machine",
    "preempt",
    choice("preemption model", preemptModels),
    "How the kernel was built: `dynamic` as distributions do (PREEMPT_DYNAMIC: RCU is preemptible), `none` and `voluntary` without preemption counts, `full`, `rt`.",
    {default: "dynamic"},
  ),
  field("machine", "idle", choice("idle state", idleStates), "Where idle CPUs sleep.", {
    default: "c1",
  }),
  field(
    "machine",
    "mm_cpumask",
    bool,
    "Whether the architecture keeps mm_cpumask exact enough to send interrupts by it.",
    {default: "true except on arm64"},
  ),
  field("machine", "steal", law, "How long the host takes a vCPU away at a time.", {
    default: "0ns",
  }),
  field("machine", "steal_rate", rate, "How often that happens to each vCPU.", {
    default: "`hz` if `steal` is given, else 0",
  }),
  field("machine", "isolated", cpus, "CPUs kept free of other work (isolcpus).", {
    default: "empty",
  }),
  field("machine", "nohz_full", cpus, "CPUs without a tick while one task runs.", {
    default: "empty",
  }),
  field("machine", "costs", reference("costs"), "What each step costs.", {
    default: "default_x86",
  }),
  ...costPaths.map((path) =>
    field("costs", path, law, costDocs[path] as string, {default: "that of default_x86"}),
  ),
  field(
    "costs",
    "rcu.model",
    choice("RCU model", rcuModels),
    "`quiescent`: grace periods emerge from ticks, idle and context switches; `sampled`: drawn from `rcu.gp` and `rcu.expedited`.",
    {default: "quiescent"},
  ),
  field("mm", "cpus", cpus, "CPUs that run the process.", {required: true}),
  field(
    "mm",
    "lazy",
    cpus,
    "CPUs that keep the mm lazily loaded, or how many do: the first that are not in `cpus`, as far as there are any.",
    {default: "none", words: ["none"]},
  ),
  field("mm", "shares", list(reference("mm")), "The mms with which it shares a PMD table.", {
    default: "[]",
    fixed: true,
  }),
  field("mm", "tables", int(1), "Page tables of the process.", {default: "1"}),
  field("walker", "mm", reference("mm"), "The mm whose tables are walked.", {
    required: true,
    fixed: true,
  }),
  field("walker", "on", cpus, "The CPUs it runs on, one instance each.", {default: "mm.cpus"}),
  ...cadence("walker"),
  field("walker", "hold", law, "Length of the protected section.", {
    default: "costs.walk + pages * costs.page",
    words: ["any"],
  }),
  field("walker", "pages", int(1), "Pages per call.", {default: "1"}),
  field(
    "walker",
    "kind",
    choice("walker kind", walkerKinds),
    "`gup` in task context, `perf` in NMI context, `kvm` like gup on behalf of a guest, `hardware` the MMU itself.",
    {default: "gup"},
  ),
  field(
    "walker",
    "protect",
    choice("protection", protections),
    "What keeps the tables while it walks: interrupts off, an RCU section, the mmap_lock of the mm (taken for reading, behind writers that hold it; its cache line moves between the CPUs that take it and give it back, one at a time, at the cost of `line.*`), or nothing.",
    {default: "irq"},
  ),
  field(
    "walker",
    "revalidate",
    choice("level of re-validation", revalidations),
    "The upper level that is read again before the result is used.",
    {default: "pmd"},
  ),
  field("walker", "tracked", bool, "Whether it runs the policy's enter and exit hooks.", {
    default: "true",
  }),
  field(
    "walker",
    "hooks",
    choice("place of the hooks", hookPlaces),
    "Whether the policy's `enter` and `exit` run inside the protected section or around it (for `check`).",
    {default: "inside"},
  ),
  field("walker", "watched", bool, "Whether RCU watches the CPU while it walks (for `check`).", {
    default: "true",
  }),
  field(
    "walker",
    "split",
    bool,
    "Whether protection is dropped between reading the upper entry and using the table (for `check`).",
    {default: "false"},
  ),
  field("writer", "mm", reference("mm"), "The mm whose tables it frees or changes.", {
    required: true,
    fixed: true,
  }),
  field("writer", "on", {kind: "cpu"}, "The CPU it runs on.", {
    default: "the first housekeeping CPU that does not run the mm",
  }),
  ...cadence("writer"),
  field(
    "writer",
    "kind",
    choice("writer kind", writerKinds),
    "`free` gives tables back, `unshare` and `collapse` change them in place.",
    {required: true},
  ),
  field("writer", "batch", int(1), "Tables unhooked per sync.", {default: "1"}),
  field("writer", "work", law, "Work outside the protocol per operation.", {default: "0ns"}),
  field("writer", "holds", choice("lock", lockNames), "The lock held across the operation.", {
    default: "none",
    words: ["none"],
  }),
  field("writer", "policy", reference("policy"), "Its own policy.", {
    default: "that of the experiment",
  }),
  field("writer", "last_sharer", ratio, "Unshare: probability of being the last other sharer.", {
    default: "1",
  }),
  field("writer", "alloc_fail", ratio, "Probability that the policy's allocation fails.", {
    default: "0",
  }),
  field("writer", "faults", rate, "Page faults that want the lock it holds, over all CPUs.", {
    default: "0/s",
  }),
  field(
    "writer",
    "context",
    choice("context", writerContexts),
    "What the whole operation runs in (for `check`).",
    {default: "task"},
  ),
  field("writer", "operations", int(0), "Ends after this many operations; 0: never.", {
    default: "0",
  }),
  field(
    "writer",
    "workers",
    int(1),
    "Kernel workers that take its operations from one queue (a workqueue's max_active), each on a CPU of its own from `on` upwards.",
    {default: "1"},
  ),
  field("bystander", "on", cpus, "The CPUs it runs on.", {required: true}),
  field("bystander", "period", law, "Gap between activations.", {group: "cadence"}),
  field("bystander", "rate", rate, "Activations per second, evenly spaced.", {group: "cadence"}),
  field("bystander", "work", law, "Time an activation takes undisturbed.", {default: "0ns"}),
  field("bystander", "priority", int(0, 99), "Real-time priority; 0: none.", {default: "0"}),
  field("bystander", "deadline", duration, "After the activation; 0: none.", {default: "0ns"}),
  field("load", "on", cpus, "The CPUs it runs on.", {required: true}),
  field("load", "idle", ratio, "Fraction of time idle.", {default: "0"}),
  field("load", "user", ratio, "Fraction of the rest in user mode.", {default: "0"}),
  field(
    "load",
    "syscalls",
    rate,
    "Entries into the kernel per CPU and second of busy time; user mode and the kernel alternate, each for an exponential time; 0/s: never.",
    {default: "5000/s"},
  ),
  field("load", "switches", rate, "Context switches per CPU.", {default: "0/s"}),
  field("load", "irq_off", law, "Length of an unrelated section with interrupts off.", {
    default: "0ns",
  }),
  field("load", "irq_rate", rate, "How many of them per CPU.", {default: "0/s"}),
  field("scenario", "machine", reference("machine"), "The machine it runs on."),
  field("scenario", "load", list(reference("load")), "Loads declared elsewhere.", {
    default: "[]",
    fixed: true,
  }),
  field("policy", "covers", list(choice("writer kind", writerKinds)), "What it claims to cover.", {
    default: "inferred from its hooks",
    fixed: true,
  }),
  field("policy", "requires", {kind: "condition"}, "What must hold for it to run.", {
    fixed: true,
  }),
  field(
    "policy",
    "fallback",
    reference("policy"),
    "What runs where `requires` does not hold, and after a failed allocation.",
    {fixed: true},
  ),
  field("policy", "free", reference("policy"), "What runs for writers of this kind.", {
    fixed: true,
  }),
  field("policy", "unshare", reference("policy"), "What runs for writers of this kind.", {
    fixed: true,
  }),
  field("policy", "collapse", reference("policy"), "What runs for writers of this kind.", {
    fixed: true,
  }),
  field("experiment", "scenario", reference("scenario"), "The system under study.", {fixed: true}),
  field("experiment", "policy", reference("policy"), "The policy, or several as an axis.", {
    required: true,
  }),
  field("experiment", "machine", reference("machine"), "Replaces that of the scenario."),
  field("experiment", "load", list(reference("load")), "Loads declared elsewhere.", {
    default: "[]",
    fixed: true,
  }),
  field("experiment", "duration", duration, "Simulated time of a replication.", {default: "1s"}),
  field(
    "experiment",
    "warmup",
    duration,
    "Its first part, not measured; `auto`: as long as pilot replications show that what is measured takes to settle.",
    {default: "10% of duration", words: ["auto"]},
  ),
  field("experiment", "seed", int(0, 2 ** 53 - 1), "Master seed.", {default: "1", fixed: true}),
  field(
    "experiment",
    "replications",
    {kind: "bounds"},
    "How often each point is repeated; `10..200` lets `until` decide.",
    {default: "10", fixed: true},
  ),
  field("experiment", "confidence", ratio, "Of all intervals.", {default: "95%", fixed: true}),
  field("experiment", "family", choice("correction", families), "Family-wise correction.", {
    default: "holm",
    fixed: true,
  }),
  field(
    "experiment",
    "streams",
    choice("stream mode", streamModes),
    "`common`: the same random numbers at every point.",
    {default: "common", fixed: true},
  ),
  field(
    "experiment",
    "control",
    choice("control", controls),
    "`arrivals`: means over replications, their differences and ratios are corrected for how many operations happened to arrive, whose expected number is known.",
    {default: "none", fixed: true},
  ),
  field(
    "experiment",
    "executor",
    choice("executor", executors),
    "How the engine advances CPUs. `reference` gives the same bits, slowly; `closed` passes over walks, equal in law; `equilibrium` keeps of walkers only what others see of them. The result says at which points neither could, because every walk has to be stepped there.",
    {default: "lazy", fixed: true},
  ),
  field("experiment", "budget", duration, "Limit of wall-clock time.", {fixed: true}),
  field("experiment", "workers", int(1, 1024), "Threads to use.", {
    default: "as many as cores",
    fixed: true,
  }),
  field("experiment", "allow", list(word), "Codes of warnings to silence.", {
    default: "[]",
    fixed: true,
  }),
  field("check", "policy", list(reference("policy")), "The policies to check, one case each.", {
    default: "broadcast_ipi",
    fixed: true,
  }),
  field(
    "check",
    "path",
    choice("path", checkPaths),
    "`sync` checks the policy alone, `whole` also counts the barrier and the interrupts of the TLB flush.",
    {default: "sync, or whole if a hardware walker takes part", fixed: true},
  ),
  field("check", "machine", reference("machine"), "Replaces that of the scenario.", {fixed: true}),
  field("check", "allow", list(word), "Codes of warnings to silence.", {fixed: true}),
  field("replay", "policy", reference("policy"), "Only the cases of this policy.", {
    default: "the first case in which the schedule violates something",
    fixed: true,
  }),
  field("table", "digits", int(1, 17), "Significant digits.", {default: "3", fixed: true}),
  field("table", "sort", word, "The column to sort by.", {fixed: true}),
  field("table", "order", choice("order", ["ascending", "descending"]), "Direction of `sort`.", {
    default: "ascending",
    fixed: true,
  }),
  field("table", "limit", int(1), "Rows to show.", {fixed: true}),
  field("table", "title", text, "Heading.", {fixed: true}),
  field("plot", "title", text, "Heading.", {fixed: true}),
  field("plot", "x", choice("scale", ["linear", "log"]), "Horizontal scale.", {fixed: true}),
  field("plot", "y", choice("scale", ["linear", "log"]), "Vertical scale.", {fixed: true}),
  field("plot", "band", choice("band", ["ci", "range", "none"]), "What is drawn round a line.", {
    default: "ci",
    fixed: true,
  }),
  field("plot", "bins", int(1, 10000), "Bins of a histogram.", {fixed: true}),
  field("plot", "legend", bool, "Whether a legend is drawn.", {fixed: true}),
  field("plot", "width", int(100, 10000), "Pixels.", {fixed: true}),
  field("plot", "height", int(100, 10000), "Pixels.", {fixed: true}),
];

const rows = new Map<string, FieldRow>(schema.map((row) => [`${row.owner}.${row.name}`, row]));
const byOwner = new Map<OwnerKind, FieldRow[]>();
for (const row of schema) byOwner.set(row.owner, [...(byOwner.get(row.owner) ?? []), row]);

/** The row of a field by its dotted name; undefined if the owner has no such field. */
export function fieldOf(owner: OwnerKind, name: string): FieldRow | undefined {
  return rows.get(`${owner}.${name}`);
}

/** The fields of an owner in the order of the table. */
export function fieldsOf(owner: OwnerKind): readonly FieldRow[] {
  return byOwner.get(owner) ?? [];
}

/** A type as shown to a reader: `Duration`, `Dist<Duration>`, `free | unshare | collapse`, `mm`. */
export function typeText(type: FieldType): string {
  switch (type.kind) {
    case "quantity":
      return type.of;
    case "law":
      return `Dist<${type.of}>`;
    case "bool":
      return "Bool";
    case "string":
      return "String";
    case "cpus":
      return "CpuSet";
    case "cpu":
      return "CPU";
    case "enum":
      return type.values.join(" | ");
    case "ref":
      return type.to;
    case "list":
      return `List<${typeText(type.of)}>`;
    case "bounds":
      return "Int or Range<Int>";
    case "condition":
      return "condition";
    case "word":
      return "name";
  }
}
