// The checker and the timed engine side by side in one system: what each calls possible, what each makes of a move.

import {possibleMoves, takeMove} from "../machine/schedule/moves.ts";
import {ScheduledRun} from "../machine/schedule/scheduled-run.ts";
import type {CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {moveText, type ScheduleMove} from "../program/schedule.ts";
import {transitionsOf} from "./explore.ts";
import type {OperationalModel} from "./operational-model.ts";
import {event, type Label, label} from "./step-label.ts";
import {moveOf} from "./trace.ts";
import type {Transitions} from "./transitions.ts";

/** Everything about a state that both have, as lines of text. */
type Observed = readonly string[];

export class Lockstep {
  readonly transitions: Transitions;
  readonly run: ScheduledRun;
  readonly taken: string[] = [];
  state: Int32Array;
  violated: string | undefined;

  constructor(system: System, scope: CheckScope, model: OperationalModel) {
    this.transitions = transitionsOf(system, scope, model);
    const bufferDepth = this.transitions.depth;
    const {world} = this.transitions.automata;
    this.run = new ScheduledRun(world, model, {seed: 1, replication: 0, bufferDepth});
    this.state = this.transitions.initial();
  }

  /** What the checker calls possible. */
  successors(): {move: ScheduleMove; packed: Label; state: Int32Array; bad: number}[] {
    const {transitions} = this;
    const {words} = transitions.layout;
    const count = transitions.expand(this.state);
    return Array.from({length: count}, (_, at) => {
      const packed = transitions.labels[at] as Label;
      return {
        move: moveOf(transitions, packed),
        packed,
        state: transitions.out.slice(at * words, (at + 1) * words),
        bad: transitions.bad[at] as number,
      };
    });
  }

  /** Moves that one of them calls possible and the other does not; none if they agree. */
  disagreements(): string[] {
    const checker = new Set(this.successors().map(({move}) => plain(move)));
    const engine = new Set(possibleMoves(this.run).map(plain));
    return [
      ...[...checker].filter((move) => !engine.has(move)).map((move) => `checker only: ${move}`),
      ...[...engine].filter((move) => !checker.has(move)).map((move) => `engine only: ${move}`),
    ];
  }

  /** Takes a move in both. */
  take(next: {move: ScheduleMove; state: Int32Array; bad: number}): void {
    this.taken.push(moveText(next.move));
    takeMove(this.run, next.move, this.taken.length);
    this.state = next.state;
    this.violated = next.bad === 0 ? undefined : `I${next.bad}`;
  }

  /** Where the two states differ; none if they agree. */
  differences(): string[] {
    const checker = this.checkerState();
    const engine = this.engineState();
    return [
      ...checker.filter((line) => !engine.includes(line)).map((line) => `checker: ${line}`),
      ...engine.filter((line) => !checker.includes(line)).map((line) => `engine: ${line}`),
    ];
  }

  private checkerState(): Observed {
    const {transitions, state} = this;
    const {automata, fields} = transitions;
    const {world, locations, interrupts, owners, tasks} = automata;
    const lines: string[] = [];
    for (const [index, {key, values}] of locations.entries()) {
      const field = fields.location[index] as number;
      lines.push(`${key} = ${values[transitions.get(state, field)]}`);
    }
    for (let place = 0; place < transitions.places; place++) {
      const codes = transitions.codes[place] ?? [];
      const entries = transitions.bufferOf(state, place).map((code) => {
        const pair = codes[code - 1];
        if (pair === undefined) return "wmb";
        const {key, values} = locations[pair.location] as (typeof locations)[number];
        return `${key} = ${values[pair.value]}`;
      });
      lines.push(`buffer ${place}: ${entries.join("; ")}`);
    }
    for (const [place, cpu] of world.cpus.entries()) {
      const bits = transitions.get(state, fields.pending[place] as number);
      const waiting = interrupts.filter((_, bit) => (bits >> bit) & 1);
      const names = waiting.map(({sender, kind}) => `${kind} of ${sender}`).sort();
      lines.push(`pending ${cpu}: ${names.join("; ")}`);
      lines.push(`preempted ${cpu}: ${transitions.get(state, fields.preempted[place] as number)}`);
    }
    for (const [bit, t] of owners.entries()) {
      const holding = world.cpus.filter(
        (_, place) => (transitions.get(state, fields.waiting[place] as number) >> bit) & 1,
      );
      if (holding.length > 0) lines.push(`grace period of ${this.nameOf(t)}: ${holding}`);
    }
    for (const t of tasks.keys()) {
      const {flags} = transitions.local(state, t);
      lines.push(`flags of ${this.nameOf(t)}: ${flags}`);
    }
    lines.push(`violated: ${this.violated ?? "nothing"}`);
    return lines;
  }

  private engineState(): Observed {
    const {run, transitions} = this;
    const {world, locations, tasks} = transitions.automata;
    const lines: string[] = [];
    const memory = run.memory();
    // A cell that only one of them has met is as it was at the start.
    for (const {key, values} of locations) lines.push(`${key} = ${memory.get(key) ?? values[0]}`);
    run.buffers.forEach((buffer, place) => {
      const entries = buffer.entries.map(({cell, value}) =>
        cell === undefined ? "wmb" : `${cell.key} = ${value}`,
      );
      if (place < transitions.places) lines.push(`buffer ${place}: ${entries.join("; ")}`);
    });
    for (const cpu of world.cpus) {
      const waiting = run.interrupts.pending(cpu);
      const names = waiting.map(({sender, kind}) => `${kind} of ${sender}`).sort();
      lines.push(`pending ${cpu}: ${names.join("; ")}`);
      lines.push(`preempted ${cpu}: ${run.preempted.has(cpu) ? 1 : 0}`);
    }
    for (const task of run.tasks) {
      const {actor, name, number} = task.init;
      const own = plain({actor, name, cpu: number, deferred: false, choice: -1});
      const holding = run.grace.holdingUp(task);
      if (holding.length > 0) lines.push(`grace period of ${own}: ${[...holding].sort()}`);
      const known = [...tasks.keys()].some((t) => this.nameOf(t) === own);
      if (known) lines.push(`flags of ${own}: ${task.flags}`);
    }
    lines.push(`violated: ${run.violation ?? "nothing"}`);
    return lines;
  }

  private nameOf(t: number): string {
    return plain({...moveOf(this.transitions, label(event.task, t, 0)), choice: -1});
  }
}

/** A move without the mark that some alternative could have been chosen. */
function plain(move: ScheduleMove): string {
  const bare = ["commit", "ack", "move"].includes(move.actor) || move.choice > 0;
  return moveText(bare ? move : {...move, choice: -1});
}
