// What a task of a scheduled run is about to do: one micro-step, with everything that is asked about it before and when it is taken.

/** A task yields its actions one by one and is given what each yields: the value of a load, the alternative of a choice. */
export type Steps<T = void> = Generator<Action, T, number>;

/** What a step had to wait for, and until when [ticks]. */
export interface Awaited {
  readonly at: number;
  readonly what: string;
}

export interface Action {
  /** As in a listing; a load's value is added when it is known. */
  readonly text: string;
  /** What goes on collecting requests for interrupts; anything else has them sent first. A `send` may belong to the load before it. */
  readonly kind?: "load" | "send" | "flush";
  /** Ways it may go; 1 unless the schedule decides. */
  readonly alternatives?: number;
  /** Whether it depends on the CPU that its task is on, so that it must be made again when the task migrates. */
  readonly local?: true;
  /** Ticks; draws from the streams, so it is asked once, when the step is taken at the earliest at `from`. */
  cost?(from: number): number;
  /** Why it cannot be taken as things stand, as a clause; undefined if it can. */
  blocked?(): string | undefined;
  /** The latest of what it waits for. */
  awaited?(): Awaited | undefined;
  /** Takes effect. Returns what the task is given (nothing: 0); a string is added to the text. */
  take?(at: number, choice: number): number | readonly [number, string];
}

/** A step that only moves its task on. */
export function plainStep(text: string, cost?: () => number): Action {
  return cost === undefined ? {text} : {text, cost};
}

/** A step that goes either way: 0 or 1. */
export function choiceStep(text: string): Action {
  return {text, alternatives: 2, take: (_, choice) => choice};
}

/** Makes actions that do nothing but take effect, all of one instruction: its cost, its effect. */
export function plainActions(
  cost: (from: number) => number,
  effect: (at: number) => void,
): (text: string, blocked?: () => string | undefined) => Action {
  return (text, blocked) => ({
    text,
    cost,
    ...(blocked === undefined ? {} : {blocked}),
    take: (at) => {
      effect(at);
      return 0;
    },
  });
}
