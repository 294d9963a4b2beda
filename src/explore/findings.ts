// What a check noticed besides the property it was asked for: what a "never" did not exercise, sleeping and waiting in the wrong context,
// trackers that are left set, a deadlock on the way, polling that fairness alone ends.

import type {CheckProperty} from "../plan/check-plan.ts";
import type {InvariantId} from "../plan/invariants.ts";
import {op} from "../program/code.ts";
import type {SmallSystem} from "../program/small-system.ts";
import type {Exploration} from "./explore.ts";
import {flag} from "./instructions.ts";
import {act, attribute, type LocalState} from "./local-state.ts";
import {waitsIn} from "./stuck.ts";
import type {Transitions} from "./transitions.ts";
import type {Finding} from "./verdict.ts";

/** What a "never" did not exercise. */
export function vacuity(transitions: Transitions): string[] {
  const {world, tasks, interrupts, locations} = transitions.automata;
  const reached = (wanted: (state: LocalState, role: string) => boolean): boolean =>
    tasks.some((task, t) =>
      task.states.some(
        (state) =>
          transitions.seen[(transitions.base[t] as number) + state.id] === 1 &&
          wanted(state, task.program.role),
      ),
    );
  const missing: string[] = [];
  if (!reached((state) => state.table !== 0)) missing.push("no walker ever reads a table");
  const given = (state: LocalState): boolean => {
    const storing = state.kind === act.store || state.kind === act.release;
    const name = locations[state.loc]?.name ?? "";
    return storing && (locations[state.loc]?.once === true || name.includes(".contents"));
  };
  if (!reached(given)) missing.push("no table is ever given up");
  const sends = world.writers.some((w) => {
    const ops = world.codes[w.policy]?.ops ?? new Int32Array();
    for (let pc = 0; pc < ops.length; pc += 4) if (ops[pc] === op.ipi) return true;
    return false;
  });
  const other = reached((state) => state.kind === act.gpStart || state.kind === act.callback);
  if (sends && !other && transitions.delivered === 0)
    missing.push(
      interrupts.length === 0
        ? "the policy's condition for sending an interrupt is never true"
        : "no interrupt is ever delivered",
    );
  return missing;
}

export function findingsOf(explored: Exploration, property: CheckProperty): Finding[] {
  const {transitions, result, target} = explored;
  const {world, tasks} = transitions.automata;
  const findings: Finding[] = world.notes.map((text) => ({severity: "note", text}));
  if (explored.anyNumber && target < 0 && result.complete)
    findings.push({
      severity: "note",
      text: "what the writer does to a CPU depends on that CPU alone, so the verdict holds for any number of walkers' CPUs",
    });
  const told = new Set<string>();
  const tell = (invariant: InvariantId, text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    findings.push({invariant, severity: "warning", text});
  };
  for (const [t, task] of tasks.entries()) {
    for (const state of task.states) {
      if (transitions.seen[(transitions.base[t] as number) + state.id] !== 1) continue;
      const {name} = task.program;
      const off = (state.attributes & attribute.irqOff) !== 0;
      const atomic = (state.flags & (flag.irqOff | flag.preemptOff | flag.rcu | flag.nmi)) !== 0;
      if (state.kind === act.ackWait && off)
        tell(
          "I9",
          `${name} waits for an IPI with interrupts off: two such senders wait for each other for ever`,
        );
      if (state.kind === act.gpStart && atomic)
        tell("I8", `${name} waits for a grace period in atomic context`);
      const sleeping = /^lock (mmap_lock|i_mmap)\b/.test(state.text);
      if (state.kind === act.atomic && sleeping && atomic)
        tell("I8", `${name} takes ${state.text.slice(5)}, which may sleep, in atomic context`);
    }
    if (property === "progress" && task.program.role === "writer" && polls(task.states))
      findings.push({
        severity: "warning",
        text: `${task.program.name} polls: a scheduler that lets it look only while a walk is under way keeps it waiting for ever (livelock without fairness)`,
      });
  }
  for (const text of untidyTrackers(world)) tell("I11", text);
  if (property === "safety" && result.dead.length > 0) {
    const state = transitions.initial();
    for (const n of result.dead) {
      result.set.read(n, state);
      if (transitions.violationIn(state) !== 0) continue;
      const waits = waitsIn(transitions, state);
      if (waits.length === 0) continue;
      tell("I7", `a deadlock is reachable: ${waits.join("; ")}`);
      break;
    }
  }
  return findings;
}

function polls(states: readonly LocalState[]): boolean {
  return states.some((state) => state.kind === act.load && state.next.includes(state.id));
}

/** State words of type Mm that a walk sets and does not take back. */
function untidyTrackers(world: SmallSystem): string[] {
  if (!world.system.walkers.some((walker) => walker.tracked)) return [];
  return world.codes.flatMap((code) => {
    const stored = (entry: number): Set<number> => {
      const found = new Set<number>();
      if (entry < 0) return found;
      for (let pc = entry; code.ops[4 * pc] !== op.ret; pc++) {
        const kind = code.ops[4 * pc];
        if (kind === op.store || kind === op.storeRelease || kind === op.exchange)
          found.add(code.ops[4 * pc + 1] as number);
      }
      return found;
    };
    const cleared = stored(code.entry.exit);
    return [...stored(code.entry.enter)]
      .filter((word) => code.states[word]?.type === "mm" && !cleared.has(word))
      .map(
        (word) =>
          `${code.policy}: ${code.states[word]?.name} is set on enter and not taken back on exit`,
      );
  });
}
