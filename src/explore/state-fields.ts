// Which fields a state has, and where they stand in its words.

import {type Field, type Layout, LayoutBuilder} from "./layout.ts";
import {type Automata, act} from "./local-state.ts";

export interface Fields {
  readonly task: readonly Field[];
  readonly location: readonly Field[];
  readonly buffer: readonly Field[];
  readonly pending: readonly Field[];
  readonly waiting: readonly Field[];
  readonly preempted: readonly Field[];
  readonly flushOnEntry: readonly Field[];
  readonly nmis: Field;
  readonly preemptions: Field;
  readonly migrations: Field;
  readonly hotplugs: Field;
  readonly twice: Field;
  /** Symmetric: whether the writer's loop has been at a place. */
  readonly progress: readonly Field[];
}

export interface FieldNeeds {
  readonly places: number;
  /** Bits of each place's store buffer. */
  readonly bufferBits: readonly number[];
  readonly nmis: number;
  readonly preemptions: number;
  readonly migrations: number;
  /** Places whose fields stand together in a word each, in this order. */
  readonly symmetric: readonly number[];
}

/** Lays the fields out. Throws a `RangeError` if a symmetric place needs more than a word. */
export function stateFields(
  automata: Automata,
  needs: FieldNeeds,
): {readonly fields: Fields; readonly layout: Layout} {
  const {world, tasks, locations, interrupts, owners} = automata;
  const {symmetric} = needs;
  const builder = new LayoutBuilder();
  const several = (make: (place: number) => Field): Field[] =>
    Array.from({length: needs.places}, (_, place) => make(place));
  const block = (place: number): number => symmetric.indexOf(place);
  const real = (place: number): boolean => place < world.cpus.length;
  const mmu = (place: number): boolean =>
    tasks.some(({program}) => program.role === "mmu" && program.place === place);
  const fields: Fields = {
    task: tasks.map(({program, states}) =>
      builder.field(states.length, program.role === "walker" ? block(program.place) : -1),
    ),
    location: locations.map(({values, home}) => builder.field(values.length, block(home))),
    buffer: several((place) => builder.bits(needs.bufferBits[place] ?? 0, block(place))),
    pending: several((place) => builder.bits(real(place) ? interrupts.length : 0, block(place))),
    waiting: several((place) => builder.bits(real(place) ? owners.length : 0, block(place))),
    preempted: several((place) => builder.bits(needs.preemptions > 0 && real(place) ? 1 : 0)),
    flushOnEntry: several((place) => builder.bits(needs.preemptions > 0 && mmu(place) ? 1 : 0)),
    nmis: builder.field(needs.nmis + 1),
    preemptions: builder.field(needs.preemptions + 1),
    migrations: builder.field(needs.migrations + 1),
    hotplugs: builder.field((automata.online < 0 ? 0 : (world.scope.hotplugs ?? 0)) + 1),
    twice: builder.field(storedTwice(automata) ? 2 : 1),
    progress: several((place) => builder.bits(block(place) < 0 ? 0 : 1, block(place))),
  };
  const layout = symmetric.length > 0 ? builder.packBlocks(symmetric.length) : builder.pack();
  if (layout === undefined) throw new RangeError("a walker's part of the state exceeds 32 bits");
  return {fields, layout};
}

/** Whether some table may be freed by more than one action. */
function storedTwice(automata: Automata): boolean {
  const frees = new Set<number>();
  for (const task of automata.tasks) {
    for (const state of task.states) {
      if (state.kind !== act.store && state.kind !== act.release) continue;
      if (automata.locations[state.loc]?.once !== true) continue;
      if (frees.has(state.loc)) return true;
      frees.add(state.loc);
    }
  }
  return false;
}
