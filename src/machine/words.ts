// The state words of all policies in force, numbered through. Per-CPU words whose only writers are the CPU's own walks are not stored at
// all: their value at an instant follows from the walk in progress (`hook-profile.ts`). What others store is kept here.

import type {Code} from "../program/code.ts";

export interface Words {
  /** Number of the first word of each Code. */
  readonly base: readonly number[];
  readonly scope: readonly ("percpu" | "permm" | "global")[];
  readonly initial: readonly number[];
  /** Value of word w at index i: values[w][i]. */
  readonly values: readonly Float64Array[];
  /** When that was stored, in ticks; -1: initially. */
  readonly stored: readonly Float64Array[];
  /** CPU that stored it last, -1: nobody; and CPU that read it last from elsewhere since its owner's last store. */
  readonly owner: readonly Int32Array[];
}

export function wordsOf(codes: readonly Code[], cpus: number, mms: number): Words {
  const base: number[] = [];
  const states = codes.flatMap((code) => code.states);
  let next = 0;
  for (const code of codes) {
    base.push(next);
    next += code.states.length;
  }
  const sizes = states.map(({scope}) =>
    scope === "percpu" ? cpus : scope === "permm" ? mms + 1 : 1,
  );
  return {
    base,
    scope: states.map(({scope}) => scope),
    initial: states.map(({initial}) => initial),
    values: states.map(({initial}, w) => new Float64Array(sizes[w]).fill(initial)),
    stored: states.map((_, w) => new Float64Array(sizes[w]).fill(-1)),
    owner: states.map((_, w) => new Int32Array(sizes[w]).fill(-1)),
  };
}
