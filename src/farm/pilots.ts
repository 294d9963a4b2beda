// Pilots: replications that are run before all others, without a warm-up, to see how long one has to be (`warmup: auto`).
//
// (1) They have numbers, and so random numbers, that no replication of a plan has: what is measured later does not depend on what was
//     looked at to choose where measuring begins.
// (2) A pilot tells, for every metric that the plan reads, how it went on in `pilotParts` equal parts of the run, and nothing else.
// (3) Every point has `pilotsEach` of them; a point that would decide has `pilotsDeciding`, so that chance does not.

import {type Plan, statisticsOf} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";
import type {Simulate, SimulateOptions} from "./engine.ts";

/** The number of the first pilot of a point; replications have smaller ones. */
export const firstPilot: number = 2 ** 30;
export const pilotsEach = 5;
export const pilotsDeciding = 20;
export const pilotParts = 200;

export function isPilot(replication: number): boolean {
  return replication >= firstPilot;
}

/** Runs a pilot; the samples are those of its slices, without series. */
export function simulatePilot(
  plan: Plan,
  system: System,
  simulate: Simulate,
  options: SimulateOptions,
): Samples {
  const read = readBy(plan);
  const samples = simulate(unwarmed(system), {...options, slices: pilotParts});
  const slices = samples.slices?.filter(({entity, metric}) => read.has(`${entity}.${metric}`));
  return {...samples, series: [], slices: slices ?? []};
}

// The engine works out what follows from a system once for each object.
const unwarmedSystems = new WeakMap<System, System>();
const metricsRead = new WeakMap<Plan, ReadonlySet<string>>();

function unwarmed(system: System): System {
  const known = unwarmedSystems.get(system);
  if (known !== undefined) return known;
  const fresh = {...system, warmup: 0};
  unwarmedSystems.set(system, fresh);
  return fresh;
}

/** `entity.metric` of all statistics of a plan. */
function readBy(plan: Plan): ReadonlySet<string> {
  const known = metricsRead.get(plan);
  if (known !== undefined) return known;
  const fresh = new Set(statisticsOf(plan).map(({entity, metric}) => `${entity}.${metric}`));
  metricsRead.set(plan, fresh);
  return fresh;
}
