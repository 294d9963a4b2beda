// What the store buffers of an exploration must be able to hold: the (location, value) pairs that each place stores, numbered from 1, and
// how many of them can wait at once. The latter is the longest run of stores between two actions that drain the buffer, found by
// relaxation over the automaton; where a loop stores without ever draining, it is unbounded and a bound is set.

import type {MemoryModel} from "../plan/check-plan.ts";
import {bitsFor} from "./layout.ts";
import {type Automata, act, placeOf} from "./local-state.ts";

export interface BufferCode {
  readonly location: number;
  readonly value: number;
}

export interface StoreBuffers {
  /** Pairs of each place; the code of a pair is its index + 1, the code after the last is PSO's barrier. */
  readonly codes: readonly (readonly BufferCode[])[];
  /** Code appended by a storing local state, by task and local state in one row. */
  readonly ofState: Int32Array;
  readonly depth: readonly number[];
  /** Whether `depth` is a bound that was set rather than one that is never exceeded. */
  readonly bounded: boolean;
  /** Bits of an entry at each place. */
  readonly entryBits: Int32Array;
}

const boundedBuffer = 3;
const deepestBuffer = 8;
const bufferBits = 30;

export function storeBuffers(
  automata: Automata,
  model: Exclude<MemoryModel, "lkmm">,
  places: number,
): StoreBuffers {
  const codes: BufferCode[][] = Array.from({length: places}, () => []);
  const appended: number[] = [];
  for (const [t, task] of automata.tasks.entries()) {
    for (const state of task.states) {
      if (state.kind !== act.store && state.kind !== act.release) {
        appended.push(0);
        continue;
      }
      const list = codes[placeOf(automata, t, state)] as BufferCode[];
      const same = (pair: BufferCode): boolean =>
        pair.location === state.loc && pair.value === state.value;
      const at = list.findIndex(same);
      appended.push(at >= 0 ? at + 1 : list.push({location: state.loc, value: state.value}));
    }
  }
  const used = model === "sc" ? codes.map(() => []) : codes;
  const extra = model === "pso" ? 2 : 1;
  const entryBits = Int32Array.from(used.map((pairs) => bitsFor(pairs.length + extra)));
  const {depth, bounded} = depths(automata, model, places);
  let cut = bounded;
  const fitting = depth.map((entries, place) => {
    const bits = entryBits[place] as number;
    const fits = bits === 0 ? 0 : Math.min(entries, Math.floor(bufferBits / bits));
    if (fits < entries && bits > 0) cut = true;
    return fits;
  });
  return {codes: used, ofState: Int32Array.from(appended), depth: fitting, bounded: cut, entryBits};
}

function depths(
  automata: Automata,
  model: Exclude<MemoryModel, "lkmm">,
  places: number,
): {depth: number[]; bounded: boolean} {
  const depth = new Array<number>(places).fill(0);
  let bounded = false;
  if (model === "sc") return {depth, bounded};
  const draining: readonly number[] = [
    act.fence,
    act.atomic,
    act.send,
    act.sendRunning,
    act.gpStart,
    act.callback,
    act.invalidate,
  ];
  for (const [t, task] of automata.tasks.entries()) {
    const held = new Int32Array(task.states.length);
    let most = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const state of task.states) {
        let after = held[state.id] as number;
        if (draining.includes(state.kind)) after = 0;
        else if (state.kind === act.store) after += 1;
        else if (state.kind === act.release) after += model === "pso" && after > 0 ? 2 : 1;
        else if (state.kind === act.storeFence && model === "pso" && after > 0) after += 1;
        after = Math.min(after, deepestBuffer);
        most = Math.max(most, after);
        for (const to of [...state.next, ...state.moves.filter((id) => id >= 0)]) {
          if ((held[to] as number) < after) {
            held[to] = after;
            changed = true;
          }
        }
      }
    }
    if (most >= deepestBuffer) {
      most = model === "pso" ? boundedBuffer + 1 : boundedBuffer;
      bounded = true;
    }
    for (const place of new Set(task.states.map((state) => placeOf(automata, t, state))))
      depth[place] = (depth[place] as number) + most;
  }
  return {depth, bounded};
}
