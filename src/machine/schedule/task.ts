// A task of a scheduled run: a writer, a walker, an NMI, a handler, the MMU, a deferred block.

import type {Context} from "../context.ts";
import type {Action, Steps} from "./action.ts";

/** Flags of a context, as of the checker's. */
export const flag = {irqOff: 1, rcu: 2, preemptOff: 4, unwatched: 8, nmi: 16} as const;

export const section: number = flag.irqOff | flag.rcu | flag.preemptOff | flag.nmi;

export interface TaskInit {
  readonly actor: "task" | "nmi" | "mmu" | "rcu" | "irq";
  readonly name: string;
  /** How it is shown: `walker w`. */
  readonly title: string;
  /** Machine CPU it starts on; of a deferred block: its number. */
  readonly number: number;
  /** Place of its store buffer and clock: that of its CPU, or one beyond those for a deferred block. */
  readonly place: number;
  /** Machine CPU of that place; of a deferred block: the writer's. */
  readonly cpu: number;
  readonly flags: number;
  /** Whether it waits to be started: a handler, a deferred block. */
  readonly dormant: boolean;
}

export class ScheduledTask {
  readonly init: TaskInit;
  cpu: number;
  place: number;
  flags: number;
  /** What it does next; undefined: nothing (it is over, or not started). */
  next: Action | undefined;
  /** Of a writer: what its Code works on. */
  context: Context | undefined;
  /** Of a handler: the writer whose interrupts it handles. */
  sender: number = -1;
  /** Of the MMU: begins again. */
  restart: (() => void) | undefined;
  /** Between two walks: nothing is owed. */
  resting: boolean = false;
  private steps: Steps | undefined;

  constructor(init: TaskInit) {
    this.init = init;
    this.cpu = init.cpu;
    this.place = init.place;
    this.flags = init.flags;
  }

  start(steps: Steps): void {
    this.steps = steps;
    this.advance(0);
  }

  /** Goes on to the next action with what the last one gave. */
  advance(value: number): void {
    this.resting = false;
    const {done, value: action} = (this.steps as Steps).next(value);
    this.next = done === true ? undefined : (action as Action);
    if (done === true) this.steps = undefined;
  }

  get running(): boolean {
    return this.steps !== undefined;
  }

  /** Whether it counts as a read-side section. */
  get inSection(): boolean {
    return (this.flags & flag.unwatched) === 0 && (this.flags & section) !== 0;
  }
}
