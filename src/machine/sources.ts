// The private sources of activity of all CPUs: walkers, unrelated interrupts-off sections, ticks, context switches, host preemptions,
// bystanders, and the change between idle and busy. Sources of a CPU lie side by side; each has a next arrival and two random streams.

import type {Load, System} from "../plan/system.ts";
import {holdOf, maskedHoldOf} from "../plan/walk-law.ts";
import {uniform53} from "../random/stream.ts";
import {cpusOf, hasCpu} from "../units/cpuset.ts";
import {account} from "./accounts.ts";
import {type Cpus, source} from "./cpus.ts";
import type {HookProfile} from "./hook-profile.ts";
import {draw, type Law, type Streams} from "./streams.ts";

/** How ticks of different CPUs lie: all at once, as Linux does by default, or each at a random phase (`skew_tick=1`). */
export type TickPhases = "aligned" | "skewed";

export class Sources {
  /** Per source. */
  readonly kind: Uint8Array;
  readonly next: Float64Array;
  /** Gap between arrivals, or thinking time; and the length of a section. */
  readonly cadence: Law[] = [];
  readonly section: Law[] = [];
  readonly cadenceAt: Int32Array;
  readonly sectionAt: Int32Array;
  /** Ticks added to each section: what hooks and masking interrupts cost. */
  readonly fixed: Float64Array;
  /** Index of the walker, load or bystander in the system. */
  readonly owner: Int32Array;
  /** Of walks: what the hooks do; undefined: the walk must be stepped. */
  readonly profile: (HookProfile | undefined)[] = [];
  /** Of walks: ticks from the start of the section to the first hook (masking interrupts), and from the last hook to its end. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Of walks (`read-lock.ts`): the mm, 1-based; whether the next one goes under mmap_lock, and whether the latest one did. */
  readonly mm: Int32Array;
  readonly needsLock: Uint8Array;
  readonly reads: Uint8Array;
  /** Whether it has been let in, and when it is awake. */
  readonly admitted: Uint8Array;
  readonly readyAt: Float64Array;
  /** What an aborted walk spends under the lock, what its hooks took, and when it arrived. */
  readonly slow: Float64Array;
  readonly slowHooks: Float64Array;
  readonly slowArrival: Float64Array;

  constructor(count: number) {
    this.kind = new Uint8Array(count);
    this.next = new Float64Array(count);
    this.cadenceAt = new Int32Array(count);
    this.sectionAt = new Int32Array(count);
    this.fixed = new Float64Array(count);
    this.owner = new Int32Array(count);
    this.before = new Float64Array(count);
    this.after = new Float64Array(count);
    this.mm = new Int32Array(count);
    this.needsLock = new Uint8Array(count);
    this.reads = new Uint8Array(count);
    this.admitted = new Uint8Array(count);
    this.readyAt = new Float64Array(count);
    this.slow = new Float64Array(count);
    this.slowHooks = new Float64Array(count);
    this.slowArrival = new Float64Array(count);
  }
}

interface Draft {
  readonly kind: number;
  readonly owner: number;
  readonly entity: string;
  readonly cadence: Law;
  readonly section: Law;
  readonly first: "gap" | "section" | "phase" | "tick";
  readonly fixed: number;
  readonly before: number;
  readonly after: number;
  readonly profile: HookProfile | undefined;
}

