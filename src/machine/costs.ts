// What every elementary action costs on this machine, as laws of durations in ticks.

import {type CostName, costNames} from "../plan/costs.ts";
import type {Machine} from "../plan/system.ts";
import type {Law, Streams} from "./streams.ts";

export type Costs = Readonly<Record<CostName, Law>>;

export function costsOf(machine: Machine, streams: Streams): Costs {
  const costs: Partial<Record<CostName, Law>> = {};
  for (const name of costNames) {
    costs[name] = streams.law(machine.costs[name], machine.name, `costs.${name}`);
  }
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
