// The world of a scheduled run: that of a free run with nobody in it who acts by himself.

import type {SmallSystem} from "../../program/small-system.ts";
import {World} from "../world.ts";

/** Costs, topology, words and writers' contexts of the system, cut down to the CPUs of the scope. */
export function scheduledWorld(
  small: SmallSystem,
  options: {readonly seed: number; readonly replication: number},
): World {
  const {system, cpus, writers} = small;
  const world = new World(
    {
      ...system,
      walkers: system.walkers.map((walker) => ({...walker, cadence: {kind: "any"} as const})),
      writers: system.writers.map((writer, w) => ({
        ...writer,
        batch: 1,
        on: cpus[writers[w]?.place ?? 0] ?? writer.on,
        cadence: {kind: "closed", think: {kind: "constant", value: 0}} as const,
      })),
      bystanders: [],
      loads: [],
    },
    {
      seed: options.seed,
      replication: options.replication,
      executor: "lazy",
      shuffleTies: 0,
      tickPhases: "aligned",
      earlySelfReport: false,
    },
  );
  world.online.clear();
  for (const cpu of cpus) world.online.add(cpu);
  return world;
}