/** Sets up the sources of all CPUs and their natural bases; `profiles[w]` belongs to walker w. */
export function buildSources(
  system: System,
  cpus: Cpus,
  streams: Streams,
  profiles: readonly (HookProfile | undefined)[],
  tickPhases: TickPhases,
): Sources {
  const {machine} = system;
  const save = streams.law(machine.costs["irq.save"], machine.name, "costs.irq.save");
  const atomic = streams.law(machine.costs.xchg, machine.name, "costs.xchg");
  const restore = streams.law(machine.costs["irq.restore"], machine.name, "costs.irq.restore");
  const tickCost = streams.law(machine.costs.tick, machine.name, "costs.tick");
  const switchCost = streams.law(machine.costs.switch, machine.name, "costs.switch");
  const jiffy: Law = streams.law({kind: "constant", value: 1e9 / machine.hz}, machine.name, "tick");
  const perCpu: Draft[][] = Array.from({length: cpus.count}, () => []);
  const running = new Uint8Array(cpus.count);
  const loadOf = new Int32Array(cpus.count).fill(-1);

  for (const mm of system.mms) for (const cpu of cpusOf(mm.cpus)) running[cpu] = 1;
  system.walkers.forEach((walker, w) => {
    if (walker.kind === "hardware" || walker.cadence.kind === "any") return;
    const profile = profiles[w];
    const masks = walker.protect === "irq" ? 1 : 0;
    // Masking costs are folded into the law when they are random.
    const constant = save.constant >= 0 && restore.constant >= 0;
    // Taking mmap_lock for reading and giving it back are two atomic operations.
    const locking = walker.protect === "lock" ? Math.max(0, atomic.constant) : 0;
    const before = masks * Math.max(0, save.constant) + locking;
    const after = masks * Math.max(0, restore.constant) + locking;
    const hold = constant ? holdOf(walker, machine) : maskedHoldOf(walker, machine);
    const law = streams.law(hold, walker.name, "hold");
    const closed = walker.cadence.kind === "closed";
    const cadence = streams.law(
      walker.cadence.kind === "closed" ? walker.cadence.think : walker.cadence.gap,
      walker.name,
      "cadence",
    );
    const nmi = walker.kind === "perf";
    const kind = nmi
      ? closed
        ? source.closedNmi
        : source.openNmi
      : closed
        ? source.closedWalk
        : source.openWalk;
    const hooks = profile === undefined ? 0 : profile.enter + profile.exit;
    for (const cpu of cpusOf(walker.on)) {
      running[cpu] = 1;
      perCpu[cpu].push({
        kind,
        owner: w,
        entity: `${walker.name}@${cpu}`,
        cadence,
        section: law,
        first: closed ? "gap" : "phase",
        fixed: before + after + hooks,
        before,
        after,
        profile,
      });
    }
  });
  for (const {on, workers = 1} of system.writers) {
    for (let w = 0; w < workers; w++) running[on + w] ||= 2;
  }
  system.bystanders.forEach((bystander, b) => {
    const cadence = streams.law(bystander.period, bystander.name, "period");
    const section = streams.law(bystander.work, bystander.name, "work");
    for (const cpu of cpusOf(bystander.on)) {
      running[cpu] ||= 2;
      perCpu[cpu].push({
        ...plain(source.bystander, b, `${bystander.name}@${cpu}`, cadence, section),
        first: "phase",
      });
    }
  });
  system.loads.forEach((load, l) => {
    const every = (rate: number, purpose: string) =>
      streams.law({kind: "exponential", mean: 1e9 / rate}, load.name, purpose);
    const irqOff = streams.law(load.irqOff, load.name, "irq_off");
    for (const cpu of cpusOf(load.on)) {
      const entity = `${load.name}@${cpu}`;
      running[cpu] = 1;
      loadOf[cpu] = l;
      if (load.irqRate > 0) {
        perCpu[cpu].push(
          plain(source.irqOff, l, `${entity}/irq`, every(load.irqRate, "irq_rate"), irqOff),
        );
      }
      if (load.switches > 0) {
        perCpu[cpu].push(
          plain(source.switch, l, `${entity}/switch`, every(load.switches, "switches"), switchCost),
        );
      }
      const closed = perCpu[cpu].some(({kind}) => kind === source.closedWalk);
      if (load.idle > 0 && !closed) {
        // A cycle of idle and busy takes two context switches; without any it lasts a millisecond.
        const cycle = load.switches > 0 ? 2e9 / load.switches : 1e6;
        const idle = {kind: "exponential", mean: load.idle * cycle} as const;
        const busy = {kind: "exponential", mean: (1 - load.idle) * cycle} as const;
        perCpu[cpu].push(
          plain(
            source.idleToggle,
            l,
            `${entity}/idle`,
            streams.law(busy, load.name, "busy"),
            streams.law(idle, load.name, "idle"),
          ),
        );
      }
    }
  });
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    const load = system.loads[loadOf[cpu]];
    if (load !== undefined) addMode(load, loadOf[cpu], cpu);
    if (running[cpu] === 1) {
      cpus.naturalBase[cpu] = cpus.busyBase[cpu];
      cpus.base[cpu] = cpus.busyBase[cpu];
    }
    const ticks = running[cpu] > 0 && !hasCpu(machine.nohzFull, cpu) && tickCost.constant !== 0;
    if (ticks) {
      perCpu[cpu].push({...plain(source.tick, 0, `tick@${cpu}`, jiffy, tickCost), first: "tick"});
    }
    if (machine.stealRate > 0) {
      const gap = {kind: "exponential", mean: 1e9 / machine.stealRate} as const;
      perCpu[cpu].push(
        plain(
          source.steal,
          0,
          `steal@${cpu}`,
          streams.law(gap, machine.name, "steal_rate"),
          streams.law(machine.steal, machine.name, "steal"),
        ),
      );
    }
  }

  const drafts = perCpu.flat();
  const sources = new Sources(drafts.length);
  let at = 0;
  perCpu.forEach((own, cpu) => {
    cpus.first[cpu] = at;
    for (const draft of own) add(sources, at++, draft, streams, tickPhases);
  });
  cpus.first[cpus.count] = at;
  return sources;

  // Stretches in user mode and in the kernel alternate; the first is what chance makes it.
  function addMode({name, user, syscalls}: Load, l: number, cpu: number): void {
    const stream = streams.open(`${name}@${cpu}/mode`, "first");
    cpus.busyBase[cpu] = uniform53(streams.state, stream) < user ? account.user : account.kernel;
    if (user <= 0 || user >= 1 || syscalls <= 0) return;
    const stretch = (fraction: number, purpose: string) =>
      streams.law({kind: "exponential", mean: (1e9 * fraction) / syscalls}, name, purpose);
    const inUser = stretch(user, "user");
    const inKernel = stretch(1 - user, "kernel");
    const starts = cpus.busyBase[cpu] === account.user ? inUser : inKernel;
    const entity = `${name}@${cpu}/mode`;
    const draft = plain(source.modeToggle, l, entity, inUser, inKernel);
    perCpu[cpu].push({...draft, first: starts === inUser ? "gap" : "section"});
  }
  function plain(kind: number, owner: number, entity: string, cadence: Law, section: Law): Draft {
    return {
      kind,
      owner,
      entity,
      cadence,
      section,
      first: "gap",
      fixed: 0,
      before: 0,
      after: 0,
      profile: undefined,
    };
  }
  function add(into: Sources, i: number, draft: Draft, from: Streams, phases: TickPhases): void {
    into.kind[i] = draft.kind;
    into.owner[i] = draft.owner;
    into.cadence[i] = draft.cadence;
    into.section[i] = draft.section;
    into.fixed[i] = draft.fixed;
    into.before[i] = draft.before;
    into.after[i] = draft.after;
    const walker = draft.kind <= source.openNmi ? system.walkers[draft.owner] : undefined;
    if (walker !== undefined) {
      into.mm[i] = system.mms.findIndex(({name}) => name === walker.mm) + 1;
      into.needsLock[i] = walker.protect === "lock" && walker.kind !== "perf" ? 1 : 0;
    }
    into.profile[i] = draft.profile;
    into.cadenceAt[i] = from.open(draft.entity, "cadence");
    into.sectionAt[i] = from.open(draft.entity, "section");
    const gap =
      draft.first === "section"
        ? draw(draft.section, from.state, into.sectionAt[i])
        : draw(draft.cadence, from.state, into.cadenceAt[i]);
    // What is strictly periodic begins at a random phase, so that CPUs do not run in step by accident; ticks do, unless skewed.
    const phased =
      draft.first === "tick"
        ? phases === "skewed"
        : draft.first === "phase" && draft.cadence.constant >= 0;
    into.next[i] = phased ? phaseOf(from, draft.entity, gap) : gap;
  }
}

/** A random offset of something periodic, below its period [ticks]. */
export function phaseOf(streams: Streams, entity: string, period: number): number {
  const at = streams.open(entity, "phase");
  return Math.floor(((streams.state[at] >>> 0) / 4294967296) * period);
}
