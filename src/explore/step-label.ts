// The name of a step, packed into a number: what kind of thing happened, to which task or place, and which of its alternatives.

/** What happened in a step. */
export const event = {
  task: 0,
  commit: 1,
  deliver: 2,
  preempt: 3,
  run: 4,
  migrate: 5,
  offline: 6,
  online: 7,
} as const;

/** One step, packed: kind, which task or place, and which of its alternatives. */
export type Label = number;

export function label(kind: number, a: number, b: number): Label {
  return (kind << 20) | (a << 10) | b;
}

export function labelParts(packed: Label): {kind: number; a: number; b: number} {
  return {kind: packed >> 20, a: (packed >> 10) & 0x3ff, b: packed & 0x3ff};
}

/** Delivery of everything that needs no handler. */
export const allInterrupts = 0x3ff;
