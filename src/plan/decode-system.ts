// Stored systems back to data: machines, entities, policies.

import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import {costNames} from "./costs.ts";
import {
  bool,
  type Decoder,
  exactly,
  integer,
  lazily,
  list,
  number,
  pair,
  record,
  tagged,
  text,
  word,
} from "./decode.ts";
import type {Policy, PolicyExpr, PolicyState, PolicyStep} from "./policy.ts";
import type {Bystander, Cadence, Load, Machine, Mm, System, Walker, Writer} from "./system.ts";

const anyNumber = number();
const positive = number(0);
const ratio = number(0, 1);

const cpus: Decoder<CpuSet> = (value, path) => {
  const ranges = list(pair(integer(0), integer(0)))(value, path);
  for (const [i, [lo, hi]] of ranges.entries()) {
    const before = ranges[i - 1]?.[1] ?? -2;
    if (hi < lo || lo <= before + 1)
      throw new RangeError(`Expected \`${path}\` to hold ascending, separate ranges of CPUs`);
  }
  return ranges;
};

export const distribution: Decoder<Distribution> = lazily(() =>
  tagged<Distribution>("kind", {
    constant: record({kind: exactly("constant"), value: anyNumber}),
    exponential: record({kind: exactly("exponential"), mean: positive}),
    uniform: record({kind: exactly("uniform"), lo: anyNumber, hi: anyNumber}),
    normal: record({kind: exactly("normal"), mean: anyNumber, sd: positive}),
    lognormal: record({kind: exactly("lognormal"), mu: anyNumber, sigma: positive}),
    gamma: record({kind: exactly("gamma"), shape: positive, scale: positive}),
    weibull: record({kind: exactly("weibull"), shape: positive, scale: positive}),
    pareto: record({kind: exactly("pareto"), min: positive, alpha: positive}),
    triangular: record({
      kind: exactly("triangular"),
      lo: anyNumber,
      mode: anyNumber,
      hi: anyNumber,
    }),
    bernoulli: record({kind: exactly("bernoulli"), p: ratio}),
    choice: record({kind: exactly("choice"), values: list(anyNumber, 1), weights: list(ratio, 1)}),
    histogram: record({
      kind: exactly("histogram"),
      edges: list(anyNumber, 2),
      weights: list(ratio, 1),
    }),
    empirical: record<Extract<Distribution, {kind: "empirical"}>>(
      {kind: exactly("empirical"), values: list(anyNumber, 2), source: text},
      ["source"],
    ),
    mixture: record({
      kind: exactly("mixture"),
      weights: list(ratio, 1),
      parts: list(distribution, 1),
    }),
    truncate: record<Extract<Distribution, {kind: "truncate"}>>(
      {kind: exactly("truncate"), of: distribution, lo: anyNumber, hi: anyNumber},
      ["lo", "hi"],
    ),
    affine: record({kind: exactly("affine"), of: distribution, scale: anyNumber, shift: anyNumber}),
    sum: record({kind: exactly("sum"), parts: list(distribution, 1)}),
    product: record({kind: exactly("product"), parts: list(distribution, 1)}),
    once: record({kind: exactly("once"), of: distribution}),
  }),
);

const machine = record<Machine>(
  {
    name: text,
    sockets: integer(1),
    coresPerSocket: integer(1),
    smt: integer(1),
    nodes: integer(1),
    clock: positive,
    hz: integer(1),
    arch: word("x86", "arm64", "riscv", "s390"),
    tlb: word("ipi", "invlpgb", "tlbi", "hypercall"),
    virt: word("none", "kvm", "hyperv", "xen"),
    apic: word("cluster", "physical", "broadcast", "pv"),
    preempt: word("dynamic", "none", "voluntary", "full", "rt"),
    idle: word("poll", "c1", "c2", "c6"),
    mmCpumask: bool,
    steal: distribution,
    stealRate: positive,
    isolated: cpus,
    nohzFull: cpus,
    rcuModel: word("quiescent", "sampled"),
    costs: record<Machine["costs"]>(
      Object.fromEntries(costNames.map((name) => [name, distribution])) as Record<
        (typeof costNames)[number],
        Decoder<Distribution>
      >,
    ),
  },
  ["clock"],
);

const mm = record<Mm>({name: text, cpus, lazy: cpus, shares: list(text), tables: integer(1)});

const cadence = tagged<Cadence>("kind", {
  open: record({kind: exactly("open"), gap: distribution}),
  closed: record({kind: exactly("closed"), think: distribution}),
  any: record({kind: exactly("any")}),
});

const hold: Decoder<Distribution | "any"> = (value, path) =>
  value === "any" ? "any" : distribution(value, path);

const walker = record<Walker>(
  {
    name: text,
    mm: text,
    on: cpus,
    cadence,
    hold,
    pages: integer(1),
    kind: word("gup", "perf", "kvm", "hardware"),
    protect: word("irq", "rcu", "lock", "none"),
    revalidate: word("none", "pmd", "pud"),
    tracked: bool,
    hooks: word("inside", "outside"),
    watched: bool,
    split: bool,
  },
  ["hold", "hooks", "watched", "split"],
);

const writerKind = word("free", "unshare", "collapse");

const writer = record<Writer>(
  {
    name: text,
    mm: text,
    on: integer(0),
    cadence,
    kind: writerKind,
    batch: integer(1),
    work: distribution,
    holds: word("mmap_lock", "i_mmap", "ptl", "none"),
    policy: text,
    lastSharer: ratio,
    allocFail: ratio,
    faults: positive,
    operations: integer(0),
    workers: integer(1),
    context: word("task", "preempt_off", "rcu", "irq_off"),
  },
  ["workers", "context"],
);

