// What every elementary action costs on this machine, as laws of durations in ticks.

import {type CostName, costNames} from "../plan/costs.ts";
import type {Machine} from "../plan/system.ts";
import {hasOnce} from "../random/once.ts";
import type {Laws} from "./laws.ts";
import type {Law} from "./streams.ts";

export type Costs = Readonly<Record<CostName, Law>>;

const known = new WeakMap<Machine, Costs>();

/** The same object for all systems with the machine, if no cost is drawn once per replication. */
export function costsOf(machine: Machine, laws: Laws): Costs {
  const same = known.get(machine);
  if (same !== undefined) return same;
  const costs: Partial<Record<CostName, Law>> = {};
  for (const name of costNames) {
    costs[name] = laws.of(machine.costs[name], machine.name, `costs.${name}`);
  }
  if (!costNames.some((name) => hasOnce(machine.costs[name]))) known.set(machine, costs as Costs);
  return costs as Costs;
}

/** Moving a cache line over a distance; within the own CPU there is nothing to move. */
export function lineCosts(costs: Costs): readonly [undefined, Law, Law, Law] {
  return [
    undefined,
    costs["line.same_core"],
    costs["line.same_socket"],
    costs["line.cross_socket"],
  ];
}

export function deliveryCosts(costs: Costs): readonly Law[] {
  const same = costs["ipi.deliver.same_core"];
  return [same, same, costs["ipi.deliver.same_socket"], costs["ipi.deliver.cross_socket"]];
}

/** Leaving the idle state of the machine; polling leaves nothing. */
export function idleExitCost(machine: Machine, costs: Costs): Law | undefined {
  return machine.idle === "poll" ? undefined : costs[`idle.exit.${machine.idle}`];
}

/** Into `into`, by distance: a constant cost and that of moving a line; `undefined` if either is a matter of chance. */
export function stepCosts(
  law: Law,
  line: readonly (Law | undefined)[],
  into: Float64Array,
): Float64Array | undefined {
  if (law.constant < 0) return undefined;
  for (let distance = 0; distance < line.length; distance++) {
    const moved = line[distance];
    if (moved !== undefined && moved.constant < 0) return undefined;
    into[distance] = law.constant + (moved === undefined ? 0 : moved.constant);
  }
  return into;
}
