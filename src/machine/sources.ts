// The private sources of activity of all CPUs while a run goes on: those of the plan (`source-plan.ts`), each with its next arrival.

import {uniform53} from "../random/stream.ts";
import {account} from "./accounts.ts";
import type {Cpus} from "./cpus.ts";
import type {HookProfile} from "./hook-profile.ts";
import type {Memory} from "./memory.ts";
import {firstArrival, type SourcePlan} from "./source-plan.ts";
import {draw, type Law, type Streams} from "./streams.ts";

/** How ticks of different CPUs lie: all at once, as Linux does by default, or each at a random phase (`skew_tick=1`). */
export type TickPhases = "aligned" | "skewed";

export class Sources {
  /** Of the plan, per source. */
  readonly kind: Uint8Array;
  readonly cadence: readonly Law[];
  readonly section: readonly Law[];
  readonly cadenceAt: Int32Array;
  readonly sectionAt: Int32Array;
  readonly fixed: Float64Array;
  readonly owner: Int32Array;
  readonly profile: readonly (HookProfile | undefined)[];
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly mm: Int32Array;
  readonly next: Float64Array;
  /** Of walks (`read-lock.ts`): whether the next one goes under mmap_lock, and whether the latest one did. */
  readonly needsLock: Uint8Array;
  readonly reads: Uint8Array;
  /** Whether it has been let in, and when it is awake. */
  readonly admitted: Uint8Array;
  readonly readyAt: Float64Array;
  /** What an aborted walk spends under the lock, what its hooks took, and when it arrived. */
  readonly slow: Float64Array;
  readonly slowHooks: Float64Array;
  readonly slowArrival: Float64Array;

  constructor(plan: SourcePlan, memory: Memory) {
    this.kind = plan.kind;
    this.cadence = plan.cadence;
    this.section = plan.section;
    this.cadenceAt = plan.cadenceAt;
    this.sectionAt = plan.sectionAt;
    this.fixed = plan.fixed;
    this.owner = plan.owner;
    this.profile = plan.profile;
    this.before = plan.before;
    this.after = plan.after;
    this.mm = plan.mm;
    const count = plan.kind.length;
    this.next = memory.floats(count);
    this.needsLock = memory.bytes(count);
    this.needsLock.set(plan.needsLock);
    this.reads = memory.bytes(count);
    this.admitted = memory.bytes(count);
    this.readyAt = memory.floats(count);
    this.slow = memory.floats(count);
    this.slowHooks = memory.floats(count);
    this.slowArrival = memory.floats(count);
  }
}

/** Draws in which mode each CPU begins and when each source acts first. */
export function startSources(
  plan: SourcePlan,
  sources: Sources,
  cpus: Cpus,
  streams: Streams,
  ticks: TickPhases,
): void {
  const {first, begins, cadence, section, cadenceAt, sectionAt, phaseAt, modeAt} = plan;
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    if (modeAt[cpu] >= 0 && uniform53(streams.state, modeAt[cpu]) >= plan.userShare[cpu]) {
      cpus.busyBase[cpu] = account.kernel;
    }
    if (plan.busy[cpu] === 1) {
      cpus.naturalBase[cpu] = cpus.busyBase[cpu];
      cpus.base[cpu] = cpus.busyBase[cpu];
    }
    for (let i = first[cpu]; i < first[cpu + 1]; i++) {
      const {state} = streams;
      // What is strictly periodic begins at a random phase, so that CPUs do not run in step by accident; ticks do, unless skewed.
      if (begins[i] === firstArrival.mode && cpus.busyBase[cpu] === account.kernel) {
        sources.next[i] = draw(section[i], state, sectionAt[i]);
      } else if (begins[i] === firstArrival.tick && ticks === "skewed") {
        sources.next[i] = tickPhase(streams, cpu, cadence[i].constant);
      } else {
        const gap = draw(cadence[i], state, cadenceAt[i]);
        sources.next[i] = phaseAt[i] < 0 ? gap : phase(state, phaseAt[i], gap);
      }
    }
  }
}

/** A random offset of the timer interrupts of a CPU, below their period [ticks]; the same each time. */
export function tickPhase(streams: Streams, cpu: number, period: number): number {
  const at = streams.open(`tick@${cpu}`, "phase");
  return phase(streams.state, at, period);
}

function phase(state: Int32Array, at: number, period: number): number {
  return Math.floor(((state[at] >>> 0) / 4294967296) * period);
}
