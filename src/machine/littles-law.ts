// Little's law as an identity of every run: the backlog of a writer, integrated over the measured time, is the time that its operations spent
// in it. The one side is kept by the recorder of the backlog, the other is added up here, operation by operation; they cannot differ
// unless an operation was lost or counted twice, so a run in which they do has no result.

import type {Series} from "../record/samples.ts";
import type {Context} from "./context.ts";
import {phase} from "./context.ts";
import type {World} from "./world.ts";

/** An operation has ended at the context's `now`. */
export function addSojourn(world: World, context: Context): void {
  const from = Math.max(context.arrived, world.measuredFrom);
  world.recorders.writers[context.init.writerIndex].sojourn += context.now - from;
}

/** Throws an Error, which is a fault of the engine, if the law does not hold at the end of a run. `series` holds the backlogs. */
export function holdLittlesLaw(world: World, series: readonly Series[]): void {
  const {system, recorders, contexts, duration, measuredFrom} = world;
  const present = new Float64Array(system.writers.length);
  const since = (arrived: number): number => duration - Math.max(arrived, measuredFrom);
  for (const context of contexts) {
    const {writerIndex} = context.init;
    if (context.phase !== phase.idle) present[writerIndex] += since(context.arrived);
    if (context !== context.queue.workers[0]) continue;
    for (const arrived of context.queue.arrived()) present[writerIndex] += since(arrived);
  }
  system.writers.forEach(({name}, w) => {
    const backlog = series.find((one) => one.entity === name && one.metric === "backlog");
    const added = (recorders.writers[w].sojourn + present[w]) / 1000;
    const integrated = backlog?.sum ?? 0;
    // Both add many numbers in float64; what they add is exact.
    if (Math.abs(added - integrated) <= 1e-6 + 1e-7 * integrated) return;
    throw new Error(
      `Little's law does not hold for ${name}: operations were ${added} ns in a backlog of ${integrated} ns. This is a fault of quiesce: please report it with the text, the seed and the replication`,
    );
  });
}
