// The state words of all policies in force, numbered through. Per-CPU words whose only writers are the CPU's own walks are not stored at
// all: their value at an instant follows from the walk in progress (`hook-profile.ts`). What others store is kept here.

import type {Code} from "../program/code.ts";
import type {Memory} from "./memory.ts";

export interface WordLayout {
  /** Number of the first word of each Code. */
  readonly base: readonly number[];
  readonly scope: readonly ("percpu" | "permm" | "global")[];
  readonly initial: readonly number[];
  /** How many values each word has. */
  readonly sizes: readonly number[];
}

export class Words {
  readonly base: WordLayout["base"];
  readonly scope: WordLayout["scope"];
  readonly initial: WordLayout["initial"];
  /** Value of word w at index i: values[w][i]. */
  readonly values: readonly Float64Array[];
  /** When that was stored, in ticks; -1: initially. */
  readonly stored: readonly Float64Array[];
  /** CPU that stored it last, -1: nobody; and CPU that read it last from elsewhere since its owner's last store. */
  readonly owner: readonly Int32Array[];

  /** As they are when a run begins. */
  constructor({base, scope, initial, sizes}: WordLayout, memory: Memory) {
    this.base = base;
    this.scope = scope;
    this.initial = initial;
    this.values = sizes.map((size, w) => memory.floats(size).fill(initial[w]));
    this.stored = sizes.map((size) => memory.floats(size).fill(-1));
    this.owner = sizes.map((size) => memory.ints(size).fill(-1));
  }
}

export function wordLayoutOf(codes: readonly Code[], cpus: number, mms: number): WordLayout {
  const base: number[] = [];
  const states = codes.flatMap((code) => code.states);
  let next = 0;
  for (const code of codes) {
    base.push(next);
    next += code.states.length;
  }
  return {
    base,
    scope: states.map(({scope}) => scope),
    initial: states.map(({initial}) => initial),
    sizes: states.map(({scope}) => (scope === "percpu" ? cpus : scope === "permm" ? mms + 1 : 1)),
  };
}
