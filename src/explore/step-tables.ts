// The automata as rows of typed arrays, one row per local state of every task: row `base[task] + id`. This is what the transition rules
// read; nothing else of an automaton is looked at while states are explored.

import {type Automata, type LocalState, placeOf} from "./local-state.ts";

export interface StepTables {
  readonly base: readonly number[];
  readonly kind: Uint8Array;
  readonly loc: Int32Array;
  readonly loc2: Int32Array;
  /** Number of values of `loc2`; 1 without one. */
  readonly size2: Int32Array;
  readonly value: Int32Array;
  readonly arg: Int32Array;
  readonly arg2: Int32Array;
  readonly attributes: Uint8Array;
  readonly place: Int32Array;
  /** The first or only successor. */
  readonly next: Int32Array;
  /** All successors from `tableAt`, `tableSize` of them; `written` beside them what an atomic action stores. */
  readonly table: Int32Array;
  readonly tableAt: Int32Array;
  readonly tableSize: Int32Array;
  readonly written: Int32Array;
  /** `bodies[row * places + place]` */
  readonly bodies: Int32Array;
}

export function stepTables(automata: Automata, places: number): StepTables {
  const {tasks, locations} = automata;
  const base: number[] = [];
  let total = 0;
  for (const task of tasks) {
    base.push(total);
    total += task.states.length;
  }
  const rows = tasks.flatMap((task, t) =>
    task.states.map((state): [LocalState, number] => [state, t]),
  );
  const numbers = (of: (state: LocalState, task: number) => number): Int32Array =>
    Int32Array.from(rows, ([state, t]) => of(state, t));
  const table: number[] = [];
  const written: number[] = [];
  const tableAt = numbers((state) => {
    const start = table.length;
    for (const [index, to] of state.next.entries()) {
      table.push(to);
      written.push(state.written[index] ?? 0);
    }
    return start;
  });
  return {
    base,
    kind: Uint8Array.from(rows, ([state]) => state.kind),
    loc: numbers((state) => state.loc),
    loc2: numbers((state) => state.loc2),
    size2: numbers((state) => locations[state.loc2]?.values.length ?? 1),
    value: numbers((state) => state.value),
    arg: numbers((state) => state.arg),
    arg2: numbers((state) => state.arg2),
    attributes: Uint8Array.from(rows, ([state]) => state.attributes),
    place: numbers((state, t) => placeOf(automata, t, state)),
    next: numbers((state) => state.next[0] ?? state.id),
    table: Int32Array.from(table),
    tableAt,
    tableSize: numbers((state) => state.next.length),
    written: Int32Array.from(written),
    bodies: Int32Array.from(
      rows.flatMap(([state]) =>
        Array.from({length: places}, (_, place) => state.bodies[place] ?? -1),
      ),
    ),
  };
}
