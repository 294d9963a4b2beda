// What happens after a cell has run: the cells that are out of date because of it are named, or run again, as `%reactive` says. What a cell
// that is run again shows appears under the cell that caused it, because a front end has forgotten where the earlier request's outputs went.

import {textBundle} from "../display/bundle.ts";
import type {Cell} from "./cell.ts";
import type {Dependencies, OutOfDate} from "./dependencies.ts";
import type {Outcome} from "./evaluator.ts";
import type {ReactiveMode} from "./magics.ts";
import type {Outlet} from "./outlet.ts";

/**
 * Notes that `cell` has run and deals with what depends on it. `run` runs the source of another cell in its place. The outcome is that of
 * the first cell that fails on the way.
 */
export async function afterRun(
  cell: Cell,
  outcome: Outcome & {readonly ok: true},
  mode: ReactiveMode,
  dependencies: Dependencies,
  outlet: Outlet,
  run: (source: string) => Promise<Outcome>,
): Promise<Outcome> {
  const {key, number, source} = cell;
  const none = {defines: [], uses: []};
  const outdated = dependencies.ran({key, number, source, ...(outcome.names ?? none)});
  if (mode === "off" || cell.silent) return outcome;
  const note = (text: string): void => outlet.display(cell, textBundle(text));
  const why = dependencies.why(key);
  if (why !== undefined) {
    note(`out of date: this cell uses ${why.name} of [${why.from.number}], which is out of date`);
  }
  if (mode === "on") {
    if (outdated.length > 0) note(`out of date: ${outdated.map(cause).join(", ")}`);
    return outcome;
  }
  for (const each of outdated) {
    if (cell.abort.signal.aborted) break;
    note(`run again: ${cause(each)}`);
    const again = await run(each.cell.source);
    if (!again.ok) return again;
    if (again.result !== undefined) outlet.display(cell, again.result);
    dependencies.ran({...each.cell, ...(again.names ?? none)});
  }
  return outcome;
}

function cause({cell, name}: OutOfDate): string {
  return `[${cell.number}] uses ${name}`;
}
