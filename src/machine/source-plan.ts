// Which private sources of activity a system has: walkers, unrelated interrupts-off sections, ticks, context switches, host preemptions,
// bystanders, and the changes between idle and busy, user mode and the kernel. They are the same in every replication, and those of a CPU lie side by side.

import type {Load, System} from "../plan/system.ts";
import {holdOf, maskedHoldOf} from "../plan/walk-law.ts";
import {cpusOf, hasCpu} from "../units/cpuset.ts";
import {source} from "./cpus.ts";
import type {HookProfile} from "./hook-profile.ts";
import type {Laws} from "./laws.ts";
import {type Law, type StreamIds, silent} from "./streams.ts";

/** When a source acts first: after a gap, at a random phase of its period, as ticks do, or as the mode in which its CPU begins has it. */
export const firstArrival = {gap: 0, phase: 1, tick: 2, mode: 3} as const;

export interface SourcePlan {
  /** Sources of CPU c are first[c] .. first[c + 1] - 1. */
  readonly first: Int32Array;
  readonly kind: Uint8Array;
  /** Gap between arrivals, or thinking time; and the length of a section; and their streams. */
  readonly cadence: readonly Law[];
  readonly section: readonly Law[];
  readonly cadenceAt: Int32Array;
  readonly sectionAt: Int32Array;
  /** A `firstArrival`; and the stream of the phase. */
  readonly begins: Uint8Array;
  readonly phaseAt: Int32Array;
  /** Ticks added to each section: what hooks and masking interrupts cost. */
  readonly fixed: Float64Array;
  /** Index of the walker, load or bystander in the system. */
  readonly owner: Int32Array;
  /** Of walks: what the hooks do; undefined: the walk must be stepped. */
  readonly profile: readonly (HookProfile | undefined)[];
  /** Of walks: ticks from the start of the section to the first hook (masking interrupts), and from the last hook to its end. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Of walks (`read-lock.ts`): the mm, 1-based; whether the first one goes under mmap_lock. */
  readonly mm: Int32Array;
  readonly needsLock: Uint8Array;
  /** By CPU: whether it is busy when it does not idle. */
  readonly busy: Uint8Array;
  /** By CPU: the stream that decides in which mode it begins, -1: in user mode; and the probability of user mode. */
  readonly modeAt: Int32Array;
  readonly userShare: Float64Array;
}

interface Draft {
  readonly kind: number;
  readonly owner: number;
  readonly entity: string;
  readonly cadence: Law;
  readonly section: Law;
  readonly begins: number;
  readonly fixed: number;
  readonly before: number;
  readonly after: number;
  readonly profile: HookProfile | undefined;
  readonly mm: number;
  readonly needsLock: boolean;
}