const bystander = record<Bystander>({
  name: text,
  on: cpus,
  period: distribution,
  work: distribution,
  priority: integer(0),
  deadline: positive,
});

const load = record<Load>({
  name: text,
  on: cpus,
  idle: ratio,
  user: ratio,
  syscalls: positive,
  switches: positive,
  irqOff: distribution,
  irqRate: positive,
});

const expr: Decoder<PolicyExpr> = lazily(() =>
  tagged<PolicyExpr>("kind", {
    number: record({kind: exactly("number"), value: anyNumber}),
    cpus: record({kind: exactly("cpus"), ranges: cpus}),
    local: record({kind: exactly("local"), name: text}),
    builtin: record({kind: exactly("builtin"), name: word("self", "mm", "online")}),
    state: record<Extract<PolicyExpr, {kind: "state"}>>(
      {kind: exactly("state"), name: text, index: expr, acquire: bool},
      ["index", "acquire"],
    ),
    mask: record({kind: exactly("mask"), mm: expr}),
    mode: record<Extract<PolicyExpr, {kind: "mode"}>>(
      {kind: exactly("mode"), cpu: expr, acquire: bool},
      ["acquire"],
    ),
    unary: record({kind: exactly("unary"), op: word("not", "-"), of: expr}),
    binary: record({
      kind: exactly("binary"),
      op: word("+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in"),
      left: expr,
      right: expr,
    }),
    set: record({kind: exactly("set"), op: word("|", "&", "-"), left: expr, right: expr}),
    size: record({kind: exactly("size"), of: expr}),
    filter: record({kind: exactly("filter"), of: expr, cpu: text, where: expr}),
    if: record<Extract<PolicyExpr, {kind: "if"}>>({
      kind: exactly("if"),
      test: expr,
      then: expr,
      else: expr,
    }),
  }),
);

const steps: Decoder<readonly PolicyStep[]> = lazily(() => list(step));

type StepOf<K extends PolicyStep["step"]> = Extract<PolicyStep, {step: K}>;

const storing = (name: "store" | "store_release" | "xchg"): Decoder<PolicyStep> =>
  record<{step: typeof name; state: string; index?: PolicyExpr; value: PolicyExpr}>(
    {step: exactly(name), state: text, index: expr, value: expr},
    ["index"],
  );
const locking = (name: "lock" | "unlock"): Decoder<PolicyStep> =>
  record<{step: typeof name; lock: string}>({step: exactly(name), lock: text});
const bare = (name: string): Decoder<PolicyStep> =>
  record({step: exactly(name)} as never) as Decoder<PolicyStep>;

const step: Decoder<PolicyStep> = tagged<PolicyStep>("step", {
  store: storing("store"),
  store_release: storing("store_release"),
  xchg: storing("xchg"),
  mb: bare("mb"),
  wmb: bare("wmb"),
  rmb: bare("rmb"),
  unhook: bare("unhook"),
  sync: bare("sync"),
  release: bare("release"),
  alloc: bare("alloc"),
  copy: bare("copy"),
  publish: bare("publish"),
  abort: bare("abort"),
  ipi: record({step: exactly("ipi"), cpu: expr, wait: bool}),
  wait_acks: record({step: exactly("wait_acks")}),
  wait_gp: record({step: exactly("wait_gp"), expedited: bool}),
  wait_until: record({step: exactly("wait_until"), test: expr, how: word("spin", "sleep")}),
  defer: record({step: exactly("defer"), expedited: bool, steps}),
  flush: record({step: exactly("flush"), mm: expr}),
  delay: record({step: exactly("delay"), time: distribution}),
  skip: record<StepOf<"skip">>({step: exactly("skip"), when: expr}, ["when"]),
  count: record({step: exactly("count"), counter: text}),
  lock: locking("lock"),
  unlock: locking("unlock"),
  if: record<StepOf<"if">>({step: exactly("if"), test: expr, then: steps, else: steps}),
  for: record<StepOf<"for">>({step: exactly("for"), cpu: text, of: expr, where: expr, steps}, [
    "where",
  ]),
  let: record({step: exactly("let"), name: text, value: expr}),
});

const state = record<PolicyState>({
  name: text,
  scope: word("percpu", "permm", "global"),
  type: word("mm", "bool", "int"),
  initial: anyNumber,
});

export const policy: Decoder<Policy> = record<Policy>(
  {
    name: text,
    states: list(state),
    hooks: record<Policy["hooks"]>(
      {enter: steps, exit: steps, op: steps, sync: steps, ipi: steps},
      ["enter", "exit", "op", "sync", "ipi"],
    ),
    covers: list(writerKind),
    fallback: text,
  },
  ["fallback"],
);

export const system: Decoder<System> = (value, path) => {
  const found = record<System>({
    machine,
    mms: list(mm),
    walkers: list(walker),
    writers: list(writer),
    bystanders: list(bystander),
    loads: list(load),
    policies: list(policy),
    duration: positive,
    warmup: positive,
  })(value, path);
  const mms = new Set(found.mms.map((one) => one.name));
  const policies = new Set(found.policies.map((one) => one.name));
  for (const one of [...found.walkers, ...found.writers])
    if (!mms.has(one.mm))
      throw new RangeError(
        `\`${one.name}\` in \`${path}\` refers to the mm \`${one.mm}\`, which is not there`,
      );
  for (const one of found.writers)
    if (!policies.has(one.policy))
      throw new RangeError(
        `\`${one.name}\` in \`${path}\` refers to the policy \`${one.policy}\`, which is not there`,
      );
  return found;
};
