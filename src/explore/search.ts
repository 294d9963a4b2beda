// Breadth-first search over the states of a system. Layers are ranges of state numbers; the search stops at the end of the layer in
// which the first bad state is found, so that all shortest ways to one are known, or when all states are, or at a limit.

import {StateSet} from "./state-set.ts";
import type {Transitions} from "./transitions.ts";

export interface SearchOptions {
  /** Most states to store; default 50 million. */
  readonly maxStates?: number;
  /** Most bytes for states; default 1.2 GB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called every 65,536 expansions with what is known so far. */
  readonly onProgress?: (progress: SearchProgress) => void;
  /** Go on after a bad state instead of stopping at its layer. */
  readonly exhaustive?: boolean;
}

export interface SearchProgress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States found and not yet expanded. */
  readonly open: number;
}

export interface SearchResult {
  readonly set: StateSet;
  /** Number of the first state of each layer; the last entry is the number of states. */
  readonly layers: readonly number[];
  readonly transitions: number;
  /** Bad states of the layer in which the first was found, by number. */
  readonly bad: readonly number[];
  /** States without a successor, up to 64 of them. */
  readonly dead: readonly number[];
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly stopped?: "states" | "memory" | "signal";
}

const pollEvery = 1 << 13;
const mostDead = 64;

export function search(transitions: Transitions, options: SearchOptions = {}): SearchResult {
  const maxStates = options.maxStates ?? 50_000_000;
  const {words} = transitions.layout;
  const set = new StateSet(words, options.maxBytes ?? 1.2e9);
  const current = transitions.initial();
  set.add(current, 0);
  const layers = [0, 1];
  const bad: number[] = [];
  const dead: number[] = [];
  let count = 0;
  let stopped: SearchResult["stopped"];
  let next = 0;
  let end = 1;
  outer: for (;;) {
    for (; next < end; next++) {
      if (next % pollEvery === pollEvery - 1) {
        options.onProgress?.({
          states: set.size,
          transitions: count,
          depth: layers.length - 2,
          open: set.size - next,
        });
        if (options.signal?.aborted === true) {
          stopped = "signal";
          break outer;
        }
      }
      set.read(next, current);
      const successors = transitions.expand(current);
      if (successors === 0 && dead.length < mostDead) dead.push(next);
      count += successors;
      for (let i = 0; i < successors; i++) {
        const n = set.add(transitions.out, i * words);
        if (n === -1) {
          stopped = "memory";
          break outer;
        }
        if (n >= 0 && transitions.bad[i] !== 0) bad.push(n);
      }
      if (set.size > maxStates) {
        stopped = "states";
        break outer;
      }
    }
    if (bad.length > 0 && options.exhaustive !== true) break;
    if (set.size === end) break;
    end = set.size;
    layers.push(end);
  }
  if (layers[layers.length - 1] !== set.size) layers.push(set.size);
  const complete = stopped === undefined && (bad.length === 0 || options.exhaustive === true);
  return {
    set,
    layers,
    transitions: count,
    bad,
    dead,
    complete,
    ...(stopped === undefined ? {} : {stopped}),
  };
}
