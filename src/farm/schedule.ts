// Which replications are run, and in which order they are handed out.
//
// (1) Order: the lowest replication first, and among equal ones the lowest point; and a shard at most doubles the replications its point
//     was handed. An aborted sweep is therefore balanced: no point was handed more than twice as many as another, and two.
// (2) Without a stopping rule a point runs `replications.max`. With rules it runs to the looks of `stats/stopping.ts`; at a look it is
//     done if all rules are met or the maximum is reached, else it goes on to the next look.
// (3) A look uses the replications below it and nothing else, and waits until they are all there, also those of other points that a rule
//     reads (`at`): such a point goes on as long as one that reads it does, though its own rules were met before. It ends at the first
//     look that is not before any look of a reader and at which its rules are met. So the set of replications is a function of (plan,
//     seed), whatever the number of workers and the order in which they finish.

import type {Until} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {leastReplications, nextLook, relativeHalfWidth} from "../stats/stopping.ts";
import {estimateOf} from "./estimate-of.ts";
import type {Ledger} from "./ledger.ts";
import {pointsRead} from "./points-read.ts";
import type {Shard} from "./shard.ts";

export interface Precision {
  readonly text: string;
  /** Relative half-width at the last look. */
  readonly reached: number;
  readonly met: boolean;
}

interface PointState {
  /** Replications below this are to be run. */
  target: number;
  /** Replications below this have been handed out. */
  handed: number;
  /** Replications below this are finished. */
  finished: number;
  done: boolean;
  precision: readonly Precision[];
}

export class Schedule {
  readonly #plan: Plan;
  readonly #ledger: Ledger;
  readonly #first: number;
  readonly #points: PointState[];
  /** Points by the next replication they are to be handed; holes where there is none. */
  readonly #queues: number[][] = [];
  /** No queue below this one has a point. */
  #lowest = 0;
  /** Points that wait for others before they can look. */
  readonly #waiting = new Set<number>();
  #open: number;
  #left: number;

  constructor(plan: Plan, ledger: Ledger) {
    this.#plan = plan;
    this.#ledger = ledger;
    const {min, max} = plan.replications;
    const least = Math.max(min, ...plan.until.map((rule) => leastReplications(rule.tolerance)));
    this.#first = plan.until.length === 0 ? max : Math.min(max, least);
    this.#points = plan.points.map(() => {
      return {target: this.#first, handed: 0, finished: 0, done: false, precision: []};
    });
    this.#open = this.#points.length;
    this.#left = this.#first * this.#open;
    this.#queues[0] = this.#points.map((_, point) => point);
  }

  /** Whether every point has all the replications it will get. */
  get done(): boolean {
    return this.#open === 0;
  }

  /** How many replications can be handed out before more is accepted. */
  get left(): number {
    return this.#left;
  }

  /** The next shard of at most `size` replications; undefined when there is nothing to hand out before more is accepted. */
  next(size: (point: number) => number): Shard | undefined {
    for (; this.#lowest < this.#queues.length; this.#lowest++) {
      const point = this.#queues[this.#lowest]?.shift();
      if (point === undefined) continue;
      const state = this.#points[point] as PointState;
      const from = state.handed;
      const most = Math.min(Math.floor(size(point)), Math.max(2, from));
      const to = Math.min(state.target, from + Math.max(1, most));
      state.handed = to;
      this.#left -= to - from;
      if (to < state.target) this.#enqueue(point);
      return {point, from, to};
    }
    return undefined;
  }

  /** Takes notice that the ledger has a further replication of `point`; looks whether it, or one that waited for it, is done. */
  accept(point: number): void {
    const state = this.#points[point] as PointState;
    while (this.#ledger.has(point, state.finished)) state.finished++;
    this.#tryLook(point);
    // What came in, or the look it led to, may be what others wait for; and one of theirs what further ones do.
    for (let again = true; again; ) {
      again = false;
      for (const waiting of this.#waiting) again = this.#tryLook(waiting) || again;
    }
  }

  precisionOf(point: number): readonly Precision[] {
    return this.#points[point]?.precision ?? [];
  }

  isDone(point: number): boolean {
    return this.#points[point]?.done ?? false;
  }

  /** How many replications the point is expected to have in the end: a forecast from the precision at its last look. */
  forecast(point: number): number {
    const {target, done, precision} = this.#points[point] as PointState;
    const {max} = this.#plan.replications;
    if (done || precision.length === 0) return target;
    let needed = target;
    precision.forEach(({reached}, i) => {
      const excess = reached / (this.#plan.until[i]?.tolerance ?? 1);
      needed = Math.max(needed, Math.ceil((target * excess * excess) / 1.5));
    });
    return Math.min(max, needed);
  }

  #enqueue(point: number): void {
    const {handed} = this.#points[point] as PointState;
    this.#queues[handed] ??= [];
    this.#queues[handed]?.push(point);
    this.#lowest = Math.min(this.#lowest, handed);
  }

  /** Looks at a point if all it needs is there; says whether it did. */
  #tryLook(point: number): boolean {
    const state = this.#points[point] as PointState;
    if (state.done || state.finished < state.target) return false;
    const ready = this.#othersOf(point).every((other) => {
      return (this.#points[other] as PointState).finished >= state.target;
    });
    if (!ready) {
      this.#waiting.add(point);
      return false;
    }
    this.#waiting.delete(point);
    state.precision = this.#plan.until.map((rule) => this.#lookAt(rule, point, state.target));
    const {max} = this.#plan.replications;
    if (state.target >= max || state.precision.every((rule) => rule.met)) {
      state.done = true;
      this.#open--;
    } else {
      this.#extend(point, nextLook(state.target, this.#first, max));
    }
    return true;
  }

  /** Lets a point run to `target` replications, also one that was done before; with it the points that its rules read. */
  #extend(point: number, target: number): void {
    const state = this.#points[point] as PointState;
    if (state.target >= target) return;
    if (state.done) {
      state.done = false;
      this.#open++;
    }
    this.#left += target - state.target;
    const waitsForMore = state.handed === state.target;
    state.target = target;
    if (waitsForMore) this.#enqueue(point);
    for (const other of this.#othersOf(point)) this.#extend(other, target);
  }

  #lookAt(rule: Until, point: number, end: number): Precision {
    const reached = relativeHalfWidth(
      estimateOf(this.#ledger, rule.expr, point, rule.confidence, end),
    );
    return {text: rule.text, reached, met: reached <= rule.tolerance};
  }

  #othersOf(point: number): number[] {
    const others = new Set(
      this.#plan.until.flatMap((rule) => pointsRead(rule.expr, point, this.#plan)),
    );
    others.delete(point);
    return [...others];
  }
}
