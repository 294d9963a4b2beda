// The shortest way to a state, and among the shortest the one with the fewest changes of CPU. The search keeps no predecessors; they are
// found again by expanding the layers backwards from the target, which touches each state once more, and only when there is something
// to show.
//
// Dynamic programme over (state, CPU of the next step): the least number of changes from here to a target.

import type {StateSet} from "./state-set.ts";
import {event, type Label, labelParts} from "./step-label.ts";
import type {Transitions} from "./transitions.ts";

/**
 * Labels of up to `wanted` shortest paths from the initial state to a state of `targets`, all of which stand in the last layer that `layers`
 * reaches up to. The first has the fewest switches; the others differ from it in the CPUs or alternatives they take.
 */
export function shortestPaths(
  transitions: Transitions,
  set: StateSet,
  layers: readonly number[],
  targets: readonly number[],
  wanted = 1,
): Label[][] {
  const depth = layerOf(layers, targets[0] as number);
  const inLayer = targets.filter((n) => layerOf(layers, n) === depth);
  const paths: Label[][] = [];
  const seen = new Set<string>();
  const goal = new Map<number, Int32Array>();
  const lanes = laneCount(transitions);
  for (const n of inLayer) goal.set(n, new Int32Array(lanes));
  const costs: Map<number, Int32Array>[] = new Array(depth + 1);
  costs[depth] = goal;
  const current = transitions.initial();
  const {words} = transitions.layout;
  for (let layer = depth - 1; layer >= 0; layer--) {
    const ahead = costs[layer + 1] as Map<number, Int32Array>;
    const here = new Map<number, Int32Array>();
    for (let n = layers[layer] as number; n < (layers[layer + 1] as number); n++) {
      set.read(n, current);
      const count = transitions.expand(current);
      for (let i = 0; i < count; i++) {
        const m = set.find(transitions.out, i * words);
        const cost = m < 0 ? undefined : ahead.get(m);
        if (cost === undefined) continue;
        const lane = laneOf(transitions, transitions.labels[i] as number, current);
        const best = leastFrom(cost, lane);
        let mine = here.get(n);
        if (mine === undefined) {
          mine = new Int32Array(lanes).fill(unreachable);
          here.set(n, mine);
        }
        if (best < (mine[lane] as number)) mine[lane] = best;
      }
    }
    costs[layer] = here;
  }
  // Forwards along least costs; further paths leave the best one at the first place where another choice of CPU is as short.
  const first = walk(transitions, set, costs, depth, -1);
  paths.push(first);
  seen.add(first.join());
  for (let turn = 0; turn < depth && paths.length < wanted; turn++) {
    const other = walk(transitions, set, costs, depth, turn);
    if (seen.has(other.join())) continue;
    seen.add(other.join());
    paths.push(other);
  }
  return paths;
}

const unreachable = 1 << 20;

/** The lane that a step is drawn in: the place of whoever acts. */
export function laneOf(transitions: Transitions, packed: Label, state: Int32Array): number {
  const {kind, a} = labelParts(packed);
  if (kind === event.task || kind === event.migrate) {
    const task = transitions.automata.tasks[a];
    if (task?.program.role === "callback") return task.program.place;
    const at = transitions.automata.world.cpus.indexOf(transitions.local(state, a).cpu);
    return at < 0 ? (task?.program.place ?? 0) : at;
  }
  return a;
}

function laneCount(transitions: Transitions): number {
  return transitions.places;
}

function leastFrom(cost: Int32Array, lane: number): number {
  let best = unreachable;
  for (let other = 0; other < cost.length; other++) {
    const through = (cost[other] as number) + (other === lane ? 0 : 1);
    if (through < best) best = through;
  }
  return best;
}

function layerOf(layers: readonly number[], n: number): number {
  let low = 0;
  let high = layers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((layers[middle] as number) <= n) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Follows the least cost; at step `turn` takes the best alternative that is not the best. */
function walk(
  transitions: Transitions,
  set: StateSet,
  costs: readonly Map<number, Int32Array>[],
  depth: number,
  turn: number,
): Label[] {
  const current = transitions.initial();
  const {words} = transitions.layout;
  const path: Label[] = [];
  let lane = -1;
  for (let layer = 0; layer < depth; layer++) {
    const ahead = costs[layer + 1] as Map<number, Int32Array>;
    const count = transitions.expand(current);
    let best = -1;
    let second = -1;
    let bestCost = unreachable;
    let secondCost = unreachable;
    for (let i = 0; i < count; i++) {
      const m = set.find(transitions.out, i * words);
      const cost = m < 0 ? undefined : ahead.get(m);
      if (cost === undefined) continue;
      const mine = laneOf(transitions, transitions.labels[i] as number, current);
      const total = leastFrom(cost, mine) + (lane < 0 || lane === mine ? 0 : 1);
      if (total < bestCost) {
        second = best;
        secondCost = bestCost;
        best = i;
        bestCost = total;
      } else if (total < secondCost) {
        second = i;
        secondCost = total;
      }
    }
    const take = layer === turn && second >= 0 ? second : best;
    const tag = transitions.labels[take] as number;
    lane = laneOf(transitions, tag, current);
    path.push(tag);
    for (let w = 0; w < words; w++) current[w] = transitions.out[take * words + w] as number;
  }
  return path;
}
