// What a run had recorded at the end of each of equally long parts of it: from the differences follows how every metric went on with
// time, also where samples come in no order of time. A run asked for slices looks at every CPU at the end of each; what it costs beyond
// that grows with parts times metrics and with nothing else.

import {counterEntity} from "../record/measure.ts";
import type {Slices, Totals} from "../record/samples.ts";
import {event} from "./events.ts";
import {graceEntity} from "./grace-period.ts";
import {countersOf, machineSeries} from "./results.ts";
import type {World} from "./world.ts";

export class SliceRecorder {
  readonly #parts: number;
  readonly #slices: Slices[] = [];
  readonly #before: Totals[] = [];
  #ended = 0;

  /** A run in so many parts, which is to be without a warm-up. */
  constructor(parts: number) {
    this.#parts = parts;
  }

  /** Sees to it that `end` is called at the end of the next part; the run's own end is left to the caller. */
  schedule(world: World): void {
    const at = Math.round((world.duration * (this.#ended + 1)) / this.#parts);
    if (at < world.duration) world.calendar.push(at, event.slice, graceEntity(world));
  }

  /** A part ends at `at` [ticks]; every CPU has been looked at. */
  end(world: World, at: number): void {
    const part = this.#ended++;
    totalsOf(world, at).forEach((now, i) => {
      const before = this.#before[i];
      const slices = this.#slices[i] ?? this.#empty(now);
      this.#slices[i] = slices;
      slices.counts[part] = now.count - (before?.count ?? 0);
      slices.sums[part] = now.sum - (before?.sum ?? 0);
      this.#before[i] = now;
    });
  }

  #empty({entity, metric}: Totals): Slices {
    const counts = new Float64Array(this.#parts);
    return {entity, metric, counts, sums: new Float64Array(this.#parts)};
  }

  slices(): readonly Slices[] {
    return this.#slices;
  }
}

function totalsOf(world: World, at: number): Totals[] {
  const counted = Object.entries(countersOf(world)).map(([metric, sum]): Totals => {
    return {entity: counterEntity, metric, count: 1, sum};
  });
  return [...world.recorders.totals(at / 1000), ...machineSeries(world, at), ...counted];
}
