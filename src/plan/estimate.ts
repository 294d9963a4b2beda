// How much there will be to simulate, from rates alone: for the number of samples behind a quantile, and for a first guess of how long a
// run takes before anything was timed.

import {sizeOf} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import type {Cadence, System} from "./system.ts";

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

/** Mean of a distribution; infinite where it has none. */
export function meanOf(of: Distribution): number {
  switch (of.kind) {
    case "constant":
      return of.value;
    case "exponential":
    case "normal":
      return of.mean;
    case "uniform":
      return (of.lo + of.hi) / 2;
    case "lognormal":
      return Math.exp(of.mu + (of.sigma * of.sigma) / 2);
    case "gamma":
      return of.shape * of.scale;
    case "weibull":
      return of.scale * gamma(1 + 1 / of.shape);
    case "pareto":
      return of.alpha <= 1 ? Number.POSITIVE_INFINITY : (of.min * of.alpha) / (of.alpha - 1);
    case "triangular":
      return (of.lo + of.mode + of.hi) / 3;
    case "bernoulli":
      return of.p;
    case "choice":
      return of.values.reduce((sum, value, i) => sum + value * (of.weights[i] as number), 0);
    case "histogram":
      return of.weights.reduce(
        (sum, weight, i) =>
          sum + (weight * ((of.edges[i] as number) + (of.edges[i + 1] as number))) / 2,
        0,
      );
    case "empirical": {
      const n = of.values.length;
      const inner = of.values.reduce((sum, value) => sum + value, 0);
      // Trapezoids between the points of the quantile function.
      return (inner - ((of.values[0] as number) + (of.values[n - 1] as number)) / 2) / (n - 1);
    }
    case "mixture":
      return of.parts.reduce((sum, part, i) => sum + meanOf(part) * (of.weights[i] as number), 0);
    case "truncate": {
      const mean = meanOf(of.of);
      return Math.min(
        of.hi ?? Number.POSITIVE_INFINITY,
        Math.max(of.lo ?? Number.NEGATIVE_INFINITY, mean),
      );
    }
    case "affine":
      return of.scale * meanOf(of.of) + of.shift;
    case "sum":
      return of.parts.reduce((sum, part) => sum + meanOf(part), 0);
    case "product":
      return of.parts.reduce((product, part) => product * meanOf(part), 1);
    case "once":
      return meanOf(of.of);
  }
}

/** Gamma function for arguments of 1 and above (Lanczos approximation, g = 7, n = 9; Numerical Recipes 6.1). */
function gamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ];
  const z = x - 1;
  const sum = coefficients
    .slice(1)
    .reduce((total, c, i) => total + c / (z + i + 1), coefficients[0] as number);
  const t = z + 7.5;
  return Math.sqrt(2 * Math.PI) * t ** (z + 0.5) * Math.exp(-t) * sum;
}
