// Exactly what a verdict is about: model, CPUs, walks, writes, tables, mms, environment, store buffers, states.

import type {CheckScope} from "../plan/check-plan.ts";
import type {Exploration} from "./explore.ts";

/** `TSO, 3 CPUs, unbounded walks, 1 write, sync alone, 52,109 states, complete` */
export function boundText(explored: Exploration, scope: CheckScope): string {
  const {transitions, result, reduction} = explored;
  const {world} = transitions.automata;
  const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
  const parts = [
    transitions.model.toUpperCase(),
    many(scope.cpus, "CPU"),
    scope.walks === undefined ? "unbounded walks" : `${many(scope.walks, "walk")} a walker`,
    world.writers.length > 1
      ? `${many(scope.writes, "write")} of each of ${world.writers.length} writers`
      : many(scope.writes, "write"),
    many(world.tables.filter((table) => !table.replacement).length, "table"),
    many(world.system.mms.length, "mm"),
    world.path === "whole" ? "flush counted" : "sync alone",
  ];
  if (scope.nmis > 0) parts.push(many(scope.nmis, "NMI"));
  if (scope.preemptions > 0) parts.push(many(scope.preemptions, "vCPU preemption"));
  if (scope.migrations > 0) parts.push(many(scope.migrations, "migration"));
  const hotplugs = scope.hotplugs ?? 0;
  if (hotplugs > 0) parts.push(`${many(hotplugs, "hotplug")} of CPUs between walks`);
  const deepest = Math.max(0, ...transitions.depth);
  if (transitions.model !== "sc" && deepest > 0)
    parts.push(
      transitions.bufferBounded
        ? `store buffers of at most ${deepest}`
        : `store buffers of ${deepest}, which is exact`,
    );
  if (reduction === "cut-off") parts.push("one walker stands for all");
  if (reduction === "symmetry") parts.push("walkers interchangeable");
  const states = `${result.set.size.toLocaleString("en")} states`;
  const why = {
    states: `stopped at ${states}`,
    memory: `out of memory at ${states}`,
    signal: `interrupted at ${states}`,
  };
  if (result.stopped !== undefined) parts.push(why[result.stopped]);
  else parts.push(states, result.complete ? "complete" : "to the first violation");
  return parts.join(", ");
}
