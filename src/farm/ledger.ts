// What has been simulated so far. Every statistic the plan asks for is read from a replication when it comes in; after that its bulky
// parts (histograms, samples) are kept only for the first replications of each point, which is what figures need. So a sweep of a
// hundred thousand replications fits in memory, and what is kept depends on the plan alone.

import type {MeasureExpr} from "../plan/measure.ts";
import {type Plan, statisticsOf} from "../plan/plan.ts";
import {pointWith} from "../plan/point.ts";
import {type MeasureScope, measureOf, type Statistic, statisticOf} from "../record/measure.ts";
import type {Samples, Series} from "../record/samples.ts";

/** So many replications of a plan are kept whole (up to 200 kB each), spread evenly over its points, and at least two of each. */
const keptWhole = 800;

interface Entry {
  readonly samples: Samples;
  readonly statistics: Float64Array;
}

export class Ledger {
  readonly plan: Plan;
  readonly #statistics: readonly Statistic[];
  readonly #places = new Map<string, number>();
  // The same object stands in the plan each time it is asked for: no need to spell it out again.
  readonly #known = new Map<Statistic, number>();
  readonly #entries: Entry[][];
  readonly #whole: number;
  readonly #names = new Map<string, string>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.#statistics = statisticsOf(plan);
    this.#statistics.forEach((expr, i) => void this.#places.set(JSON.stringify(expr), i));
    this.#entries = plan.points.map(() => []);
    this.#whole = Math.max(2, Math.floor(keptWhole / plan.points.length));
  }

  add(samples: Samples): void {
    const statistics = Float64Array.from(this.#statistics, (expr) => statisticOf(expr, samples));
    const kept = samples.replication < this.#whole ? samples : this.#slim(samples);
    const entries = this.#entries[samples.point] as Entry[];
    entries[samples.replication] = {samples: kept, statistics};
  }

  has(point: number, replication: number): boolean {
    return this.#entries[point]?.[replication] !== undefined;
  }

  /** The numbers of the finished replications of a point, in order. */
  replicationsOf(point: number): readonly number[] {
    return this.#finished(point);
  }

  /** The finished replications of a point, in order; there may be gaps after an interrupt. */
  samplesOf(point: number): Samples[] {
    return this.#finished(point).map((replication) => this.#entry(point, replication).samples);
  }

  /**
   * The value of a measure in each finished replication of a point below `end`, in order of replication; NaN where there is no data.
   */
  valuesOf(expr: MeasureExpr, point: number, end: number = Number.POSITIVE_INFINITY): Float64Array {
    const replications = this.#finished(point).filter((replication) => replication < end);
    return Float64Array.from(replications, (replication) => this.valueOf(expr, point, replication));
  }

  /** The pairs of values of two measures at two points, of the replications that are finished at both and have data for both. */
  pairsOf(
    left: MeasureExpr,
    leftPoint: number,
    right: MeasureExpr,
    rightPoint: number,
  ): {
    readonly left: Float64Array;
    readonly right: Float64Array;
    readonly replications: readonly number[];
  } {
    const pairs: [number, number, number][] = [];
    for (const replication of this.#finished(leftPoint)) {
      if (!this.has(rightPoint, replication)) continue;
      const a = this.valueOf(left, leftPoint, replication);
      const b = this.valueOf(right, rightPoint, replication);
      if (!Number.isNaN(a) && !Number.isNaN(b)) pairs.push([a, b, replication]);
    }
    return {
      left: Float64Array.from(pairs, ([a]) => a),
      right: Float64Array.from(pairs, ([, b]) => b),
      replications: pairs.map(([, , replication]) => replication),
    };
  }

  valueOf(expr: MeasureExpr, point: number, replication: number): number {
    return measureOf(expr, this.#scope(point, replication));
  }

  #scope(point: number, replication: number): MeasureScope {
    return {
      statistic: (expr) =>
        this.#entry(point, replication).statistics[this.#placeOf(expr)] ?? Number.NaN,
      axis: (path) => {
        const axis = this.plan.axes.findIndex((one) => one.path === path);
        const at = this.plan.points[point]?.at[axis];
        return this.plan.axes[axis]?.values[at ?? -1]?.value ?? Number.NaN;
      },
      at: (select) => {
        const other = pointWith(this.plan, point, select);
        return other !== undefined && this.has(other, replication)
          ? this.#scope(other, replication)
          : undefined;
      },
    };
  }

  #placeOf(expr: Statistic): number {
    const known = this.#known.get(expr);
    if (known !== undefined) return known;
    const place = this.#places.get(JSON.stringify(expr)) ?? -1;
    this.#known.set(expr, place);
    return place;
  }

  #finished(point: number): number[] {
    // `entries` has holes where a replication is missing; `forEach` skips them.
    const finished: number[] = [];
    this.#entries[point]?.forEach((_, replication) => void finished.push(replication));
    return finished;
  }

  #entry(point: number, replication: number): Entry {
    return this.#entries[point]?.[replication] as Entry;
  }

  // Names arrive as fresh strings from the threads; one copy of each will do.
  #slim(samples: Samples): Samples {
    const series = samples.series.map((one): Series => {
      const {histogram: _, exact: __, batches: ___, reservoir: ____, ...rest} = one;
      return {...rest, entity: this.#name(one.entity), metric: this.#name(one.metric)};
    });
    return {...samples, series};
  }

  #name(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    this.#names.set(text, text);
    return text;
  }
}
