// A replayed schedule as tables: its steps with their times, and the same as what each CPU did when.

import type {ColumnTable} from "arquero";
import type {TimedReplay} from "../record/timed-replay.ts";
import {columns} from "./columns.ts";

/**
 * A row per step: `step`, `move` as the schedule has it, `cpu` (-1: a deferred block), `actor`, `text`, `at_ns` when it took effect, `cost_ns`,
 * `waited_ns` and `waited_for`, `held_ns` by which the schedule alone held it back, `violation` (empty: none).
 */
export function replayTable({steps}: TimedReplay): ColumnTable {
  const rows = columns([
    "step",
    "move",
    "cpu",
    "actor",
    "text",
    "at_ns",
    "cost_ns",
    "waited_ns",
    "waited_for",
    "held_ns",
    "violation",
  ]);
  for (const step of steps) {
    rows.push({
      step: step.number,
      move: step.move,
      cpu: step.cpu,
      actor: step.actor,
      text: step.text,
      at_ns: step.at,
      cost_ns: step.cost,
      waited_ns: step.waited,
      waited_for: step.waitedFor ?? "",
      held_ns: step.held,
      violation: step.violation ?? "",
    });
  }
  return rows.table();
}

/** A row per interval, as of `timelineTable`; `state` is who works, `waits` for others, or `held back` by the schedule. */
export function replayTimelineTable({steps}: TimedReplay): ColumnTable {
  const rows = columns(["cpu", "from_ns", "to_ns", "state"]);
  const put = (cpu: number, from: number, to: number, state: string): void => {
    if (to > from) rows.push({cpu, from_ns: from, to_ns: to, state});
  };
  const last = new Map<number, {readonly at: number; readonly actor: string}>();
  for (const {cpu, from, at, waited, held, cost, actor} of steps) {
    if (cpu < 0 || cost === 0) continue;
    // A step can keep its CPU after it has taken effect: whoever sends interrupts queues them first and then tells the controller.
    const before = last.get(cpu);
    if (before?.actor === actor) put(cpu, before.at, from, actor);
    last.set(cpu, {at, actor});
    put(cpu, from, from + waited, "waits");
    put(cpu, from + waited, at - held, actor);
    put(cpu, at - held, at, "held back");
  }
  return rows.table();
}