/** `profiles[w]` belongs to walker w. */
export function planSources(
  system: System,
  cpus: number,
  laws: Laws,
  streams: StreamIds,
  profiles: readonly (HookProfile | undefined)[],
): SourcePlan {
  const {machine} = system;
  const save = laws.of(machine.costs["irq.save"], machine.name, "costs.irq.save");
  const atomic = laws.of(machine.costs.xchg, machine.name, "costs.xchg");
  const restore = laws.of(machine.costs["irq.restore"], machine.name, "costs.irq.restore");
  const tickCost = laws.of(machine.costs.tick, machine.name, "costs.tick");
  const switchCost = laws.of(machine.costs.switch, machine.name, "costs.switch");
  const jiffy = laws.of({kind: "constant", value: 1e9 / machine.hz}, machine.name, "tick");
  const perCpu: Draft[][] = Array.from({length: cpus}, () => []);
  // 1: always something; 2: only a writer or a bystander now and then.
  const running = new Uint8Array(cpus);
  const loadOf = new Int32Array(cpus).fill(-1);
  const modeAt = new Int32Array(cpus).fill(-1);
  const userShare = new Float64Array(cpus).fill(1);

  for (const mm of system.mms) for (const cpu of cpusOf(mm.cpus)) running[cpu] = 1;
  system.walkers.forEach((walker, w) => {
    if (walker.kind === "hardware" || walker.cadence.kind === "any") return;
    const profile = profiles[w];
    const masks = walker.protect === "irq" ? 1 : 0;
    // Masking costs are folded into the law when they are random.
    const constant = save.constant >= 0 && restore.constant >= 0;
    // Taking mmap_lock for reading and giving it back are two atomic operations, where its line stays (`lock-line.ts`).
    const locking = walker.protect === "lock" ? Math.max(0, atomic.constant) : 0;
    const before = masks * Math.max(0, save.constant) + locking;
    const after = masks * Math.max(0, restore.constant) + locking;
    const hold = constant ? holdOf(walker, machine) : maskedHoldOf(walker, machine);
    const section = laws.of(hold, walker.name, "hold");
    const closed = walker.cadence.kind === "closed";
    const cadence = laws.of(
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
    const mm = system.mms.findIndex(({name}) => name === walker.mm) + 1;
    for (const cpu of cpusOf(walker.on)) {
      running[cpu] = 1;
      perCpu[cpu].push({
        kind,
        owner: w,
        entity: `${walker.name}@${cpu}`,
        cadence,
        section,
        begins: closed ? firstArrival.gap : firstArrival.phase,
        fixed: before + after + hooks,
        before,
        after,
        profile,
        mm,
        needsLock: walker.protect === "lock" && !nmi,
      });
    }
  });
  for (const {on, workers = 1} of system.writers) {
    for (let w = 0; w < workers; w++) running[on + w] ||= 2;
  }
  system.bystanders.forEach((bystander, b) => {
    const cadence = laws.of(bystander.period, bystander.name, "period");
    const section = laws.of(bystander.work, bystander.name, "work");
    for (const cpu of cpusOf(bystander.on)) {
      running[cpu] ||= 2;
      const entity = `${bystander.name}@${cpu}`;
      const draft = plain(source.bystander, b, entity, cadence, section, firstArrival.phase);
      perCpu[cpu].push(draft);
    }
  });
  system.loads.forEach((load, l) => {
    const every = (rate: number, purpose: string) =>
      laws.of({kind: "exponential", mean: 1e9 / rate}, load.name, purpose);
    const irqOff = laws.of(load.irqOff, load.name, "irq_off");
    const irqGap = load.irqRate > 0 ? every(load.irqRate, "irq_rate") : undefined;
    const switchGap = load.switches > 0 ? every(load.switches, "switches") : undefined;
    // A cycle of idle and busy takes two context switches; without any it lasts a millisecond.
    const cycle = load.switches > 0 ? 2e9 / load.switches : 1e6;
    const stretch = (fraction: number, purpose: string) =>
      laws.of({kind: "exponential", mean: fraction * cycle}, load.name, purpose);
    const [busy, idle] = [stretch(1 - load.idle, "busy"), stretch(load.idle, "idle")];
    for (const cpu of cpusOf(load.on)) {
      const entity = `${load.name}@${cpu}`;
      const own = perCpu[cpu];
      running[cpu] = 1;
      loadOf[cpu] = l;
      if (irqGap !== undefined) {
        own.push(plain(source.irqOff, l, `${entity}/irq`, irqGap, irqOff));
      }
      if (switchGap !== undefined) {
        own.push(plain(source.switch, l, `${entity}/switch`, switchGap, switchCost));
      }
      const closed = own.some(({kind}) => kind === source.closedWalk);
      if (load.idle > 0 && !closed) {
        own.push(plain(source.idleToggle, l, `${entity}/idle`, busy, idle));
      }
    }
  });
  const modes = system.loads.map(modeLawsOf);
  const steals = machine.stealRate > 0;
  const stealGap = steals
    ? laws.of({kind: "exponential", mean: 1e9 / machine.stealRate}, machine.name, "steal_rate")
    : jiffy;
  const steal = steals ? laws.of(machine.steal, machine.name, "steal") : jiffy;
  for (let cpu = 0; cpu < cpus; cpu++) {
    const own = perCpu[cpu];
    const load = system.loads[loadOf[cpu]];
    if (load !== undefined) {
      const entity = `${load.name}@${cpu}/mode`;
      modeAt[cpu] = streams.open(entity, "first");
      userShare[cpu] = load.user;
      const mode = modes[loadOf[cpu]];
      if (mode !== undefined) {
        const {inUser, inKernel} = mode;
        const begins = firstArrival.mode;
        own.push(plain(source.modeToggle, loadOf[cpu], entity, inUser, inKernel, begins));
      }
    }
    if (running[cpu] > 0 && !hasCpu(machine.nohzFull, cpu) && tickCost.constant !== 0) {
      own.push(plain(source.tick, 0, `tick@${cpu}`, jiffy, tickCost, firstArrival.tick));
    }
    if (steals) own.push(plain(source.steal, 0, `steal@${cpu}`, stealGap, steal));
  }
  return {...numbered(perCpu, streams), busy: running.map(onlyOne), modeAt, userShare};

  // Stretches in user mode and in the kernel alternate.
  function modeLawsOf({name, user, syscalls}: Load): {inUser: Law; inKernel: Law} | undefined {
    if (user <= 0 || user >= 1 || syscalls <= 0) return undefined;
    const stretch = (fraction: number, purpose: string) =>
      laws.of({kind: "exponential", mean: (1e9 * fraction) / syscalls}, name, purpose);
    return {inUser: stretch(user, "user"), inKernel: stretch(1 - user, "kernel")};
  }
}

function onlyOne(value: number): number {
  return value === 1 ? 1 : 0;
}

function plain(
  kind: number,
  owner: number,
  entity: string,
  cadence: Law,
  section: Law,
  begins: number = firstArrival.gap,
): Draft {
  return {
    kind,
    owner,
    entity,
    cadence,
    section,
    begins,
    fixed: 0,
    before: 0,
    after: 0,
    profile: undefined,
    mm: 0,
    needsLock: false,
  };
}

function numbered(
  perCpu: readonly (readonly Draft[])[],
  streams: StreamIds,
): Omit<SourcePlan, "busy" | "modeAt" | "userShare"> {
  const first = new Int32Array(perCpu.length + 1);
  perCpu.forEach((own, cpu) => {
    first[cpu + 1] = first[cpu] + own.length;
  });
  const drafts = perCpu.flat();
  // Walks may draw from their streams for more than their laws.
  const opened = (draft: Draft, law: Law, purpose: string) =>
    draft.kind > source.openNmi && law.constant >= 0 ? silent : streams.open(draft.entity, purpose);
  return {
    first,
    kind: Uint8Array.from(drafts, ({kind}) => kind),
    cadence: drafts.map(({cadence}) => cadence),
    section: drafts.map(({section}) => section),
    cadenceAt: Int32Array.from(drafts, (draft) => opened(draft, draft.cadence, "cadence")),
    sectionAt: Int32Array.from(drafts, (draft) => opened(draft, draft.section, "section")),
    begins: Uint8Array.from(drafts, ({begins}) => begins),
    phaseAt: Int32Array.from(drafts, ({begins, cadence, entity}) =>
      begins === firstArrival.phase && cadence.constant >= 0 ? streams.open(entity, "phase") : -1,
    ),
    fixed: Float64Array.from(drafts, ({fixed}) => fixed),
    owner: Int32Array.from(drafts, ({owner}) => owner),
    profile: drafts.map(({profile}) => profile),
    before: Float64Array.from(drafts, ({before}) => before),
    after: Float64Array.from(drafts, ({after}) => after),
    mm: Int32Array.from(drafts, ({mm}) => mm),
    needsLock: Uint8Array.from(drafts, ({needsLock}) => (needsLock ? 1 : 0)),
  };
}
