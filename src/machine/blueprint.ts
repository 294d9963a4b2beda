// What of a world follows from its system alone. It is worked out when a system is first run and kept for as long as the system lives:
// in a short replication it would cost more than the run. A system is plain data that is never changed once it has been made.

import type {System} from "../plan/system.ts";
import {assemble} from "../program/assemble.ts";
import type {Code} from "../program/code.ts";
import {cpusOf} from "../units/cpuset.ts";
import type {Costs} from "./costs.ts";
import {emptyProfile, type HookProfile, profileOf} from "./hook-profile.ts";
import {broadcastLoops} from "./interrupt-all.ts";
import {type Topology, topologyOf} from "./topology.ts";
import type {Words} from "./words.ts";

export interface Blueprint {
  readonly topology: Topology;
  readonly codes: readonly Code[];
  /** By Code and instruction: whether a loop of interrupts begins there. */
  readonly loops: readonly Uint8Array[];
  /** Index of each mm, 1-based. */
  readonly mmIndex: ReadonlyMap<string, number>;
  /** By CPU: the class its time is accounted under. */
  readonly classes: readonly string[];
}

const known = new WeakMap<System, Blueprint>();

export function blueprintOf(system: System): Blueprint {
  let blueprint = known.get(system);
  if (blueprint === undefined) {
    const topology = topologyOf(system.machine);
    const codes = system.policies.map((policy) => assemble(policy));
    blueprint = {
      topology,
      codes,
      loops: codes.map(broadcastLoops),
      mmIndex: new Map(system.mms.map(({name}, index) => [name, index + 1])),
      classes: classesOf(system, topology.cpus),
    };
    known.set(system, blueprint);
  }
  return blueprint;
}

type Profiles = readonly (HookProfile | undefined)[];
const knownProfiles = new WeakMap<
  Blueprint,
  {readonly costs: Costs; readonly profiles: Profiles}
>();

/** What the hooks do to the walks of each walker. Costs that differ between replications (`once`) are another object each time. */
export function profilesOf(
  system: System,
  blueprint: Blueprint,
  words: Words,
  costs: Costs,
): Profiles {
  const last = knownProfiles.get(blueprint);
  if (last?.costs === costs) return last.profiles;
  const {codes, mmIndex} = blueprint;
  const profiles = system.walkers.map((walker) =>
    walker.tracked ? profileOf(codes, words, costs, mmIndex.get(walker.mm) ?? 0) : emptyProfile,
  );
  knownProfiles.set(blueprint, {costs, profiles});
  return profiles;
}

function classesOf(system: System, cpus: number): string[] {
  const writing = new Set(
    system.writers.flatMap(({on, workers = 1}) => Array.from({length: workers}, (_, w) => on + w)),
  );
  const walking = new Set(system.walkers.flatMap(({on}) => cpusOf(on)));
  const loaded = new Set(system.loads.flatMap(({on}) => cpusOf(on)));
  const running = new Set(system.mms.flatMap((mm) => cpusOf(mm.cpus)));
  const isolated = new Set(cpusOf(system.machine.isolated));
  return Array.from({length: cpus}, (_, cpu) => {
    if (writing.has(cpu)) return "writer";
    if (walking.has(cpu)) return "walking";
    if (isolated.has(cpu)) return "isolated";
    return loaded.has(cpu) || running.has(cpu) ? "busy" : "idle";
  });
}
