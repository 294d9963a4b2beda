// How much there will be to simulate, from rates alone: for the number of samples behind a quantile, and for a first guess of how long a
// run takes before anything was timed.

import type {Cadence, System} from "../plan/system.ts";
import {meanOf} from "../random/law.ts";
import {sizeOf} from "../units/cpuset.ts";

/** Events the engine gets through in a second, order of magnitude; a run replaces it by what it measures. */
const eventsPerSecond = 2e7;

/** Samples that a stream metric of an entity is expected to have in the measured part of one replication; undefined if unknown. */
export function expectedSamples(
  system: System,
  entity: string,
  metric: string,
): number | undefined {
  const seconds = (system.duration - system.warmup) / 1e9;
  const writer = system.writers.find((one) => one.name === entity);
  if (writer !== undefined) {
    const operations = operationsPerSecond(writer.cadence) * seconds;
    return writer.operations > 0 ? Math.min(operations, writer.operations) : operations;
  }
  const walker = system.walkers.find((one) => one.name === entity);
  if (walker !== undefined)
    return operationsPerSecond(walker.cadence) * seconds * sizeOf(walker.on);
  const bystander = system.bystanders.find((one) => one.name === entity);
  if (bystander !== undefined)
    return (1e9 / meanOf(bystander.period)) * seconds * sizeOf(bystander.on);
  if (entity === "sync" && metric === "targets")
    return system.writers.reduce((sum, one) => sum + operationsPerSecond(one.cadence) * seconds, 0);
  return undefined;
}

/** A rough guess of the CPU time of one replication, s. */
export function estimatedSeconds(system: System): number {
  const seconds = system.duration / 1e9;
  const cpus = system.machine.sockets * system.machine.coresPerSocket * system.machine.smt;
  let events = 0;
  for (const walker of system.walkers)
    events += operationsPerSecond(walker.cadence) * seconds * sizeOf(walker.on);
  for (const bystander of system.bystanders)
    events += (1e9 / Math.max(1, meanOf(bystander.period))) * seconds * sizeOf(bystander.on);
  for (const writer of system.writers) {
    const operations = operationsPerSecond(writer.cadence) * seconds;
    events +=
      (writer.operations > 0 ? Math.min(operations, writer.operations) : operations) * (10 + cpus);
  }
  return 0.001 + events / eventsPerSecond;
}

function operationsPerSecond(cadence: Cadence): number {
  if (cadence.kind === "any") return 0;
  const gap = meanOf(cadence.kind === "open" ? cadence.gap : cadence.think);
  // A closed loop also works; a microsecond stands for that work where thinking takes no time.
  return 1e9 / Math.max(gap, 1000);
}
