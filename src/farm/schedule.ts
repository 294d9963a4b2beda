// Which replications are run, and in which order they are handed out.
//
// (1) Order: the lowest replication first, and among equal ones the lowest point. An aborted sweep is therefore balanced: no point is
//     ahead of another by more than a shard.
// (2) Without a stopping rule a point runs `replications.max`. With rules it runs to the looks of `stats/stopping.ts`; at a look it is
//     done if all rules are met or the maximum is reached, else it goes on to the next look.
// (3) A look uses the replications below it and nothing else, and waits until they are all there; where a rule reads another point
//     (`at`), also until that point has as many or is done. So the set of replications is a function of (plan, seed), whatever the
//     number of workers and the order in which they finish.

import type {MeasureExpr, Until} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {pointWith} from "../plan/point.ts";
import {leastReplications, nextLook, relativeHalfWidth} from "../stats/stopping.ts";
import {estimateOf} from "./estimate-of.ts";
import type {Ledger} from "./ledger.ts";
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
      const to = Math.min(state.target, from + Math.max(1, Math.floor(size(point))));
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
      const {finished, done} = this.#points[other] as PointState;
      return done || finished >= state.target;
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
      const before = state.target;
      state.target = nextLook(before, this.#first, max);
      this.#left += state.target - before;
      this.#enqueue(point);
    }
    return true;
  }

  #lookAt(rule: Until, point: number, end: number): Precision {
    const reached = relativeHalfWidth(
      estimateOf(this.#ledger, rule.expr, point, rule.confidence, end),
    );
    return {text: rule.text, reached, met: reached <= rule.tolerance};
  }

  #othersOf(point: number): number[] {
    const others = new Set<number>();
    const visit = (expr: MeasureExpr, at: number): void => {
      if (expr.op === "at") {
        const other = pointWith(this.#plan, at, expr.select);
        if (other === undefined) return;
        others.add(other);
        visit(expr.of, other);
      } else if ("of" in expr) visit(expr.of, at);
      else if ("left" in expr) {
        visit(expr.left, at);
        visit(expr.right, at);
      }
    };
    for (const rule of this.#plan.until) visit(rule.expr, point);
    others.delete(point);
    return [...others];
  }
}
