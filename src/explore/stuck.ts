// Deadlock and progress. A state is live if some way leads from it to a state in which every operation is over. The states that are not
// live are found from the live ones backwards: every state is expanded again, last to first, until nothing changes. What follows a use
// after free is not judged: such a state counts as live.
//
// Deadlock: a state that is not live and in which no writer, callback or handler has a step left. Progress: any state that is not live.

import {lockText} from "../program/cells.ts";
import {act} from "./local-state.ts";
import type {SearchResult} from "./search.ts";
import {event, labelParts} from "./step-label.ts";
import type {Transitions} from "./transitions.ts";

export interface StuckStates {
  /** The nearest state of which the property says that it must not exist; -1: there is none. */
  readonly state: number;
}

export function stuckStates(
  transitions: Transitions,
  result: SearchResult,
  property: "progress" | "deadlock",
): StuckStates {
  const {set} = result;
  const live = new Uint8Array(set.size);
  const current = transitions.initial();
  const {words} = transitions.layout;
  for (let n = 0; n < set.size; n++) {
    set.read(n, current);
    if (isOver(transitions, current) || transitions.violationIn(current) !== 0) live[n] = 1;
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (let n = set.size - 1; n >= 0; n--) {
      if (live[n] === 1) continue;
      set.read(n, current);
      const count = transitions.expand(current);
      for (let i = 0; i < count; i++) {
        const m = set.find(transitions.out, i * words);
        if (m < 0 || live[m] === 0) continue;
        live[n] = 1;
        changed = true;
        break;
      }
    }
  }
  for (let n = 0; n < set.size; n++) {
    if (live[n] === 1) continue;
    if (property === "progress") return {state: n};
    set.read(n, current);
    if (!canMove(transitions, current)) return {state: n};
  }
  return {state: -1};
}

/** Whether every writer has finished and no callback or handler is under way. */
export function isOver(transitions: Transitions, state: Int32Array): boolean {
  return transitions.automata.tasks.every(({program}, t) => {
    const {kind} = transitions.local(state, t);
    if (program.role === "writer") return kind === act.done;
    if (program.role === "callback") return kind === act.done || kind === act.dormant;
    return true;
  });
}

/** Whether a writer, a callback or a handler has a step, or one of their stores is still to reach memory. */
function canMove(transitions: Transitions, state: Int32Array): boolean {
  const count = transitions.expand(state);
  const {tasks} = transitions.automata;
  for (let i = 0; i < count; i++) {
    const {kind, a} = labelParts(transitions.labels[i] as number);
    if (
      kind === event.task &&
      tasks[a]?.program.role !== "walker" &&
      tasks[a]?.program.role !== "mmu"
    )
      return true;
    if (
      kind === event.commit &&
      tasks.some((t) => t.program.place === a && t.program.role !== "walker")
    )
      return true;
  }
  return false;
}

/** Who waits for whom in a state, a sentence for each task that cannot go on. */
export function waitsIn(transitions: Transitions, state: Int32Array): string[] {
  const {world, tasks} = transitions.automata;
  const sentences: string[] = [];
  const holders = (place: number, bit: "irqOff" | "section"): string[] =>
    tasks.flatMap(({program}, t) => {
      const local = transitions.local(state, t);
      const mask = bit === "irqOff" ? 1 : 2;
      const here = program.place === place && (local.attributes & mask) !== 0;
      return here ? [program.name] : [];
    });
  for (const [t, {program}] of tasks.entries()) {
    const local = transitions.local(state, t);
    const cpu = world.cpus[local.arg];
    const who = `${program.name} on CPU ${world.cpus[program.place] ?? "-"}`;
    if (local.kind === act.ackWait) {
      const off = holders(local.arg, "irqOff");
      const why =
        off.length > 0 ? `where ${off.join(", ")} keeps interrupts off` : "which does not take it";
      const pending = transitions.get(state, transitions.fields.pending[local.arg] as number);
      if ((pending & local.arg2) !== 0)
        sentences.push(`${who} waits for its interrupt at CPU ${cpu}, ${why}`);
    } else if (local.kind === act.gpWait || local.kind === act.gpWaitAll) {
      const inside = local.kind === act.gpWait ? holders(local.arg, "section") : [];
      const why =
        inside.length > 0 ? `, where ${inside.join(", ")} is inside a read-side section` : "";
      sentences.push(
        local.kind === act.gpWait
          ? `${who} waits for a quiescent state of CPU ${cpu}${why}`
          : `${who} waits for its grace period`,
      );
    } else if (local.kind === act.atomic && local.text.startsWith("lock ")) {
      const location = transitions.fields.location[local.loc] as number;
      const held = transitions.get(state, location);
      const value = transitions.automata.locations[local.loc]?.values[held] ?? 0;
      // A reader waits for nobody but a writer.
      if (local.text.endsWith(" for reading") ? value === 1 : value !== 0) {
        const off = (local.attributes & 1) !== 0 ? " with interrupts off" : "";
        const how = value === 1 ? "taken" : lockText(value);
        sentences.push(`${who} waits for ${local.text.slice(5)}, which is ${how}${off}`);
      }
    } else if (
      program.role === "writer" &&
      local.kind === act.load &&
      local.next.includes(local.id)
    ) {
      sentences.push(`${who} waits for ${local.text.slice(5)} to change`);
    }
  }
  return sentences;
}
